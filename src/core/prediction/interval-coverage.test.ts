import { describe, expect, test } from 'vitest';
import { predictionSettings } from '../../../test/support/release-histories.ts';
import { seededChance, type Chance } from '../../../test/support/seeded-chance.ts';
import { coefficientPriors } from './coefficient-prior.ts';
import { unscaled } from './feature-scale.ts';
import { featureIds, featureOf, type FeatureId, type FeatureValues } from './features.ts';
import { expectedRate, fitCoefficients } from './fit-coefficients.ts';
import type { Reference } from './release-model.ts';
import { modelScore } from './score-release.ts';
import type { Trial } from './training-set.ts';

const expected = expectedRate(predictionSettings, { failures: 0, successes: 0 });

/** What the values of a feature vary around in one team. Without own releases it is the fixed reference; a change feature then has none. */
function usualOf(chance: Chance, feature: FeatureId, releases: number): Pick<Reference, 'center' | 'scale'> | null {
  const fixed = coefficientPriors[feature].reference;
  if (releases === 0 || featureOf(feature).unit === 'yes-no') return fixed;
  const { unit } = featureOf(feature);
  if (unit === '%') return { center: 60 + 20 * chance.uniform(), scale: 3 + 5 * chance.uniform() };
  if (unit === 'share') return { center: 0.5, scale: feature === 'fix_share' ? 0.5 : 0.15 + 0.1 * chance.uniform() };
  return { center: 6 + chance.uniform(), scale: 0.75 + 0.5 * chance.uniform() };
}

interface Team {
  readonly intercept: number;
  readonly coefficients: Readonly<Record<string, number>>;
  readonly usual: Readonly<Record<string, Pick<Reference, 'center' | 'scale'> | null>>;
}

function drawTeam(chance: Chance, releases: number): Team {
  return {
    intercept: expected.mean + expected.sd * chance.normal(),
    coefficients: Object.fromEntries(
      featureIds.map((id) => [id, coefficientPriors[id].mean + coefficientPriors[id].sd * chance.normal()]),
    ),
    usual: Object.fromEntries(featureIds.map((id) => [id, usualOf(chance, id, releases)])),
  };
}

/** A release and its true chance of failure. */
function drawRelease(chance: Chance, { intercept, coefficients, usual }: Team) {
  let logit = intercept;
  const features: Partial<Record<FeatureId, number>> = {};
  for (const id of featureIds) {
    const around = usual[id];
    if (!around) continue;
    const z =
      featureOf(id).unit === 'yes-no' ? (chance.uniform() < 0.3 ? 1 : 0) : Math.max(-3, Math.min(3, chance.normal()));
    // An amount cannot be below 0.
    const onScale = Math.max(around.center + z * around.scale, featureOf(id).unit === 'share' ? -Infinity : 0);
    features[id] = unscaled(id, onScale);
    logit += (coefficients[id]! * (onScale - around.center)) / around.scale;
  }
  return { features: features as FeatureValues, truth: 1 / (1 + Math.exp(-logit)) };
}

describe('how often the 95 % interval holds the true chance of a release, when teams are as the prior says', () => {
  test.each([
    [0, 1500],
    [10, 800],
    [25, 800],
    [100, 500],
    [500, 200],
  ])('%i outcomes', (releases, teams) => {
    const chance = seededChance(releases + 17);
    let held = 0;
    let asked = 0;
    let predicted = 0;
    let actual = 0;
    for (let draw = 0; draw < teams; draw += 1) {
      const team = drawTeam(chance, releases);
      const trials = Array.from({ length: releases }, (_, index): Trial => {
        const { features, truth } = drawRelease(chance, team);
        const failed = chance.uniform() < truth ? 1 : 0;
        return { deployment: `d${index}`, version: '', deployedAt: '', at: index, outcome: failed ? 'failed' : 'success', failed, features }; // prettier-ignore
      });
      const model = fitCoefficients(trials, expected);
      for (let question = 0; question < 6; question += 1) {
        const { features, truth } = drawRelease(chance, team);
        const { probability, interval } = modelScore(model, features);
        asked += 1;
        predicted += probability;
        actual += truth;
        if (interval[0] <= truth && truth <= interval[1]) held += 1;
      }
    }

    expect(held / asked).toBeGreaterThan(0.93);
    expect(held / asked).toBeLessThan(0.97);
    expect(Math.abs(predicted - actual) / asked).toBeLessThan(0.02);
  });
});
