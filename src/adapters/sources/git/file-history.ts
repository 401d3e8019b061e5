import type { FileHistory } from '../../../ports/source-control.ts';
import type { Git } from './git-command.ts';
import { unexpectedOutput } from './git-errors.ts';
import type { Repository } from './repository.ts';
import { isoTime } from './revisions.ts';

/** Windows allows a command line of 32,767 characters, and a name takes up to four bytes a character. */
const batchLength = 6_000;
const longestPath = 4_096;

/** History of paths relative to the project. What cannot name a file of the project is untracked. */
export async function fileHistory(
  repository: Repository,
  paths: readonly string[],
  modified: Promise<ReadonlySet<string>>,
): Promise<ReadonlyMap<string, FileHistory>> {
  const histories = new Map<string, FileHistory>(paths.map((path) => [path, { kind: 'untracked' }]));
  for (const batch of batches([...histories.keys()].filter(canBeTracked))) {
    for (const [path, history] of await batchHistory(repository, batch, modified)) histories.set(path, history);
  }
  return histories;
}

function canBeTracked(path: string): boolean {
  const segments = path.split('/');
  return path.length <= longestPath && !path.includes('\0') && !segments.some((part) => ['', '.', '..'].includes(part));
}

function batches(paths: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let length = Infinity;
  for (const path of paths) {
    if (length + path.length > batchLength) {
      all.push([]);
      length = 0;
    }
    all.at(-1)?.push(path);
    length += path.length + 1;
  }
  return all;
}

async function batchHistory(
  repository: Repository,
  paths: readonly string[],
  status: Promise<ReadonlySet<string>>,
): Promise<ReadonlyMap<string, FileHistory>> {
  const [modified, blobs] = await Promise.all([status, trackedBlobs(repository.worktree, paths)]);
  const asked = new Set(paths);
  const histories = new Map<string, FileHistory>();
  const wanted = new Map<string, string>();
  for (const path of asked) {
    const blob = blobs.get(path);
    if (modified.has(path) || blob === 'hidden') histories.set(path, { kind: 'modified' });
    else if (blob !== undefined) wanted.set(path, blob);
  }
  for (const [path, history] of await arrivals(repository, wanted)) histories.set(path, history);
  return histories;
}

/** Blob of each tracked path in the index; `hidden` if git is told not to look at the file (assume-unchanged, sparse checkout). */
async function trackedBlobs(git: Git, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const blobs = new Map<string, string>();
  await git.records(['ls-files', '-s', '-v', '-z', '--', ...paths], (record) => {
    const [, tag, blob, path] = /^(\S) \d+ ([0-9a-f]+) \d\t(.*)$/s.exec(record) ?? [];
    if (tag === undefined || blob === undefined || path === undefined) throw unexpectedOutput('ls-files');
    blobs.set(path, tag === 'H' ? blob : 'hidden');
  });
  return blobs;
}

/** The newest commit of HEAD's history that brought each path its present blob. `wanted` maps path to blob. */
async function arrivals(
  { history, prefix, shallow }: Repository,
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, FileHistory>> {
  const found = new Map<string, FileHistory>();
  if (wanted.size === 0) return found;
  let current: FileHistory = { kind: 'unknown' };
  let blob: string | null = null;
  const paths = [...wanted.keys()].map((path) => prefix + path);
  const format = '--format=commit %H %ct %P';
  // -c shows a merge if it brought content that no parent has.
  const args = ['log', '-z', '--raw', '-c', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv', format];
  await history.records([...args, '--end-of-options', 'HEAD', '--', ...paths], (record) => {
    const line = record.startsWith('\n') ? record.slice(1) : record;
    if (blob !== null) {
      const path = record.slice(prefix.length);
      if (wanted.get(path) === blob && !found.has(path)) found.set(path, current);
      blob = null;
      return found.size < wanted.size;
    }
    if (line.startsWith(':')) {
      blob = line.split(' ').at(-2) ?? '';
    } else if (line.startsWith('commit ')) {
      const [, commit = '', time, ...parents] = line.trimEnd().split(' ');
      // At the edge of a shallow clone every file seems new.
      const known = !shallow || parents.length > 0;
      current = known ? { kind: 'committed', commit, committedAt: isoTime(Number(time)) } : { kind: 'unknown' };
    } else if (line !== '') throw unexpectedOutput('log');
    return true;
  });
  for (const path of wanted.keys()) if (!found.has(path)) found.set(path, { kind: 'unknown' });
  return found;
}
