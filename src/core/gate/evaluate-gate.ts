import { metricOf, type MetricId, type Unit } from '../signal/metrics.ts';
import type { EvidenceState, Signal, SignalSet } from '../signal/signal.ts';
import type { Waiver, WaiverScope } from '../policy/waiver.ts';
import {
  criterionKinds,
  metricOfCriterion,
  type Comparison,
  type Criterion,
  type CriterionKey,
  type Enforcement,
  type Gate,
  type Mode,
} from './criteria.ts';

/**
 * `waived`: it does not pass, and a waiver of the policy sets it aside until its date. `skipped`: nobody measured it, and the
 * policy says that this does not matter here. Neither is a pass.
 */
export type Outcome = 'pass' | 'fail' | 'no-evidence' | 'waived' | 'skipped';

export interface CriterionResult {
  readonly key: CriterionKey;
  readonly metric: MetricId;
  readonly comparison: Comparison;
  /** null for a limit relative to earlier releases when there are none. */
  readonly threshold: number | null;
  readonly unit: Unit;
  readonly weight: number;
  readonly outcome: Outcome;
  readonly state: EvidenceState;
  /** null unless measured. */
  readonly signal: Signal | null;
  /** Earlier releases that the threshold was worked out from. */
  readonly baseline: { readonly value: number; readonly versions: readonly string[] } | null;
  /** Why there is no answer, or why it is set aside; empty when there is one. */
  readonly reason: string;
  /** The policy asks for a warning where nobody measured. */
  readonly warns: boolean;
}

/** A gate that people opened although it is closed. */
export interface OpenedBy {
  readonly people: readonly string[];
  readonly justification: string;
  /** ISO-8601 UTC. */
  readonly until: string;
}

export interface GateResult {
  readonly gate: string;
  readonly group: Gate['group'];
  readonly enforcement: Enforcement;
  readonly mode: Mode;
  /** Day from which it counts, if that lies ahead: until then its mode is shadow. */
  readonly effectiveOn: string | null;
  readonly outcome: Outcome;
  /** Only an open gate has passed: no evidence is not a pass. */
  readonly passed: boolean;
  /** Left out by a fast-track: shown, and decides nothing. */
  readonly skipped: boolean;
  /** An override that holds for this decision. */
  readonly overridden: OpenedBy | null;
  /** Percent of the criteria, by weight, that have to pass. */
  readonly minScore: number;
  readonly criteria: readonly CriterionResult[];
}

export interface GateContext {
  readonly signals: SignalSet;
  /** Waivers that hold now. */
  readonly waivers: readonly Waiver[];
  /** Left out by a fast-track. */
  readonly skipped: boolean;
  /** ISO-8601 UTC. */
  readonly now: string;
}

/**
 * One gate over one set of signals. It passes when the criteria that pass weigh at least `minScore` percent of those that
 * count; it fails when they could not even if every open question were answered well; else evidence is lacking. With the usual
 * 100 percent one criterion that fails closes the gate, and one without evidence keeps it from opening. Criteria that are
 * waived or skipped do not count; a gate with a waived criterion has not passed.
 */
export function evaluateGate(gate: Gate, { signals, waivers, skipped, now }: GateContext): GateResult {
  const ahead = gate.effectiveOn !== undefined && Date.parse(now) < Date.parse(gate.effectiveOn);
  const minScore = gate.minScore ?? 100;
  const criteria = gate.criteria.map((criterion) =>
    settled(gate, evaluateCriterion(criterion, signals, gate.enforcement), criterion, waivers),
  );
  const outcome = outcomeOf(criteria, minScore);
  return {
    gate: gate.name,
    group: gate.group,
    enforcement: gate.enforcement,
    mode: ahead ? 'shadow' : gate.mode,
    effectiveOn: ahead ? gate.effectiveOn : null,
    outcome,
    passed: outcome === 'pass',
    skipped,
    overridden: null,
    minScore,
    criteria,
  };
}

function outcomeOf(criteria: readonly CriterionResult[], minScore: number): Outcome {
  const weightOf = (...outcomes: readonly Outcome[]): number =>
    criteria.reduce((sum, { outcome, weight }) => (outcomes.includes(outcome) ? sum + weight : sum), 0);
  const [passed, failed, open] = [weightOf('pass'), weightOf('fail'), weightOf('no-evidence')];
  const needed = (minScore * (passed + failed + open)) / 100;
  const waived = criteria.some(({ outcome }) => outcome === 'waived');
  const skipped = criteria.some(({ outcome }) => outcome === 'skipped');
  if (passed + failed + open === 0) return waived ? 'waived' : skipped ? 'skipped' : 'no-evidence';
  if (passed + open < needed || (passed + open === 0 && failed > 0)) return 'fail';
  if (passed >= needed && passed > 0) return waived ? 'waived' : 'pass';
  return 'no-evidence';
}

/** What a waiver or the policy's word on missing evidence makes of a criterion that does not pass. */
function settled(
  gate: Gate,
  result: CriterionResult,
  { whenMissing = { kind: 'block' } }: Criterion,
  waivers: readonly Waiver[],
): CriterionResult {
  if (result.outcome === 'pass') return result;
  const waiver = waivers.find(({ scope }) => waivesCriterion(scope, gate.name, result.key));
  if (waiver)
    return {
      ...result,
      outcome: 'waived',
      reason: `waived until ${waiver.expires.slice(0, 10)}: ${waiver.reason} (${waiver.approver})`,
    };
  if (result.state !== 'missing' && result.state !== 'not-applicable') return result;
  if (whenMissing.kind === 'skip')
    return { ...result, outcome: 'skipped', reason: `not measured, skipped: ${whenMissing.reason}` };
  if (whenMissing.kind === 'warn')
    return {
      ...result,
      outcome: 'skipped',
      warns: true,
      reason: `not measured, the policy only warns: ${result.reason}`,
    };
  return result;
}

/** Waivers of findings and packages take findings away, not criteria. */
export function waivesCriterion({ gate, rule, finding, package: name }: WaiverScope, of: string, key: string): boolean {
  if (finding !== null || name !== null || (gate === null && rule === null)) return false;
  return (gate === null || gate === of) && (rule === null || rule === key);
}

function evaluateCriterion(criterion: Criterion, signals: SignalSet, enforcement: Enforcement): CriterionResult {
  const { key, threshold, baseline = null, weight = 1 } = criterion;
  const { comparison } = criterionKinds[key];
  const metric = metricOfCriterion(criterion);
  const result = signals[metric];
  const base = { key, metric, comparison, threshold, unit: metricOf(metric).unit, weight, baseline, warns: false };
  const noEvidence = (state: EvidenceState, reason: string, signal: Signal | null = null): CriterionResult => ({
    ...base,
    outcome: 'no-evidence',
    state,
    signal,
    reason,
  });
  if (result.state !== 'measured') return noEvidence(result.state, result.reason);
  const { signal } = result;
  if (!Number.isFinite(signal.value)) return noEvidence('unreadable', 'the value is not a number');
  if (threshold === null)
    return { ...noEvidence('missing', 'no approved release before this one to compare with'), signal };
  if (enforcement === 'BLOCKING' && metricOf(metric).from === 'person')
    return noEvidence('measured', 'an attestation without verified identity does not open a BLOCKING gate', signal);
  if (meets(signal, comparison, threshold)) return { ...base, outcome: 'pass', state: 'measured', signal, reason: '' };
  if (signal.bound === 'at-most')
    return noEvidence('measured', `only an upper bound is known (${signal.basis})`, signal);
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
