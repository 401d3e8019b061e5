import { meanProbability } from '../learn/bayes-logistic.ts';
import { treesBounds, treesLogOdds } from './boosted-trees.ts';
import { unscaled } from './feature-scale.ts';
import { featureIds, featureOf, type FeatureValues } from './features.ts';
import { rowOf } from './fit-coefficients.ts';
import type { Contribution } from './prediction.ts';
import { momentsOf, regressionBounds } from './regression-bounds.ts';
import type { BoostedTrees, Coefficients, LogOdds, ReleaseModel } from './release-model.ts';

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

/** What a release is scored by: coefficients, and trees where they are averaged in. */
type Scored = Coefficients & { readonly trees?: BoostedTrees | null };

/**
 * What is shown for a release: by the model, or by the base rate where the model did not beat it. The base rate is known better than any one
 * release is: its interval reaches as far as that of the model.
 */
export function scoreRelease(
  model: Scored & Pick<ReleaseModel, 'baseRate' | 'learnedFrom'>,
  features: FeatureValues,
): ReleaseScore {
  const byModel = modelScore(model, features);
  if (model.learnedFrom.shows !== 'base-rate') return byModel;
  const byRate = baseRateScore(model.baseRate);
  const [[low, high], [least, most]] = [byRate.interval, byModel.interval];
  return { ...byRate, interval: [Math.min(low, least), Math.max(high, most)] };
}

/** The same for every release. */
export function baseRateScore({ mean, sd }: LogOdds): ReleaseScore {
  const probability = meanProbability(mean, sd);
  const interval = [probabilityOf(mean - z975 * sd), probabilityOf(mean + z975 * sd)] as const;
  return { probability, interval, base: logitOf(probability), contributions: [] };
}

/** By the regression, or where the model has trees by the average of both. */
export function modelScore(model: Scored, values: FeatureValues): ReleaseScore {
  const known = finiteOf(values);
  const byTrees = model.trees ? treesLogOdds(model.trees, known) : null;
  const byRegression = regressionProbability(model, known);
  const probability = byTrees ? averageWithTrees(byRegression, byTrees.logit) : byRegression;
  const contributions = contributionsOf(model, known, byTrees?.contributions ?? null);
  const explained = contributions.reduce((sum, { logOdds }) => sum + logOdds, 0);
  return {
    probability,
    interval: intervalOf(model, known),
    base: logitOf(probability) - explained,
    contributions,
  };
}

/** The chance of failure by the regression alone. */
export function regressionProbability(model: Coefficients, values: FeatureValues): number {
  const { logit, variance } = momentsOf(model, rowOf(model, values));
  return meanProbability(logit, Math.sqrt(variance));
}

/** The chance whose log-odds are the mean of those of the regression and of the trees. */
export function averageWithTrees(byRegression: number, treesLogit: number): number {
  return probabilityOf((logitOf(byRegression) + treesLogit) / 2);
}

/**
 * Trees do not say how sure they are. They count as no surer than the regression, and as wrong in the same direction: the average reaches
 * as far around itself as the regression does, and further where something is not known.
 */
function intervalOf(model: Scored, values: FeatureValues): readonly [number, number] {
  if (!model.trees) {
    const [least, most] = regressionBounds(model, values, z975);
    return [probabilityOf(least), probabilityOf(most)];
  }
  const [least, most] = regressionBounds(model, values, 2 * z975);
  const [low, high] = treesBounds(model.trees, values);
  return [probabilityOf((least + low) / 2), probabilityOf((most + high) / 2)];
}

function contributionsOf(
  model: Coefficients,
  values: FeatureValues,
  byTrees: FeatureValues | null,
): readonly Contribution[] {
  const row = rowOf(model, values);
  return featureIds
    .flatMap((feature): Contribution[] => {
      const column = model.features.indexOf(feature) + 1;
      const value = values[feature] ?? null;
      if (column === 0 && value === null) return [];
      const reference = model.references[feature];
      const byRegression = column === 0 ? 0 : row[column]! * model.mean[column]!;
      return [
        {
          feature,
          title: featureOf(feature).title,
          value,
          usual: reference && reference.releases > 0 ? unscaled(feature, reference.center) : null,
          // Adding 0 turns −0 into 0.
          logOdds: (byTrees ? (byRegression + (byTrees[feature] ?? 0)) / 2 : byRegression) + 0,
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
