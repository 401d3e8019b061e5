import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { binned } from './binning.ts';
import { fitBoosting } from './boosting.ts';
import { treePredictor } from './trees.ts';

const chance = seededChance(9);
const width = 4;
const columns = Array.from({ length: width }, () =>
  Float64Array.from({ length: 400 }, () => (chance.uniform() < 0.1 ? NaN : chance.normal())),
);
const labels = Array.from({ length: 400 }, (_, row) =>
  (columns[0]![row]! > 0 && columns[1]![row]! < 0.5) !== columns[2]![row]! > 1 ? 1 : 0,
);
const predictor = treePredictor(
  fitBoosting(binned(columns), labels, new Float64Array(400).fill(1), {
    trees: 40,
    learningRate: 0.1,
    depth: 4,
    leafCurvature: 1,
    l2: 1,
    rowShare: 0.8,
    columnShare: 0.8,
    oneCut: false,
    series: 0,
  }),
);

function logitOf(row: readonly number[]): number {
  const parts = new Float64Array(width);
  predictor.attribute(row, parts, 1);
  return parts.reduce((sum, part) => sum + part, predictor.start);
}

const someRow = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: width, maxLength: width });
const someColumns = fc.array(fc.boolean(), { minLength: width, maxLength: width });

function without(row: readonly number[], lost: readonly boolean[]): readonly number[] {
  return row.map((value, column) => (lost[column] ? NaN : value));
}

describe('the range of a row', () => {
  test('holds what the row gives as it is, and with any values for what is missing', () => {
    fc.assert(
      fc.property(someRow, someColumns, (row, lost) => {
        const known = without(row, lost);

        const [least, most] = predictor.range(known);

        for (const logit of [logitOf(known), logitOf(row)]) {
          expect(logit).toBeGreaterThanOrEqual(least);
          expect(logit).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('never gets narrower when more is missing', () => {
    fc.assert(
      fc.property(someRow, someColumns, someColumns, (row, lost, more) => {
        const [least, most] = predictor.range(without(row, lost));
        const [leastOfLess, mostOfLess] = predictor.range(without(without(row, lost), more));

        expect(leastOfLess).toBeLessThanOrEqual(least);
        expect(mostOfLess).toBeGreaterThanOrEqual(most);
      }),
      { numRuns: 500 },
    );
  });

  test('is one value where nothing is missing', () => {
    fc.assert(
      fc.property(someRow, (row) => {
        expect(predictor.range(row)).toEqual([logitOf(row), logitOf(row)]);
      }),
      { numRuns: 200 },
    );
    expect(predictor.range([NaN, 0, 0, 0])[0]).toBeLessThan(predictor.range([NaN, 0, 0, 0])[1]);
  });
});
