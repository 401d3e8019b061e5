import { checklistGlobs } from '../core/checklist/evaluate-checklist.ts';
import { assessmentOf, type Assessment, type PolicySource } from '../core/decision/assessment.ts';
import { evaluate, type Evaluation, type EvaluationInput } from '../core/decision/evaluate.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { sampledFacts } from '../core/audit/sampled-facts.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { boundToArtifact } from '../core/evidence/bound-to-artifact.ts';
import { freezesFor } from '../core/freeze/active-freezes.ts';
import { redactDeep, type Redact } from '../core/secret/redact.ts';
import type { FreezeCalendar } from '../ports/freeze-calendar.ts';
import { decisionEnvelope, type AttestDeps } from './attest-decision.ts';
import type { Policy } from '../core/policy/policy.ts';
import { asksForHistory } from '../core/gate/resolve-limits.ts';
import { asksForNewCode } from '../core/signal/new-code.ts';
import type { Identity } from '../ports/identity.ts';
import type { SignatureCheck } from '../ports/signer.ts';
import type { ReleaseQuery } from '../ports/source-control.ts';
import type { Store, StoredEnvelope } from '../ports/store.ts';
import { earlierReleases } from './earlier-releases.ts';
import { learned, type Trained } from './learn.ts';
import { policyChange, type PolicyChangeDeps } from './policy-change.ts';
import { collectEvidence, type CollectDeps } from './collect-evidence.ts';
import { sanctionsNow, whatWasSaid } from './sanctions-now.ts';

export interface AssessDeps extends CollectDeps, PolicyChangeDeps {
  readonly identity: Identity;
  readonly store: Store;
  readonly signatures: SignatureCheck;
  readonly freezeCalendar: FreezeCalendar;
  /** Takes secrets out of texts. */
  readonly redact: Redact;
}

export interface AssessInput {
  readonly policy: Policy;
  readonly release: ReleaseQuery;
  /** Set for a fast-track: the priority that was given. */
  readonly fastTrack: { readonly priority: string } | null;
  readonly level: EvaluationInput['level'];
  /** Warnings end in exit status 1. */
  readonly strict: boolean;
  /** Digest of what is to be released, `sha256:…`; absent: the commit. */
  readonly artifact?: string;
  /** Region that it is asked for; absent: all. */
  readonly region?: string;
  readonly policySource: PolicySource;
}

/** An assessment together with what it was computed from, for commands that ask further. */
export interface Assessed {
  readonly assessment: Assessment;
  readonly evaluation: Evaluation;
  readonly input: EvaluationInput;
  /** A model that had to be made for it, since the kept one does not know the newest outcome. */
  readonly trained: Trained | null;
}

/**
 * Evidence, signals, risk, gates, checklist and verdict of one release, as things are now. Nothing is kept: see `recordAssessment`.
 * @throws AqeError for what cannot be looked at at all (project folder, git, store); never for what a report contains.
 */
export async function assess(deps: AssessDeps, request: AssessInput): Promise<Assessed> {
  const { policy, release } = request;
  if (request.fastTrack) checkFastTrack(policy);
  const { service, environment } = policy;
  const { version } = release;
  const [found, changedLines, collected, words, debts, earlier, changedPolicy, said, known] = await Promise.all([
    deps.sourceControl.change(release),
    asksForNewCode(policy.gates) ? deps.sourceControl.changedLines(release) : null,
    collectEvidence(deps, policy, deps.sourceControl.resolve(release), { find: checklistGlobs }),
    deps.store.find('attestations', { service: policy.service, version: release.version }),
    deps.store.find('debts', { service }),
    asksForHistory(policy.gates) ? earlierReleases(deps.store, { service, environment, version }) : [],
    policyChange(deps, request),
    whatWasSaid(deps.store, { service, version, environment }),
    learned(deps, policy),
  ]);
  // What is decided is signed, kept and sent: what people wrote loses its secrets before digests are made of it.
  const [change, attestations] = [redactDeep(found, deps.redact), redactDeep(words, deps.redact)];
  const now = deps.clock.now();
  const zone = deps.clock.zoneAt(now);
  const evidence = boundToArtifact(collected.evidence, request.artifact ?? null);
  const rules = freezesFor(policy.freezes, { environment, region: request.region ?? null });
  const freezes = rules.length > 0 ? await deps.freezeCalendar.freezesAt(rules, now) : [];
  const input: EvaluationInput = {
    policy,
    evidence,
    change,
    changedLines,
    attestations,
    files: collected.found,
    fastTrack: request.fastTrack !== null,
    level: request.level,
    now: now.toISOString(),
    earlier,
    policyChange: changedPolicy,
    version: release.version,
    zone,
    learned: { model: known.model, recent: known.recent },
  };
  const evaluation = evaluate(input);
  const assessment = assessmentOf({
    id: deps.identity.newId(),
    createdAt: now.toISOString(),
    zone,
    version: release.version,
    policy,
    evaluation,
    evidence,
    ignored: collected.ignored,
    change,
    fastTrack: request.fastTrack,
    strict: request.strict,
    leftOut: debts.map(({ gate, version, createdAt }) => ({ gate, version, since: createdAt })),
    judged: input,
    sanctions: (decisionDigest, { verdict, gates }) => {
      const decided = { decisionDigest, rules: verdict.rules, gates, change, policyChange: input.policyChange };
      return sanctionsNow(deps, { decided, policy, said, now: now.toISOString() });
    },
    region: request.region ?? null,
    artifact: request.artifact ?? null,
    freezes,
    policySource: request.policySource,
    sha256: (text) => deps.identity.sha256(text),
  });
  // Reports quote what they find.
  return { assessment: redactDeep(assessment, deps.redact), evaluation, input, trained: known.trained };
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

/** Keeps an assessment with the debts of a fast-track, the model made for it and the signed statement of it, in one transaction. Gives the statement. @throws AqeError 6xxx. */
export async function recordAssessment(
  deps: Pick<AssessDeps, 'store' | 'identity'> & AttestDeps,
  { assessment, trained }: Pick<Assessed, 'assessment' | 'trained'>,
  body: string,
): Promise<StoredEnvelope | null> {
  const { id, service, version, environment, decision, status, decisionDigest, createdAt } = assessment;
  const debts = (assessment.fastTrack?.skippedGates ?? []).map((gate) => ({
    id: deps.identity.newId(),
    service,
    version,
    gate,
    reason: `left out by a fast-track of priority ${assessment.fastTrack?.priority}`,
    createdAt,
  }));
  const record = { id, service, version, environment, decision, status, decisionDigest, createdAt, body };
  const envelope = await decisionEnvelope(deps, assessment);
  const models = trained ? [{ ...trained.record, id: deps.identity.newId() }] : [];
  await deps.store.commit({ assessments: [record], debts, envelopes: envelope ? [envelope] : [], models }, [
    assessmentEvent(deps.identity, assessment),
  ]);
  return envelope;
}

function assessmentEvent(identity: Identity, assessment: Assessment): AuditEvent {
  const { id, service, version, environment, decision, status, decisionDigest, createdAt, policyDigest } = assessment;
  const { trainingDigest } = assessment.confidence.learnedFrom;
  return {
    id: identity.newId(),
    at: createdAt,
    action: 'assessment.recorded',
    outcome: 'done',
    actor: { id: identity.osUser(), method: 'os-user', key: null },
    service,
    version,
    environment,
    target: id,
    decisionDigest,
    reason: assessment.message,
    details: { decision, status, policyDigest, model: trainingDigest, ...sampledFacts(assessment) },
  };
}
