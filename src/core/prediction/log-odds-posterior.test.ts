import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanProbability } from '../learn/bayes-logistic.ts';
import { centerFor, logOddsAfter, shareAfter } from './log-odds-posterior.ts';

const prior = { mean: -2, sd: 1 };

test('without outcomes the prior comes back', () => {
  expect(logOddsAfter({ failures: 0, successes: 0 }, prior)).toBe(prior);
});

test('mean and deviation are those of the exact posterior', () => {
  const { mean, sd } = logOddsAfter({ failures: 2, successes: 9 }, prior);

  // On a fine grid of log-odds.
  const grid = Array.from({ length: 20_001 }, (_, index) => (index - 10_000) / 1_000);
  const mass = grid.map((f) => Math.exp(-0.5 * (f + 2) ** 2 + 2 * f - 11 * Math.log1p(Math.exp(f))));
  const total = mass.reduce((a, b) => a + b, 0);
  const exact = grid.reduce((sum, f, index) => sum + f * mass[index]!, 0) / total;
  const variance = grid.reduce((sum, f, index) => sum + (f - exact) ** 2 * mass[index]!, 0) / total;
  expect(mean).toBeCloseTo(exact, 6);
  expect(sd).toBeCloseTo(Math.sqrt(variance), 6);
});

test('one failure more never lowers the log-odds, and any count leaves finite numbers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }), (failures, successes) => {
      const { mean, sd } = logOddsAfter({ failures, successes }, prior);

      expect(logOddsAfter({ failures: failures + 1, successes }, prior).mean).toBeGreaterThan(mean - 1e-9);
      expect(mean).toSatisfy(Number.isFinite);
      expect(sd).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});

test.each([0.001, 0.05, 0.1, 0.5, 0.9])(
  'the center for %d is that of a normal whose mean probability it is',
  (share) => {
    expect(meanProbability(centerFor(share, 1), 1)).toBeCloseTo(share, 9);
  },
);

// Quantiles of Beta distributions with one parameter of 1 have a closed form.
test.each([
  [0, 0, 0.5, 0.025, 0.975],
  [9, 0, 10 / 11, 0.025 ** 0.1, 0.975 ** 0.1],
  [0, 4, 1 / 6, 1 - 0.975 ** 0.2, 1 - 0.025 ** 0.2],
])('a share of %i hits and %i misses', (hits, misses, mean, low, high) => {
  const share = shareAfter(hits, misses);

  expect(share.mean).toBeCloseTo(mean, 12);
  expect(share.interval[0]).toBeCloseTo(low, 3);
  expect(share.interval[1]).toBeCloseTo(high, 3);
});
