import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deploymentsFrom,
  interacting,
  modelOf,
  predictionSettings,
  simulated,
  someHistory,
} from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { logLoss } from '../learn/measures.ts';
import { fewestToAverage } from './average-record.ts';
import { predictedInTurn } from './predicted-in-turn.ts';
import { modelScore, scoreRelease } from './score-release.ts';
import { trainingSet } from './training-set.ts';
import { walkForward } from './walk-forward.ts';

const settings = predictionSettings;

test('each observed outcome is predicted once, oldest first, with chances between 0 and 1', () => {
  fc.assert(
    fc.property(someHistory, (deployments) => {
      const forecasts = walkForward({ deployments, settings });

      const known = deployments.filter(({ outcome, basis }) => outcome !== 'pending' && basis === 'observed');
      expect(forecasts.map(({ deployment }) => deployment).sort()).toEqual(
        known.map(({ deployment }) => deployment).sort(),
      );
      expect(
        [...forecasts].sort((a, b) => (a.deployedAt < b.deployedAt ? -1 : a.deployedAt > b.deployedAt ? 1 : 0)),
      ).toEqual(forecasts);
      for (const { probability, baseRate, shown, rollbackProbability } of forecasts) {
        for (const chance of [probability, baseRate, shown, rollbackProbability]) {
          expect(chance).toBeGreaterThan(0);
          expect(chance).toBeLessThan(1);
        }
        expect(rollbackProbability).toBeLessThan(shown);
      }
    }),
    { numRuns: 60 },
  );
});

test('what comes later changes no forecast', () => {
  const all = simulated(seededChance(4), 90, { intercept: -1, size: 1, spread: 0 });
  const before = walkForward({ deployments: all, settings }).slice(0, 41);

  const other = all.map((each, index) =>
    index < 40 ? each : { ...each, outcome: 'failed' as const, facts: { features: { change_size: 9 } } },
  );

  const after = walkForward({ deployments: other, settings });
  expect(after.slice(0, 40)).toEqual(before.slice(0, 40));
  // Of the release itself the outcome is not known either; its features are.
  const retold = all.map((each, index) => (index === 40 ? { ...each, outcome: 'failed' as const } : each));
  expect(walkForward({ deployments: retold, settings })[40]).toEqual({ ...before[40], outcome: 'failed' });
});

test('guesses about later releases change no forecast either', () => {
  const all = simulated(seededChance(4), 60, { intercept: -1, size: 1, spread: 0 });
  const guessed = deploymentsFrom(
    Array.from({ length: 60 }, (_, index) => ({
      outcome: 'failed' as const,
      basis: 'inferred' as const,
      hour: 1_000_000 + index,
    })),
  );

  const forecasts = walkForward({ deployments: [...all, ...guessed], settings });

  expect(forecasts).toEqual(walkForward({ deployments: all, settings }));
});

test('of one instant no release knows of another', () => {
  const parts = (['success', 'failed', 'failed', 'success'] as const).map((outcome) => ({ outcome, hour: 5 }));

  const forecasts = walkForward({
    deployments: deploymentsFrom([{ outcome: 'success', hour: 1 }, ...parts]),
    settings,
  });

  expect(forecasts.map(({ known }) => known)).toEqual([0, 1, 1, 1, 1]);
  expect(new Set(forecasts.slice(1).map(({ probability }) => probability)).size).toBe(1);
});

test('the first forecast is what is expected before any outcome', () => {
  const [first] = walkForward({ deployments: deploymentsFrom([{ outcome: 'success' }]), settings });

  expect(first?.probability).toBeCloseTo(0.1, 9);
  expect(first?.baseRate).toBeCloseTo(0.1, 9);
  expect(first?.rollbackProbability).toBeCloseTo(0.05, 9);
  expect(first?.known).toBe(0);
});

