/** Bin that stands for a value that is not known. */
export const missingBin = 255;

/** Columns as bin numbers, column after column. Bin b of a column holds what lies above cut b − 1 and not above cut b. */
export interface BinnedColumns {
  readonly rows: number;
  readonly bins: Uint8Array;
  /** At most 254 ascending cuts a column, between values that occur. */
  readonly cuts: readonly (readonly number[])[];
}

/** Equal shares of the rows in each bin as far as ties allow. NaN is a missing value. */
export function binned(columns: readonly Float64Array[], most = 255): BinnedColumns {
  const rows = columns[0]?.length ?? 0;
  const bins = new Uint8Array(columns.length * rows);
  const cuts = columns.map((column, index) => {
    const own = cutsOf(column, most);
    const target = bins.subarray(index * rows, (index + 1) * rows);
    for (let row = 0; row < rows; row += 1) target[row] = binOf(own, column[row]!);
    return own;
  });
  return { rows, bins, cuts };
}

/** Number of cuts below the value. */
export function binOf(cuts: readonly number[], value: number): number {
  if (Number.isNaN(value)) return missingBin;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > cuts[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cutsOf(column: Float64Array, most: number): readonly number[] {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const cuts: number[] = [];
  const last = sorted.length - 1;
  let at = 0;
  for (let bin = 1; bin < most && at <= last; bin += 1) {
    // The last row of the bin, then on to the end of its ties.
    at = Math.max(at, Math.floor((bin * sorted.length) / most) - 1);
    const value = sorted[Math.min(at, last)]!;
    let next = Math.max(at, 0);
    while (next <= last && sorted[next] === value) next += 1;
    if (next > last) break;
    cuts.push(shortestBetween(value, sorted[next]!));
    at = next;
  }
  return cuts;
}

/** The number with fewest digits that is at least `low` and below `high`. */
export function shortestBetween(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  for (let digits = 1; digits <= 17; digits += 1) {
    const rounded = Number(middle.toPrecision(digits));
    if (rounded >= low && rounded < high) return rounded;
  }
  return low;
}
