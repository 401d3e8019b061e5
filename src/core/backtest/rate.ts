import { wilson } from '../learn/wilson.ts';

/** So many of so many, with the 95 % interval of the share behind them. Share and interval lie between 0 and 1; null of none. */
export interface Rate {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
  readonly interval: readonly [number, number] | null;
}

export function rateOf(count: number, of: number): Rate {
  return { count, of, share: of === 0 ? null : count / of, interval: wilson(count, of) };
}
