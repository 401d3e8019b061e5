import type { FreezeRule } from './freeze.ts';

/** Where a release goes; a region of null is a release that names none. */
export interface FreezeScope {
  readonly environment: string;
  readonly region: string | null;
}

/** Rules that hold for this environment and region. A rule for certain regions holds for no release that names none. */
export function freezesFor(rules: readonly FreezeRule[], { environment, region }: FreezeScope): readonly FreezeRule[] {
  return rules.filter(
    ({ environments, regions }) =>
      (environments === null || environments.includes(environment)) &&
      (regions === null || (region !== null && regions.includes(region))),
  );
}
