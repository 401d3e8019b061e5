import { posix } from 'node:path';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { FilesAt, TextAt } from '../../../ports/source-control.ts';
import { unexpectedOutput, unknownRevision } from './git-errors.ts';
import type { Repository } from './repository.ts';
import { findCommit } from './revisions.ts';

const largestText = 1024 * 1024;
const longestPath = 4_096;

interface Entry {
  /** Mode, type and object id. */
  readonly object: string;
  readonly bytes: number;
}

/** What stands at or below paths of the project at a revision. @throws AqeError AQE2012 for an unknown one. */
export async function filesAt(repository: Repository, revision: string, paths: readonly string[]): Promise<FilesAt> {
  const commit = await commitOf(repository, revision);
  const entries = await entriesAt(repository, commit, paths);
  return { commit, files: new Map([...entries].map(([path, { object }]) => [path, object])) };
}

/** One regular file at a revision; null if there is none. @throws AqeError AQE2012; AQE2011 for more than 1 MiB. */
export async function textAt(repository: Repository, revision: string, path: string): Promise<TextAt | null> {
  const commit = await commitOf(repository, revision);
  const entry = (await entriesAt(repository, commit, [path])).get(path);
  const [, mode = '', id = ''] = /^(\d+) blob ([0-9a-f]+)$/.exec(entry?.object ?? '') ?? [];
  // A link (120000) is a file that names another one: it is not followed.
  if (entry === undefined || !mode.startsWith('100')) return null;
  if (entry.bytes > largestText)
    throw new AqeError('AQE2011', `the file is larger than ${largestText} bytes at that revision`, { path });
  return { commit, text: await repository.history.text(['cat-file', 'blob', id]) };
}

/** A full id needs no look-up; if it names nothing, `ls-tree` fails. */
async function commitOf({ history }: Repository, revision: string): Promise<string> {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)) return revision;
  const commit = await findCommit(history, revision);
  if (commit === null) throw unknownRevision('revision', revision);
  return commit;
}

/** By path as the caller wrote it for a file, else relative to the project. */
async function entriesAt(
  { history, prefix }: Repository,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Entry>> {
  const places = new Map(paths.flatMap((path) => placesOf(prefix, path)));
  const entries = new Map<string, Entry>();
  if (places.size === 0) return entries;
  const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', commit, ...places.keys()];
  const listed = history.records(args, (record) => {
    const [, object, bytes, place] = /^(\d+ \w+ [0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(record) ?? [];
    if (object === undefined || place === undefined) throw unexpectedOutput('ls-tree');
    const asked = places.get(place);
    // What stands below an asked folder is named after it.
    const folder = asked === undefined ? [...places].find(([start]) => place.startsWith(`${start}/`)) : undefined;
    const path = asked ?? (folder ? `${folder[1]}/${place.slice(folder[0].length + 1)}` : place);
    entries.set(path, { object, bytes: bytes === '-' ? 0 : Number(bytes) });
  });
  await listed.catch(async (error: unknown) => {
    throw (await findCommit(history, commit)) === null ? unknownRevision('revision', commit) : error;
  });
  return entries;
}

/** The place in the repository of a path relative to the project; none for what cannot name a file of the repository. */
function placesOf(prefix: string, path: string): readonly (readonly [string, string])[] {
  if (path === '' || path.length > longestPath || path.includes('\0') || posix.isAbsolute(path)) return [];
  const place = posix.normalize(prefix + path).replace(/\/$/, '');
  return place === '.' || place === '..' || place.startsWith('../') ? [] : [[place, path.replace(/\/$/, '')]];
}
