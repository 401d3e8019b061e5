import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { curveProblem, riskAt, type Knot } from './curve.ts';

const coordinate = fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((value) => value + 0);
const risk = fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0);
const better = fc.constantFrom('lower' as const, 'higher' as const);

/** Curves that `curveProblem` accepts, and the direction they are for. */
const validCurve = fc
  .tuple(better, fc.uniqueArray(fc.tuple(coordinate, risk), { minLength: 2, maxLength: 6, selector: ([x]) => x }))
  .map(([direction, knots]) => {
    const values = knots.map(([x]) => x).sort((a, b) => a - b);
    const risks = knots.map(([, y]) => y).sort((a, b) => (direction === 'lower' ? a - b : b - a));
    return { direction, curve: values.map((value, index): Knot => [value, risks[index]!]) };
  });

const between: Knot[] = [
  [0, 0],
  [10, 40],
];

test('between two knots the risk is in proportion', () => {
  const risks = [0, 5, 7.5, 10].map((value) => riskAt(between, value));

  expect(risks).toEqual([0, 20, 30, 40]);
});

test('beyond the first and the last knot the risk stays at theirs', () => {
  const risks = [-Infinity, -1, 11, Infinity].map((value) => riskAt(between, value));

  expect(risks).toEqual([0, 0, 40, 40]);
});

test('a curve that is built of sorted knots has no problem and meets every knot', () => {
  fc.assert(
    fc.property(validCurve, ({ direction, curve }) => {
      expect(curveProblem(curve, direction)).toBeNull();
      for (const [value, expected] of curve) expect(riskAt(curve, value)).toBe(expected);
    }),
    runs,
  );
});

test('a worse value never has less risk, whatever the curve', () => {
  fc.assert(
    fc.property(validCurve, coordinate, coordinate, ({ direction, curve }, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];

      const [atLow, atHigh] = [riskAt(curve, low), riskAt(curve, high)];

      if (direction === 'lower') expect(atHigh).toBeGreaterThanOrEqual(atLow);
      else expect(atHigh).toBeLessThanOrEqual(atLow);
    }),
    runs,
  );
});

test('the risk of any value lies between 0 and 100', () => {
  fc.assert(
    fc.property(validCurve, fc.double({ noNaN: true }), ({ curve }, value) => {
      const found = riskAt(curve, value);

      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual(100);
    }),
    runs,
  );
});

test('each defect planted into a good curve is found', () => {
  fc.assert(
    fc.property(validCurve, fc.nat(), ({ direction, curve }, place) => {
      const at = place % curve.length;
      const [value, own] = curve[at]!;
      const planted = (knot: Knot): readonly Knot[] => curve.with(at, knot);

      const problems = [
        curveProblem(curve.slice(0, 1), direction),
        curveProblem(planted([NaN, own]), direction),
        curveProblem(planted([Infinity, own]), direction),
        curveProblem(planted([value, NaN]), direction),
        curveProblem(planted([value, 100.1]), direction),
        curveProblem(planted([value, -0.1]), direction),
        curveProblem(curve.toSpliced(at, 0, [value, own]), direction),
        curveProblem([...curve].reverse(), direction),
      ];

      expect(problems.filter((problem) => problem === null)).toEqual([]);
    }),
    runs,
  );
});

test('risks that run against the direction of the metric are refused at the first such knot', () => {
  const rising: Knot[] = [...between, [20, 30]];

  expect(curveProblem(rising, 'lower')).toBe('a higher value may not lower the risk (40 to 30)');
  expect(curveProblem(between, 'higher')).toBe('a higher value may not raise the risk (0 to 40)');
});

test('knots too far apart to compute with are refused', () => {
  const wide: Knot[] = [
    [-1e308, 0],
    [1e308, 100],
  ];

  expect(curveProblem(wide, 'lower')).toBe('knot value -1e+308 is out of range');
});
