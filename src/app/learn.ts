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

export interface LearnDeps {
  readonly store: Pick<Store, 'find'>;
  readonly identity: Pick<Identity, 'sha256'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Newest statements that a decision looks at beside the model. */
const recentStatements = 1_000;

/** What is kept of a model: it holds for the settings and the statements that it was made from. */
interface KeptModel {
  readonly settingsDigest: string;
  readonly model: ReleaseModel;
}

/** A model that was made now, and what is to be kept of it. */
export interface Trained {
  readonly model: ReleaseModel;
  readonly record: Omit<ModelRecord, 'id'>;
}

/**
 * What was learned of a service in an environment. The kept model is used while it knows the newest outcome and the settings are the
 * same; else one is made, and `trained` is to be kept. @throws AqeError 6xxx.
 */
export async function learned(
  deps: LearnDeps,
  { service, environment, prediction }: Pick<Policy, 'service' | 'environment' | 'prediction'>,
): Promise<Learned & { readonly trained: Trained | null }> {
  const [records, [kept]] = await Promise.all([
    deps.store.find('outcomes', { service, environment, order: 'newest', limit: recentStatements }),
    deps.store.find('models', { service, environment, order: 'newest', limit: 1 }),
  ]);
  const recent = deploymentsOf(records.toReversed().map(statementOf));
  const newest = records[0]?.id ?? '';
  const known = kept?.newestOutcome === newest ? keptModel(deps, kept, prediction) : null;
  if (known) return { model: known, recent, trained: null };
  const all = records.length < recentStatements ? recent : await deploymentsIn(deps.store, { service, environment });
  const trained = trainedOn(deps, { service, environment, prediction }, all, newest);
  // Nothing was learned from nothing.
  return { model: trained.model, recent, trained: newest === '' ? null : trained };
}

function keptModel(deps: LearnDeps, record: ModelRecord, settings: PredictionSettings): ReleaseModel | null {
  const { settingsDigest, model } = keptObject<KeptModel>(record.body, 'models');
  const holds = settingsDigest === digestOf(deps, settings) && model?.learnedFrom.modelVersion === modelVersion;
  return holds && model ? model : null;
}

function digestOf(deps: LearnDeps, settings: PredictionSettings): string {
  return deps.identity.sha256(canonicalJson(settings));
}

function trainedOn(
  deps: LearnDeps,
  { service, environment, prediction }: Pick<Policy, 'service' | 'environment' | 'prediction'>,
  deployments: Learned['recent'],
  newestOutcome: string,
): Trained {
  const now = deps.clock.now().toISOString();
  const sha256 = (text: string): string => deps.identity.sha256(text);
  const model = fitReleaseModel({ deployments, settings: prediction, now, sha256 });
  const body: KeptModel = { settingsDigest: digestOf(deps, prediction), model };
  const { trainingDigest } = model.learnedFrom;
  return {
    model,
    record: { service, environment, trainingDigest, newestOutcome, createdAt: now, body: JSON.stringify(body) },
  };
}
