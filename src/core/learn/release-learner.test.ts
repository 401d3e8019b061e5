import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededChance, type Chance } from '../../../test/support/seeded-chance.ts';
import { auc } from './measures.ts';
import type { LearnerSchema } from './preparation.ts';
import {
  averageOfThree,
  boostingOnly,
  fitReleaseLearner,
  releaseScorer,
  splineOnly,
  trackIntercept,
  type Examples,
} from './release-learner.ts';

const schema: LearnerSchema = {
  columns: [
    { name: 'lines', kind: 'count' },
    { name: 'files', kind: 'count' },
    { name: 'share', kind: 'number' },
    { name: 'fix', kind: 'number' },
  ],
  ratios: [[0, 1]],
};
const day = 86_400_000;

interface Simulated extends Examples {
  readonly rows: readonly (number | null)[][];
  readonly labels: (0 | 1)[];
  readonly times: number[];
}

function simulated(chance: Chance, n: number, shift = 0): Simulated {
  const rows = Array.from({ length: n }, (): (number | null)[] => [
    Math.floor(Math.exp(chance.normal() * 1.5 + 3)),
    Math.floor(Math.exp(chance.normal() + 1)),
    chance.uniform() < 0.1 ? null : chance.uniform(),
    chance.uniform() < 0.3 ? 1 : 0,
  ]);
  const labels = rows.map(([lines, , share]): 0 | 1 => {
    const logit = shift - 3 + 0.5 * Math.log1p(lines!) + (share ?? 0.5);
    return chance.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
  return { rows, labels, times: rows.map((_, index) => Math.floor(index / 3) * day) };
}

const trained = fitReleaseLearner(schema, simulated(seededChance(1), 1_500));
const value = fc.oneof(
  fc.double(),
  fc.constant(null),
  fc.constantFrom(0, -1, NaN, Infinity, -Infinity, Number.MAX_VALUE, 5e-324),
);
const row = fc.tuple(value, value, value, value);

test.each([
  ['the average', averageOfThree],
  ['the spline regression', splineOnly],
  ['the boosted trees', boostingOnly],
])('%s ranks new releases almost as well as the truth does', (_, settings) => {
  const scorer = releaseScorer(fitReleaseLearner(schema, simulated(seededChance(1), 1_500), settings));
  const later = simulated(seededChance(2), 4_000);
  const truth = later.rows.map(([lines, , share]) => 0.5 * Math.log1p(lines!) + (share ?? 0.5));

  const area = auc(later.rows.map((each) => scorer.predict(each).logit), later.labels)!; // prettier-ignore

  expect(area).toBeGreaterThan(auc(truth, later.labels)! - 0.03);
});

test('whatever the row, contributions add up to the log-odds to the last bit and the probability lies between 0 and 1', () => {
  const scorer = releaseScorer(trained);
  fc.assert(
    fc.property(row, (asked) => {
      const { logit, probability, base, contributions } = scorer.predict(asked);

      expect(contributions).toHaveLength(4);
      expect(contributions.reduce((sum, part) => sum + part, base)).toBe(logit);
      expect(contributions.toReversed().reduce((sum, part) => sum + part, 0) + base).toBe(logit);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
    }),
    { numRuns: 1_000 },
  );
});

test('a model is plain JSON below 100 kB, and what is read back predicts the same', () => {
  const text = JSON.stringify(trained);

  const back = releaseScorer(JSON.parse(text));

  expect(text.length).toBeLessThan(100_000);
  for (const asked of simulated(seededChance(3), 50).rows)
    expect(back.predict(asked)).toEqual(releaseScorer(trained).predict(asked));
});

test('the order of rows changes no bit', () => {
  const chance = seededChance(8);
  const { rows, labels, times } = simulated(seededChance(4), 300);
  const order = rows.map((_, index) => ({ index, at: chance.uniform() })).sort((a, b) => a.at - b.at).map(({ index }) => index); // prettier-ignore

  const mixed = fitReleaseLearner(schema, {
    rows: order.map((index) => rows[index]!),
    labels: order.map((index) => labels[index]!),
    times: order.map((index) => times[index]!),
  });

  expect(JSON.stringify(mixed)).toBe(JSON.stringify(fitReleaseLearner(schema, { rows, labels, times })));
});

test('any history can be learned from', () => {
  const history = fc.array(fc.tuple(row, fc.constantFrom<0 | 1>(0, 1), fc.integer({ min: 0, max: 1e13 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(history, row, (releases, asked) => {
      const examples = {
        rows: releases.map(([each]) => each),
        labels: releases.map(([, label]) => label),
        times: releases.map(([, , time]) => time),
      };

      const learner = trackIntercept(fitReleaseLearner(schema, examples), examples);
      const { logit, probability } = releaseScorer(JSON.parse(JSON.stringify(learner))).predict(asked);

      expect(logit).toSatisfy(Number.isFinite);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
    }),
    { numRuns: 200 },
  );
});

test('without history the odds are even', () => {
  const learner = fitReleaseLearner(schema, { rows: [], labels: [], times: [] });

  expect(releaseScorer(learner).predict([1, 2, 3, 4])).toEqual({ logit: 0, probability: 0.5, base: 0, contributions: [0, 0, 0, 0] }); // prettier-ignore
});

test('the intercept follows the newest outcomes, the ranks stay', () => {
  const riskier = simulated(seededChance(6), 1_000, 1);

  const tracked = trackIntercept(trained, riskier);

  const before = releaseScorer(trained);
  const after = releaseScorer(tracked);
  const mean = (scorer: typeof after) =>
    riskier.rows.reduce((sum, each) => sum + scorer.predict(each).probability, 0) / 1_000;
  const observed = riskier.labels.filter((label) => label === 1).length / 1_000;
  expect(observed - mean(before)).toBeGreaterThan(0.1);
  expect(mean(after)).toBeCloseTo(observed, 1);
  for (const each of riskier.rows.slice(0, 20))
    expect(after.predict(each).logit - before.predict(each).logit).toBe(tracked.shift);
  expect(trackIntercept(trained, { rows: [], labels: [], times: [] }).shift).toBeCloseTo(0, 9);
});

test('newer rows count more when old ones fade', () => {
  const rows = Array.from({ length: 400 }, () => [10, 2, 0.5, 0]);
  const labels = rows.map((_, index): 0 | 1 => (index < 200 ? 0 : 1));
  const times = rows.map((_, index) => index * 10 * day);

  const chanceWith = (halfLifeDays: number | null) =>
    releaseScorer(fitReleaseLearner(schema, { rows, labels, times }, { ...averageOfThree, halfLifeDays })).predict([10, 2, 0.5, 0]).probability; // prettier-ignore

  expect(chanceWith(null)).toBeCloseTo(0.5, 1);
  expect(chanceWith(365)).toBeGreaterThan(0.8);
});

test('sizes that do not fit and times that are no numbers are refused', () => {
  expect(() => fitReleaseLearner(schema, { rows: [[1, 1, 1, 1]], labels: [], times: [1] })).toThrow('1 rows, 0 labels');
  expect(() => fitReleaseLearner(schema, { rows: [[1, 1, 1, 1]], labels: [1], times: [NaN] })).toThrow('row 0');
});
