import { meanProbability } from '../learn/bayes-logistic.ts';
import { rowOf } from './fit-coefficients.ts';
import { seenZ, unscaled } from './feature-scale.ts';
import { featureIds, featureOf, type FeatureValues } from './features.ts';
import type { Contribution } from './prediction.ts';
import type { Coefficients, LogOdds, ReleaseModel } from './release-model.ts';

/** The chance of failure of one release, with what makes it up. */
export interface ReleaseScore {
  readonly probability: number;
  /** 95 % credible, with features that are not known at their best and at their worst. */
  readonly interval: readonly [number, number];
  /** Log-odds of failure that no contribution explains: base and contributions add up to the log-odds of `probability`. */
  readonly base: number;
  /** Largest first, whichever way it goes. */
  readonly contributions: readonly Contribution[];
}

const z975 = 1.959963984540054;
const smallest = 1e-12;

/** What is shown for a release: by the model, or by the base rate where the model did not beat it. */
export function scoreRelease(
  model: Coefficients & Pick<ReleaseModel, 'baseRate' | 'learnedFrom'>,
  features: FeatureValues,
): ReleaseScore {
  return model.learnedFrom.shows === 'base-rate' ? baseRateScore(model.baseRate) : modelScore(model, features);
}

/** The same for every release. */
export function baseRateScore({ mean, sd }: LogOdds): ReleaseScore {
  const probability = meanProbability(mean, sd);
  const interval = [probabilityOf(mean - z975 * sd), probabilityOf(mean + z975 * sd)] as const;
  return { probability, interval, base: logitOf(probability), contributions: [] };
}

export function modelScore(model: Coefficients, values: FeatureValues): ReleaseScore {
  const row = rowOf(model, finiteOf(values));
  const { logit, variance } = momentsOf(model, row);
  const probability = meanProbability(logit, Math.sqrt(variance));
  const contributions = contributionsOf(model, row, finiteOf(values));
  const explained = contributions.reduce((sum, { logOdds }) => sum + logOdds, 0);
  return {
    probability,
    interval: intervalOf(model, row, finiteOf(values)),
    base: logitOf(probability) - explained,
    contributions,
  };
}

/** The chance of failure alone. */
export function probabilityOfFailure(model: Coefficients, values: FeatureValues): number {
  const { logit, variance } = momentsOf(model, rowOf(model, values));
  return meanProbability(logit, Math.sqrt(variance));
}

/** Mean and variance of the log-odds at a row. */
export function momentsOf({ mean, covariance }: Pick<Coefficients, 'mean' | 'covariance'>, row: readonly number[]) {
  let logit = 0;
  let variance = 0;
  row.forEach((value, i) => {
    logit += value * mean[i]!;
    row.forEach((other, j) => {
      variance += value * other * covariance[i]![j]!;
    });
  });
  return { logit, variance: Math.max(variance, 0) };
}

/**
 * The least lower and the greatest upper bound over all that a missing feature could be. Both bounds are monotone or bent outwards in each
 * feature, so that a corner of the box of missing values holds them; the corners are walked with one change at a time (Gray code).
 */
function intervalOf(model: Coefficients, known: readonly number[], values: FeatureValues): readonly [number, number] {
  const { mean, covariance, features, references } = model;
  // What no own release had either is part of what the intercept is the average over: its absence is nothing new.
  const missing = features.flatMap((id, index) =>
    values[id] === undefined && references[id]!.releases > 0
      ? [{ column: index + 1, ends: seenZ(references[id]!) }]
      : [],
  );
  const row = [...known];
  for (const { column, ends } of missing) row[column] = ends[0];
  const along = row.map((_, i) => row.reduce((sum, value, j) => sum + value * covariance[i]![j]!, 0));
  let { logit, variance } = momentsOf(model, row);
  let [least, most] = [Infinity, -Infinity];
  for (let corner = 1; ; corner += 1) {
    const reach = z975 * Math.sqrt(Math.max(variance, 0));
    least = Math.min(least, logit - reach);
    most = Math.max(most, logit + reach);
    if (corner === 2 ** missing.length) return [probabilityOf(least), probabilityOf(most)];
    const { column, ends } = missing[31 - Math.clz32(corner & -corner)]!;
    const next = row[column] === ends[0] ? ends[1] : ends[0];
    const move = next - row[column]!;
    row[column] = next;
    logit += move * mean[column]!;
    variance += 2 * move * along[column]! + move * move * covariance[column]![column]!;
    for (let i = 0; i < along.length; i += 1) along[i] = along[i]! + move * covariance[i]![column]!;
  }
}

function contributionsOf(model: Coefficients, row: readonly number[], values: FeatureValues): readonly Contribution[] {
  return featureIds
    .flatMap((feature): Contribution[] => {
      const column = model.features.indexOf(feature) + 1;
      const value = values[feature] ?? null;
      if (column === 0 && value === null) return [];
      const reference = model.references[feature];
      return [
        {
          feature,
          title: featureOf(feature).title,
          value,
          usual: reference && reference.releases > 0 ? unscaled(feature, reference.center) : null,
          // Adding 0 turns −0 into 0.
          logOdds: column === 0 ? 0 : row[column]! * model.mean[column]! + 0,
        },
      ];
    })
    .sort((one, other) => Math.abs(other.logOdds) - Math.abs(one.logOdds));
}

function finiteOf(values: FeatureValues): FeatureValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}

function probabilityOf(logit: number): number {
  return Math.min(Math.max(1 / (1 + Math.exp(-logit)), smallest), 1 - smallest);
}

function logitOf(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}
