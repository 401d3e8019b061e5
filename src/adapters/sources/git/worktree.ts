import { emptyVariable } from './git-environment.ts';
import type { Git } from './git-command.ts';
import { gitFailed } from './git-errors.ts';
import type { Repository } from './repository.ts';

const status = ['status', '--porcelain=v2', '-z', '--untracked-files=no', '--no-renames', '--ignore-submodules=dirty'];

/** Tracked files of the project, relative to it, whose file or index entry differs from HEAD. */
export async function modifiedPaths({ worktree, prefix, paths }: Repository): Promise<ReadonlySet<string>> {
  const modified = new Set<string>();
  const git = await withoutFilters(worktree);
  await git.records([...status, '--', ...(paths.length === 0 ? [] : ['.'])], (record) => {
    const path = statusPath(record);
    if (path?.startsWith(prefix)) modified.add(path.slice(prefix.length));
  });
  return modified;
}

/** `1 XY sub mH mI mW hH hI <path>`, or `u XY sub m1 m2 m3 mW h1 h2 h3 <path>` for a conflict. */
function statusPath(record: string): string | null {
  const fields = record.startsWith('1 ') ? 8 : record.startsWith('u ') ? 10 : 0;
  return fields === 0 ? null : record.split(' ').slice(fields).join(' ');
}

/**
 * Comparing a file with its commit runs the clean filter that .gitattributes picks and the config defines. No option
 * turns filters off, so each that is defined gets an empty command. The price: a file under a filter (git-lfs,
 * git-crypt) can show as modified right after a checkout.
 */
async function withoutFilters(git: Git): Promise<Git> {
  const result = await git.attempt(['config', '-z', '--name-only', '--get-regexp', '^filter\\.']);
  // Status 1: no such setting.
  if (result.exitCode > 1) throw gitFailed('config', result.exitCode, result.stderr);
  const keys = result.stdout.split('\0').filter((key) => key !== '');
  const filters = new Set(keys.map((key) => key.slice('filter.'.length, key.lastIndexOf('.'))));
  // --config-env takes any name; `-c` would cut one with an equals sign short.
  const settings = [...filters].flatMap((filter) =>
    ['clean', 'process', 'required'].map((setting) => `--config-env=filter.${filter}.${setting}=${emptyVariable}`),
  );
  return git.with(settings);
}
