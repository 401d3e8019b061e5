import type { ChangedFile } from '../../../core/evidence/change-metrics.ts';
import { unexpectedOutput } from './git-errors.ts';
import type { Repository } from './repository.ts';

/**
 * Independent of the user's settings: moved files are found as git does by default (half of the content alike, at most a
 * thousand candidates); a moved submodule pointer is a file of one line. Only file content says what is binary.
 */
const options = ['-r', '--numstat', '-z', '--diff-algorithm=myers', '--ignore-submodules=none'].concat([
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
]);
const renames = ['-M50%', '-l1000'];

/** Changed files of the project between two trees, in the order of their paths. Paths are relative to the project. */
export async function changedFiles(
  { history, prefix, paths, emptyTree }: Repository,
  from: string | null,
  to: string,
): Promise<readonly ChangedFile[]> {
  const files: ChangedFile[] = [];
  const read = numstatReader((file) => files.push(file), prefix);
  const detection = from === null ? ['--no-renames'] : renames;
  const trees = ['--end-of-options', from ?? emptyTree, to];
  await history.records(['diff-tree', ...options, ...detection, ...trees, '--', ...paths], read);
  return files;
}

/** Reads records `added⇥deleted⇥path`; of a moved file the path is empty and the old and the new one follow as records. */
export function numstatReader(found: (file: ChangedFile) => void, prefix: string): (record: string) => void {
  const local = (path: string): string => {
    if (!path.startsWith(prefix)) throw unexpectedOutput('diff-tree');
    return path.slice(prefix.length);
  };
  let moved: { counts: Pick<ChangedFile, 'added' | 'deleted' | 'binary'>; from: string | null } | null = null;
  return (record) => {
    if (moved?.from === null) {
      moved.from = local(record);
    } else if (moved) {
      found({ ...moved.counts, path: local(record), from: moved.from });
      moved = null;
    } else {
      const [, added, deleted, path] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(record) ?? [];
      if (added === undefined || path === undefined) throw unexpectedOutput('diff-tree');
      const binary = added === '-';
      const counts = { added: binary ? 0 : Number(added), deleted: binary ? 0 : Number(deleted), binary };
      if (path === '') moved = { counts, from: null };
      else found({ ...counts, path: local(path) });
    }
  };
}
