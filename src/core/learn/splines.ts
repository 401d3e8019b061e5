/**
 * Restricted cubic splines: smooth curves that are cubic between the knots and straight lines beyond the outer ones, so that a value far
 * outside of what was seen is not thrown further by a power of three. Source: Harrell, Regression Modeling Strategies, 2nd ed., 2.4.5.
 */

const shares: Readonly<Record<number, readonly number[]>> = {
  3: [0.1, 0.5, 0.9],
  4: [0.05, 0.35, 0.65, 0.95],
  5: [0.05, 0.275, 0.5, 0.725, 0.95],
  6: [0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
  7: [0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975],
};

/**
 * Knots at the shares of the values that Harrell recommends for 3–7 of them. Knots that fall together count once; fewer than three are
 * none, and the curve is a straight line.
 */
export function splineKnots(values: ArrayLike<number>, count: number): readonly number[] {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const places = shares[count];
  if (places === undefined) throw new RangeError(`a spline has 3 to 7 knots, not ${count}`);
  if (sorted.length === 0) return [];
  const spread = sorted.at(-1)! - sorted[0]!;
  const knots: number[] = [];
  for (const share of places) {
    const knot = quantile(sorted, share);
    if (knots.length === 0 || knot - knots.at(-1)! > 1e-3 * spread) knots.push(knot);
  }
  return knots.length < 3 ? [] : knots;
}

/** Columns that a value turns into: itself, and one for each knot but two. */
export function splineWidth(knots: readonly number[]): number {
  return 1 + Math.max(knots.length - 2, 0);
}

/**
 * With u₊ = max(u, 0), knots t₁ … tₖ and τ = (tₖ − t₁)²: x, and for j up to k − 2
 * [(x − tⱼ)₊³ − (x − tₖ₋₁)₊³·(tₖ − tⱼ)/(tₖ − tₖ₋₁) + (x − tₖ)₊³·(tₖ₋₁ − tⱼ)/(tₖ − tₖ₋₁)] / τ.
 * Knots 0, 1, 2 and x = 3: 3 and (27 − 8·2 + 1·1) / 4 = 3.
 */
export function splineBasis(value: number, knots: readonly number[], into: Float64Array, at: number): void {
  into[at] = value;
  const k = knots.length;
  if (k < 3) return;
  const last = knots[k - 1]!;
  const beforeLast = knots[k - 2]!;
  const gap = last - beforeLast;
  const scale = (last - knots[0]!) ** 2;
  const nearEnd = cubed(value - beforeLast);
  const end = cubed(value - last);
  for (let j = 0; j < k - 2; j += 1) {
    const knot = knots[j]!;
    const term = cubed(value - knot) - (nearEnd * (last - knot)) / gap + (end * (beforeLast - knot)) / gap;
    into[at + 1 + j] = term / scale;
  }
}

/** Between two values in proportion; `sorted` has at least one. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

function cubed(value: number): number {
  return value <= 0 ? 0 : value * value * value;
}
