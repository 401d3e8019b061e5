import type { AuditEvent } from '../core/audit/event.ts';
import type { Assessment } from '../core/decision/assessment.ts';
import { unverifiedIdentity } from '../core/approval/word.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { contradictionIn } from '../core/history/contradiction.ts';
import { deploymentsOf, type Deployment, type DeploymentFacts, type OutcomeState } from '../core/history/outcome.ts';
import { featureProblem } from '../core/prediction/feature-problem.ts';
import { localTime } from '../core/evidence/local-time.ts';
import { timeFeatures } from '../core/prediction/release-features.ts';
import { featureIds, type FeatureValues } from '../core/prediction/features.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Redact } from '../core/secret/redact.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { OutcomeRecord, Store, StoredAssessment } from '../ports/store.ts';
import { statementOf } from './deployments.ts';
import { keptObject } from './kept-json.ts';

export interface RecordDeps {
  readonly store: Pick<Store, 'find' | 'commit'>;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly policy: Pick<Policy, 'service' | 'environment' | 'prediction'>;
  readonly redact: Redact;
}

export interface OutcomeDraft {
  readonly version: string;
  readonly outcome: OutcomeState;
  /** ISO-8601 UTC; undefined: now, or as it was said before. */
  readonly at: string | undefined;
  readonly recoveredAt: string | undefined;
  readonly reason: string;
  /** Undefined: the deployment of the version that is known, else one named after it. */
  readonly deployment: string | undefined;
  /** True where it was made to repair something; undefined: nobody says. */
  readonly unplanned: true | undefined;
  /** Who says so, as they say; undefined: the account. */
  readonly by: string | undefined;
}

export interface RecordedOutcome {
  readonly record: OutcomeRecord;
  readonly facts: DeploymentFacts;
  /** What was said of the deployment before; null for a new one. */
  readonly before: Deployment | null;
  /** When the assessment was made that its features come from; null without one. */
  readonly assessedAt: string | null;
}

/**
 * States how one deployment ended. A statement about a deployment that is known amends what was said of it, which stays. What the release
 * looked like is taken from its newest assessment before it went out.
 * @throws AqeError AQE2013 for a statement that cannot be true, 6xxx.
 */
export async function recordOutcome(deps: RecordDeps, draft: OutcomeDraft): Promise<RecordedOutcome> {
  const { store, clock, identity, redact, policy } = deps;
  const { service, environment } = policy;
  const now = clock.now();
  // As it is kept: else the same version would be another one the next time.
  const version = redact(draft.version);
  const release = { service, environment, version };
  const before = await knownDeployment(store, release, draft.deployment && redact(draft.deployment));
  const deployedAt = draft.at ?? before?.deployedAt ?? now.toISOString();
  const assessment = await assessmentBefore(store, release, deployedAt);
  // It went out later than it was assessed, at another hour.
  const timing = timeFeatures({
    localTime: localTime(deployedAt, clock.zoneAt(new Date(deployedAt))),
    settings: policy.prediction,
  });
  const said = factsOf(draft, deployedAt, assessment, timing);
  const earlier = before?.facts.features;
  const isMoved = said.features === undefined && earlier !== undefined && before?.deployedAt !== deployedAt;
  const facts = isMoved ? { ...said, features: { ...earlier, ...timing } } : said;
  const { outcome } = draft;
  // What was said before goes on to hold, but for a recovery from a failure that was none.
  const held = outcome === 'success' || outcome === 'pending' ? {} : { ...before?.facts };
  const recoveredAt = facts.recoveredAt ?? held.recoveredAt;
  const whole = { ...facts, ...(recoveredAt === undefined ? {} : { recoveredAt }) };
  const contradiction = contradictionIn({ outcome, deployedAt, facts: whole }, now.getTime());
  if (contradiction !== null) throw new AqeError('AQE2013', contradiction, { version: draft.version });
  const account = identity.osUser();
  const at = now.toISOString();
  const newest = before?.statements.at(-1)?.createdAt ?? at;
  const record: OutcomeRecord = {
    id: identity.newId(),
    ...release,
    deployment: before?.deployment ?? redact(draft.deployment ?? draft.version),
    outcome,
    deployedAt,
    basis: 'observed',
    source: 'recorded',
    reason: redact(draft.reason),
    by: redact(draft.by ?? account),
    identity: unverifiedIdentity(account),
    facts: canonicalJson(facts),
    // A clock that was set back must not make it the older statement.
    createdAt: newest > at ? newest : at,
  };
  await store.commit({ outcomes: [record] }, [eventOf(deps, record, { before, facts, at })]);
  return { record, facts, before, assessedAt: assessment?.createdAt ?? null };
}

