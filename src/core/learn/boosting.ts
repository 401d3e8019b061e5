import { missingBin, type BinnedColumns } from './binning.ts';
import type { BoostingSettings, Growth } from './growth.ts';
import { mixed } from './mixing.ts';
import { bestSplit, type Split } from './split.ts';
import { unit, type Trees } from './trees.ts';

interface Node {
  readonly split: Split | null;
  readonly value: number;
  readonly left?: Node;
  readonly right?: Node;
}

/**
 * Gradient boosting of the log-loss: each tree fits the gradient of the rows so far, each leaf takes the Newton step −G / (H + l2) of its
 * rows. Columns are cut into at most 255 bins; a missing value goes to the side where it does best.
 * Sources: Friedman 2001; Chen and Guestrin 2016 (Newton leaves, missing values); Geurts et al. 2006 (one cut).
 * The same rows in the same order give the same trees.
 */
export function fitBoosting(
  data: BinnedColumns,
  labels: ArrayLike<number>,
  weights: Float64Array,
  settings: BoostingSettings,
): Trees {
  const { rows } = data;
  let positive = 0.5;
  let total = 1;
  for (let row = 0; row < rows; row += 1) {
    positive += weights[row]! * labels[row]!;
    total += weights[row]!;
  }
  const base = Math.round(Math.log(positive / (total - positive)) / unit) * unit;
  const logits = new Float64Array(rows).fill(base);
  const gradient = new Float64Array(rows);
  const curvature = new Float64Array(rows);
  const growth: Growth = { data, settings, gradient, curvature };
  const trees: Node[] = [];
  for (let index = 0; index < settings.trees; index += 1) {
    for (let row = 0; row < rows; row += 1) {
      const p = 1 / (1 + Math.exp(-logits[row]!));
      gradient[row] = weights[row]! * (p - labels[row]!);
      curvature[row] = weights[row]! * p * (1 - p);
    }
    const seed = mixed(settings.series, index);
    const tree = grow(growth, rowsOfTree(rows, settings, seed), columnsOfTree(data.cuts.length, settings, seed), seed);
    if (tree.split === null && Math.abs(tree.value) < unit) continue;
    trees.push(tree);
    addTree(data, tree, logits);
  }
  return packed(base, data, trees);
}

function rowsOfTree(rows: number, { rowShare }: BoostingSettings, seed: number): Uint32Array {
  const limit = rowShare * 2 ** 32;
  const chosen = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row += 1)
    if (mixed(seed, row) < limit) {
      chosen[count] = row;
      count += 1;
    }
  return chosen.slice(0, count);
}

function columnsOfTree(columns: number, { columnShare }: BoostingSettings, seed: number): readonly number[] {
  return Array.from({ length: columns }, (_, column) => ({ column, order: mixed(seed ^ 0x5bd1e995, column) }))
    .sort((a, b) => a.order - b.order || a.column - b.column)
    .slice(0, Math.max(1, Math.round(columnShare * columns)))
    .map(({ column }) => column)
    .sort((a, b) => a - b);
}

/** Sums of gradient and curvature a bin, column after column of the tree. */
type Histogram = Float64Array;

function grow(growth: Growth, rows: Uint32Array, columns: readonly number[], seed: number): Node {
  const { settings, data } = growth;
  const spare = new Uint32Array(rows.length);
  let asked = 0;

  const valueOf = (histogram: Histogram, low: number, high: number): number => {
    let g = 0;
    let h = 0;
    for (let bin = 0; bin <= missingBin; bin += 1) {
      g += histogram[2 * bin]!;
      h += histogram[2 * bin + 1]!;
    }
    return Math.min(Math.max(-g / (h + settings.l2), low), high);
  };

  const build = (start: number, end: number, histogram: Histogram, depth: number, low: number, high: number): Node => {
    const value = valueOf(histogram, low, high);
    const scaled = Math.round((settings.learningRate * value) / unit) * unit;
    const leaf = { split: null, value: scaled };
    if (depth === settings.depth) return leaf;
    asked += 1;
    const split = bestSplit(growth, histogram, columns, { low, high, seed: mixed(seed, asked) });
    if (split === null) return leaf;
    const middle = partition(data, rows, spare, start, end, split);
    const leftIsSmaller = middle - start <= end - middle;
    const small = histogramOf(growth, rows, leftIsSmaller ? start : middle, leftIsSmaller ? middle : end, columns);
    for (let at = 0; at < histogram.length; at += 1) histogram[at] = histogram[at]! - small[at]!;
    const [left, right] = leftIsSmaller ? [small, histogram] : [histogram, small];
    const [toLeft, toRight] = boundsBelow(split, low, high);
    return {
      split,
      value: scaled,
      left: build(start, middle, left, depth + 1, ...toLeft),
      right: build(middle, end, right, depth + 1, ...toRight),
    };
  };
  return build(0, rows.length, histogramOf(growth, rows, 0, rows.length, columns), 0, -Infinity, Infinity);
}

