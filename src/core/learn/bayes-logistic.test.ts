import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { fitLogistic, meanProbability, predictLogistic, type NormalPrior } from './bayes-logistic.ts';

const prior: NormalPrior = { mean: [-1, 0.5], sd: [1, 2] };
const value = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.constantFrom(0, 1, 1e-300, 1e9, -1e300, Number.MAX_VALUE, Infinity),
);
const history = fc.array(fc.tuple(value, value, fc.constantFrom<0 | 1>(0, 1), fc.constantFrom(0, 0.25, 1, 3)), {
  maxLength: 12,
});

describe('how often the 95 % interval holds the true probability when the prior is that of the truth', () => {
  test.each([
    [0, 1500],
    [10, 1500],
    [25, 1500],
    [100, 1200],
    [500, 300],
  ])('%i rows', (n, draws) => {
    const chance = seededChance(n + 1);
    const truth: NormalPrior = { mean: [-1.5, 0, 0, 0, 0, 0, 0], sd: [1.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5] };
    const row = () => truth.mean.map((_, column) => (column === 0 ? 1 : 0.5 * chance.normal()));
    let held = 0;
    let asked = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const coefficients = truth.mean.map((mean, column) => mean + truth.sd[column]! * chance.normal());
      const probabilityOf = (x: readonly number[]) =>
        1 / (1 + Math.exp(-x.reduce((sum, entry, column) => sum + entry * coefficients[column]!, 0)));
      const rows = Array.from({ length: n }, row);
      const labels = rows.map((x): 0 | 1 => (chance.uniform() < probabilityOf(x) ? 1 : 0));
      const posterior = fitLogistic(rows, labels, truth);
      for (let question = 0; question < 5; question += 1) {
        const x = row();
        const { interval } = predictLogistic(posterior, x);
        asked += 1;
        if (interval[0] <= probabilityOf(x) && probabilityOf(x) <= interval[1]) held += 1;
      }
    }

    expect(held / asked).toBeGreaterThan(0.93);
    expect(held / asked).toBeLessThan(0.97);
  });
});

test('with one column the posterior has the mean and the variance of the exact one', () => {
  const labels = [1, 1, 1, 0] as const;
  const posterior = fitLogistic([[1], [1], [1], [1]], labels, { mean: [0], sd: [1.5] });

  // On a fine grid of log-odds.
  const grid = Array.from({ length: 24_001 }, (_, index) => (index - 12_000) / 1_000);
  const density = grid.map((f) => Math.exp(-0.5 * (f / 1.5) ** 2 + 3 * f - 4 * Math.log1p(Math.exp(f))));
  const mass = density.reduce((a, b) => a + b, 0);
  const mean = density.reduce((sum, d, index) => sum + d * grid[index]!, 0) / mass;
  const variance = density.reduce((sum, d, index) => sum + d * (grid[index]! - mean) ** 2, 0) / mass;
  expect(posterior.mean[0]).toBeCloseTo(mean, 2);
  expect(posterior.covariance[0]![0]! / variance).toBeCloseTo(1, 1);
});

test('without rows the prior comes back, with weights of nothing too', () => {
  const back = { mean: [-1, 0.5], covariance: [[1, 0], [0, 4]] }; // prettier-ignore

  expect(fitLogistic([], [], prior)).toEqual(back);
  expect(fitLogistic([[1, 1]], [1], prior, [0])).toEqual(back);
});

test('a row of weight two counts as two rows', () => {
  const twice = fitLogistic([[1, 0.3], [1, 0.3], [1, -1]], [1, 1, 0], prior); // prettier-ignore
  const weighted = fitLogistic([[1, 0.3], [1, -1]], [1, 0], prior, [2, 1]); // prettier-ignore

  weighted.mean.forEach((mean, column) => expect(mean).toBeCloseTo(twice.mean[column]!, 1));
});

test('failures raise the chance of failure and shrink its interval', () => {
  const none = predictLogistic(fitLogistic([], [], prior), [1, 0]);
  const some = predictLogistic(
    fitLogistic(
      Array.from({ length: 20 }, () => [1, 0]),
      Array(20).fill(1),
      prior,
    ),
    [1, 0],
  );

  expect(some.probability).toBeGreaterThan(none.probability + 0.3);
  expect(some.interval[1] - some.interval[0]).toBeLessThan(none.interval[1] - none.interval[0]);
});

