import { canonicalJson } from '../canonical-json.ts';
import type { Checklist } from '../checklist/evaluate-checklist.ts';
import type { ReleaseChange } from '../evidence/change.ts';
import { localTime, type LocalTime } from '../evidence/local-time.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';

import type { GateSummary } from '../gate/enforce.ts';
import type { Policy } from '../policy/policy.ts';
import type { FeatureValues } from '../prediction/features.ts';
import type { Confidence, RollbackPrediction } from '../prediction/prediction.ts';
import { isMeasured, type RiskAssessment } from '../risk/assess-risk.ts';
import { metricIds, type MetricId } from '../signal/metrics.ts';
import type { MetricResult } from '../signal/signal.ts';
import type { Decision, FiredRule, Status, Verdict } from './decide.ts';
import { exitCode } from './decide.ts';
import { settle, type Evaluation, type JudgeInput } from './evaluate.ts';
import type { Sanctions } from '../approval/sanctions.ts';
import type { FrozenBy } from '../freeze/freeze.ts';
import { waivesCriterion } from '../gate/evaluate-gate.ts';
import type { EarlierRelease } from '../history/earlier-release.ts';
import type { PolicyChange } from '../policy/policy-change.ts';
import { isActive, type Waiver, type WaiverUse } from '../policy/waiver.ts';

/** An evidence record as it is printed and kept: without what was read from it. */
export type EvidenceSummary = Omit<EvidenceRecord, 'reading' | 'metrics'> & {
  readonly producer: { readonly name: string; readonly version: string | null } | null;
  readonly notices: readonly string[];
};

/** The result of `assess`: what is printed as JSON, kept in the store and rendered by every report. */
export interface Assessment {
  readonly schemaVersion: '1';
  readonly id: string;
  readonly createdAt: string;
  /** `createdAt` on the clocks of the people here. */
  readonly localTime: LocalTime;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly decision: Decision;
  readonly status: Status;
  readonly message: string;
  readonly exitCode: 0 | 1 | 3 | 4;
  readonly rules: readonly FiredRule[];
  /** What the verdict would be, in shadow mode. */
  readonly shadow: Verdict['shadowed'];
  readonly fastTrack: { readonly priority: string; readonly skippedGates: readonly string[] } | null;
  /** null when not a single metric of it is measured. */
  readonly risk: RiskAssessment | null;
  readonly confidence: Confidence;
  /** With the features that the release was looked at by: its outcome is learned from with these. */
  readonly rollbackPrediction: RollbackPrediction & { readonly features: FeatureValues };
  readonly gates: GateSummary;
  readonly checklist: Checklist;
  /** Gates that a fast-track of an earlier release left out and that are not open now. */
  readonly debts: readonly Debt[];
  readonly change: ReleaseChange | null;
  readonly signals: Readonly<Record<MetricId, MetricResult>>;
  readonly evidence: readonly EvidenceSummary[];
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
  /** What people said about this decision, and what it is worth now. */
  readonly approvals: Sanctions;
  /** Digest of what is to be released, `sha256:…`; null: the commit. */
  readonly artifact: string | null;
  /** Region that it was asked for; null: all. */
  readonly region: string | null;
  /** Freezes that hold. */
  readonly freezes: readonly FrozenBy[];
  /** Every waiver of the policy, until it is gone from there. */
  readonly waivers: readonly WaiverUse[];
  /** What the release changes in the policy that judges it. */
  readonly policyChange: PolicyChange | null;
  /** Earlier releases that limits were worked out from. */
  readonly comparedWith: readonly Pick<EarlierRelease, 'version' | 'assessedAt' | 'decisionDigest'>[];
  readonly policySource: PolicySource;
  readonly policyDigest: string;
  /**
   * Over everything the decision depends on and what it is before people have their say, not over the time: equal inputs
   * have equal digests. Approvals bind to it.
   */
  readonly decisionDigest: string;
}

/** Where the policy was read from. */
export interface PolicySource {
  /** Relative to the project; null: the defaults. */
  readonly path: string | null;
  /** Git revision that it was read from, and its commit; null: the work tree. */
  readonly ref: string | null;
  readonly commit: string | null;
}

export interface Debt {
  readonly gate: string;
  /** Release that left it out. */
  readonly version: string;
  readonly since: string;
}

export interface AssessmentInput {
  readonly id: string;
  readonly createdAt: string;
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  readonly version: string;
  readonly policy: Policy;
  readonly evaluation: Evaluation;
  readonly evidence: readonly EvidenceRecord[];
  readonly ignored: Assessment['ignored'];
  readonly change: ReleaseChange | null;
  readonly fastTrack: { readonly priority: string } | null;
  readonly strict: boolean;
  /** Every gate that fast-tracks of this service ever left out, oldest first. */
  readonly leftOut: readonly Debt[];
  readonly judged: JudgeInput;
  /** What people said, once it is known about which decision and what kinds of approval it asks for. */
  readonly sanctions: (decisionDigest: string, evaluation: Evaluation) => Sanctions;
  readonly region: string | null;
  readonly artifact: string | null;
  readonly freezes: readonly FrozenBy[];
  readonly policySource: PolicySource;
  /** SHA-256 of a text, hex. */
  readonly sha256: (text: string) => string;
}

