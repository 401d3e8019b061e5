import { inverse, solve, type SquareMatrix } from './linear-algebra.ts';
import { factorOf, type LogisticRows, type PriorTerms } from './logistic-mode.ts';

/** Mean and covariance of the normal that stands for a posterior. */
export interface NormalPosterior {
  readonly mean: Float64Array;
  readonly covariance: SquareMatrix;
}

/** What stands for the likelihood of each row: a normal in the row's own logit, as precision and precision times mean. */
interface Sites {
  readonly precision: Float64Array;
  readonly shift: Float64Array;
}

/**
 * Expectation propagation: each row is stood for by a normal factor in its own logit, chosen so that the normal over all has the mean and
 * the variance that the row's exact likelihood gives next to the factors of the others. The Laplace normal sits at the mode, which for
 * few rows lies nearer to the prior than the mean does, and is too narrow on the open side; this one is not.
 * Source: Minka 2001; the update for one logit as in Rasmussen and Williams, Gaussian Processes for Machine Learning, 3.6.
 */
export function propagate(rows: LogisticRows, prior: PriorTerms): NormalPosterior {
  const sites = { precision: new Float64Array(rows.y.length), shift: new Float64Array(rows.y.length) };
  let posterior = normalOf(rows, prior, sites);
  for (let sweep = 0; sweep < 60; sweep += 1) {
    updateSites(rows, sites, posterior);
    const next = normalOf(rows, prior, sites);
    const settled = hasSettled(posterior, next);
    posterior = next;
    if (settled) break;
  }
  return posterior;
}

/** One pass over the rows; the posterior follows each of them by an update of rank one. */
function updateSites({ columns, x, y, weight }: LogisticRows, sites: Sites, posterior: NormalPosterior): void {
  const mean = Float64Array.from(posterior.mean);
  const covariance = Float64Array.from(posterior.covariance.values);
  const along = new Float64Array(columns);
  for (let row = 0; row < y.length; row += 1) {
    const start = row * columns;
    let variance = 0;
    let logit = 0;
    for (let i = 0; i < columns; i += 1) {
      let sum = 0;
      for (let j = 0; j < columns; j += 1) sum += covariance[i * columns + j]! * x[start + j]!;
      along[i] = sum;
      variance += sum * x[start + i]!;
      logit += mean[i]! * x[start + i]!;
    }
    const rest = 1 / variance - sites.precision[row]!;
    if (!(variance > 1e-14 && rest > 1e-14)) continue;
    const without = (logit / variance - sites.shift[row]!) / rest;
    const tilted = tiltedMoments(without, Math.sqrt(1 / rest), y[row] === 1 ? 1 : -1, weight[row]!);
    const precision = Math.max(1 / tilted.variance - rest, 0);
    const shift = tilted.mean * (rest + precision) - without * rest;
    const change = precision - sites.precision[row]!;
    const scale = 1 + change * variance;
    const move = (shift - sites.shift[row]! - change * logit) / scale;
    sites.precision[row] = precision;
    sites.shift[row] = shift;
    for (let i = 0; i < columns; i += 1) {
      mean[i] = mean[i]! + along[i]! * move;
      const part = (along[i]! * change) / scale;
      for (let j = 0; j < columns; j += 1)
        covariance[i * columns + j] = covariance[i * columns + j]! - part * along[j]!;
    }
  }
}

/** The normal that prior and sites make together, without the rounding that updates of rank one pile up. */
function normalOf({ columns, x, y }: LogisticRows, prior: PriorTerms, sites: Sites): NormalPosterior {
  const precision = new Float64Array(columns * columns);
  const right = prior.mean.map((value, column) => value * prior.precision[column]!);
  for (let row = 0; row < y.length; row += 1)
    for (let i = 0; i < columns; i += 1) {
      const value = x[row * columns + i]!;
      right[i] = right[i]! + sites.shift[row]! * value;
      const scaled = sites.precision[row]! * value;
      for (let j = 0; j <= i; j += 1)
        precision[i * columns + j] = precision[i * columns + j]! + scaled * x[row * columns + j]!;
    }
  for (let i = 0; i < columns; i += 1) precision[i * columns + i] = precision[i * columns + i]! + prior.precision[i]!;
  const factor = factorOf(precision, columns);
  return { mean: solve(factor, right), covariance: inverse(factor) };
}

/**
 * Mean and variance of a normal of a logit after one outcome of some weight, by the trapezoid rule around the mode. The density is at least
 * as peaked as the normal, so seven of its standard deviations to either side hold all of it.
 */
function tiltedMoments(center: number, sd: number, sign: 1 | -1, weight: number) {
  const logDensity = (z: number): number => {
    const signed = sign * (center + sd * z);
    return -0.5 * z * z + weight * (Math.min(signed, 0) - Math.log1p(Math.exp(-Math.abs(signed))));
  };
  const mode = tiltedMode(center, sd, sign, weight);
  const peak = logDensity(mode);
  const half = 20 * Math.min(Math.ceil(sd / 3), 50);
  const width = 7 / half;
  let mass = 0;
  let first = 0;
  let second = 0;
  for (let step = -half; step <= half; step += 1) {
    const away = step * width;
    const density = Math.exp(logDensity(mode + away) - peak);
    mass += density;
    first += density * away;
    second += density * away * away;
  }
  const mean = first / mass;
  return { mean: center + sd * (mode + mean), variance: sd * sd * Math.max(second / mass - mean * mean, 1e-12) };
}

/** The derivative −z + w·sd·sign·σ(−signed) falls in z and crosses 0 between 0 and w·sd. */
function tiltedMode(center: number, sd: number, sign: 1 | -1, weight: number): number {
  let low = sign === 1 ? 0 : -weight * sd;
  let high = sign === 1 ? weight * sd : 0;
  // Only the middle of the grid: it need not be exact.
  while (high - low > 0.05 / (1 + sd)) {
    const middle = (low + high) / 2;
    const slope = -middle + (weight * sd * sign) / (1 + Math.exp(sign * (center + sd * middle)));
    if (slope > 0) low = middle;
    else high = middle;
    if (high - low <= 1e-12 * Math.abs(high + low)) break;
  }
  return (low + high) / 2;
}

function hasSettled(before: NormalPosterior, after: NormalPosterior): boolean {
  const { size, values } = after.covariance;
  return after.mean.every((value, i) => {
    const variance = values[i * size + i]!;
    const moved = Math.abs(value - before.mean[i]!);
    return (
      moved <= 1e-6 * Math.sqrt(variance) &&
      Math.abs(variance - before.covariance.values[i * size + i]!) <= 1e-6 * variance
    );
  });
}
