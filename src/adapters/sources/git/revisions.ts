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

/** Every tag that names a commit. */
export async function listTags(git: Git): Promise<readonly Tag[]> {
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
 * @throws AqeError AQE2012 for an unknown revision, AQE2011 if HEAD names a commit that is not there.
 */
export async function findRelease(
  { history }: Repository,
  query: ReleaseQuery,
  tags: Promise<readonly Tag[]>,
): Promise<ReleaseChange['head'] | null> {
  const [all, asked, head] = await Promise.all([
    tags,
    query.revision === undefined ? null : findCommit(history, query.revision),
    presentCommit(history),
  ]);
  const dated = async (commit: string, from: 'tag' | 'revision'): Promise<ReleaseChange['head']> => ({
    commit,
    committedAt: commit === head?.commit ? head.committedAt : await commitTime(history, commit),
    from,
  });
  if (query.revision !== undefined) {
    if (asked !== null) return dated(asked, 'revision');
    if (head === null) return null;
    throw unknownRevision('revision', query.revision);
  }
  const tag = all.find(({ name }) => name === query.version);
  if (tag) return dated(tag.commit, 'tag');
  return head && { ...head, from: 'head' };
}

/** The commit of HEAD; null before a first commit. */
async function presentCommit(git: Git): Promise<{ readonly commit: string; readonly committedAt: string } | null> {
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
