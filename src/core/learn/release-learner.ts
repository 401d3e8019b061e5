import { binned } from './binning.ts';
import { fitBoosting } from './boosting.ts';
import type { BoostingSettings } from './growth.ts';
import { logistic } from './logistic-mode.ts';
import { sampled } from './mixing.ts';
import {
  canonicalOrder,
  prepare,
  preparedWidth,
  toRawColumns,
  type LearnerSchema,
  type RawRow,
} from './preparation.ts';
import { attributeSpline, fitSplineLogistic, type SplineLogistic, type SplineSettings } from './spline-logistic.ts';
import { treePredictor, type Trees } from './trees.ts';

/** What happened: a row each, in any order. */
export interface Examples {
  readonly rows: readonly RawRow[];
  readonly labels: ArrayLike<0 | 1>;
  /** When each happened, in milliseconds of any clock. */
  readonly times: ArrayLike<number>;
}

/** What a learner is made of, each part with its share in the average of log-odds. Shares add up to 1. */
export interface LearnerSettings {
  /** Days after which a row counts half, seen from the newest; null: all rows count the same. */
  readonly halfLifeDays: number | null;
  /** Above this many rows about as many of them are learned from. */
  readonly mostRows: number;
  readonly spline: { readonly share: number; readonly settings: SplineSettings } | null;
  readonly boosting: readonly { readonly share: number; readonly settings: BoostingSettings }[];
}

/** A trained learner. Plain data, kept as JSON. */
export interface ReleaseLearner {
  readonly schema: LearnerSchema;
  readonly spline: { readonly share: number; readonly model: SplineLogistic } | null;
  readonly boosting: readonly { readonly share: number; readonly model: Trees }[];
  /** Added to the log-odds; see `trackIntercept`. */
  readonly shift: number;
}

export interface LearnedPrediction {
  /** Log-odds of failure: `base` and all contributions, to the last bit, in any order of adding. */
  readonly logit: number;
  /** From 1e-9 to 1 − 1e-9. */
  readonly probability: number;
  readonly base: number;
  /** In log-odds, one a column of the schema. */
  readonly contributions: readonly number[];
}

export interface ReleaseScorer {
  predict(row: RawRow): LearnedPrediction;
}

const splineSettings: SplineSettings = { knots: 4, priorSd: 1, mostRows: 20_000 };
const common = { depth: 4, leafCurvature: 5, l2: 10, rowShare: 0.6, columnShare: 0.5 } as const;
const allCuts: BoostingSettings = { ...common, trees: 120, learningRate: 0.06, oneCut: false, series: 0 };
const oneCut: BoostingSettings = { ...common, trees: 130, learningRate: 0.1, oneCut: true, series: 1 };

/** Two kinds of boosted trees and a spline regression: they err in different ways, and the average of their log-odds errs less. */
export const averageOfThree: LearnerSettings = {
  halfLifeDays: 365,
  mostRows: 24_000,
  spline: { share: 0.2, settings: splineSettings },
  boosting: [
    { share: 0.4, settings: allCuts },
    { share: 0.4, settings: oneCut },
  ],
};

export const splineOnly: LearnerSettings = {
  halfLifeDays: 365,
  mostRows: 24_000,
  spline: { share: 1, settings: splineSettings },
  boosting: [],
};

export const boostingOnly: LearnerSettings = {
  halfLifeDays: 365,
  mostRows: 24_000,
  spline: null,
  boosting: [{ share: 1, settings: allCuts }],
};

/**
 * Learns from any number of examples, also none (even odds) or one kind of outcome only. The order of rows changes no bit.
 * @throws RangeError when sizes do not fit or a time is no finite number.
 */
