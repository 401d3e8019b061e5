import type { LearnerColumn, LearnerSchema } from '../learn/preparation.ts';
import { prepare } from '../learn/preparation.ts';
import { boostingOnly, fitReleaseLearner } from '../learn/release-learner.ts';
import { treePredictor, type TreePredictor } from '../learn/trees.ts';
import { fewestToCompare, isLinear } from './feature-scale.ts';
import { featureIds, featureOf, type FeatureId, type FeatureValues } from './features.ts';
import { mostCompared } from './fit-coefficients.ts';
import type { BoostedTrees } from './release-model.ts';
import { countsOf, type Trial } from './training-set.ts';

/** Trees are grown from so many observed outcomes on, with so many failures among them. */
export const fewestForTrees = { outcomes: 1_000, failures: 100 } as const;

/** Boosted trees over the features that own releases have; null while there is too little to grow them from. */
export function fitTrees(trials: readonly Trial[]): BoostedTrees | null {
  if (trials.length < fewestForTrees.outcomes || countsOf(trials).failures < fewestForTrees.failures) return null;
  const newest = trials.slice(-mostCompared);
  const features = featureIds.filter(
    (id) => newest.filter((trial) => trial.features[id] !== undefined).length >= fewestToCompare,
  );
  if (features.length === 0) return null;
  const examples = {
    rows: trials.map((trial) => rowOf(features, trial.features)),
    labels: trials.map(({ failed }) => failed),
    times: trials.map(({ at }) => at),
  };
  const { boosting } = fitReleaseLearner(schemaOf(features), examples, boostingOnly);
  return { features, model: boosting[0]!.model };
}

/** Log-odds of failure by the trees, and the share of each of their features in them: they and a constant add up to the log-odds. */
export function treesLogOdds(
  trees: BoostedTrees,
  values: FeatureValues,
): { readonly logit: number; readonly contributions: FeatureValues } {
  const { schema, predictor } = preparedFor(trees);
  const parts = new Float64Array(trees.features.length);
  predictor.attribute(prepare(schema, rowOf(trees.features, values)), parts, 1);
  return {
    logit: parts.reduce((sum, part) => sum + part, predictor.start),
    contributions: Object.fromEntries(trees.features.map((id, index) => [id, parts[index]!])),
  };
}

/** Bounds of those log-odds over all that a feature which is not known could be. */
export function treesBounds(trees: BoostedTrees, values: FeatureValues): readonly [number, number] {
  const { schema, predictor } = preparedFor(trees);
  return predictor.range(prepare(schema, rowOf(trees.features, values)));
}

function rowOf(features: readonly FeatureId[], values: FeatureValues): readonly (number | null)[] {
  return features.map((id) => values[id] ?? null);
}

const directions = { riskier: 1, safer: -1, unknown: null } as const;

function schemaOf(features: readonly FeatureId[]): LearnerSchema {
  const columns = features.map((id): LearnerColumn => {
    const monotone = directions[featureOf(id).more];
    return { name: id, kind: isLinear(id) ? 'number' : 'count', ...(monotone === null ? {} : { monotone }) };
  });
  return { columns, ratios: [] };
}

interface Prepared {
  readonly schema: LearnerSchema;
  readonly predictor: TreePredictor;
}

/** Follows from the trees alone; made once for each. */
const preparedTrees = new WeakMap<BoostedTrees, Prepared>();

function preparedFor(trees: BoostedTrees): Prepared {
  const known = preparedTrees.get(trees);
  if (known) return known;
  const made = { schema: schemaOf(trees.features), predictor: treePredictor(trees.model) };
  preparedTrees.set(trees, made);
  return made;
}
