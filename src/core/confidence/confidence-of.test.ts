import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deploymentsFrom, modelOf, simulated } from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import type { ReleaseModel } from '../prediction/release-model.ts';
import { confidenceOf } from './confidence-of.ts';
import { recommendationFor } from './recommendation.ts';

const none = modelOf([]);
const dayMs = 86_400_000;

test('without any outcome the certainty is low, there is no baseline, and the expected share is shown', () => {
  const confidence = confidenceOf(none, {}, []);

  expect(confidence.score).toBeCloseTo(90, 9);
  expect(confidence).toMatchObject({
    level: 'HIGH',
    certainty: 'LOW',
    basedOn: { historicalDeployments: 0, failures: 0, similarReleases: 0, timeWindow: null },
    comparisonToBaseline: null,
    recommendation: 'DEPLOY WITH MONITORING - nothing is known yet of how releases of this service end',
  });
});

describe('the level follows the unrounded score', () => {
  test.each([
    [94, 'VERY_HIGH'],
    [93.999, 'HIGH'],
    [85, 'HIGH'],
    [84.999, 'MEDIUM'],
    [70, 'MEDIUM'],
    [69.999, 'LOW'],
    [50, 'LOW'],
    [49.999, 'VERY_LOW'],
  ] as const)('%d is %s', (score, level) => {
    expect(confidenceOf(alwaysAt(1 - score / 100, 0), {}, []).level).toBe(level);
  });
});

describe('certainty comes from the width of the interval and the failures seen', () => {
  test.each([
    [0.2, 10, 'HIGH'],
    [0.2, 9, 'MEDIUM'],
    [0.2, 3, 'MEDIUM'],
    [0.2, 2, 'LOW'],
    [0.2, 0, 'LOW'],
    [0.5, 10, 'MEDIUM'],
    [1.5, 500, 'LOW'],
  ] as const)('a deviation of %d with %i failures is %s', (sd, failures, certainty) => {
    const model = alwaysAt(0.13, sd);

    const learned = { ...model, learnedFrom: { ...model.learnedFrom, deployments: 1_000, failures } };

    expect(confidenceOf(learned, {}, []).certainty).toBe(certainty);
  });
});

test('the baseline is the share of own releases that succeeded, and differences are points', () => {
  const deployments = deploymentsFrom(Array.from({ length: 20 }, (_, index) => ({ outcome: index < 4 ? 'failed' : 'success' }))); // prettier-ignore

  const { score, comparisonToBaseline } = confidenceOf(modelOf(deployments), {}, []);

  expect(comparisonToBaseline).toEqual({
    averageSuccessRate: 80,
    thisReleaseProjection: score,
    percentageImprovement: score - 80,
  });
});

test.each([
  [180 * dayMs, 'last_180_days'],
  [dayMs, 'last_1_days'],
  [90 * 60_000, 'last_2_hours'],
  [null, 'all_time'],
])('a window of %s is %s', (window, text) => {
  const deployments = deploymentsFrom([{ outcome: 'success' }]);

  expect(confidenceOf(modelOf(deployments, { window }, '2025-01-01T01:00:00.000Z'), {}, []).basedOn.timeWindow).toBe(
    text,
  );
});

test('similar releases are counted, all of them', () => {
  const similar = Array.from({ length: 42 }, () => ({
    version: 'v1',
    deployedAt: '',
    outcome: 'success',
    distance: 0,
  }));

  expect(confidenceOf(none, {}, similar).basedOn.similarReleases).toBe(42);
});

describe('the recommendation', () => {
  const average = { averageSuccessRate: 87.3, thisReleaseProjection: 0, percentageImprovement: 0 };

  test.each([
    [
      'VERY_HIGH',
      [91.5, 96.8],
      'HIGH',
      'DEPLOY - even the lower end of the interval is above the average of 156 deployments',
    ],
    ['VERY_HIGH', [80, 97], 'HIGH', 'DEPLOY - in line with the average of 156 deployments'],
    ['HIGH', [70, 97], 'MEDIUM', 'DEPLOY - in line with the average of 156 deployments'],
    ['VERY_HIGH', [91.5, 96.8], 'LOW', 'DEPLOY WITH MONITORING - the chance of success looks high, but 156 deployments cannot tell for sure'], // prettier-ignore
    [
      'HIGH',
      [84, 87],
      'HIGH',
      'DEPLOY WITH MONITORING - even the upper end of the interval is below the average of 156 deployments',
    ],
    ['MEDIUM', [70, 95], 'HIGH', 'DEPLOY WITH MONITORING - the chance of success is moderate'],
    ['MEDIUM', [70, 86], 'HIGH', 'HOLD - even the upper end of the interval is below the average of 156 deployments'],
    ['LOW', [40, 95], 'LOW', 'HOLD - the chance of success is low'],
    ['VERY_LOW', [10, 95], 'HIGH', 'HOLD - failure is more likely than success'],
  ] as const)('%s at %j with %s certainty: %s', (level, confidenceInterval, certainty, said) => {
    const known = { level, confidenceInterval, certainty, comparisonToBaseline: average };

    expect(recommendationFor(known, { deployments: 156 })).toBe(said);
  });

  test('a plain DEPLOY takes a high score and more than a low certainty', () => {
    const deployments = simulated(seededChance(6), 200, { intercept: -2, size: 1, spread: 0.3 });
    const models = [0, 12, 60, 200].map((releases) => modelOf(deployments.slice(0, releases)));
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.double({ min: 0, max: 1e5, noNaN: true }), (model, change_size) => {
        const { recommendation, certainty, score } = confidenceOf(model, { change_size }, []);

        if (recommendation.startsWith('DEPLOY -')) {
          expect(certainty).not.toBe('LOW');
          expect(score).toBeGreaterThanOrEqual(85);
        }
        if (score < 70) expect(recommendation).toMatch(/^HOLD - /);
      }),
      { numRuns: 200 },
    );
  });
});

/** A model that shows this chance of failure for every release. */
function alwaysAt(failure: number, sd: number): ReleaseModel {
  return {
    ...none,
    learnedFrom: { ...none.learnedFrom, shows: 'base-rate' },
    // Just below, so that rounding cannot exceed the bound.
    baseRate: { mean: Math.log(failure / (1 - failure)) - 1e-12, sd },
    // No release is known worse than the rest.
    features: [],
    mean: [Math.log(failure / (1 - failure))],
    covariance: [[sd * sd]],
  };
}
