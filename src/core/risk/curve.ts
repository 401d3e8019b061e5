/** One knot of a curve: at this metric value the risk is this. */
export type Knot = readonly [value: number, risk: number];

/**
 * Piecewise-linear risk curve: 0 is no risk, 100 the worst. Between knots the risk is interpolated, beyond the first and
 * last knot it stays at theirs. Knots ascend in value and their risks only rise or only fall (checked by `curveProblem`).
 *
 * @example riskAt([[0, 0], [10, 40]], 5) is 20.
 */
export function riskAt(curve: readonly Knot[], value: number): number {
  const first = curve[0]!;
  if (value <= first[0]) return first[1];
  for (let index = 1; index < curve.length; index += 1) {
    const [x1, y1] = curve[index]!;
    if (value > x1) continue;
    if (value === x1) return y1;
    const [x0, y0] = curve[index - 1]!;
    // Clamped: rounding must not lift an interpolated value beyond its own knots, or the curve would not be monotone.
    const y = y0 + ((value - x0) * (y1 - y0)) / (x1 - x0);
    return Math.min(Math.max(y, Math.min(y0, y1)), Math.max(y0, y1));
  }
  return curve.at(-1)![1];
}

/** Interpolation between knots within this never overflows. */
const largestValue = 1e15;

/** What is wrong with a curve for a metric that is better when `better`; null if nothing is. */
export function curveProblem(curve: readonly Knot[], better: 'lower' | 'higher'): string | null {
  if (curve.length < 2) return 'a curve needs at least two knots';
  for (const [index, [value, risk]] of curve.entries()) {
    if (!Number.isFinite(value) || !Number.isFinite(risk)) return 'a knot is not a number';
    if (Math.abs(value) > largestValue) return `knot value ${value} is out of range`;
    if (risk < 0 || risk > 100) return `risk ${risk} is not between 0 and 100`;
    const before = curve[index - 1];
    if (before === undefined) continue;
    if (value <= before[0]) return `knot values must rise: ${value} follows ${before[0]}`;
    if (better === 'lower' && risk < before[1])
      return `a higher value may not lower the risk (${before[1]} to ${risk})`;
    if (better === 'higher' && risk > before[1])
      return `a higher value may not raise the risk (${before[1]} to ${risk})`;
  }
  return null;
}
