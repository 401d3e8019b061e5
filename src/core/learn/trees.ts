import { binOf } from './binning.ts';

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
  /** Log-odds without `base`, a multiple of `unit`. NaN is a missing value. */
  score(row: ArrayLike<number>): number;
  /**
   * What each column does to `score`, added to `into`. A path goes from the value of the root to that of the leaf; each step counts for
   * the column that is asked there (Saabas 2014; path attribution). The values of the roots are part of `rootScore`.
   */
  attribute(row: ArrayLike<number>, into: Float64Array): void;
  /** Sum of the values of the roots: score = rootScore + Σ attributed, exactly. */
  readonly rootScore: number;
}

export function treePredictor({ cuts, trees }: Trees): TreePredictor {
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
  const below = (node: number): number => {
    const bin = bins[column[node]!]!;
    const goesLeft = bin === 255 ? missingLeft[node] === 1 : bin <= cut[node]!;
    return goesLeft ? node + 1 : right[node]!;
  };
  return {
    rootScore: roots.reduce((sum, root) => sum + value[root]!, 0),
    score(row) {
      look(row);
      let sum = 0;
      for (const root of roots) {
        let node = root;
        while (column[node]! >= 0) node = below(node);
        sum += value[node]!;
      }
      return sum;
    },
    attribute(row, into) {
      look(row);
      for (const root of roots) {
        let node = root;
        while (column[node]! >= 0) {
          const child = below(node);
          into[column[node]!] = into[column[node]!]! + value[child]! - value[node]!;
          node = child;
        }
      }
    },
  };
}