export function assessmentOf(input: AssessmentInput): Assessment {
  const { evaluation, policy, change, judged } = input;
  const { risk, checklist, signals } = evaluation;
  const evidence = input.evidence.map(summaryOf);
  const policyDigest = input.sha256(canonicalJson(policy));
  const { confidence, rollbackPrediction, features } = evaluation.outlook;
  const { modelVersion, trainingDigest } = confidence.learnedFrom;
  const decided = {
    service: policy.service,
    version: input.version,
    environment: policy.environment,
    artifact: input.artifact,
    fastTrack: input.fastTrack && {
      ...input.fastTrack,
      skippedGates: evaluation.gates.gateResults.filter((gate) => gate.skipped).map((gate) => gate.gate),
    },
    change: change && decidedChange(change),
    evidence: evidence.map(({ path, sha256, state, commit, boundBy, format }) => ({
      path,
      sha256,
      state,
      commit,
      boundBy,
      format,
    })),
    policyDigest,
    checklist: checklist.items.map(({ id, status }) => ({ id, status })),
    comparedWith: comparedWith(evaluation.gates, judged.earlier),
    learnedFrom: { modelVersion, trainingDigest },
    policyChange: judged.policyChange,
    decision: evaluation.verdict.decision,
    status: evaluation.verdict.status,
    rules: evaluation.verdict.rules,
  };
  const decisionDigest = input.sha256(canonicalJson(decided));
  const approvals = input.sanctions(decisionDigest, evaluation);
  const { gates, verdict } = settle(evaluation, judged, approvals, input.freezes);
  return {
    schemaVersion: '1',
    id: input.id,
    createdAt: input.createdAt,
    localTime: localTime(input.createdAt, input.zone),
    service: policy.service,
    version: input.version,
    environment: policy.environment,
    decision: verdict.decision,
    status: verdict.status,
    message: verdict.message,
    exitCode: exitCode(verdict, input.strict),
    rules: verdict.rules,
    shadow: verdict.shadowed,
    fastTrack: decided.fastTrack,
    risk: isMeasured(risk) ? risk : null,
    confidence,
    rollbackPrediction: { ...rollbackPrediction, features },
    gates,
    checklist,
    debts: openDebts(input.leftOut, gates),
    change,
    signals: Object.fromEntries(metricIds.map((metric) => [metric, signals[metric]])) as Assessment['signals'],
    evidence,
    ignored: input.ignored,
    approvals,
    artifact: input.artifact,
    region: input.region,
    freezes: input.freezes,
    waivers: waiverUses(policy.waivers, evaluation, judged.now),
    policyChange: judged.policyChange,
    comparedWith: decided.comparedWith,
    policySource: input.policySource,
    policyDigest,
    decisionDigest,
  };
}

/** The change without how its commit was found and what lies uncommitted beside it: a tag set later is the same release. */
function decidedChange(change: ReleaseChange) {
  const { head, dirty: _, ...rest } = change;
  return { ...rest, head: { commit: head.commit, committedAt: head.committedAt } };
}

function comparedWith({ gateResults }: GateSummary, earlier: readonly EarlierRelease[]): Assessment['comparedWith'] {
  const versions = new Set(
    gateResults.flatMap(({ criteria }) => criteria.flatMap(({ baseline }) => baseline?.versions ?? [])),
  );
  return earlier
    .filter(({ version }) => versions.has(version))
    .map(({ version, assessedAt, decisionDigest }) => ({ version, assessedAt, decisionDigest }));
}

function waiverUses(
  waivers: readonly Waiver[],
  { gates, waivedFindings }: Evaluation,
  now: string,
): readonly WaiverUse[] {
  return waivers.map((waiver, index): WaiverUse => {
    if (!isActive(waiver, now)) return { ...waiver, state: 'expired', applied: [] };
    const criteria = gates.gateResults.flatMap(({ gate, criteria: results }) =>
      results
        .filter(({ key, outcome }) => outcome === 'waived' && waivesCriterion(waiver.scope, gate, key))
        .map(({ key }) => `${gate} ${key}`),
    );
    return { ...waiver, state: 'active', applied: [...criteria, ...(waivedFindings.get(index) ?? [])] };
  });
}

/** One debt a gate: the first that is still owed. A gate that opens settles it. */
function openDebts(leftOut: readonly Debt[], { gateResults }: GateSummary): readonly Debt[] {
  const open = new Set(gateResults.filter((gate) => gate.passed && !gate.skipped).map((gate) => gate.gate));
  const first = new Map<string, Debt>();
  for (const debt of leftOut) if (!open.has(debt.gate) && !first.has(debt.gate)) first.set(debt.gate, debt);
  return [...first.values()];
}

function summaryOf({ reading, metrics: _metrics, ...record }: EvidenceRecord): EvidenceSummary {
  return {
    ...record,
    producer: reading && { name: reading.producer.name, version: reading.producer.version ?? null },
    notices: reading?.notices ?? [],
  };
}
