import { inverse, rowsOf } from './linear-algebra.ts';
import { logisticMode } from './logistic-mode.ts';
import { splineBasis, splineKnots, splineWidth } from './splines.ts';

/** A logistic regression on restricted cubic splines of the prepared columns. Plain data. */
export interface SplineLogistic {
  /** Knots a column; with none the column stays a straight line. */
  readonly knots: readonly (readonly number[])[];
  /** Whether a column has a term of its own for values that are not known. */
  readonly missing: readonly boolean[];
  /** Of each term: what is taken off, what it is divided by, what it is multiplied with. The first term is the intercept. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly coefficients: readonly number[];
}

export interface SplineSettings {
  readonly knots: number;
  /** Standard deviation of the normal prior of a coefficient; terms are scaled to a standard deviation of one half (Gelman 2008). */
  readonly priorSd: number;
  /** Above this many rows every k-th is learned from. */
  readonly mostRows: number;
}

const interceptSd = 10;

/** Posterior mode, and the Laplace covariance where the caller asks for it. Rows have to be in canonical order. */
export function fitSplineLogistic(
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  weights: Float64Array,
  { knots: count, priorSd, mostRows }: SplineSettings,
): SplineLogistic & { covariance(): readonly (readonly number[])[] } {
  const rows = strided(labels.length, mostRows);
  const seen = columns.map((column) => Float64Array.from(rows, (row) => column[row]!));
  const knots = seen.map((column) => splineKnots(column, count));
  const missing = seen.map((column) => column.some(Number.isNaN));
  const width = widthOf({ knots, missing });
  const blank = { knots, missing, center: Array<number>(width).fill(0), scale: Array<number>(width).fill(1) };
  const x = new Float64Array(rows.length * width);
  const term = new Float64Array(width);
  rows.forEach((_, at) => {
    expand(blank, (column) => seen[column]![at]!, term);
    x.set(term, at * width);
  });
  const { center, scale } = standardise(x, rows.length, width);
  const mean = new Float64Array(width);
  const precision = new Float64Array(width).fill(1 / priorSd ** 2);
  precision[0] = 1 / interceptSd ** 2;
  const mode = logisticMode(
    {
      columns: width,
      x,
      y: Float64Array.from(rows, (row) => labels[row]!),
      weight: Float64Array.from(rows, (row) => (weights[row]! * labels.length) / rows.length),
    },
    { mean, precision },
  );
  const coefficients = [...mode.mean].map((value) => Number(value.toPrecision(6)));
  return { knots, missing, center, scale, coefficients, covariance: () => rowsOf(inverse(mode.factor)) };
}

/** What each column adds to the log-odds, added to `into`; the answer is the intercept. NaN is not known and adds its own term. */
export function attributeSpline(model: SplineLogistic, prepared: Float64Array, into: Float64Array, factor: number): number {
  const terms = new Float64Array(model.center.length);
  expand(model, (column) => prepared[column]!, terms);
  let at = 1;
  model.knots.forEach((knots, column) => {
    const end = at + splineWidth(knots) + (model.missing[column] ? 1 : 0);
    let sum = 0;
    for (; at < end; at += 1) sum += terms[at]! * model.coefficients[at]!;
    into[column] = into[column]! + factor * sum;
  });
  return model.coefficients[0]!;
}

/** The terms of a row. A value that is not known is put at the center of its terms. */
export function expand(
  { knots, missing, center, scale }: Pick<SplineLogistic, 'knots' | 'missing' | 'center' | 'scale'>,
  valueOf: (column: number) => number,
  terms: Float64Array,
): void {
  terms[0] = 1;
  let at = 1;
  knots.forEach((own, column) => {
    const width = splineWidth(own);
    const value = valueOf(column);
    const known = !Number.isNaN(value);
    if (known) splineBasis(Math.min(Math.max(value, -1e6), 1e6), own, terms, at);
    for (let end = at + width; at < end; at += 1)
      terms[at] = known ? (terms[at]! - center[at]!) / scale[at]! : NaN;
    if (!known) terms.fill(0, at - width, at);
    if (!missing[column]) return;
    terms[at] = ((known ? 0 : 1) - center[at]!) / scale[at]!;
    at += 1;
  });
}

function widthOf({ knots, missing }: Pick<SplineLogistic, 'knots' | 'missing'>): number {
  return knots.reduce((sum, own, column) => sum + splineWidth(own) + (missing[column] ? 1 : 0), 1);
}

/** Brings every term but the intercept to mean 0 and standard deviation one half, in place. A constant term becomes 0. */
function standardise(x: Float64Array, rows: number, width: number) {
  const center = Array<number>(width).fill(0);
  const scale = Array<number>(width).fill(1);
  for (let column = 1; column < width; column += 1) {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) sum += x[row * width + column]!;
    const mean = Number((sum / Math.max(rows, 1)).toPrecision(6));
    let squares = 0;
    for (let row = 0; row < rows; row += 1) squares += (x[row * width + column]! - mean) ** 2;
    const deviation = Math.sqrt(squares / Math.max(rows, 1));
    center[column] = mean;
    scale[column] = deviation > 1e-9 * Math.abs(mean) && deviation > 1e-12 ? Number((2 * deviation).toPrecision(6)) : 1;
    for (let row = 0; row < rows; row += 1)
      x[row * width + column] = (x[row * width + column]! - mean) / scale[column];
  }
  return { center, scale };
}

function strided(rows: number, most: number): readonly number[] {
  const step = Math.max(1, rows / most);
  return Array.from({ length: Math.min(rows, most) }, (_, index) => Math.floor(index * step));
}
