import type { DecidedDeployment } from './decided-deployment.ts';
import { shareOf, type Share } from './share.ts';
import type { TimeWindow } from './time-window.ts';

/** One week (from Monday), month or year, UTC. */
export interface TrendBucket {
  /** Its first day, `2026-03-02`. */
  readonly start: string;
  readonly deployments: number;
  readonly pending: number;
  readonly inferred: number;
  /** Failures among the deployments with an observed outcome. */
  readonly failures: Share;
}

export interface Trend {
  readonly by: 'week' | 'month' | 'year';
  /** From the first deployment of the window to its end, also those without a deployment. Oldest first. */
  readonly buckets: readonly TrendBucket[];
}

const dayMs = 86_400_000;

/** Weeks for half a year, months for five years, then years. */
export function trendOf(decided: readonly DecidedDeployment[], { now, days }: TimeWindow): Trend {
  const by = days <= 183 ? 'week' : days <= 1827 ? 'month' : 'year';
  const open = new Map<
    number,
    { deployments: number; pending: number; inferred: number; known: number; failed: number }
  >();
  const bucketAt = (start: number) => {
    const known = open.get(start) ?? { deployments: 0, pending: 0, inferred: 0, known: 0, failed: 0 };
    open.set(start, known);
    return known;
  };
  let first = Infinity;
  for (const { deployedAt, weight, outcome } of decided) {
    const start = startOf(Date.parse(deployedAt), by);
    first = Math.min(first, start);
    const bucket = bucketAt(start);
    bucket.deployments += 1;
    if (weight !== 'observed') bucket[weight] += 1;
    else {
      bucket.known += 1;
      if (outcome !== 'success') bucket.failed += 1;
    }
  }
  const buckets: TrendBucket[] = [];
  for (let start = first; start <= Date.parse(now); start = next(start, by)) {
    const { known, failed, ...counts } = bucketAt(start);
    buckets.push({ start: new Date(start).toISOString().slice(0, 10), ...counts, failures: shareOf(failed, known) });
  }
  return { by, buckets };
}

function startOf(at: number, by: Trend['by']): number {
  const date = new Date(at);
  if (by === 'week') {
    const day = Math.floor(at / dayMs);
    // 1970-01-01 was a Thursday.
    return (day - ((((day + 3) % 7) + 7) % 7)) * dayMs;
  }
  return Date.UTC(date.getUTCFullYear(), by === 'month' ? date.getUTCMonth() : 0);
}

function next(start: number, by: Trend['by']): number {
  const date = new Date(start);
  if (by === 'week') return start + 7 * dayMs;
  return by === 'month'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
    : Date.UTC(date.getUTCFullYear() + 1, 0);
}
