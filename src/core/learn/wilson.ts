/** Normal quantile of a 95 % interval. */
export const z95 = 1.959963984540054;

/**
 * 95 % score interval of a share (Wilson 1927, without continuity correction): it never leaves 0–1, and none of ten is no proof of none.
 * 1 of 10 is [.0179, .4042], 0 of 10 is [0, .2775]. null of none.
 */
export function wilson(count: number, of: number): readonly [number, number] | null {
  if (of === 0) return null;
  const share = count / of;
  const z2 = z95 * z95;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (z95 / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  // At the ends the bound is exact, and rounding would put it a hair beside.
  return [count === 0 ? 0 : Math.max(0, middle - half), count === of ? 1 : Math.min(1, middle + half)];
}
