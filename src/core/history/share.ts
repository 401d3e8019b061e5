import { wilson } from '../learn/wilson.ts';
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

/** 1 of 10: 10 %, between 1.79 % and 40.42 %. */
export function shareOf(count: number, n: number): Share {
  if (n < fewestForShare) return { count, n, percent: null, interval: null };
  const [low, high] = wilson(count, n)!;
  return { count, n, percent: (100 * count) / n, interval: [100 * low, 100 * high] };
}