export function fitReleaseLearner(
  schema: LearnerSchema,
  { rows, labels, times }: Examples,
  settings: LearnerSettings = averageOfThree,
): ReleaseLearner {
  if (labels.length !== rows.length || times.length !== rows.length)
    throw new RangeError(`${rows.length} rows, ${labels.length} labels and ${times.length} times`);
  for (let row = 0; row < times.length; row += 1)
    if (!Number.isFinite(times[row])) throw new RangeError(`the time of row ${row} is ${times[row]}`);
  const prepared = rows.map((row) => prepare(schema, row));
  const all = canonicalOrder(prepared, labels, times);
  const order = Uint32Array.from(sampled(all.length, settings.mostRows), (at) => all[at]!);
  const columns = Array.from({ length: preparedWidth(schema) }, (_, column) =>
    Float64Array.from(order, (row) => prepared[row]![column]!),
  );
  const sortedLabels = Uint8Array.from(order, (row) => labels[row]!);
  const weights = recencyWeights(
    Float64Array.from(order, (row) => times[row]!),
    settings.halfLifeDays,
  );
  const data = binned(settings.boosting.length > 0 ? columns : []);
  const monotone = columns.map((_, column) => schema.columns[column]?.monotone ?? 0);
  return {
    schema,
    spline: settings.spline && {
      share: settings.spline.share,
      model: fitSplineLogistic(columns, sortedLabels, weights, settings.spline.settings),
    },
    boosting: settings.boosting.map(({ share, settings: own }) => ({
      share,
      model: fitBoosting(data, sortedLabels, weights, { ...own, monotone }),
    })),
    shift: 0,
  };
}

/** Makes a learner ready for many predictions. */
export function releaseScorer(learner: ReleaseLearner): ReleaseScorer {
  const { schema, spline, boosting } = learner;
  const trees = boosting.map(({ share, model }) => ({ share, predictor: treePredictor(model) }));
  const start = trees.reduce((sum, { share, predictor }) => sum + share * predictor.start, learner.shift);
  return {
    predict(row) {
      const prepared = prepare(schema, row);
      const parts = new Float64Array(prepared.length);
      let base = start;
      if (spline) base += spline.share * attributeSpline(spline.model, prepared, parts, spline.share);
      for (const { share, predictor } of trees) predictor.attribute(prepared, parts, share);
      const contributions = Array.from(toRawColumns(schema, parts), exact);
      const logit = contributions.reduce((sum, part) => sum + part, exact(base));
      const probability = Math.min(Math.max(logistic(logit), 1e-9), 1 - 1e-9);
      return { logit, probability, base: exact(base), contributions };
    },
  };
}

/**
 * The learner with its intercept moved to the newest outcomes: s is the mode of Π σ(logit + s)^y · (1 − σ(logit + s))^(1−y) over the newest
 * `last` examples with the prior N(0, ½²). Where the share of failures has moved since training, predictions follow; their ranks stay.
 */
export function trackIntercept(
  learner: ReleaseLearner,
  { rows, labels, times }: Examples,
  last = 1_000,
): ReleaseLearner {
  const scorer = releaseScorer({ ...learner, shift: 0 });
  const prepared = rows.map((row) => prepare(learner.schema, row));
  const newest = canonicalOrder(prepared, labels, times).slice(-last);
  const logits = Float64Array.from(newest, (row) => scorer.predict(rows[row]!).logit);
  return { ...learner, shift: exact(shiftOf(logits, (at) => labels[newest[at]!]!)) };
}

const shiftSd = 0.5;

/** By halving the interval in which the slope of the log posterior changes its sign. */
function shiftOf(logits: Float64Array, labelOf: (at: number) => number): number {
  let low = -20;
  let high = 20;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    let slope = -middle / shiftSd ** 2;
    logits.forEach((logit, at) => {
      slope += labelOf(at) - logistic(logit + middle);
    });
    if (slope > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** 2^(−age / half-life), brought to a mean of 1. Times ascend. */
function recencyWeights(times: Float64Array, halfLifeDays: number | null): Float64Array {
  if (halfLifeDays === null || times.length === 0) return new Float64Array(times.length).fill(1);
  const newest = times.at(-1)!;
  const weights = times.map((time) => 2 ** ((time - newest) / (halfLifeDays * 86_400_000)));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

/** The nearest multiple of 2⁻²⁰: sums of such numbers have no rounding. */
function exact(value: number): number {
  return Math.round(value * 2 ** 20) / 2 ** 20;
}
