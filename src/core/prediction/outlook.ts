import { confidenceOf } from '../confidence/confidence-of.ts';
import { stabilityOf, type Stability } from '../history/dora.ts';
import { featuresOf, type ReleaseFacts } from './release-features.ts';
import type { FeatureValues } from './features.ts';
import type { Learned } from './learned.ts';
import type { Confidence, RollbackPrediction } from './prediction.ts';
import { rollbackPredictionOf } from './rollback-prediction-of.ts';
import { similarReleases } from './similar-releases.ts';

/** Days that the stability of a service is looked at over. */
export const stabilityDays = 90;

/** What outcomes of earlier releases say about this one. */
export interface Outlook {
  readonly features: FeatureValues;
  readonly confidence: Confidence;
  readonly rollbackPrediction: RollbackPrediction;
  readonly stability: Stability;
}

/** `version` is left out of the history: a release is not judged by what became of itself. */
export function outlookOf(
  { model, recent }: Learned,
  version: string,
  facts: Omit<ReleaseFacts, 'lastDeployedAt'>,
): Outlook {
  const earlier = recent.filter((each) => each.version !== version && each.deployedAt <= facts.now);
  const lastDeployedAt = earlier.findLast(({ basis }) => basis === 'observed')?.deployedAt ?? null;
  const features = featuresOf({ ...facts, lastDeployedAt });
  const similar = similarReleases(model, features, earlier);
  return {
    features,
    confidence: confidenceOf(model, features, similar),
    rollbackPrediction: rollbackPredictionOf(model, features, similar),
    stability: stabilityOf(recent, { now: facts.now, days: stabilityDays }),
  };
}
