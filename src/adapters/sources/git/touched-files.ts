import type { ReleaseChange } from '../../../core/evidence/change.ts';
import type { TouchedFile } from '../../../ports/release-files.ts';
import { unexpectedOutput } from './git-errors.ts';
import type { Repository } from './repository.ts';

const options = ['-r', '--raw', '-z', '--no-abbrev', '--no-renames', '--ignore-submodules=none'].concat([
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
]);

/** What the release holds anew or otherwise than its baseline, in the order of git; null if the baseline is not known. */
export async function touchedFiles(
  { history, prefix, paths, emptyTree }: Repository,
  { head, baseline, historyComplete }: ReleaseChange,
): Promise<readonly TouchedFile[] | null> {
  if (baseline === null && !historyComplete) return null;
  const files: TouchedFile[] = [];
  let status: string | null = null;
  const trees = ['--end-of-options', baseline?.commit ?? emptyTree, head.commit];
  await history.records(['diff-tree', ...options, ...trees, '--', ...paths], (record) => {
    if (status === null) {
      status = /^:\d+ \d+ [0-9a-f]+ [0-9a-f]+ ([AMTD])$/.exec(record)?.[1] ?? null;
      if (status === null) throw unexpectedOutput('diff-tree');
      return;
    }
    if (!record.startsWith(prefix)) throw unexpectedOutput('diff-tree');
    if (status !== 'D') files.push({ path: record.slice(prefix.length), change: status === 'A' ? 'added' : 'changed' });
    status = null;
  });
  return files;
}
