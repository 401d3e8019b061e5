import { expect, test } from 'vitest';
import { fitSplineLogistic, attributeSpline } from './spline-logistic.ts';
import { quantile, splineBasis, splineKnots, splineWidth } from './splines.ts';

function basis(value: number, knots: readonly number[]): number[] {
  const into = new Float64Array(splineWidth(knots));
  splineBasis(value, knots, into, 0);
  return [...into];
}

test('the worked example', () => {
  expect(basis(3, [0, 1, 2])).toEqual([3, 3]);
  expect(basis(-1, [0, 1, 2])).toEqual([-1, 0]);
});

test('beyond the outer knots the curve is a straight line, between them it is smooth', () => {
  const knots = [0, 1, 3, 4, 7];
  for (let column = 0; column < splineWidth(knots); column += 1) {
    const at = (value: number) => basis(value, knots)[column]!;
    const bend = (value: number) => at(value + 0.5) - 2 * at(value) + at(value - 0.5);

    expect(bend(-2)).toBeCloseTo(0, 9);
    expect(bend(9)).toBeCloseTo(0, 9);
    expect(bend(60)).toBeCloseTo(0, 6);
    for (const knot of knots) expect(at(knot + 1e-7) - at(knot - 1e-7)).toBeCloseTo(0, 5);
  }
});

test('knots are quantiles of what is known; too few different values have none', () => {
  const ramp = Array.from({ length: 101 }, (_, index) => index);

  splineKnots([...ramp, NaN], 5).forEach((knot, at) => expect(knot).toBeCloseTo([5, 27.5, 50, 72.5, 95][at]!, 9));
  expect(splineKnots(ramp, 5)).toHaveLength(5);
  expect(splineKnots([...Array(30).fill(0), 1], 5)).toEqual([]);
  expect(splineKnots([], 4)).toEqual([]);
  expect(splineKnots([NaN, NaN], 4)).toEqual([]);
  expect(() => splineKnots(ramp, 2)).toThrow(RangeError);
  expect(quantile([10, 20], 0.25)).toBe(12.5);
});

test('a spline regression follows a curve that a straight line cannot', () => {
  const x = Float64Array.from({ length: 2_000 }, (_, index) => (index % 200) / 100 - 1);
  const labels = x.map((value, row) => ((row * 7_919) % 100 < 100 / (1 + Math.exp(2 - 6 * value * value)) ? 1 : 0));
  const model = fitSplineLogistic([x], labels, new Float64Array(2_000).fill(1), {
    knots: 5,
    priorSd: 2.5,
    mostRows: 1e9,
  });
  const logitAt = (value: number) => {
    const into = new Float64Array(1);
    return attributeSpline(model, Float64Array.of(value), into, 1) + into[0]!;
  };

  expect(logitAt(0)).toBeLessThan(-1.2);
  expect(logitAt(0.9)).toBeGreaterThan(1.5);
  expect(logitAt(-0.9)).toBeGreaterThan(1.5);
  expect(logitAt(1e300)).toBe(logitAt(2));
});

test('not knowing a value is told apart from every value', () => {
  const x = Float64Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? NaN : index % 10));
  const labels = x.map((value) => (Number.isNaN(value) ? 1 : 0));
  const model = fitSplineLogistic([x], labels, new Float64Array(400).fill(1), {
    knots: 4,
    priorSd: 2.5,
    mostRows: 100,
  });
  const logitAt = (value: number) => {
    const into = new Float64Array(1);
    return attributeSpline(model, Float64Array.of(value), into, 1) + into[0]!;
  };

  expect(logitAt(NaN)).toBeGreaterThan(1);
  expect(logitAt(5)).toBeLessThan(-1);
});
