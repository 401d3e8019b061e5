import { median } from '../history/earlier-release.ts';
import type { Deployment } from '../history/outcome.ts';
import { weightOf } from '../history/time-window.ts';

/** What was observed of the rollbacks of a service in an environment. */
export interface PastRollbacks {
  readonly n: number;
  /** Those of which it is recorded when the service was well again. */
  readonly recovered: number;
  /** Middle of the times from the deployment that was rolled back to the recovery, milliseconds; null for none. */
  readonly medianMs: number | null;
}

/** `now` is ISO-8601: what is said to happen later does not count, nor does what was only guessed. */
export function pastRollbacks(deployments: readonly Deployment[], now: string): PastRollbacks {
  const until = Date.parse(now);
  const rolledBack = deployments.filter(
    (each) => each.outcome === 'rolled-back' && weightOf(each) === 'observed' && Date.parse(each.deployedAt) <= until,
  );
  const times = rolledBack.flatMap(({ deployedAt, facts }) => {
    const ms = Date.parse(facts.recoveredAt ?? '') - Date.parse(deployedAt);
    return ms >= 0 && Date.parse(facts.recoveredAt!) <= until ? [ms] : [];
  });
  const n = rolledBack.length;
  return {
    n,
    recovered: times.length,
    medianMs: median(times),
  };
}

/** The version to go back to, and how it is known. */
export interface PreviousVersion {
  readonly version: string;
  readonly from: 'deployments' | 'git';
  /** When it was deployed last, or committed; ISO-8601 UTC. */
  readonly at: string;
  /** Versions deployed after it of which nobody recorded how they went. */
  readonly unknownSince: readonly string[];
}

/**
 * The version deployed last before the release, of which the newest deployment is a success that somebody saw; null for none.
 * Deployments are the oldest first.
 */
export function previousDeployed(
  deployments: readonly Deployment[],
  { version, now }: { readonly version: string; readonly now: string },
): PreviousVersion | null {
  const first = deployments.find((each) => each.version === version)?.deployedAt;
  const end = Date.parse(first ?? now);
  const before = deployments.filter((each) => each.version !== version && Date.parse(each.deployedAt) <= end);
  const newest = [...new Map(before.map((each) => [each.version, each])).values()].sort(
    (a, b) => Date.parse(b.deployedAt) - Date.parse(a.deployedAt),
  );
  const found = newest.find((each) => each.outcome === 'success' && weightOf(each) === 'observed');
  if (found === undefined) return null;
  return {
    version: found.version,
    from: 'deployments',
    at: found.deployedAt,
    unknownSince: newest
      .slice(0, newest.indexOf(found))
      .filter(({ outcome }) => outcome === 'pending')
      .map((each) => each.version),
  };
}
