import { binOf, missingBin } from './binning.ts';

/**
 * Trees whose values add up to log-odds. Plain data. A node of a tree is three numbers, and its left side follows at once: twice the
 * column (plus one where missing values go left), the index of the cut, the value. Left is at or below the cut. A leaf is −1 and the value.
 * Values are whole multiples of `unit`, so that sums are exact.
 */
export interface Trees {
  readonly base: number;
  /** The cuts in use, ascending, one list a column. */
  readonly cuts: readonly (readonly number[])[];
  readonly trees: readonly (readonly number[])[];
}

/** A power of two: sums of a few hundred values have no rounding. */
export const unit = 2 ** -12;

/** The trees with the right sides found, for many predictions. */
export interface TreePredictor {
  /**
   * Adds `factor` times what each column does to the log-odds to `into`. A path goes from the value of the root to that of the leaf; each step counts for
   * the column that is asked there (Saabas 2014; path attribution). NaN is a missing value.
   */
  attribute(row: ArrayLike<number>, into: Float64Array, factor: number): void;
  /**
   * Least and greatest sum of leaves where a missing value (NaN) goes both ways at every question. Between them lies the log-odds of the row
   * as it is, and with any values for what is missing.
   */
  range(row: ArrayLike<number>): readonly [number, number];
  /** Log-odds where every path starts: `base` and the values of the roots. With all that is attributed it is the log-odds, exactly. */
  readonly start: number;
}

export function treePredictor({ base, cuts, trees }: Trees): TreePredictor {
  const size = trees.reduce((sum, tree) => sum + tree.length, 0);
  // Column (−1: leaf), cut, whether missing goes left, right side, value.
  const column = new Int16Array(size);
  const cut = new Uint8Array(size);
  const missingLeft = new Uint8Array(size);
  const right = new Int32Array(size);
  const value = new Float64Array(size);
  let next = 0;
  const roots = trees.map((tree) => {
    let at = 0;
    const place = (): number => {
      const node = next;
      next += 1;
      const head = tree[at]!;
      if (head < 0) {
        column[node] = -1;
        value[node] = tree[at + 1]! * unit;
        at += 2;
        return node;
      }
      column[node] = head >> 1;
      missingLeft[node] = head & 1;
      cut[node] = tree[at + 1]!;
      value[node] = tree[at + 2]! * unit;
      at += 3;
      place();
      right[node] = place();
      return node;
    };
    return place();
  });
  const bins = new Uint8Array(cuts.length);
  const look = (row: ArrayLike<number>): void => {
    for (let index = 0; index < cuts.length; index += 1) bins[index] = binOf(cuts[index]!, row[index]!);
  };
  /** Greatest `sign` times the value of a leaf that can be reached from a node. */
  const greatest = (node: number, sign: 1 | -1): number => {
    const asked = column[node]!;
    if (asked < 0) return sign * value[node]!;
    const bin = bins[asked]!;
    if (bin === missingBin) return Math.max(greatest(node + 1, sign), greatest(right[node]!, sign));
    return greatest(bin <= cut[node]! ? node + 1 : right[node]!, sign);
  };
  return {
    start: roots.reduce((sum, root) => sum + value[root]!, base),
    attribute(row, into, factor) {
      look(row);
      for (const root of roots) {
        let node = root;
        for (let asked = column[node]!; asked >= 0; asked = column[node]!) {
          const bin = bins[asked]!;
          const goesLeft = bin === missingBin ? missingLeft[node] === 1 : bin <= cut[node]!;
          const child = goesLeft ? node + 1 : right[node]!;
          into[asked] = into[asked]! + factor * (value[child]! - value[node]!);
          node = child;
        }
      }
    },
    range(row) {
      look(row);
      const most = roots.reduce((sum, root) => sum + greatest(root, 1), base);
      if (!bins.includes(missingBin)) return [most, most];
      return [roots.reduce((sum, root) => sum - greatest(root, -1), base), most];
    },
  };
}
