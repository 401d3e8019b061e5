import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cholesky, inverse, rowsOf, solve, squareMatrix } from './linear-algebra.ts';

/** B·Bᵀ + I is positive definite for every B. */
const positiveDefinite = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc
    .array(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: size, maxLength: size }), {
      minLength: size,
      maxLength: size,
    })
    .map((b) => b.map((row, i) => b.map((other, j) => dot(row, other) + (i === j ? 1 : 0)))),
);

test('a matrix of known factor is taken apart', () => {
  const factor = cholesky(
    squareMatrix([
      [4, 2],
      [2, 5],
    ]),
  );

  expect([...factor.lower]).toEqual([2, 0, 1, 2]);
  expect([...solve(factor, [8, 12])]).toEqual([1, 2]);
  expect(rowsOf(inverse(factor))).toEqual([
    [0.3125, -0.125],
    [-0.125, 0.25],
  ]);
});

test('the solution and the inverse solve the system', () => {
  fc.assert(
    fc.property(positiveDefinite, (rows) => {
      const factor = cholesky(squareMatrix(rows));
      const right = rows.map((_, index) => index - 1);

      const x = solve(factor, right);
      const inverted = rowsOf(inverse(factor));

      rows.forEach((row, i) => {
        expect(dot(row, [...x])).toBeCloseTo(right[i]!, 6);
        rows.forEach((_, j) => {
          const entry = row.reduce((sum, value, k) => sum + value * inverted[k]![j]!, 0);
          expect(entry).toBeCloseTo(i === j ? 1 : 0, 6);
          expect(inverted[i]![j]).toBe(inverted[j]![i]);
        });
      });
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['is indefinite', [[1, 2], [2, 1]], 'row 1'], // prettier-ignore
  ['is zero', [[0]], 'row 0'],
  ['has NaN', [[NaN]], 'row 0'],
  ['has Infinity', [[Infinity]], 'row 0'],
])('a matrix that %s is refused with the row', (_, rows, where) => {
  expect(() => cholesky(squareMatrix(rows))).toThrow(where);
});

test('sizes that do not fit are refused', () => {
  const factor = cholesky(squareMatrix([[1]]));

  expect(() => squareMatrix([[1, 2]])).toThrow('row 0');
  expect(() => solve(factor, [1, 2])).toThrow('2 values');
});

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * other[index]!, 0);
}
