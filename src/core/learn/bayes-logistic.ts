import { propagate } from './expectation-propagation.ts';
import { inverse, rowsOf } from './linear-algebra.ts';
import { logistic, logisticMode, type LogisticRows } from './logistic-mode.ts';

/** Independent normal priors of the coefficients, one entry a column. Standard deviations from 1e-6 to 1e6. */
export interface NormalPrior {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** A normal over the coefficients. */
export interface LogisticPosterior {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

export interface LogisticPrediction {
  /** Mean and standard deviation of the log-odds. */
  readonly logit: number;
  readonly sd: number;
  /** Mean of the probability over the posterior, nearer to one half than the probability of the mean log-odds. */
  readonly probability: number;
  /** 95 % credible with equal tails, widened to the mean where that lies outside; both ends between 0 and 1 and neither of them. */
  readonly interval: readonly [number, number];
}

/** Up to this many rows the posterior is found by expectation propagation; above, the Laplace normal is as good and faster. */
const fewRows = 2_000;
/** What a column holds beyond this counts as this, so that nothing overflows. Columns should be of order one. */
const farthest = 1e6;
const smallest = 1e-12;

/**
 * Posterior of a logistic regression with normal priors. Columns are what the caller gives; an intercept is a column of ones. Without rows
 * (or with weights of 0 only) the prior comes back exactly. The order of rows changes no bit.
 * @throws RangeError when sizes do not fit, a value is NaN, a weight is below 0 or a standard deviation is out of its range.
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly (0 | 1)[],
  prior: NormalPrior,
  weights?: readonly number[],
): LogisticPosterior {
  check(rows, labels, prior, weights);
  const order = rows.map((_, index) => index).filter((index) => (weights?.[index] ?? 1) > 0);
  if (order.length === 0)
    return {
      mean: [...prior.mean],
      covariance: prior.sd.map((sd, i) => prior.sd.map((_, j) => (i === j ? sd * sd : 0))),
    };
  order.sort((a, b) => compareRows(rows[a]!, rows[b]!) || labels[a]! - labels[b]! || weightOf(a) - weightOf(b));
  const columns = prior.mean.length;
  const packed: LogisticRows = {
    columns,
    x: new Float64Array(order.length * columns),
    y: Float64Array.from(order, (index) => labels[index]!),
    weight: Float64Array.from(order, weightOf),
  };
  order.forEach((index, at) => {
    packed.x.set(rows[index]!.map(limited), at * columns);
  });
  const terms = {
    mean: Float64Array.from(prior.mean),
    precision: Float64Array.from(prior.sd, (sd) => 1 / (sd * sd)),
  };
  if (order.length <= fewRows) {
    const { mean, covariance } = propagate(packed, terms);
    return { mean: [...mean], covariance: rowsOf(covariance) };
  }
  const { mean, factor } = logisticMode(packed, terms);
  return { mean: [...mean], covariance: rowsOf(inverse(factor)) };

  function weightOf(index: number): number {
    return weights?.[index] ?? 1;
  }
}

/** What the posterior says of one row. */
export function predictLogistic({ mean, covariance }: LogisticPosterior, row: readonly number[]): LogisticPrediction {
  if (row.length !== mean.length) throw new RangeError(`a row of ${row.length} for ${mean.length} coefficients`);
  if (row.some(Number.isNaN)) throw new RangeError('a row to predict holds NaN');
  const x = row.map(limited);
  let logit = 0;
  let variance = 0;
  x.forEach((value, i) => {
    logit += value * mean[i]!;
    x.forEach((other, j) => {
      variance += value * other * covariance[i]![j]!;
    });
  });
  const sd = Math.sqrt(Math.max(variance, 0));
  const probability = meanProbability(logit, sd);
  const low = Math.min(inside(logit - z975 * sd), probability);
  const high = Math.max(inside(logit + z975 * sd), probability);
  return { logit, sd, probability, interval: [low, high] };
}

const z975 = 1.959963984540054;

/**
 * ∫ σ(logit + sd·z)·φ(z) dz by the trapezoid rule in steps of a fifth over ±8: off by less than 1e-9 up to sd 4. Between 0 and 1 and neither
 * of them.
 */
export function meanProbability(logit: number, sd: number): number {
  if (sd === 0) return inside(logit);
  let sum = 0;
  for (const { z, share } of nodes) sum += share * logistic(logit + sd * z);
  return Math.min(Math.max(sum, smallest), 1 - smallest);
}

const nodes = nodesOf(40, 0.2);

function nodesOf(half: number, step: number): readonly { readonly z: number; readonly share: number }[] {
  const all = Array.from({ length: 2 * half + 1 }, (_, index) => (index - half) * step);
  const total = all.reduce((sum, z) => sum + Math.exp(-0.5 * z * z), 0);
  return all.map((z) => ({ z, share: Math.exp(-0.5 * z * z) / total }));
}

/** The probability of log-odds, kept off 0 and 1 by 1e-12. */
function inside(logit: number): number {
  return Math.min(Math.max(logistic(logit), smallest), 1 - smallest);
}

function limited(value: number): number {
  return Math.min(Math.max(value, -farthest), farthest);
}

function compareRows(one: readonly number[], other: readonly number[]): number {
  for (let column = 0; column < one.length; column += 1)
    if (one[column] !== other[column]) return one[column]! - other[column]!;
  return 0;
}

function check(
  rows: readonly (readonly number[])[],
  labels: readonly (0 | 1)[],
  { mean, sd }: NormalPrior,
  weights: readonly number[] | undefined,
): void {
  if (sd.length !== mean.length) throw new RangeError(`a prior of ${mean.length} means and ${sd.length} deviations`);
  if (!sd.every((value) => value >= 1e-6 && value <= farthest) || !mean.every(Number.isFinite))
    throw new RangeError('a prior needs finite means and standard deviations from 1e-6 to 1e6');
  if (labels.length !== rows.length) throw new RangeError(`${labels.length} labels for ${rows.length} rows`);
  if (weights && weights.length !== rows.length)
    throw new RangeError(`${weights.length} weights for ${rows.length} rows`);
  if (weights && !weights.every((weight) => weight >= 0 && weight < Infinity))
    throw new RangeError('a weight is no finite number of at least 0');
  rows.forEach((row, index) => {
    if (row.length !== mean.length) throw new RangeError(`row ${index} has ${row.length} of ${mean.length} columns`);
    if (row.some(Number.isNaN)) throw new RangeError(`row ${index} holds NaN`);
  });
}
