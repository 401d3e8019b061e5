import { describe, expect, test } from 'vitest';
import type { Contribution, LearnedFrom, RollbackPrediction } from '../prediction/prediction.ts';
import { averageWords, contributionWords, percentWords, rollbackWords } from './outlook-words.ts';

const learned: LearnedFrom = {
  deployments: 12,
  failures: 1,
  from: null,
  to: null,
  modelVersion: 'm',
  trainingDigest: 'd',
  shows: 'model',
  because: '',
  inferred: 0,
  drift: null,
};

test.each([
  [0, 'below 0.1%'],
  [0.04, 'below 0.1%'],
  [8.24, '8.2%'],
  [99.96, 'above 99.9%'],
])('a chance of %s never reads as none or certain: %s', (percent, words) => {
  expect(percentWords(percent)).toBe(words);
});

test.each([
  ['above', 83.1, '80% of releases succeeded so far; this one is expected 3.1 percentage points above that'],
  ['below', 60, '80% of releases succeeded so far; this one is expected 20 percentage points below that'],
  ['like', 80.01, '80% of releases succeeded so far; this one is in line with that'],
])('a release %s the average is said to be so', (_, projection, words) => {
  const compared = {
    averageSuccessRate: 80,
    thisReleaseProjection: projection,
    percentageImprovement: projection - 80,
  };

  expect(averageWords(compared)).toBe(words);
});

test('where all releases succeeded, so it says: it was counted and is no chance', () => {
  const compared = { averageSuccessRate: 100, thisReleaseProjection: 91, percentageImprovement: -9 };

  expect(averageWords(compared)).toMatch(/^100% of releases succeeded so far; .* 9 percentage points below that$/);
});

describe('what a figure was learned from', () => {
  const prediction: RollbackPrediction = {
    probability: 8.24,
    interval: [1, 20],
    riskLevel: 'LOW',
    shareOfFailures: { percent: 50, rolledBack: 0, failures: 0 },
    topRiskFactors: [],
    base: 0,
    contributions: [],
    historicalComparison: { similar: [], failed: 0 },
    mitigation: [],
    learnedFrom: learned,
  };

  test.each<[Partial<LearnedFrom>, string]>([
    [{}, '8.2% (LOW); model of 12 deployments, 1 failed'],
    [{ shows: 'base-rate' }, '8.2% (LOW); base rate, since the model does not beat it, of 12 deployments, 1 failed'],
    [
      { inferred: 1 },
      '8.2% (LOW); model of 12 deployments, 1 failed; 1 inferred outcome moved what is expected beforehand',
    ],
    [{ shows: 'prior', deployments: 0 }, 'not enough outcomes (n = 0); the prior expects 8.2%'],
    [
      { shows: 'prior', inferred: 7 },
      'not enough outcomes (n = 0); the prior, moved by 7 inferred outcomes, expects 8.2%',
    ],
  ])('%j: %s', (over, words) => {
    expect(rollbackWords({ ...prediction, learnedFrom: { ...learned, ...over } })).toBe(words);
  });
});

test.each<[Partial<Contribution>, string]>([
  [
    { feature: 'change_size', title: 'Change size', value: 1, usual: 72.1 },
    'Change size 1 line (usual 72.1 lines): +0.5',
  ],
  [
    { feature: 'files_changed', title: 'Files changed', value: 2, usual: 1 },
    'Files changed 2 files (usual 1 file): +0.5',
  ],
  [{ feature: 'complexity', title: 'Complexity', value: 7, usual: null }, 'Complexity 7 per function: +0.5'],
  [{ feature: 'failed_tests', title: 'Failed tests', value: 1, usual: null }, 'Failed tests 1: +0.5'],
  [{ feature: 'fix_share', title: 'Share of fixes', value: 0.25, usual: null }, 'Share of fixes 25%: +0.5'],
  [{ feature: 'off_hours', title: 'Outside working hours', value: 1, usual: null }, 'Outside working hours yes: +0.5'],
  [{ feature: 'complexity', title: 'Complexity', value: null, usual: null }, 'Complexity not known: +0.5'],
])('a value is counted in its unit: %j', (contribution, words) => {
  expect(contributionWords({ logOdds: 0.5, ...contribution } as Contribution)).toBe(words);
});
