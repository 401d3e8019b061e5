import type { Count } from '../evidence/reading.ts';
import type { Outcome } from '../gate/evaluate-gate.ts';
import type { Decision, RuleId, Status } from '../decision/decide.ts';
import type { MetricId } from '../signal/metrics.ts';
import type { EvidenceState } from '../signal/signal.ts';

/** What a case says of one metric. */
export type CaseValue =
  { readonly value: number; readonly exact: Count | null } | { readonly state: Exclude<EvidenceState, 'measured'> };

/** Signals, and what a policy is expected to make of them. */
export interface PolicyCase {
  readonly name: string;
  /** null: those of the config. */
  readonly environment: string | null;
  readonly service: string | null;
  readonly fastTrack: boolean;
  /** ISO-8601 UTC; null: when it is run. */
  readonly now: string | null;
  readonly signals: Readonly<Partial<Record<MetricId, CaseValue>>>;
  /** What the metrics are that the case does not name: as good as can be, or missing. */
  readonly others: 'good' | 'missing';
  /** Earlier approved releases, the newest first. */
  readonly previous: readonly {
    readonly version: string;
    readonly values: Readonly<Partial<Record<MetricId, number>>>;
  }[];
  /** The release changes its own policy. */
  readonly policyChanged: boolean;
  readonly expect: {
    readonly decision: Decision;
    readonly status: Status | null;
    readonly gates: Readonly<Record<string, Outcome>>;
    /** Rules that have to fire; others may. */
    readonly rules: readonly RuleId[];
  };
}
