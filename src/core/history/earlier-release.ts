import type { MetricId } from '../signal/metrics.ts';

/** An earlier release that was approved, as far as later ones are compared with it. */
export interface EarlierRelease {
  readonly version: string;
  /** ISO-8601 UTC. */
  readonly assessedAt: string;
  readonly decisionDigest: string;
  readonly values: Readonly<Partial<Record<MetricId, number>>>;
}

/** Middle of the values; of an even number the mean of the two in the middle. Null for none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
