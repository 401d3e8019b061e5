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
export const mostCompared = 10_000;

/**
 * The intercept is that of all outcomes plus an offset that only the newest have, so that it follows a share of failures that moves. Both
 * together are as uncertain as `expected` says; this much (standard deviation) is the offset's.
 */
export const recentOutcomes = 100;
export const recentSd = 0.3;

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
  // Of fewer outcomes all are new, and the two cannot be told apart.
  const offset = trials.length > recentOutcomes;
  const rows = trials.map((trial, index) => {
    const row = rowOf({ features, references }, trial.features);
    return offset ? [...row, index >= trials.length - recentOutcomes ? 1 : 0] : row;
  });
  const priors = features.map((id) => coefficientPriors[id]);
  const intercept = { ...expected, sd: offset ? Math.sqrt(expected.sd ** 2 - recentSd ** 2) : expected.sd };
  const prior = [intercept, ...priors, ...(offset ? [{ mean: 0, sd: recentSd }] : [])];
  const { mean, covariance } = fitLogistic(
    rows,
    trials.map(({ failed }) => failed),
    { mean: prior.map((each) => each.mean), sd: prior.map((each) => each.sd) },
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
  return Object.fromEntries(
    featureIds.flatMap((id) => {
      const values = trials.map(({ features }) => features[id]).filter((value) => value !== undefined);
      const own = featureOf(id).unit === 'yes-no' ? null : referenceOf(id, values);
      const reference = own ?? coefficientPriors[id].reference;
      return reference ? [[id, reference]] : [];
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
