import { logisticMode } from './logistic-mode.ts';
import { sampled } from './mixing.ts';
import { splineBasis, splineKnots, splineWidth } from './splines.ts';

/** A logistic regression on restricted cubic splines of the prepared columns. Plain data. */
export interface SplineLogistic {
  /** Knots a column; with none the column stays a straight line. */
  readonly knots: readonly (readonly number[])[];
  /** Whether a column has a term of its own for values that are not known. */
  readonly missing: readonly boolean[];
  /** Least and greatest value a column is followed to: what was seen and half of its spread more to either side. */
  readonly reach: readonly (readonly [number, number])[];
  /** Of each term: what is taken off, what it is divided by, what it is multiplied with. The first term is the intercept. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly coefficients: readonly number[];
}

export interface SplineSettings {
  readonly knots: number;
  /** Standard deviation of the normal prior of a coefficient; terms are scaled to a standard deviation of one half (Gelman 2008). */
  readonly priorSd: number;
  /** Above this many rows about as many of them are learned from. */
  readonly mostRows: number;
}

const interceptSd = 10;

type Shape = Pick<SplineLogistic, 'knots' | 'missing' | 'reach'>;

/** Mode of the posterior. The result depends on the order of rows in the last bits. */
export function fitSplineLogistic(
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  weights: Float64Array,
  { knots: count, priorSd, mostRows }: SplineSettings,
): SplineLogistic {
  const rows = sampled(labels.length, mostRows);
  const seen = columns.map((column) => Float64Array.from(rows, (row) => column[row]!));
  const shape: Shape = {
    knots: seen.map((column) => splineKnots(column, count).map(short)),
    missing: seen.map((column) => column.some(Number.isNaN)),
    reach: seen.map(reachOf),
  };
  const width = shape.knots.reduce((sum, own, at) => sum + splineWidth(own) + (shape.missing[at] ? 1 : 0), 1);
  const x = new Float64Array(rows.length * width);
  rows.forEach((_, at) => termsOf(shape, (column) => seen[column]![at]!, x.subarray(at * width, (at + 1) * width)));
  const { center, scale } = standardise(x, rows.length, width);
  const precision = new Float64Array(width).fill(1 / priorSd ** 2);
  precision[0] = 1 / interceptSd ** 2;
  const { mean } = logisticMode(
    {
      columns: width,
      x,
      y: Float64Array.from(rows, (row) => labels[row]!),
      weight: Float64Array.from(rows, (row) => (weights[row]! * labels.length) / rows.length),
    },
    { mean: new Float64Array(width), precision },
  );
  return { ...shape, center, scale, coefficients: [...mean].map(short) };
}

/** Adds `factor` times what each column does to the log-odds to `into`; the answer is the intercept, without the factor. */
export function attributeSpline(model: SplineLogistic, row: Float64Array, into: Float64Array, factor: number): number {
  const { center, scale, coefficients } = model;
  const terms = new Float64Array(center.length);
  termsOf(model, (column) => row[column]!, terms);
  let at = 1;
  model.knots.forEach((knots, column) => {
    let sum = 0;
    for (const end = at + splineWidth(knots) + (model.missing[column] ? 1 : 0); at < end; at += 1)
      if (!Number.isNaN(terms[at])) sum += ((terms[at]! - center[at]!) / scale[at]!) * coefficients[at]!;
    into[column] = into[column]! + factor * sum;
  });
  return coefficients[0]!;
}

/** One for the intercept, then each column's spline and, where it has one, its 1 for a value that is not known. Terms not known are NaN. */
function termsOf({ knots, missing, reach }: Shape, valueOf: (column: number) => number, terms: Float64Array): void {
  terms[0] = 1;
  let at = 1;
  knots.forEach((own, column) => {
    const value = valueOf(column);
    const known = !Number.isNaN(value);
    const [low, high] = reach[column]!;
    const width = splineWidth(own);
    if (known) splineBasis(Math.min(Math.max(value, low), high), own, terms, at);
    else terms.fill(NaN, at, at + width);
    at += width;
    if (!missing[column]) return;
    terms[at] = known ? 0 : 1;
    at += 1;
  });
}

/**
 * Brings every term but the intercept to mean 0 and standard deviation one half, in place. What is not known, and a term that is constant,
 * becomes 0.
 */
function standardise(x: Float64Array, rows: number, width: number) {
  const center = Array<number>(width).fill(0);
  const scale = Array<number>(width).fill(1);
  for (let column = 1; column < width; column += 1) {
    const known = Float64Array.from({ length: rows }, (_, row) => x[row * width + column]!).filter(
      (v) => !Number.isNaN(v),
    );
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
    const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(known.length, 1));
    center[column] = short(mean);
    if (deviation > 1e-9 * Math.max(Math.abs(mean), 1e-3)) scale[column] = short(2 * deviation);
    for (let row = 0; row < rows; row += 1) {
      const at = row * width + column;
      x[at] = Number.isNaN(x[at]) ? 0 : (x[at]! - center[column]!) / scale[column]!;
    }
  }
  return { center, scale };
}

function reachOf(column: Float64Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of column) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [short(low - (high - low) / 2), short(high + (high - low) / 2)];
}

/** Seven digits are enough for a model that is kept. */
function short(value: number): number {
  return Number(value.toPrecision(7));
}
