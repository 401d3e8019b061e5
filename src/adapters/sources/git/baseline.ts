import { NearestRelease } from '../../../core/evidence/nearest-release.ts';
import { earlierReleaseTags, type Tag } from '../../../core/evidence/release-tags.ts';
import type { ReleaseQuery } from '../../../ports/source-control.ts';
import type { Git } from './git-command.ts';
import { unexpectedOutput, unknownRevision } from './git-errors.ts';
import { commitTime, findCommit, isoTime } from './revisions.ts';

export interface Baseline {
  readonly commit: string;
  readonly ref: string;
  readonly committedAt: string;
}

/** What the release is compared with; null for a first release. @throws AqeError AQE2012 for an unknown `query.baseline`. */
export async function findBaseline(
  git: Git,
  query: ReleaseQuery,
  head: string,
  tags: readonly Tag[],
): Promise<Baseline | null> {
  if (query.baseline === undefined) return nearestRelease(git, head, earlierReleaseTags(query.version, tags));
  const commit = await findCommit(git, query.baseline);
  if (commit === null) throw unknownRevision('baseline', query.baseline);
  return { commit, ref: query.baseline, committedAt: await commitTime(git, commit) };
}

async function nearestRelease(git: Git, head: string, tagged: ReadonlyMap<string, string>): Promise<Baseline | null> {
  if (tagged.size === 0) return null;
  const search = new NearestRelease(tagged);
  await git.records(['log', '-z', '--format=%H %ct %P', '--end-of-options', head, '--'], (record) => {
    const [commit, time, ...parents] = record.trimEnd().split(' ');
    if (commit === undefined || !Number.isInteger(Number(time))) throw unexpectedOutput('log');
    return search.push(commit, parents, Number(time));
  });
  const found = search.result;
  if (found === null) return null;
  return { commit: found.commit, ref: tagged.get(found.commit) ?? '', committedAt: isoTime(found.committedAt) };
}
