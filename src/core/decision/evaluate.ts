import { evaluateChecklist, type Attestation, type Checklist } from '../checklist/evaluate-checklist.ts';
import { attestableMetrics } from '../checklist/items.ts';
import type { ReleaseChange } from '../evidence/change.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import { evaluateGate } from '../gate/evaluate-gate.ts';
import { enforceGates, type GateSummary } from '../gate/enforce.ts';
import type { Policy } from '../policy/policy.ts';
import { assessRisk, type RiskAssessment } from '../risk/assess-risk.ts';
import type { SignalSet } from '../signal/signal.ts';
import { signalsFrom } from '../signal/signals-from.ts';
import { decide, type Verdict } from './decide.ts';

/** Everything that the decision is a function of. */
export interface EvaluationInput {
  readonly policy: Policy;
  readonly evidence: readonly EvidenceRecord[];
  readonly change: ReleaseChange | null;
  readonly attestations: readonly Attestation[];
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly fastTrack: boolean;
  readonly level: Checklist['level'];
}

export interface Evaluation {
  readonly signals: SignalSet;
  readonly risk: RiskAssessment;
  readonly gates: GateSummary;
  readonly checklist: Checklist;
  readonly verdict: Verdict;
}

/** Evidence to verdict, without side effects: the same input gives the same evaluation. */
export function evaluate(input: EvaluationInput): Evaluation {
  const attested = input.attestations.flatMap(({ item, by }) => {
    const metric = attestableMetrics[item];
    return metric ? [{ metric, by, id: `attestation:${item}` }] : [];
  });
  const signals = signalsFrom({
    evidence: input.evidence,
    change: input.change,
    attested,
    gradeBands: input.policy.gradeBands,
  });
  return { ...judge(signals, input), checklist: checklistOf(signals, input) };
}

/** The part that depends on signals alone; `explain` asks it what other values would lead to. */
export function judge(
  signals: SignalSet,
  { policy, fastTrack }: Pick<EvaluationInput, 'policy' | 'fastTrack'>,
): Omit<Evaluation, 'checklist'> {
  const results = policy.gates.map((gate) =>
    evaluateGate(gate, signals, fastTrack && !policy.fastTrackGates.includes(gate.name)),
  );
  const gates = enforceGates(results);
  const risk = assessRisk(policy.risk, signals);
  return { signals, risk, gates, verdict: decide({ gates, risk, signals, mode: policy.mode }) };
}

function checklistOf(signals: SignalSet, { evidence, policy, attestations, files, level }: EvaluationInput): Checklist {
  return evaluateChecklist({ signals, evidence, gates: policy.gates, attestations, files, level });
}
