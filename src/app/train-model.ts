import type { Policy } from '../core/policy/policy.ts';
import type { ReleaseModel } from '../core/prediction/release-model.ts';
import type { Identity } from '../ports/identity.ts';
import type { Store } from '../ports/store.ts';
import { learned, type LearnDeps } from './learn.ts';

export interface TrainDeps extends LearnDeps {
  readonly identity: Pick<Identity, 'sha256' | 'newId' | 'osUser'>;
  readonly store: Pick<Store, 'find' | 'commit'>;
}

/** Learns from the outcomes there are, after some were added, and keeps the model for the next decision. @throws AqeError 6xxx. */
export async function trainModel(
  deps: TrainDeps,
  policy: Pick<Policy, 'service' | 'environment' | 'prediction'>,
): Promise<ReleaseModel> {
  const { model, trained } = await learned(deps, policy, { anew: true });
  if (trained === null) return model;
  const { service, environment } = policy;
  const { deployments, failures, modelVersion, trainingDigest, shows, because } = model.learnedFrom;
  const id = deps.identity.newId();
  await deps.store.commit({ models: [{ ...trained.record, id }] }, [
    {
      id: deps.identity.newId(),
      at: trained.record.createdAt,
      action: 'model.trained',
      outcome: 'done',
      actor: { id: deps.identity.osUser(), method: 'os-user', key: null },
      service,
      version: '',
      environment,
      target: id,
      decisionDigest: null,
      reason: because,
      details: { model: trainingDigest, modelVersion, shows, deployments: `${deployments}`, failures: `${failures}` },
    },
  ]);
  return model;
}