test('many rows give what few rows give, where the method changes', () => {
  const chance = seededChance(3);
  const rows = Array.from({ length: 2_001 }, () => [1, chance.normal()]);
  const labels = rows.map(([, x]): 0 | 1 => (chance.uniform() < 1 / (1 + Math.exp(1.5 - x!)) ? 1 : 0));

  const laplace = fitLogistic(rows, labels, prior);
  const propagated = fitLogistic(rows.slice(1), labels.slice(1), prior);

  laplace.mean.forEach((mean, column) => expect(mean).toBeCloseTo(propagated.mean[column]!, 1));
  expect(laplace.mean[1]).toBeGreaterThan(0.8);
});

test('whatever the rows, every number is finite and a probability lies between 0 and 1 and in its interval', () => {
  fc.assert(
    fc.property(history, value, (rows, asked) => {
      const posterior = fitLogistic(
        rows.map(([one, other]) => [one, other]),
        rows.map(([, , label]) => label),
        prior,
        rows.map(([, , , weight]) => weight),
      );
      const { logit, sd, probability, interval } = predictLogistic(posterior, [1, asked]);

      for (const number of [...posterior.mean, ...posterior.covariance.flat(), logit, sd])
        expect(number).toSatisfy(Number.isFinite);
      expect(interval[0]).toBeGreaterThan(0);
      expect(interval[1]).toBeLessThan(1);
      expect(probability).toBeGreaterThanOrEqual(interval[0]);
      expect(probability).toBeLessThanOrEqual(interval[1]);
    }),
    { numRuns: 300 },
  );
});

test('the order of rows changes no bit', () => {
  fc.assert(
    fc.property(history, fc.nat(), (rows, turn) => {
      const fit = (all: typeof rows) =>
        fitLogistic(
          all.map(([one, other]) => [one, other]),
          all.map(([, , label]) => label),
          prior,
          all.map(([, , , weight]) => weight),
        );
      const at = rows.length === 0 ? 0 : turn % rows.length;

      expect(fit([...rows.slice(at), ...rows.slice(0, at)].reverse())).toEqual(fit(rows));
    }),
    { numRuns: 200 },
  );
});

test.each([
  [
    'separable rows',
    [
      [1, -1],
      [1, 1],
    ],
    [0, 1],
  ],
  [
    'one class',
    [
      [1, -1],
      [1, 1],
    ],
    [0, 0],
  ],
  [
    'a constant column',
    [
      [1, 7],
      [1, 7],
    ],
    [0, 1],
  ],
  [
    'columns that are the same',
    [
      [1, 1],
      [1, 1],
    ],
    [0, 1],
  ],
] as const)('%s have a posterior narrower than the prior', (_, rows, labels) => {
  // prettier-ignore
  const few = fitLogistic(rows, labels, prior);
  const many = fitLogistic(Array.from({ length: 1_500 }, () => rows).flat(), Array.from({ length: 1_500 }, () => labels).flat(), prior); // prettier-ignore

  for (const posterior of [few, many]) {
    expect(posterior.mean.every(Number.isFinite)).toBe(true);
    expect(posterior.covariance[0]![0]).toBeLessThan(1);
    expect(posterior.covariance[0]![0]).toBeGreaterThan(0);
  }
});

test.each([
  ['rows of other length', () => fitLogistic([[1]], [1], prior)],
  ['NaN', () => fitLogistic([[1, NaN]], [1], prior)],
  ['too few labels', () => fitLogistic([[1, 1]], [], prior)],
  ['a deviation of 0', () => fitLogistic([], [], { mean: [0], sd: [0] })],
  ['a weight below 0', () => fitLogistic([[1, 1]], [1], prior, [-1])],
  ['a question of other length', () => predictLogistic(fitLogistic([], [], prior), [1])],
])('%s are refused', (_, act) => {
  expect(act).toThrow(RangeError);
});

test('the mean probability of even odds is one half, however unsure', () => {
  expect(meanProbability(0, 0)).toBe(0.5);
  expect(meanProbability(0, 3)).toBeCloseTo(0.5, 12);
  // Known value: the integral by adaptive quadrature.
  expect(meanProbability(-2, 1)).toBeCloseTo(0.155462518530124, 9);
});