describe('the model is shown only while it beats the share of failures', () => {
  test('where size says nothing, the share of failures is shown for every release alike', () => {
    const model = modelOf(simulated(seededChance(2), 150, { intercept: -1, size: -0.6, spread: 0 }));

    const [small, large] = [{ change_size: 10 }, { change_size: 3_000 }].map((features) =>
      scoreRelease(model, features),
    );

    expect(model.learnedFrom.shows).toBe('base-rate');
    expect(model.learnedFrom.because).toMatch(/^the model did not beat the share of failures on 140 later releases with \d+ failures .*: log-loss 0\.\d{4} against 0\.\d{4}, Brier score 0\.\d{4} against 0\.\d{4}$/); // prettier-ignore
    expect(small?.probability).toBe(large?.probability);
    // How the share is known says less than how any one release is known.
    for (const [score, features] of [
      [small, { change_size: 10 }],
      [large, { change_size: 3_000 }],
    ] as const) {
      const [least, most] = modelScore(model, features).interval;
      expect(score!.interval[0]).toBeLessThanOrEqual(least);
      expect(score!.interval[1]).toBeGreaterThanOrEqual(most);
    }
    expect(small?.contributions).toEqual([]);
  });

  test('where it does, the model is shown, with the figures', () => {
    const model = modelOf(simulated(seededChance(3), 150, { intercept: -1, size: 1.2, spread: 0.3 }));

    const { logLoss, baseRateLogLoss, brier, baseRateBrier } = model.ownRecord!;

    expect(model.learnedFrom.shows).toBe('model');
    expect(model.learnedFrom.because).toContain(logLoss.toFixed(4));
    expect(logLoss).toBeLessThan(baseRateLogLoss);
    expect(brier).toBeLessThan(baseRateBrier);
  });

  test('before there are enough later releases, the model is shown as not yet compared', () => {
    const { learnedFrom, ownRecord } = modelOf(simulated(seededChance(3), 29, { intercept: -1, size: 1, spread: 0 }));

    expect(learnedFrom.shows).toBe('model');
    expect(learnedFrom.because).toMatch(/^not yet compared with the share of failures alone: that takes 20 releases after the first 10, with 3 failures and 3 successes among them; so far there are 19, with \d+ failures$/); // prettier-ignore
    expect(ownRecord).toBeNull();
  });

  test('forecasts show the same: the model first, the share of failures once the model has failed', () => {
    const deployments = simulated(seededChance(2), 300, { intercept: -1, size: -0.9, spread: 0 });

    const forecasts = walkForward({ deployments, settings });

    expect(forecasts.slice(0, 20).every(({ shown, probability }) => shown === probability)).toBe(true);
    expect(forecasts.slice(40, 60).every(({ shown, baseRate }) => shown === baseRate)).toBe(true);
  });
});

test('in a long history that coefficients cannot describe, forecasts turn to the average with trees, and get better', () => {
  const deployments = interacting(seededChance(6), 2_000);
  const set = trainingSet(deployments, { window: null }, Infinity);
  const parts = predictedInTurn(set, settings, { from: 0, refits: 50, treeFits: 10, most: 20_000 });

  const forecasts = walkForward({ deployments, settings });

  const turned = forecasts.findIndex(({ probability }, index) => probability !== parts[index]!.regression);
  const first = parts.findIndex(({ average }) => average !== null);
  expect(first).toBeGreaterThanOrEqual(1_000);
  expect(turned).toBe(first + fewestToAverage);
  expect(forecasts.slice(turned).map(({ probability }) => probability)).toEqual(
    parts.slice(turned).map(({ average }) => average),
  );
  const labels = parts.slice(turned).map(({ trial }) => trial.failed);
  const lossOf = (chances: readonly number[]) => logLoss(chances.slice(turned), labels)!;
  expect(lossOf(forecasts.map(({ shown }) => shown))).toBeLessThan(lossOf(parts.map(({ regression }) => regression)) - 0.01); // prettier-ignore
});