/** The deployment of that name; without one the deployment named after the version, else the newest of the version. */
async function knownDeployment(
  store: RecordDeps['store'],
  release: { readonly service: string; readonly environment: string; readonly version: string },
  name: string | undefined,
): Promise<Deployment | null> {
  const { version, ...scope } = release;
  const known = deploymentsOf((await store.find('outcomes', release)).map(statementOf));
  const own = known.find(({ deployment }) => deployment === (name ?? version));
  if (name === undefined) return own ?? known.filter(({ basis }) => basis === 'observed').at(-1) ?? null;
  if (own) return own;
  const taken = (await store.find('outcomes', scope)).find(({ deployment }) => deployment === name);
  if (taken === undefined) return null;
  throw new AqeError('AQE2013', `deployment ${JSON.stringify(name)} is one of ${taken.version}`, { version });
}

/** The newest assessment of the release before a time: what was decided later was decided in hindsight. */
async function assessmentBefore(
  store: RecordDeps['store'],
  release: { readonly service: string; readonly environment: string; readonly version: string },
  at: string,
): Promise<StoredAssessment | null> {
  const found = await store.find('assessments', { ...release, order: 'newest' });
  return found.find(({ createdAt }) => createdAt <= at) ?? null;
}

type Kept = Pick<Assessment, 'change'> & { readonly rollbackPrediction: { readonly features?: unknown } };

function factsOf(
  { recoveredAt, unplanned }: OutcomeDraft,
  deployedAt: string,
  assessment: StoredAssessment | null,
  timing: FeatureValues,
): DeploymentFacts {
  const said = {
    ...(recoveredAt === undefined ? {} : { recoveredAt }),
    ...(unplanned === undefined ? {} : { unplanned }),
  };
  if (assessment === null) return said;
  const { change, rollbackPrediction } = keptObject<Kept>(assessment.body, 'assessments');
  const { commit, committedAt } = change?.head ?? {};
  const features = featuresIn(rollbackPrediction?.features);
  return {
    ...said,
    ...(typeof commit === 'string' ? { commit } : {}),
    // A commit that is younger than the deployment is not the one that was deployed then.
    ...(typeof committedAt === 'string' && committedAt <= deployedAt ? { committedAt } : {}),
    ...(features === null ? {} : { features: { ...features, ...timing } }),
    decision: assessment.decision,
    decisionDigest: assessment.decisionDigest,
  };
}

/** What an assessment says of its release; null if it is of a version that said nothing. */
function featuresIn(value: unknown): FeatureValues | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const said = new Map<string, unknown>(Object.entries(value));
  const known = featureIds.flatMap((id) => {
    const each = said.get(id);
    return typeof each === 'number' && featureProblem(id, each) === null ? [[id, each] as const] : [];
  });
  return known.length === 0 ? null : Object.fromEntries(known);
}

function eventOf(
  { identity }: RecordDeps,
  record: OutcomeRecord,
  { before, facts, at }: { readonly before: Deployment | null; readonly facts: DeploymentFacts; readonly at: string },
): AuditEvent {
  const { service, version, environment, deployment, outcome, deployedAt, reason, by } = record;
  return {
    id: identity.newId(),
    at,
    action: before === null ? 'outcome.recorded' : 'outcome.amended',
    outcome: 'done',
    actor: { id: identity.osUser(), method: 'os-user', key: null },
    service,
    version,
    environment,
    target: deployment,
    decisionDigest: facts.decisionDigest ?? null,
    reason,
    details: {
      outcome,
      deployedAt,
      by,
      ...(before === null
        ? {}
        : { before: before.outcome, deployedAtBefore: before.deployedAt, sourceBefore: before.source }),
    },
  };
}
