import { describe, expect, test } from 'vitest';
import { deploymentsFrom, modelOf } from '../../../test/support/release-histories.ts';
import { featureIds } from './features.ts';
import { mitigations, smallStart } from './mitigations.ts';
import type { ReleaseModel } from './release-model.ts';
import { rollbackPredictionOf } from './rollback-prediction-of.ts';
import { baseRateScore } from './score-release.ts';

const none = modelOf([]);

test('the chance is that of failure times the share of failures that were rolled back', () => {
  const outcomes = [
    'rolled-back',
    'rolled-back',
    'hotfixed',
    'failed',
    ...Array<'success'>(16).fill('success'),
  ] as const;
  const model = modelOf(deploymentsFrom(outcomes.map((outcome) => ({ outcome }))));
  const { probability, interval, shareOfFailures } = rollbackPredictionOf(model, {}, []);

  const failure = baseRateScore(model.baseRate);

  expect(shareOfFailures).toEqual({ percent: 50, rolledBack: 2, failures: 4 });
  expect(probability).toBeLessThan(100 * failure.probability);
  expect(probability).toBeGreaterThan(5);
  expect(interval[0]).toBeLessThan(probability);
  expect(interval[1]).toBeGreaterThan(probability);
});

describe('the level follows the unrounded chance', () => {
  test.each([
    [14.999, 'LOW'],
    [15, 'MEDIUM'],
    [29.999, 'MEDIUM'],
    [30, 'HIGH'],
    [49.999, 'HIGH'],
    [50, 'CRITICAL'],
  ] as const)('%d %% is %s', (percent, level) => {
    const { probability, riskLevel, mitigation } = rollbackPredictionOf(alwaysAt(percent / 100), {}, []);

    expect(probability).toBeCloseTo(percent, 5);
    expect(riskLevel).toBe(level);
    expect(mitigation).toEqual(level === 'LOW' ? [] : [{ feature: null, action: smallStart }]);
  });
});

test('what raises the chance is named, largest first, each with what to do about it, and nothing else is', () => {
  const features = { failed_tests: 3, critical_bugs: 1, test_coverage: 95, off_hours: 0 };

  const { topRiskFactors, mitigation, riskLevel } = rollbackPredictionOf(none, features, []);

  expect(topRiskFactors.map(({ feature }) => feature)).toEqual(['failed_tests', 'critical_bugs']);
  expect(topRiskFactors[0]?.logOdds).toBeCloseTo(0.15 * (Math.log(4) / Math.log(2)), 12);
  expect(riskLevel).toBe('LOW');
  expect(mitigation).toEqual([
    { feature: 'failed_tests', action: mitigations.failed_tests },
    { feature: 'critical_bugs', action: mitigations.critical_bugs },
  ]);
});

test('at most five factors and five similar releases are shown, and how many of those failed', () => {
  const features = Object.fromEntries(featureIds.map((id) => [id, id === 'test_coverage' ? 20 : 60]));
  const similar = ['success', 'failed', 'success', 'rolled-back', 'success', 'failed'].map((outcome, index) => ({
    version: `v${index}`,
    deployedAt: '2025-01-01T00:00:00.000Z',
    outcome,
    distance: index / 10,
  }));

  const { topRiskFactors, historicalComparison } = rollbackPredictionOf(none, features, similar);

  expect(topRiskFactors).toHaveLength(5);
  expect(historicalComparison).toEqual({ similar: similar.slice(0, 5), failed: 2 });
});

/** A model that shows this chance of a rollback for every release. */
function alwaysAt(share: number): ReleaseModel {
  // Just above, so that rounding cannot fall below the bound.
  const odds = share / (1 - share);
  return {
    ...none,
    learnedFrom: { ...none.learnedFrom, shows: 'base-rate' },
    baseRate: { mean: Math.log(odds) + 1e-12, sd: 0 },
    rolledBackShare: { mean: 1, interval: [1, 1] },
  };
}