/** Where a column is monotone, all below the left side stay on their side of the middle of both values. */
function boundsBelow(
  split: Split,
  low: number,
  high: number,
): readonly [readonly [number, number], readonly [number, number]] {
  const middle = (split.leftValue + split.rightValue) / 2;
  if (split.monotone === 1) return [[low, middle], [middle, high]]; // prettier-ignore
  if (split.monotone === -1) return [[middle, high], [low, middle]]; // prettier-ignore
  return [[low, high], [low, high]]; // prettier-ignore
}

function histogramOf(
  growth: Growth,
  rows: Uint32Array,
  start: number,
  end: number,
  columns: readonly number[],
): Histogram {
  const { data, gradient, curvature } = growth;
  const histogram = new Float64Array(columns.length * 512);
  columns.forEach((column, index) => {
    const bins = data.bins.subarray(column * data.rows, (column + 1) * data.rows);
    const from = index * 512;
    for (let at = start; at < end; at += 1) {
      const row = rows[at]!;
      const cell = from + 2 * bins[row]!;
      histogram[cell] = histogram[cell]! + gradient[row]!;
      histogram[cell + 1] = histogram[cell + 1]! + curvature[row]!;
    }
  });
  return histogram;
}

/** Puts the rows of the left side first, both sides in their order. The answer is where the right side starts. */
function partition(
  data: BinnedColumns,
  rows: Uint32Array,
  spare: Uint32Array,
  start: number,
  end: number,
  split: Split,
): number {
  const from = split.column * data.rows;
  let left = start;
  let right = 0;
  for (let at = start; at < end; at += 1) {
    const row = rows[at]!;
    if (isLeft(split, data.bins[from + row]!)) {
      rows[left] = row;
      left += 1;
    } else {
      spare[right] = row;
      right += 1;
    }
  }
  rows.set(spare.subarray(0, right), left);
  return left;
}

function isLeft({ cut, missingLeft }: Split, bin: number): boolean {
  return bin === missingBin ? missingLeft : bin <= cut;
}

function addTree(data: BinnedColumns, tree: Node, logits: Float64Array): void {
  for (let row = 0; row < data.rows; row += 1) {
    let node = tree;
    while (node.split !== null)
      node = isLeft(node.split, data.bins[node.split.column * data.rows + row]!) ? node.left! : node.right!;
    logits[row] = logits[row]! + node.value;
  }
}

/** Only the cuts that some tree asks for are kept. */
function packed(base: number, data: BinnedColumns, trees: readonly Node[]): Trees {
  const used = data.cuts.map(() => new Set<number>());
  const mark = (node: Node): void => {
    if (node.split === null) return;
    used[node.split.column]!.add(node.split.cut);
    mark(node.left!);
    mark(node.right!);
  };
  trees.forEach(mark);
  const kept = used.map((cuts) => [...cuts].sort((a, b) => a - b));
  const places = kept.map((cuts) => new Map(cuts.map((cut, index) => [cut, index])));
  const flat = (node: Node): readonly number[] => {
    const value = Math.round(node.value / unit);
    if (node.split === null) return [-1, value];
    const { column, cut, missingLeft } = node.split;
    const head = [2 * column + (missingLeft ? 1 : 0), places[column]!.get(cut)!, value];
    return [...head, ...flat(node.left!), ...flat(node.right!)];
  };
  return {
    base,
    cuts: kept.map((cuts, column) => cuts.map((cut) => data.cuts[column]![cut]!)),
    trees: trees.map(flat),
  };
}
