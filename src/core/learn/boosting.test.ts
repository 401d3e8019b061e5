import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { binned, binOf, missingBin, shortestBetween } from './binning.ts';
import { fitBoosting } from './boosting.ts';
import type { BoostingSettings } from './growth.ts';
import { treePredictor, type Trees } from './trees.ts';

const settings: BoostingSettings = {
  trees: 60,
  learningRate: 0.1,
  depth: 3,
  leafCurvature: 2,
  l2: 1,
  rowShare: 1,
  columnShare: 1,
  oneCut: false,
  series: 0,
};

function learned(
  columns: readonly (readonly number[])[],
  labels: readonly number[],
  changes: Partial<BoostingSettings> = {},
) {
  const weights = new Float64Array(labels.length).fill(1);
  return fitBoosting(binned(columns.map((column) => Float64Array.from(column))), labels, weights, {
    ...settings,
    ...changes,
  });
}

function logitOf(trees: Trees, row: readonly number[]): number {
  const predictor = treePredictor(trees);
  const parts = new Float64Array(row.length);
  predictor.attribute(row, parts, 1);
  return parts.reduce((sum, part) => sum + part, predictor.start);
}

const chance = seededChance(5);
const x = Array.from({ length: 600 }, () => chance.normal());
const z = Array.from({ length: 600 }, () => chance.normal());
/** Fails when both are of the same sign, which no sum of curves can say. */
const crossed = x.map((value, row) => (value * z[row]! > 0 ? 1 : 0));

test('trees learn what depends on two columns together', () => {
  const trees = learned([x, z], crossed);

  expect(logitOf(trees, [1, 1])).toBeGreaterThan(1);
  expect(logitOf(trees, [-1, -1])).toBeGreaterThan(1);
  expect(logitOf(trees, [1, -1])).toBeLessThan(-1);
  expect(logitOf(trees, [-1, 1])).toBeLessThan(-1);
});

test('with one cut a column trees learn it too', () => {
  const trees = learned([x, z], crossed, { oneCut: true, trees: 200 });

  expect(logitOf(trees, [1, 1])).toBeGreaterThan(1);
  expect(logitOf(trees, [1, -1])).toBeLessThan(-1);
});

test('missing values go where they do best', () => {
  const column = x.map((value, row) => (row % 3 === 0 ? NaN : value));
  const labels = column.map((value) => (Number.isNaN(value) || value > 0.5 ? 1 : 0));

  const trees = learned([column], labels);

  expect(logitOf(trees, [NaN])).toBeGreaterThan(2);
  expect(logitOf(trees, [2])).toBeGreaterThan(2);
  expect(logitOf(trees, [-1])).toBeLessThan(-2);
});

test('a monotone column never turns, whatever the labels say', () => {
  const labels = x.map((value, row) => (value > 0 !== (row % 4 === 0) && value < 1 ? 1 : 0));
  const trees = learned([x, z], labels, { monotone: [1, 0], depth: 4 });
  const free = learned([x, z], labels, { depth: 4 });
  const along = (model: Trees) => Array.from({ length: 60 }, (_, step) => logitOf(model, [step / 10 - 3, 0.3]));
  const falls = (values: readonly number[]) => values.some((value, at) => at > 0 && value < values[at - 1]!);

  expect(falls(along(free))).toBe(true);
  expect(falls(along(trees))).toBe(false);
  expect(falls(along(learned([x, z], labels.map((label) => 1 - label), { monotone: [-1, 0] })).map((v) => -v))).toBe(false); // prettier-ignore
});

test('the first leaf takes the Newton step', () => {
  // Base: ln(2.5 / 2.5) = 0, so p = .5: the left side has G = 2·.5, H = 2·.25, the right the opposite.
  const trees = learned([[0, 0, 1, 1]], [0, 0, 1, 1], { trees: 1, leafCurvature: 0.1, learningRate: 1 });

  expect(trees.base).toBe(0);
  expect(logitOf(trees, [0])).toBeCloseTo(-1 / 1.5, 3);
  expect(logitOf(trees, [1])).toBeCloseTo(1 / 1.5, 3);
});

test.each([
  ['no rows', [[]], []],
  ['one row', [[1]], [1]],
  ['one class', [[1, 2, 3]], [1, 1, 1]],
  ['a constant column', [[7, 7, 7]], [1, 0, 1]],
  ['nothing known', [[NaN, NaN, NaN]], [1, 0, 1]],
])('%s: finite log-odds for anything asked', (_, columns, labels) => {
  const trees = learned(columns, labels, { leafCurvature: 0.01 });

  for (const value of [0, NaN, 1e308, -1e308, Infinity]) expect(logitOf(trees, [value])).toSatisfy(Number.isFinite);
});

test('a value lies in the bin whose cuts are around it, and rows spread evenly', () => {
  const values = fc.array(fc.oneof(fc.double({ noNaN: false }), fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 20 }), (column, most) => {
      const { bins, cuts } = binned([Float64Array.from(column)], most);

      const own = cuts[0]!;
      expect(own.length).toBeLessThan(most);
      column.forEach((value, row) => {
        if (Number.isNaN(value)) expect(bins[row]).toBe(missingBin);
        else {
          expect(bins[row]).toBe(binOf(own, value));
          if (bins[row]! > 0) expect(value).toBeGreaterThan(own[bins[row]! - 1]!);
          if (bins[row]! < own.length) expect(value).toBeLessThanOrEqual(own[bins[row]!]!);
        }
      });
    }),
    { numRuns: 300 },
  );
});

test('few different values get a bin each', () => {
  const { cuts, bins } = binned([Float64Array.from([3, 1, 1, 2, 1, NaN])]);

  expect(cuts).toEqual([[1.5, 2.5]]);
  expect([...bins]).toEqual([2, 0, 0, 1, 0, missingBin]);
});

test.each([
  [1, 2, 1.5],
  [1.23456, 1.23459, 1.23457],
  [-3, 5, 1],
  [0, 1e-9, 5e-10],
])('a short number from %d up to below %d', (low, high, expected) => {
  const cut = shortestBetween(low, high);

  expect(cut).toBeGreaterThanOrEqual(low);
  expect(cut).toBeLessThan(high);
  expect(String(cut).length).toBeLessThanOrEqual(String(expected).length);
});
