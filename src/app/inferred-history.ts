import { AqeError } from '../core/error/aqe-error.ts';
import { clockSkew } from '../core/history/contradiction.ts';
import { inferOutcomes, releasePrefixes, type InferredRelease } from '../core/history/infer-outcomes.ts';
import type { HistoryChunk, HistoryRow } from '../ports/deployment-history.ts';
import { plural } from '../core/signal/format.ts';
import type { ReleaseHistory } from '../ports/release-log.ts';

/**
 * The releases that tags name as rows of a history, with outcomes that are guessed from what followed. A package of several is found by
 * the name of the service. @throws AqeError AQE2014 if there is no release, or nothing tells whose tags are meant.
 */
export function inferredHistory(
  history: ReleaseHistory,
  { service, now }: { service: string; now: Date },
): HistoryChunk {
  const latest = now.getTime() + clockSkew;
  const tags = history.tags.filter(({ at }) => Date.parse(at) <= latest);
  const prefix = prefixFor(releasePrefixes(tags), service);
  const releases = inferOutcomes(tags, history.commits, { prefix, now: now.toISOString() });
  const future = history.tags.length - tags.length;
  return {
    rows: releases.map(rowOf),
    notices: [
      ...(future > 0 ? [`${plural(future, 'tag')} that lie in the future left out`] : []),
      ...(history.shallow ? ['the clone is shallow: reverts and fixes of releases that it lacks are not seen'] : []),
    ],
  };
}

function prefixFor(prefixes: readonly string[], service: string): string {
  const [only, ...more] = prefixes;
  if (only === undefined)
    throw new AqeError('AQE2014', 'no tag reads like a release, such as v1.2.0', { path: 'git tags' });
  const own = prefixes.find((prefix) => prefix.replace(/[-_/@]+$/, '').toLowerCase() === service.toLowerCase());
  if (own !== undefined) return own;
  if (prefixes.includes('')) return '';
  if (more.length === 0) return only;
  const names = prefixes.slice(0, 10).join(', ');
  throw new AqeError('AQE2014', `the tags are of several packages (${names}); name one with --service`, {
    path: 'git tags',
  });
}

function rowOf(release: InferredRelease): HistoryRow {
  const { version, commit, at, outcome, reason, recoveredAt, unplanned, firstCommitAt, committedAt } = release;
  // A tag may be moved to a commit that is younger than it: then the times of commits say nothing.
  const isOlder = committedAt !== null && committedAt <= at;
  return {
    place: { path: `tag ${version}` },
    source: 'git-tags',
    version,
    deployment: version,
    service: null,
    environment: null,
    outcome,
    deployedAt: at,
    reason,
    facts: {
      commit,
      ...(isOlder && firstCommitAt !== null ? { firstCommitAt, committedAt } : {}),
      ...(recoveredAt === null ? {} : { recoveredAt }),
      ...(unplanned ? { unplanned } : {}),
    },
    live: false,
  };
}
