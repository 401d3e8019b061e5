import type { Rate } from '../../../core/backtest/rate.ts';
import { number } from '../../../core/signal/format.ts';

/** `83.3% of 120`. */
export function rateCell({ share: value, of }: Rate): string {
  return value === null ? 'none of 0' : `${percent(value)} of ${number(of)}`;
}

/** `2.7 to 13.8%`. */
export function span(interval: readonly [number, number] | null): string {
  return interval === null ? 'none' : `${number(100 * interval[0])} to ${percent(interval[1])}`;
}

/** `83.3%` for .833. */
export function percent(value: number): string {
  return `${number(100 * value)}%`;
}
