import type { Count } from '../evidence/reading.ts';
import type { MetricId } from './metrics.ts';

/** One measured value of one metric, with everything that says where it comes from. */
export interface Signal {
  readonly metric: MetricId;
  /** In the unit of the metric; finite. For ratios 100 × part / whole, never rounded. */
  readonly value: number;
  /** The integers behind a percentage; thresholds compare these. */
  readonly exact: Count | null;
  /** `at-most`: the true value is this or lower (a higher percentile stands in for p95). */
  readonly bound: 'exact' | 'at-most';
  /** Ids of the evidence it was computed from (report paths, `git`, `attestation:…`), sorted. */
  readonly sources: readonly string[];
  /** How the value came about, in words: `1,240 of 1,310 lines`. */
  readonly basis: string;
}

export type EvidenceState = 'measured' | 'missing' | 'stale' | 'unreadable' | 'not-applicable';

/** The state of one metric for one release. Only `measured` carries a value, and only that can pass a gate. */
export type MetricResult =
  | { readonly metric: MetricId; readonly state: 'measured'; readonly signal: Signal }
  | {
      readonly metric: MetricId;
      readonly state: Exclude<EvidenceState, 'measured'>;
      readonly reason: string;
      readonly sources: readonly string[];
    };

export type SignalSet = Readonly<Record<MetricId, MetricResult>>;

export function signalOf(set: SignalSet, metric: MetricId): Signal | null {
  const result = set[metric];
  return result.state === 'measured' ? result.signal : null;
}
