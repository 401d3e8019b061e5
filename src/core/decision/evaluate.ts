import { evaluateChecklist, type Attestation, type Checklist } from '../checklist/evaluate-checklist.ts';
import { attestableMetrics } from '../checklist/items.ts';
import type { ReleaseChange } from '../evidence/change.ts';
import type { ChangedLines } from '../evidence/changed-lines.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import type { Sanctions } from '../approval/sanctions.ts';
import type { FrozenBy } from '../freeze/freeze.ts';
import { resolveLimits } from '../gate/resolve-limits.ts';
import type { EarlierRelease } from '../history/earlier-release.ts';
import type { PolicyChange } from '../policy/policy-change.ts';
import { isActive, type Waiver } from '../policy/waiver.ts';
import { evaluateGate, type OpenedBy } from '../gate/evaluate-gate.ts';
import { enforceGates, type GateSummary } from '../gate/enforce.ts';
import type { Policy } from '../policy/policy.ts';
import { assessRisk, type RiskAssessment } from '../risk/assess-risk.ts';
import type { SignalSet } from '../signal/signal.ts';
import { findingsWaived } from '../signal/security-signals.ts';
import type { FindingWaiver } from '../signal/waive-findings.ts';
import { signalsFrom } from '../signal/signals-from.ts';
import { withOutcomes } from '../signal/outcome-signals.ts';
import { localTime } from '../evidence/local-time.ts';
import type { Learned } from '../prediction/learned.ts';
import { outlookOf, type Outlook } from '../prediction/outlook.ts';
import { decide, type Verdict } from './decide.ts';

/** Everything that the decision is a function of. */
export interface EvaluationInput {
  readonly policy: Policy;
  readonly evidence: readonly EvidenceRecord[];
  readonly change: ReleaseChange | null;
  /** null unless a criterion of the policy is on new code. */
  readonly changedLines: ChangedLines | null;
  readonly attestations: readonly Attestation[];
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly fastTrack: boolean;
  readonly level: Checklist['level'];
  /** ISO-8601 UTC. */
  readonly now: string;
  /** Approved releases before this one, the newest first; needed only where the policy compares with them. */
  readonly earlier: readonly EarlierRelease[];
  readonly policyChange: PolicyChange | null;
  /** Release that is judged. */
  readonly version: string;
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  readonly learned: Learned;
}

/** What a verdict depends on beside the signals. */
export type JudgeInput = Pick<EvaluationInput, 'policy' | 'fastTrack' | 'now' | 'earlier' | 'policyChange'>;

export interface Evaluation {
  readonly signals: SignalSet;
  readonly risk: RiskAssessment;
  readonly gates: GateSummary;
  readonly checklist: Checklist;
  readonly verdict: Verdict;
  readonly outlook: Outlook;
  /** Findings that each waiver took away, by its place in the policy. */
  readonly waivedFindings: ReadonlyMap<number, readonly string[]>;
}

/** What follows from signals alone. */
export type Judgement = Omit<Evaluation, 'checklist' | 'waivedFindings' | 'outlook'>;

/** Waivers of the policy that hold now, with their place in it. */
function activeWaivers({ policy, now }: Pick<JudgeInput, 'policy' | 'now'>): readonly (Waiver & FindingWaiver)[] {
  return policy.waivers.flatMap((waiver, index) => (isActive(waiver, now) ? [{ ...waiver, index }] : []));
}

/** Evidence to verdict, without side effects: the same input gives the same evaluation. */
export function evaluate(input: EvaluationInput): Evaluation {
  const attested = input.attestations.flatMap(({ item, by }) => {
    const metric = attestableMetrics[item];
    return metric ? [{ metric, by, id: `attestation:${item}` }] : [];
  });
  const waivers = activeWaivers(input);
  const found = signalsFrom({
    evidence: input.evidence,
    change: input.change,
    changedLines: input.changedLines,
    attested,
    gradeBands: input.policy.gradeBands,
    waivers,
  });
  const outlook = outlookOf(input.learned, input.version, {
    change: input.change,
    signals: found,
    localTime: localTime(input.now, input.zone),
    now: input.now,
    settings: input.policy.prediction,
  });
  const signals = withOutcomes(found, outlook);
  return {
    ...judge(signals, input),
    outlook,
    checklist: checklistOf(signals, input),
    waivedFindings: findingsWaived(input.evidence, waivers),
  };
}

/** The part that depends on signals alone; `explain` asks it what other values would lead to. */
export function judge(signals: SignalSet, input: JudgeInput): Judgement {
  const { policy, fastTrack, now } = input;
  const waivers = activeWaivers(input);
  const results = resolveLimits(policy.gates, input.earlier).map((gate) => {
    const skipped = fastTrack && !policy.fastTrackGates.includes(gate.name);
    return evaluateGate(gate, { signals, waivers, skipped, now });
  });
  const gates = enforceGates(results);
  const risk = assessRisk(policy.risk, signals);
  return { signals, risk, gates, verdict: decide({ gates, risk, signals, ...decisionInput(input) }) };
}

function decisionInput({ policy, policyChange }: JudgeInput) {
  const { mode, approvals, onPolicyChange } = policy;
  return { mode, approvals, onPolicyChange, policyChange };
}

/** The evaluation after people and the calendar had their say: gates that they opened, approvals, rejections, freezes. */
export function settle(
  evaluation: Evaluation,
  input: JudgeInput,
  sanctions: Sanctions,
  freezes: readonly FrozenBy[],
): Evaluation {
  const { signals, risk } = evaluation;
  const openedOf = (gate: string): OpenedBy | null =>
    sanctions.overrides.find((override) => override.gate === gate)?.opened ?? null;
  const gates = enforceGates(
    evaluation.gates.gateResults.map((gate) =>
      gate.passed || gate.mode === 'shadow' || gate.skipped ? gate : { ...gate, overridden: openedOf(gate.gate) },
    ),
  );
  const verdict = decide({ gates, risk, signals, ...decisionInput(input), sanctions, freezes });
  return { ...evaluation, gates, verdict };
}

function checklistOf(signals: SignalSet, { evidence, policy, attestations, files, level }: EvaluationInput): Checklist {
  return evaluateChecklist({ signals, evidence, gates: policy.gates, attestations, files, level });
}
