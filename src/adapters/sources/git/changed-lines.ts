import type { ReleaseChange } from '../../../core/evidence/change.ts';
import { joinRanges, type ChangedLines, type LineRange } from '../../../core/evidence/changed-lines.ts';
import { isLockFile } from '../../../core/evidence/file-kinds.ts';
import { unexpectedOutput } from './git-errors.ts';
import { patchReader } from './patch-reader.ts';
import type { Repository } from './repository.ts';

/** As many separate places are kept; only a machine changes more. */
const mostRanges = 1_000_000;

/**
 * No line around a change, and everything that settings or attributes could say is said: the diff is that of `numstat.ts`,
 * with submodules left out.
 */
const options = ['-r', '--patch', '--unified=0', '--inter-hunk-context=0', '--diff-algorithm=myers'].concat([
  '--ignore-submodules=all',
  '--submodule=short',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--indent-heuristic',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
]);
const renames = ['-M50%', '-l1000'];

/** New and changed lines of the project between the baseline of a change and its head; null if the baseline is not known. */
export async function changedLines(
  repository: Repository,
  { head, baseline, historyComplete }: ReleaseChange,
  rangeLimit: number = mostRanges,
): Promise<ChangedLines | null> {
  if (baseline === null && !historyComplete) return null;
  const [{ files, complete }, projectFiles] = await Promise.all([
    diffLines(repository, baseline?.commit ?? null, head.commit, rangeLimit),
    trackedFiles(repository, head.commit),
  ]);
  return {
    since: baseline?.ref ?? null,
    files: [...files]
      .map(([path, lines]) => ({ path, lines: joinRanges(lines) }))
      .toSorted((one, other) => (one.path < other.path ? -1 : 1)),
    projectFiles,
    complete,
  };
}

async function diffLines(
  { history, prefix, paths, emptyTree }: Repository,
  from: string | null,
  to: string,
  rangeLimit: number,
): Promise<{ readonly files: ReadonlyMap<string, readonly LineRange[]>; readonly complete: boolean }> {
  const files = new Map<string, LineRange[]>();
  let kept = 0;
  const reader = patchReader((path, range) => {
    if (!path.startsWith(prefix)) throw unexpectedOutput('diff-tree');
    const local = path.slice(prefix.length);
    if (isLockFile(local)) return true;
    if (kept === rangeLimit) return false;
    kept += 1;
    const known = files.get(local);
    if (known) known.push(range);
    else files.set(local, [range]);
    return true;
  });
  const detection = from === null ? ['--no-renames'] : renames;
  const trees = ['--end-of-options', from ?? emptyTree, to];
  let complete = true;
  // Names are then written in ASCII, whatever encoding they are in.
  await history
    .with(['-c', 'core.quotePath=true'])
    .lines(['diff-tree', ...options, ...detection, ...trees, '--', ...paths], (line) => (complete = reader.take(line)));
  if (complete) reader.end();
  return { files, complete };
}

async function trackedFiles({ history, prefix, paths }: Repository, commit: string): Promise<readonly string[]> {
  const files: string[] = [];
  await history.records(
    ['ls-tree', '-r', '-z', '--name-only', '--full-tree', '--end-of-options', commit, ...paths],
    (path) => {
      if (!path.startsWith(prefix)) throw unexpectedOutput('ls-tree');
      files.push(path.slice(prefix.length));
    },
  );
  return files;
}
