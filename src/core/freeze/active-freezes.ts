import type { FreezeRule } from './freeze.ts';

/** Where a release goes; a region of null is a release that names none and goes to all. */
export interface FreezeScope {
  readonly environment: string;
  readonly region: string | null;
}

/** Rules that hold for this environment and region. A release that names no region goes to all, and is held up by the freeze of any. */
export function freezesFor(rules: readonly FreezeRule[], { environment, region }: FreezeScope): readonly FreezeRule[] {
  return rules.filter(
    ({ environments, regions }) =>
      (environments === null || environments.includes(environment)) &&
      (regions === null || (region === null ? regions.length > 0 : regions.includes(region))),
  );
}
