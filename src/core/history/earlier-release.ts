import type { MetricId } from '../signal/metrics.ts';
import { quantile } from './quantile.ts';

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
  return quantile(values, 0.5);
}
