import { createHash } from 'node:crypto';
import { unexpectedOutput } from './git-errors.ts';
import type { Repository } from './repository.ts';

/** SHA-256 over mode, type, object id and path (relative to the project) of every file of the project, sorted by path. */
export async function sourcesDigest(
  { history, prefix, paths }: Repository,
  commit: string,
  except: readonly string[],
): Promise<string> {
  // Names are bytes: as UTF-8 two different ones could read the same.
  const leftOut = new Set(except.map((path) => Buffer.from(path, 'utf8').toString('latin1')));
  const start = Buffer.from(prefix, 'utf8').toString('latin1');
  const entries: (readonly [path: string, object: string])[] = [];
  await history.records(
    // Behind --end-of-options ls-tree takes `--` for a path.
    ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...paths],
    (record) => {
      const tab = record.indexOf('\t');
      if (tab < 0 || !record.startsWith(start, tab + 1)) throw unexpectedOutput('ls-tree');
      const path = record.slice(tab + 1 + start.length);
      if (!leftOut.has(path)) entries.push([path, record.slice(0, tab)]);
    },
    'latin1',
  );
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash('sha256');
  for (const [path, object] of entries) hash.update(`${object}\t${path}\0`, 'latin1');
  return hash.digest('hex');
}
