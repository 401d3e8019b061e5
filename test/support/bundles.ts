import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aqe, type CliResult } from './cli.ts';
import { temporaryFolder } from './git-repository.ts';
import type { Project } from './project.ts';

export const version = 'v2.5.0';

/** A release that was assessed, and its bundle, which lies in a folder of its own. */
export interface Bundled {
  readonly assessed: CliResult;
  readonly bundled: CliResult;
  readonly file: string;
}

type Options = { readonly assess?: readonly string[]; readonly bundle?: readonly string[] };

/** Assesses the release, does whatever comes between, and bundles the decision. */
export async function bundleOf(
  { root }: Pick<Project, 'root'>,
  { assess = [], bundle = [] }: Options = {},
  between: () => unknown = () => undefined,
): Promise<Bundled> {
  const assessed = await aqe(root, ['assess', '--version', version, '--json', ...assess]);
  await between();
  const file = join(temporaryFolder(), 'release.aqe.tgz');
  const bundled = await aqe(root, ['bundle', '--version', version, '--output', file, ...bundle]);
  return { assessed, bundled, file };
}

/** Makes the decision of a bundle again in an empty folder; the project is gone. */
export function again({ root }: Pick<Project, 'root'>, file: string, ...flags: readonly string[]): Promise<CliResult> {
  rmSync(root, { recursive: true, force: true });
  return aqe(temporaryFolder(), ['assess', '--bundle', file, '--json', ...flags], { env: { PATH: '', HOME: '' } });
}
