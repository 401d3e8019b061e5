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

/** Normal quantile of a 95 % interval. */
export const z95 = 1.959963984540054;

/**
 * 95 % score interval of a share (Wilson 1927): it never leaves 0–1, and none of ten is no proof of none. 1 of 10 is
 * [.0179, .4042], 0 of 10 is [0, .2775]. null of none.
 */
export function wilson(count: number, of: number): readonly [number, number] | null {
  if (of === 0) return null;
  const share = count / of;
  const z2 = z95 * z95;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (z95 / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  return [count === 0 ? 0 : middle - half, count === of ? 1 : middle + half];
}
