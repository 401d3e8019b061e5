import type { Assessment } from '../decision/assessment.ts';
import type { GateResult } from '../gate/evaluate-gate.ts';
import type { SignalSet } from '../signal/signal.ts';

/** A chance as an assessment gives it, percent. */
export interface ComparedChance {
  readonly percent: number;
  readonly interval: readonly [number, number] | null;
  /** What it was learned from; another digest is another model. */
  readonly trainingDigest: string | null;
  /** Whether it is only expected beforehand, learned, or the same for every release; null: the assessment does not say. */
  readonly shows: 'prior' | 'model' | 'base-rate' | null;
  /** Deployments with an observed outcome that it was learned from, and those of which the outcome was inferred; null: not said. */
  readonly deployments: number | null;
  readonly inferred: number | null;
}

/** A kept assessment, as far as it is compared with another. */
export interface ComparedRelease {
  readonly version: string;
  readonly assessedAt: string;
  readonly decision: string;
  readonly status: string;
  /** What the decision would be without shadow mode. */
  readonly wouldBe: string | null;
  readonly policyDigest: string | null;
  readonly decisionDigest: string;
  readonly risk: Assessment['risk'];
  /** The chance that it succeeds, and that it is rolled back; null: the assessment has none. */
  readonly confidence: ComparedChance | null;
  readonly rollback: ComparedChance | null;
  readonly signals: SignalSet;
  readonly gates: readonly GateResult[];
  /** Times at which the evidence that counted was taken, ISO-8601 UTC; null: not known. */
  readonly evidenceTaken: readonly (string | null)[];
}
