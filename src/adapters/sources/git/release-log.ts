import type { LoggedCommit, LoggedTag, ReleaseLog } from '../../../ports/release-log.ts';
import type { Environment } from './git-environment.ts';
import { unexpectedOutput } from './git-errors.ts';
import { openRepository, type Repository } from './repository.ts';
import { isoTime } from './revisions.ts';

const longestSubject = 500;
/** Of one commit; a message that names more is no revert of a release. */
const mostReverts = 100;
const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The tags of a repository and all commits below them, by two calls of git. */
export function gitReleaseLog(root: string, environment: Environment = process.env): ReleaseLog {
  return {
    async read() {
      const repository = await openRepository(root, environment);
      if (repository === null) return null;
      const [tags, commits] = await Promise.all([tagsOf(repository), commitsOf(repository)]);
      return { tags, commits, shallow: repository.shallow };
    },
  };
}

async function tagsOf({ history }: Repository): Promise<readonly LoggedTag[]> {
  const fields = ['refname', 'objectname', 'objecttype', '*objectname', '*objecttype', 'creatordate:unix'];
  const format = fields.map((field) => `%(${field})`).join('%00');
  const tags: LoggedTag[] = [];
  await history.lines(['for-each-ref', `--format=${format}`, 'refs/tags/'], (line) => {
    const [ref = '', id = '', type, peeled = '', peeledType, seconds = ''] = line.split('\0');
    const commit = type === 'commit' ? id : peeledType === 'commit' ? peeled : null;
    // A tag of something else than a commit, or without any date, is no release.
    if (commit === null || !/^\d+$/.test(seconds)) return;
    if (!commitId.test(commit)) throw unexpectedOutput('for-each-ref');
    tags.push({ name: ref.slice('refs/tags/'.length), commit, at: isoTime(Number(seconds)) });
  });
  return tags;
}

async function commitsOf({ history }: Repository): Promise<readonly LoggedCommit[]> {
  const commits: LoggedCommit[] = [];
  const fields: string[] = [];
  const args = ['log', '-z', '--full-history', '--format=%H%x00%P%x00%ct%x00%s%x00%b', '--tags', '--'];
  // Parents are those of the history as a whole: it is followed from release to release.
  await history.records(args, (record) => {
    if (fields.push(record) < 5) return;
    const [commit = '', parents = '', seconds = '', subject = '', body = ''] = fields.splice(0);
    if (!commitId.test(commit) || !/^\d+$/.test(seconds)) throw unexpectedOutput('log');
    commits.push({
      commit,
      parents: parents === '' ? [] : parents.split(' '),
      committedAt: isoTime(Number(seconds)),
      subject: subject.slice(0, longestSubject),
      reverts: [...body.matchAll(/\bThis reverts commit ([0-9a-f]{7,64})\b/g)]
        .slice(0, mostReverts)
        .map(([, id = '']) => id),
    });
  });
  return commits;
}
