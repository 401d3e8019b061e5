import { metricOf, type MetricId, type Unit } from '../signal/metrics.ts';
import type { EvidenceState, Signal, SignalSet } from '../signal/signal.ts';
import {
  criterionKinds,
  type Comparison,
  type Criterion,
  type CriterionKey,
  type Enforcement,
  type Gate,
  type Mode,
} from './criteria.ts';

export type Outcome = 'pass' | 'fail' | 'no-evidence';

export interface CriterionResult {
  readonly key: CriterionKey;
  readonly metric: MetricId;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly unit: Unit;
  readonly outcome: Outcome;
  readonly state: EvidenceState;
  /** null unless measured. */
  readonly signal: Signal | null;
  /** Why there is no answer; empty when there is one. */
  readonly reason: string;
}

export interface GateResult {
  readonly gate: string;
  readonly group: Gate['group'];
  readonly enforcement: Enforcement;
  readonly mode: Mode;
  readonly outcome: Outcome;
  /** Only an open gate has passed: no evidence is not a pass. */
  readonly passed: boolean;
  /** Left out by a fast-track: shown, and decides nothing. */
  readonly skipped: boolean;
  readonly criteria: readonly CriterionResult[];
}

/**
 * One gate over one set of signals. A criterion that fails closes the gate; else a criterion without evidence keeps it from
 * opening. Only a measured value can pass.
 */
export function evaluateGate(gate: Gate, signals: SignalSet, skipped = false): GateResult {
  const criteria = gate.criteria.map((criterion) => evaluateCriterion(criterion, signals, gate.enforcement));
  const outcome = criteria.some((result) => result.outcome === 'fail')
    ? 'fail'
    : criteria.every((result) => result.outcome === 'pass') && criteria.length > 0
      ? 'pass'
      : 'no-evidence';
  return {
    gate: gate.name,
    group: gate.group,
    enforcement: gate.enforcement,
    mode: gate.mode,
    outcome,
    passed: outcome === 'pass',
    skipped,
    criteria,
  };
}

function evaluateCriterion(
  { key, threshold }: Criterion,
  signals: SignalSet,
  enforcement: Enforcement,
): CriterionResult {
  const { metric, comparison } = criterionKinds[key];
  const base = { key, metric, comparison, threshold, unit: metricOf(metric).unit };
  const result = signals[metric];
  if (result.state !== 'measured') {
    return { ...base, outcome: 'no-evidence', state: result.state, signal: null, reason: result.reason };
  }
  const { signal } = result;
  if (!Number.isFinite(signal.value)) {
    return { ...base, outcome: 'no-evidence', state: 'unreadable', signal: null, reason: 'the value is not a number' };
  }
  if (enforcement === 'BLOCKING' && metricOf(metric).from === 'person') {
    return {
      ...base,
      outcome: 'no-evidence',
      state: 'measured',
      signal,
      reason: 'an attestation without verified identity does not open a BLOCKING gate',
    };
  }
  if (meets(signal, comparison, threshold)) return { ...base, outcome: 'pass', state: 'measured', signal, reason: '' };
  if (signal.bound === 'at-most') {
    return {
      ...base,
      outcome: 'no-evidence',
      state: 'measured',
      signal,
      reason: `only an upper bound is known (${signal.basis})`,
    };
  }
  return { ...base, outcome: 'fail', state: 'measured', signal, reason: '' };
}

/** Compares exact integers where the signal has them: 100 × part ≥ threshold × whole. What is not a number meets nothing. */
export function meets(signal: Signal, comparison: Comparison, threshold: number): boolean {
  if (!Number.isFinite(signal.value)) return false;
  if (comparison === 'is') return signal.value === threshold;
  const order =
    signal.exact === null
      ? Math.sign(signal.value - threshold)
      : compareRatio(signal.exact.part, signal.exact.whole, threshold);
  return comparison === '>=' ? order >= 0 : order <= 0;
}

/** Sign of 100 × part / whole − percent, in integers, for a percent of at most 15 decimals. */
export function compareRatio(part: number, whole: number, percent: number): number {
  const [digits = '0', decimals = ''] = decimal(percent).split('.');
  const scale = 10n ** BigInt(decimals.length);
  const difference = BigInt(part) * 100n * scale - BigInt(digits + decimals) * BigInt(whole);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(15).replace(/0+$/, '') : text;
}
