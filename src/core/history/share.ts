import { fewestForShare } from './time-window.ts';

/** A part of a whole that was counted. */
export interface Share {
  readonly count: number;
  readonly n: number;
  /** 100 × count ÷ n; null for an n below five. */
  readonly percent: number | null;
  /** 95 % confidence, percent (Wilson 1927, without continuity correction); null with the percent. */
  readonly interval: readonly [number, number] | null;
}

/** The 97.5 % point of the normal distribution. */
const z = 1.959963984540054;

/** 1 of 10: 10 %, between 1.79 % and 40.42 %. */
export function shareOf(count: number, n: number): Share {
  if (n < fewestForShare) return { count, n, percent: null, interval: null };
  const p = count / n;
  const scale = 1 + z ** 2 / n;
  const middle = (p + z ** 2 / (2 * n)) / scale;
  const half = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / scale;
  // At the ends the bound is exact, and rounding would put it a hair beside.
  const low = count === 0 ? 0 : Math.max(0, middle - half);
  const high = count === n ? 1 : Math.min(1, middle + half);
  return { count, n, percent: (100 * count) / n, interval: [100 * low, 100 * high] };
}
