import { missingBin } from './binning.ts';
import type { Growth } from './growth.ts';
import { mixed } from './mixing.ts';

/** One question of a tree: rows at or below the cut go left. */
export interface Split {
  readonly column: number;
  readonly cut: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly monotone: -1 | 0 | 1;
  /** Values of both sides before the learning rate. */
  readonly leftValue: number;
  readonly rightValue: number;
}

interface Place {
  /** The value of the node has to stay between them. */
  readonly low: number;
  readonly high: number;
  readonly seed: number;
}

/** The question that lowers the loss most, to second order; null when none does. */
export function bestSplit(
  { data, settings }: Growth,
  histogram: Float64Array,
  columns: readonly number[],
  { low, high, seed }: Place,
): Split | null {
  const { l2, leafCurvature, oneCut } = settings;
  let best: Split | null = null;
  let bestGain = 1e-9;
  columns.forEach((column, index) => {
    const from = index * 512;
    const cuts = data.cuts[column]!.length;
    if (cuts === 0) return;
    const missingG = histogram[from + 2 * missingBin]!;
    const missingH = histogram[from + 2 * missingBin + 1]!;
    let totalG = missingG;
    let totalH = missingH;
    let first = -1;
    let last = -1;
    for (let bin = 0; bin <= cuts; bin += 1) {
      const h = histogram[from + 2 * bin + 1]!;
      totalG += histogram[from + 2 * bin]!;
      totalH += h;
      if (h > 1e-9) {
        if (first < 0) first = bin;
        last = bin;
      }
    }
    const monotone = settings.monotone?.[column] ?? 0;
    const hasMissing = missingH > 1e-9;
    const only = oneCut && last > first ? first + (mixed(seed, column) % (last - first)) : -1;
    const whole = gainOf(totalG, totalH, l2, low, high);
    let g = 0;
    let h = 0;
    for (let cut = 0; cut < cuts; cut += 1) {
      g += histogram[from + 2 * cut]!;
      const own = histogram[from + 2 * cut + 1]!;
      h += own;
      // Without rows of its own a bin asks what the bin before it asked.
      if (only >= 0 ? cut !== only : own < 1e-12) continue;
      for (let side = 0; side < (hasMissing ? 2 : 1); side += 1) {
        const leftG = side === 1 ? g + missingG : g;
        const leftH = side === 1 ? h + missingH : h;
        const rightG = totalG - leftG;
        const rightH = totalH - leftH;
        if (leftH < leafCurvature || rightH < leafCurvature) continue;
        const gain = gainOf(leftG, leftH, l2, low, high) + gainOf(rightG, rightH, l2, low, high) - whole;
        if (gain <= bestGain) continue;
        const leftValue = Math.min(Math.max(-leftG / (leftH + l2), low), high);
        const rightValue = Math.min(Math.max(-rightG / (rightH + l2), low), high);
        if (monotone * (rightValue - leftValue) < 0) continue;
        bestGain = gain;
        // Without missing values to learn from they go where more rows go.
        const missingLeft = hasMissing ? side === 1 : leftH >= rightH;
        best = { column, cut, missingLeft, gain, monotone, leftValue, rightValue };
      }
    }
  });
  return best;
}

/** What the loss falls by, to second order and twice over, when rows of these sums get their best value within the bounds. */
function gainOf(g: number, h: number, l2: number, low: number, high: number): number {
  const free = -g / (h + l2);
  if (free >= low && free <= high) return -g * free;
  const value = free < low ? low : high;
  return -2 * g * value - (h + l2) * value * value;
}
