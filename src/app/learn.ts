import type { Learned } from '../core/prediction/learned.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Policy } from '../core/policy/policy.ts';
import { fitReleaseModel } from '../core/prediction/fit-release-model.ts';
import { modelVersion, type ReleaseModel } from '../core/prediction/release-model.ts';
import type { PredictionSettings } from '../core/prediction/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { ModelRecord, Store } from '../ports/store.ts';
import { deploymentsOf } from '../core/history/outcome.ts';
import { deploymentsIn, statementOf } from './deployments.ts';
import { keptObject } from './kept-json.ts';
import { isReleaseModel } from './kept-model.ts';

export interface LearnDeps {
  readonly store: Pick<Store, 'find'>;
  readonly identity: Pick<Identity, 'sha256'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Newest statements that a decision looks at beside the model. */
const recentStatements = 1_000;

/** What is kept of a model: it holds for the settings and the statements that it was made from, and for a time. */
interface KeptModel {
  readonly settingsDigest: string;
  /** Of the newest statements. The newest alone would not show one that a slower clock put behind it. */
  readonly recentDigest: string;
  /** ISO-8601 UTC. Before `from` and from `until` on others of the deployments are learned from; null: never by time alone. */
  readonly from: string;
  readonly until: string | null;
  readonly model: ReleaseModel;
}

/** A model that was made now, and what is to be kept of it. */
export interface Trained {
  readonly model: ReleaseModel;
  readonly record: Omit<ModelRecord, 'id'>;
}

/**
 * What was learned of a service in an environment. The kept model is used while it knows the newest outcomes and the settings are the
 * same; else, or if `anew` asks for it, one is made, and `trained` is to be kept. A kept model that this program did not write is made
 * again: all that it says follows from the outcomes. @throws AqeError 6xxx.
 */
export async function learned(
  deps: LearnDeps,
  { service, environment, prediction }: Pick<Policy, 'service' | 'environment' | 'prediction'>,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<Learned & { readonly trained: Trained | null }> {
  const [records, [kept]] = await Promise.all([
    deps.store.find('outcomes', { service, environment, order: 'newest', limit: recentStatements }),
    deps.store.find('models', { service, environment, order: 'newest', limit: 1 }),
  ]);
  const recent = deploymentsOf(records.toReversed().map(statementOf));
  const newestOutcome = records[0]?.id ?? '';
  const now = deps.clock.now().toISOString();
  const settingsDigest = deps.identity.sha256(canonicalJson(prediction));
  const recentDigest = deps.identity.sha256(records.map(({ id }) => id).join('\n'));
  const known = kept && !anew ? keptModel(kept, { settingsDigest, recentDigest, now }) : null;
  if (known) return { model: known, recent, trained: null };
  const all = records.length < recentStatements ? recent : await deploymentsIn(deps.store, { service, environment });
  const sha256 = (text: string): string => deps.identity.sha256(text);
  const model = fitReleaseModel({ deployments: all, settings: prediction, now, sha256 });
  // Nothing was learned from nothing.
  if (newestOutcome === '') return { model, recent, trained: null };
  const body: KeptModel = { settingsDigest, recentDigest, from: now, until: untilOf(all, prediction, now), model };
  const { trainingDigest } = model.learnedFrom;
  // A clock that was set back must not make it the older model.
  const createdAt = kept && kept.createdAt > now ? kept.createdAt : now;
  const record = { service, environment, trainingDigest, newestOutcome, createdAt, body: JSON.stringify(body) };
  return { model, recent, trained: { model, record } };
}

/** null for one that does not hold, or that is none of ours. */
function keptModel(
  { body }: ModelRecord,
  now: Pick<KeptModel, 'settingsDigest' | 'recentDigest'> & { readonly now: string },
): ReleaseModel | null {
  const { settingsDigest, recentDigest, from, until, model } = keptObject<KeptModel>(body, 'models');
  if (settingsDigest !== now.settingsDigest || recentDigest !== now.recentDigest) return null;
  if (from === undefined || now.now < from || (until !== null && !(until !== undefined && now.now < until)))
    return null;
  return isReleaseModel(model) && model.learnedFrom.modelVersion === modelVersion ? model : null;
}

/** When the next deployment leaves the window, or is no longer in the future. */
function untilOf(deployments: Learned['recent'], { window }: PredictionSettings, now: string): string | null {
  const at = Date.parse(now);
  let until = Infinity;
  for (const { deployedAt } of deployments) {
    const deployed = Date.parse(deployedAt);
    if (deployed > at) until = Math.min(until, deployed);
    else if (window !== null && deployed >= at - window) until = Math.min(until, deployed + window + 1);
  }
  return until > 8.64e15 ? null : new Date(until).toISOString();
}
