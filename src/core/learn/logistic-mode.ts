import { cholesky, solve, type Cholesky } from './linear-algebra.ts';

/** Rows of a logistic regression side by side, row after row in `x`. */
export interface LogisticRows {
  readonly columns: number;
  readonly x: Float64Array;
  /** 0 or 1 a row. */
  readonly y: Float64Array;
  /** Weight of each row, 0 or more. */
  readonly weight: Float64Array;
}

/** Independent normal priors, one a column. */
export interface PriorTerms {
  readonly mean: Float64Array;
  readonly precision: Float64Array;
}

export interface LogisticMode {
  readonly mean: Float64Array;
  /** Of the negative second derivative of the log posterior at `mean`, the inverse of the Laplace covariance. */
  readonly factor: Cholesky;
}

/**
 * Mode of the posterior by Newton's method: each step solves (XᵀWX + P)·δ = gradient and is halved until the log posterior does not
 * fall. The log posterior is strictly concave for a proper prior, so there is one mode, also for separable data, for constant columns
 * and for one class only. Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 13.3 and 16.2.
 */
export function logisticMode(rows: LogisticRows, prior: PriorTerms): LogisticMode {
  let mean = Float64Array.from(prior.mean);
  let objective = logPosterior(rows, prior, mean);
  let derivatives = derivativesAt(rows, prior, mean);
  for (let iteration = 0; iteration < 100; iteration += 1) {
    const step = solve(derivatives.factor, derivatives.gradient);
    const moved = halved(rows, prior, mean, step, objective);
    if (moved === null) break;
    const gain = moved.objective - objective;
    ({ mean, objective } = moved);
    derivatives = derivativesAt(rows, prior, mean);
    if (gain <= 1e-11 * (1 + Math.abs(objective))) break;
  }
  return { mean, factor: derivatives.factor };
}

function halved(rows: LogisticRows, prior: PriorTerms, from: Float64Array, step: Float64Array, objective: number) {
  for (let size = 1; size > 1e-9; size /= 2) {
    const mean = from.map((value, column) => value + size * step[column]!);
    const reached = logPosterior(rows, prior, mean);
    if (reached > objective) return { mean, objective: reached };
  }
  return null;
}

function logPosterior({ columns, x, y, weight }: LogisticRows, prior: PriorTerms, mean: Float64Array): number {
  let sum = 0;
  for (let column = 0; column < columns; column += 1)
    sum -= 0.5 * prior.precision[column]! * (mean[column]! - prior.mean[column]!) ** 2;
  for (let row = 0; row < y.length; row += 1) {
    const logit = dot(x, row * columns, mean);
    // ln σ(±logit) without overflow.
    const signed = y[row] === 1 ? logit : -logit;
    sum += weight[row]! * (Math.min(signed, 0) - Math.log1p(Math.exp(-Math.abs(signed))));
  }
  return sum;
}

function derivativesAt({ columns, x, y, weight }: LogisticRows, prior: PriorTerms, mean: Float64Array) {
  const hessian = new Float64Array(columns * columns);
  const gradient = prior.mean.map((value, column) => prior.precision[column]! * (value - mean[column]!));
  for (let row = 0; row < y.length; row += 1) {
    const start = row * columns;
    const p = logistic(dot(x, start, mean));
    const error = weight[row]! * (y[row]! - p);
    const curvature = weight[row]! * p * (1 - p);
    for (let i = 0; i < columns; i += 1) {
      const value = x[start + i]!;
      if (value === 0) continue;
      gradient[i] = gradient[i]! + error * value;
      const scaled = curvature * value;
      for (let j = 0; j <= i; j += 1) hessian[i * columns + j] = hessian[i * columns + j]! + scaled * x[start + j]!;
    }
  }
  for (let i = 0; i < columns; i += 1) hessian[i * columns + i] = hessian[i * columns + i]! + prior.precision[i]!;
  return { gradient, factor: factorOf(hessian, columns) };
}

/**
 * Where columns are so nearly the same that rounding has eaten the prior, a share of the diagonal is added: it narrows the posterior by
 * less than that share.
 */
export function factorOf(values: Float64Array, size: number): Cholesky {
  for (let share = 0; share < 1; share = share === 0 ? 1e-14 : share * 10) {
    const raised = Float64Array.from(values);
    for (let i = 0; i < size; i += 1) raised[i * size + i] = raised[i * size + i]! * (1 + share);
    try {
      return cholesky({ size, values: raised });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new RangeError('the posterior precision is not positive definite');
}

export function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function dot(x: Float64Array, start: number, mean: Float64Array): number {
  let sum = 0;
  for (let column = 0; column < mean.length; column += 1) sum += x[start + column]! * mean[column]!;
  return sum;
}
