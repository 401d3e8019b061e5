import { fitLogistic } from '../learn/bayes-logistic.ts';
import { coefficientPriors, interceptSd } from './coefficient-prior.ts';
import { referenceOf, zOf } from './feature-scale.ts';
import { featureIds, featureOf, type FeatureId, type FeatureValues } from './features.ts';
import { centerFor, logOddsAfter, type Counts } from './log-odds-posterior.ts';
import type { Coefficients, LogOdds, Reference } from './release-model.ts';
import type { PredictionSettings } from './settings.ts';
import type { Trial } from './training-set.ts';

/** Guessed outcomes count a tenth each, and no more than five altogether. */
const inferredWeight = 0.1;
const mostInferred = 5;

/** Middle and spread of a feature are those of at most so many releases, the newest. */
const mostCompared = 10_000;

/** A feature that none of this many own releases has is left out, and its absence does not widen the interval. */
const fewestToLeaveOut = 20;

/** The newest outcomes have an intercept of their own, this far (standard deviation) from that of all, once there are as many older ones. */
export const recentOutcomes = 100;
const recentSd = 0.5;

/** What is expected of the base rate before any own outcome. */
export function expectedRate(
  { priorFailureRate }: Pick<PredictionSettings, 'priorFailureRate'>,
  { failures, successes }: Counts,
): LogOdds {
  const prior = { mean: centerFor(priorFailureRate, interceptSd), sd: interceptSd };
  const all = failures + successes;
  if (all === 0) return prior;
  const weight = Math.min(inferredWeight, mostInferred / all);
  // Guesses move the center and make nothing more certain.
  const moved = logOddsAfter({ failures: weight * failures, successes: weight * successes }, prior);
  return { mean: moved.mean, sd: interceptSd };
}

/** Posterior of intercept and coefficients; without outcomes the prior. Trials are oldest first. */
export function fitCoefficients(trials: readonly Trial[], expected: LogOdds): Coefficients {
  const references = referencesOf(trials);
  const features = featureIds.filter((id) => references[id]);
  const offset = trials.length >= 2 * recentOutcomes;
  const rows = trials.map((trial, index) => {
    const row = rowOf({ features, references }, trial.features);
    return offset ? [...row, index >= trials.length - recentOutcomes ? 1 : 0] : row;
  });
  const priors = features.map((id) => coefficientPriors[id]);
  const extra = offset ? [{ mean: 0, sd: recentSd }] : [];
  const { mean, covariance } = fitLogistic(
    rows,
    trials.map(({ failed }) => failed),
    { mean: [expected, ...priors, ...extra].map((each) => each.mean), sd: [expected, ...priors, ...extra].map((each) => each.sd) }, // prettier-ignore
  );
  return offset
    ? { features, references, ...withOffset(mean, covariance) }
    : { features, references, mean, covariance };
}

/** The intercept and what stands for each feature; a feature that is not known stands at its usual value. */
export function rowOf(
  { features, references }: Pick<Coefficients, 'features' | 'references'>,
  values: FeatureValues,
): number[] {
  return [1, ...features.map((id) => (values[id] === undefined ? 0 : zOf(id, references[id]!, values[id])))];
}

function referencesOf(all: readonly Trial[]): Partial<Record<FeatureId, Reference>> {
  const trials = all.slice(-mostCompared);
  const described = trials.filter(({ features }) => Object.keys(features).length > 0).length;
  return Object.fromEntries(
    featureIds.flatMap((id) => {
      const values = trials.flatMap(({ features }) => features[id] ?? []);
      const fixed = coefficientPriors[id].reference;
      const own = featureOf(id).unit === 'yes-no' ? null : referenceOf(id, values);
      if (own) return [[id, own]];
      return fixed && (values.length > 0 || described < fewestToLeaveOut) ? [[id, fixed]] : [];
    }),
  );
}

/** The last column is 1 for every release to come, so it becomes part of the intercept. */
function withOffset(mean: readonly number[], covariance: readonly (readonly number[])[]) {
  const last = mean.length - 1;
  const kept = mean.map((_, index) => index).slice(0, last);
  const parts = (index: number): readonly number[] => (index === 0 ? [0, last] : [index]);
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  return {
    mean: kept.map((i) => sum(parts(i).map((part) => mean[part]!))),
    covariance: kept.map((i) =>
      kept.map((j) => sum(parts(i).flatMap((one) => parts(j).map((other) => covariance[one]![other]!)))),
    ),
  };
}
