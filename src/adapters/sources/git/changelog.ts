import type { ChangedFile } from '../../../core/evidence/change-metrics.ts';
import { isChangelog, namesVersion } from '../../../core/evidence/changelog.ts';
import { parseReleaseName } from '../../../core/evidence/release-name.ts';
import type { Git } from './git-command.ts';
import type { Repository } from './repository.ts';

interface ChangelogQuestion {
  readonly version: string;
  readonly head: string;
  /** Paths of all files of the project at the head. */
  readonly files: readonly string[];
  readonly changed: readonly ChangedFile[];
}

/** A changelog of the head was changed, or names the version; null if there is none. */
export async function changelogUpdated(
  { history, prefix }: Repository,
  { version, head, files, changed }: ChangelogQuestion,
): Promise<boolean | null> {
  const changelogs = files.filter(isChangelog);
  if (changelogs.length === 0) return null;
  if (changed.some(({ path }) => changelogs.includes(path))) return true;
  const prefixed = parseReleaseName(version)?.prefix ?? '';
  const names = [version, version.slice(prefixed.length)];
  for (const changelog of changelogs) {
    if (await anyLineNames(history, `${head}:${prefix}${changelog}`, names)) return true;
  }
  return false;
}

async function anyLineNames(git: Git, object: string, names: readonly string[]): Promise<boolean> {
  let named = false;
  await git.lines(['cat-file', 'blob', '--end-of-options', object], (line) => {
    named = names.some((name) => namesVersion(line, name));
    return !named;
  });
  return named;
}
