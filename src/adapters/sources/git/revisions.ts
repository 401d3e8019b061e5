import type { ReleaseChange } from '../../../core/evidence/change.ts';
import type { Tag } from '../../../core/evidence/release-tags.ts';
import type { ReleaseQuery } from '../../../ports/source-control.ts';
import type { Git } from './git-command.ts';
import type { Repository } from './repository.ts';
import { damaged, unexpectedOutput, unknownRevision } from './git-errors.ts';

const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const longestRevision = 1024;

/** Full id of the commit that a revision names, or null. The only way by which text of others reaches git as a revision. */
export async function findCommit(git: Git, revision: string): Promise<string | null> {
  if (revision === '' || revision.length > longestRevision || /\p{Cc}/u.test(revision)) return null;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const { stdout, exitCode } = await git.attempt(args);
  const id = stdout.trimEnd();
  // `^main` is accepted by git and answered with `^<id>`.
  return exitCode === 0 && commitId.test(id) ? id : null;
}

interface DatedCommit {
  readonly commit: string;
  readonly committedAt: string;
}

/** Where HEAD and the tags are. */
export interface Refs {
  /** null before a first commit. */
  readonly head: DatedCommit | null;
  /** Every tag that names a commit, in the order of their names. */
  readonly tags: readonly Tag[];
  /** When these commits were made. */
  readonly times: ReadonlyMap<string, string>;
}

/** @throws AqeError AQE2011, also if HEAD names a commit that is not there. */
export async function readRefs(git: Git): Promise<Refs> {
  const together = await headAndTags(git);
  if (together !== null) return together;
  const [head, tags] = await Promise.all([presentCommit(git), listTags(git)]);
  return { head, tags, times: new Map(head === null ? [] : [[head.commit, head.committedAt]]) };
}

/** Both from one process; null if it says anything unusual, as it does before a first commit and of damage. */
async function headAndTags(git: Git): Promise<Refs | null> {
  const options = ['--no-walk=unsorted', '--decorate=full', '--decorate-refs=refs/tags/', '--format=%H%x00%ct%x00%D'];
  const { stdout, stderr, exitCode } = await git.attempt(['log', ...options, 'HEAD', '--tags', '--']);
  if (exitCode !== 0 || stderr !== '') return null;
  const tags: Tag[] = [];
  const times = new Map<string, string>();
  for (const line of stdout.split('\n').slice(0, -1)) {
    const [commit = '', seconds = '', names = ''] = line.split('\0');
    if (!commitId.test(commit) || !/^\d+$/.test(seconds)) return null;
    times.set(commit, isoTime(Number(seconds)));
    // No name of a tag has a space.
    for (const name of names.split(', ').filter((each) => each !== ''))
      tags.push({ name: name.replace(/^tag: refs\/tags\//, ''), commit });
  }
  // The order of the command line, in which HEAD comes first.
  const [head] = times;
  if (head === undefined) return null;
  tags.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { head: { commit: head[0], committedAt: head[1] }, tags, times };
}

async function listTags(git: Git): Promise<readonly Tag[]> {
  const fields = ['refname', 'objectname', 'objecttype', '*objectname', '*objecttype'];
  const format = fields.map((field) => `%(${field})`).join('%00');
  const output = await git.text(['for-each-ref', `--format=${format}`, 'refs/tags/']);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [ref = '', id = '', type, peeled = '', peeledType] = line.split('\0');
      const commit = type === 'commit' ? id : peeledType === 'commit' ? peeled : null;
      return commit === null ? [] : [{ name: ref.slice('refs/tags/'.length), commit }];
    });
}

/**
 * The commit of a release with its time; null before a first commit. Names of tags are compared, never parsed as revisions.
 * @throws AqeError AQE2012 for an unknown revision.
 */
export async function findRelease(
  { history }: Repository,
  query: ReleaseQuery,
  refs: Promise<Refs>,
): Promise<ReleaseChange['head'] | null> {
  const [{ head, tags, times }, asked] = await Promise.all([
    refs,
    query.revision === undefined ? null : findCommit(history, query.revision),
  ]);
  const dated = async (commit: string, from: 'tag' | 'revision'): Promise<ReleaseChange['head']> => ({
    commit,
    committedAt: times.get(commit) ?? (await commitTime(history, commit)),
    from,
  });
  if (query.revision !== undefined) {
    if (asked !== null) return dated(asked, 'revision');
    if (head === null) return null;
    throw unknownRevision('revision', query.revision);
  }
  const tag = tags.find(({ name }) => name === query.version);
  if (tag) return dated(tag.commit, 'tag');
  return head && { ...head, from: 'head' };
}

/** The commit of HEAD; null before a first commit. */
async function presentCommit(git: Git): Promise<DatedCommit | null> {
  const { stdout, exitCode } = await git.attempt(['log', '-1', '--format=%H %ct', '--end-of-options', 'HEAD', '--']);
  const [, commit, seconds] = /^([0-9a-f]{40}|[0-9a-f]{64}) (\d+)\n$/.exec(stdout) ?? [];
  if (exitCode === 0 && commit !== undefined) return { commit, committedAt: isoTime(Number(seconds)) };
  const named = await git.attempt(['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (named.stdout !== '') throw damaged();
  return null;
}

/** Committer time, ISO-8601 UTC. */
export async function commitTime(git: Git, commit: string): Promise<string> {
  const seconds = await git.text(['log', '-1', '--format=%ct', '--end-of-options', commit, '--']);
  if (!/^\d+\n$/.test(seconds)) throw unexpectedOutput('log');
  return isoTime(Number(seconds));
}

/** Commits can carry any time; one past the range of dates becomes the last date. */
export function isoTime(seconds: number): string {
  return new Date(Math.min(seconds, 8.64e12) * 1000).toISOString();
}
