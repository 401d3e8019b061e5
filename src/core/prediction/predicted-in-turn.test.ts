import { expect, test } from 'vitest';
import { interacting, predictionSettings } from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { fitTrees, treesLogOdds } from './boosted-trees.ts';
import { predictedInTurn, type Walk } from './predicted-in-turn.ts';
import { averageWithTrees } from './score-release.ts';
import { trainingSet } from './training-set.ts';

const set = trainingSet(interacting(seededChance(6), 1_500), { window: null }, Infinity);
const walk: Walk = { from: 900, refits: 6, treeFits: 3, most: 20_000 };
const all = predictedInTurn(set, predictionSettings, walk);

// Fits at 900, 916, 966, 1050, 1166 and 1316; trees at 1050 and, two fits later, at 1316.
test('trees enter with the first fit on a thousand outcomes, and are grown again with every few fits', () => {
  const by = (end: number, index: number) => {
    const { trial, regression } = all[index - 900]!;
    return averageWithTrees(regression, treesLogOdds(fitTrees(set.trials.slice(0, end))!, trial.features).logit);
  };

  expect(all.findIndex(({ average }) => average !== null)).toBe(150);
  expect(all.slice(150).every(({ average }) => average !== null)).toBe(true);
  expect(all[1_315 - 900]!.average).toBe(by(1_050, 1_315));
  expect(all[1_316 - 900]!.average).toBe(by(1_316, 1_316));
});

test('what comes later changes nothing before it', () => {
  const trials = set.trials.map((trial, index) =>
    index < 1_200 ? trial : { ...trial, outcome: 'failed' as const, failed: 1 as const, features: { change_size: 1 } },
  );

  const other = predictedInTurn({ ...set, trials }, predictionSettings, walk);

  expect(other.slice(0, 300)).toEqual(all.slice(0, 300));
  expect(other.slice(300)).not.toEqual(all.slice(300));
});

test('outcomes outside the window are not grown from', () => {
  const hours = (count: number) => count * 3_600_000;
  const within = (window: number) => predictedInTurn(set, { ...predictionSettings, window }, walk);

  expect(within(hours(950)).every(({ average }) => average === null)).toBe(true);
  expect(within(hours(1_000)).some(({ average }) => average !== null)).toBe(true);
});
