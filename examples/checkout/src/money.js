/**
 * Money is a whole number of euro cents, never a fraction. Rates are basis points: 1900 is 19 %.
 * Amounts are capped so that the product of two of them is still an exact number (below 2^53).
 */
export const MAX_CENTS = 50_000_000;

const FULL = 10_000;

/** @throws RangeError when the value is not a whole, non-negative, bounded number of cents. */
export function assertCents(value) {
  if (!Number.isInteger(value) || value < 0 || value > MAX_CENTS) {
    throw new RangeError(`not an amount of cents: ${value}`);
  }
  return value;
}

/** The exact sum of amounts; 0 for none. */
export function sumOf(amounts) {
  return assertCents(amounts.reduce((total, amount) => total + assertCents(amount), 0));
}

/** The part of an amount that a rate gives, rounded half up to a whole cent. */
export function partOf(cents, basisPoints) {
  return Math.floor((assertCents(cents) * basisPoints + FULL / 2) / FULL);
}

/**
 * Splits an amount in proportion to weights so that the parts add up to it exactly. The cents that rounding leaves
 * over go to the largest remainders, the earlier line first when they tie.
 */
export function allocate(cents, weights) {
  const whole = sumOf(weights);
  if (assertCents(cents) > whole) throw new RangeError(`cannot take ${cents} from ${whole}`);
  if (whole === 0) return weights.map(() => 0);
  const parts = weights.map((weight) => Math.floor((cents * weight) / whole));
  const remainders = weights.map((weight, index) => ({ index, size: (cents * weight) % whole }));
  remainders.sort((a, b) => b.size - a.size);
  for (const { index } of remainders.slice(0, cents - sumOf(parts))) parts[index] += 1;
  return parts;
}

/** An amount for people: 6430 is "64.30". */
export function formatCents(cents) {
  const digits = String(assertCents(cents)).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
