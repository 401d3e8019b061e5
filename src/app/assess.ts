import { checklistGlobs } from '../core/checklist/evaluate-checklist.ts';
import { assessmentOf, type Assessment } from '../core/decision/assessment.ts';
import { evaluate, type Evaluation, type EvaluationInput } from '../core/decision/evaluate.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Identity } from '../ports/identity.ts';
import type { ReleaseQuery } from '../ports/source-control.ts';
import type { Store } from '../ports/store.ts';
import { collectEvidence, type CollectDeps } from './collect-evidence.ts';

export interface AssessDeps extends CollectDeps {
  readonly identity: Identity;
  readonly store: Store;
}

export interface AssessInput {
  readonly policy: Policy;
  readonly release: ReleaseQuery;
  /** Set for a fast-track: the priority that was given. */
  readonly fastTrack: { readonly priority: string } | null;
  readonly level: EvaluationInput['level'];
  /** Warnings end in exit status 1. */
  readonly strict: boolean;
}

/** An assessment together with what it was computed from, for commands that ask further. */
export interface Assessed {
  readonly assessment: Assessment;
  readonly evaluation: Evaluation;
  readonly input: EvaluationInput;
}

/**
 * Evidence, signals, risk, gates, checklist and verdict of one release, as things are now. Nothing is kept: see `recordAssessment`.
 * @throws AqeError for what cannot be looked at at all (project folder, git, store); never for what a report contains.
 */
export async function assess(deps: AssessDeps, request: AssessInput): Promise<Assessed> {
  const { policy, release } = request;
  if (request.fastTrack) checkFastTrack(policy);
  const [change, collected, attestations, debts] = await Promise.all([
    deps.sourceControl.change(release),
    collectEvidence(deps, policy, deps.sourceControl.resolve(release), { find: checklistGlobs }),
    deps.store.attestations(policy.service, release.version),
    deps.store.debts(policy.service),
  ]);
  const input: EvaluationInput = {
    policy,
    evidence: collected.evidence,
    change,
    attestations,
    files: collected.found,
    fastTrack: request.fastTrack !== null,
    level: request.level,
  };
  const evaluation = evaluate(input);
  const now = deps.clock.now();
  const assessment = assessmentOf({
    id: deps.identity.newId(),
    createdAt: now.toISOString(),
    zone: deps.clock.zoneAt(now),
    version: release.version,
    policy,
    evaluation,
    evidence: collected.evidence,
    ignored: collected.ignored,
    change,
    fastTrack: request.fastTrack,
    strict: request.strict,
    leftOut: debts.map(({ gate, version, createdAt }) => ({ gate, version, since: createdAt })),
    sha256: (text) => deps.identity.sha256(text),
  });
  return { assessment, evaluation, input };
}

/** @throws AqeError AQE3001 when a fast-track would leave no BLOCKING gate, which would be a pass without evidence, or names a gate that is not there. */
function checkFastTrack({ gates, fastTrackGates }: Policy): void {
  const names = gates.map((gate) => gate.name);
  const unknown = fastTrackGates.find((name) => !names.includes(name));
  const blocking = gates.some(
    (gate) => fastTrackGates.includes(gate.name) && gate.enforcement === 'BLOCKING' && gate.mode === 'enforce',
  );
  if (blocking) return;
  const detail =
    unknown === undefined ? 'fast_track.gates leaves no BLOCKING gate' : `fast_track.gates names ${unknown}`;
  throw new AqeError('AQE3001', detail, { gates: names.join(', ') });
}

/** Keeps an assessment with the debts of a fast-track, in one transaction. @throws AqeError 6xxx. */
export async function recordAssessment(
  deps: Pick<AssessDeps, 'store' | 'identity'>,
  assessment: Assessment,
  body: string,
): Promise<void> {
  const { id, service, version, environment, decision, status, decisionDigest, createdAt } = assessment;
  const debts = (assessment.fastTrack?.skippedGates ?? []).map((gate) => ({
    id: deps.identity.newId(),
    service,
    version,
    gate,
    reason: `left out by a fast-track of priority ${assessment.fastTrack?.priority}`,
    createdAt,
  }));
  await deps.store.saveAssessment(
    { id, service, version, environment, decision, status, decisionDigest, createdAt, body },
    debts,
  );
}
