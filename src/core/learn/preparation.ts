/** How a raw column is looked at. */
export interface LearnerColumn {
  readonly name: string;
  /** `count`: 0 or more, looked at as ln(1 + n), below 0 counts as 0. `number`: as it is; yes and no are 1 and 0. */
  readonly kind: 'count' | 'number';
  /** 1: the boosted trees never let more of it lower the chance of failure; −1: never raise it. Not with a ratio of it. */
  readonly monotone?: -1 | 1;
}

/** The columns of a learner, and the pairs of counts (by position) whose ratio ln((1 + a) / (1 + b)) it sees too. */
export interface LearnerSchema {
  readonly columns: readonly LearnerColumn[];
  readonly ratios: readonly (readonly [number, number])[];
}

/** A raw row in the order of the schema's columns. Null, NaN and infinite values are not known; beyond ±1e9 counts as that. */
export type RawRow = ArrayLike<number | null>;

export function preparedWidth({ columns, ratios }: LearnerSchema): number {
  return columns.length + ratios.length;
}

/** The columns in their scale, then the ratios; NaN: not known. */
export function prepare({ columns, ratios }: LearnerSchema, row: RawRow): Float64Array {
  const prepared = new Float64Array(columns.length + ratios.length);
  columns.forEach(({ kind }, index) => {
    const value = row[index] ?? NaN;
    if (!Number.isFinite(value)) prepared[index] = NaN;
    else prepared[index] = kind === 'count' ? Math.log1p(Math.max(value, 0)) : Math.min(Math.max(value, -1e9), 1e9);
  });
  ratios.forEach(([above, below], index) => {
    prepared[columns.length + index] = prepared[above]! - prepared[below]!;
  });
  return prepared;
}

/** What the prepared columns did, told of the raw ones: a ratio counts half for each of its two. */
export function toRawColumns({ columns, ratios }: LearnerSchema, prepared: Float64Array): Float64Array {
  const raw = prepared.slice(0, columns.length);
  ratios.forEach(([above, below], index) => {
    const half = prepared[columns.length + index]! / 2;
    raw[above] = raw[above]! + half;
    raw[below] = raw[below]! + half;
  });
  return raw;
}

/**
 * The order in which rows are learned from, whatever order they come in: by time, then by their values, then by label. Rows that tie in
 * all of it are the same.
 */
export function canonicalOrder(
  rows: readonly Float64Array[],
  labels: ArrayLike<number>,
  times: ArrayLike<number>,
): Uint32Array {
  return Uint32Array.from(rows, (_, index) => index).sort(
    (a, b) => times[a]! - times[b]! || compare(rows[a]!, rows[b]!) || labels[a]! - labels[b]!,
  );
}

function compare(one: Float64Array, other: Float64Array): number {
  for (let index = 0; index < one.length; index += 1) {
    const a = one[index]!;
    const b = other[index]!;
    if (a < b) return -1;
    if (a > b) return 1;
    if (a !== b && Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  }
  return 0;
}
