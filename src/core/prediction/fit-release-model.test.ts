import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deploymentsFrom,
  interacting,
  modelOf,
  simulated,
  someFeatures,
  someHistory,
} from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { confidenceOf } from '../confidence/confidence-of.ts';
import { possibleZ, unscaled, zOf } from './feature-scale.ts';
import { featureIds } from './features.ts';
import { rollbackPredictionOf } from './rollback-prediction-of.ts';
import { modelScore, scoreRelease } from './score-release.ts';
import { similarReleases } from './similar-releases.ts';

/** Long enough for boosted trees, which beat the regression on it. */
const long = modelOf(interacting(seededChance(6), 1_500));

const full = simulated(seededChance(5), 120, { intercept: -1.5, size: 1.2, spread: 0.4 });

describe('whatever the history', () => {
  test('every chance lies between nothing and everything, in its interval, and adds up', () => {
    fc.assert(
      fc.property(someHistory, someFeatures, (deployments, features) => {
        const model = modelOf(deployments);
        const similar = similarReleases(model, features, deployments);
        const confidence = confidenceOf(model, features, similar);
        const rollback = rollbackPredictionOf(model, features, similar);

        for (const [percent, [low, high]] of [
          [confidence.score, confidence.confidenceInterval],
          [rollback.probability, rollback.interval],
        ] as const) {
          expect(low).toBeGreaterThan(0);
          expect(high).toBeLessThan(100);
          expect(percent).toBeGreaterThanOrEqual(low);
          expect(percent).toBeLessThanOrEqual(high);
        }
        expect(rollback.probability).toBeLessThanOrEqual(100 - confidence.score);
        for (const { base, contributions } of [confidence, rollback]) {
          const sum = contributions.reduce((all, { logOdds }) => all + logOdds, base);
          expect(sum).toBeCloseTo(Math.log((100 - confidence.score) / confidence.score), 8);
        }
        expect(JSON.stringify([model, confidence, rollback])).not.toMatch(/null,null,null|NaN|Infinity/);
        expect(model.mean.concat(model.covariance.flat()).every(Number.isFinite)).toBe(true);
        expect(JSON.stringify(model).length).toBeLessThan(100_000);
      }),
      { numRuns: 250 },
    );
  });

  test('base and contributions add up to the log-odds that are shown', () => {
    const models = [...[0, 3, 12, 120].map((releases) => modelOf(full.slice(0, releases))), long];

    fc.assert(
      fc.property(someFeatures, fc.constantFrom(...models), (features, model) => {
        const { probability, base, contributions } = scoreRelease(model, features);

        const shown = Math.log(probability) - Math.log1p(-probability);

        expect(Math.abs(contributions.reduce((sum, { logOdds }) => sum + logOdds, base) - shown)).toBeLessThan(1e-12);
      }),
      { numRuns: 400 },
    );
  });

  test('its order changes nothing, also among deployments of one instant', () => {
    fc.assert(
      fc.property(someHistory, fc.nat(), (deployments, turn) => {
        const at = deployments.length === 0 ? 0 : turn % deployments.length;

        const turned = [...deployments.slice(at), ...deployments.slice(0, at)].reverse();

        expect(modelOf(turned)).toEqual(modelOf(deployments));
      }),
      { numRuns: 100 },
    );
  });

  test('what is pending, guessed or dated after now never counts as an outcome', () => {
    fc.assert(
      fc.property(someHistory, (deployments) => {
        const model = modelOf(deployments, {}, '2025-01-01T10:00:00.000Z');

        const counted = deployments.filter(
          ({ outcome, basis, deployedAt }) =>
            outcome !== 'pending' && basis === 'observed' && deployedAt <= '2025-01-01T10:00:00.000Z',
        );
        expect(model.learnedFrom.deployments).toBe(counted.length);
        expect(model.learnedFrom.failures).toBe(counted.filter(({ outcome }) => outcome !== 'success').length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a feature that goes missing', () => {
  const histories = [...[0, 3, 12, 60, 120].map((releases) => modelOf(described(releases))), long, long, long];

  test('that own releases had never raises the lower bound of success and never lowers the upper', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...histories),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: featureIds.length, maxLength: featureIds.length }), // prettier-ignore
        fc.subarray([...featureIds]),
        fc.constantFrom(...featureIds),
        (model, places, given, lost) => {
          const features = Object.fromEntries(
            featureIds.flatMap((id, index) => {
              const reference = model.references[id];
              if (!reference || (id !== lost && !given.includes(id))) return [];
              if (id === lost && reference.releases === 0) return [];
              const [low, high] = possibleZ(id, reference);
              const z = low + places[index]! * (high - low);
              return [[id, unscaled(id, reference.center + z * reference.scale)]];
            }),
          );
          const { [lost]: _, ...rest } = features;

          const [best, worst] = modelScore(model, features).interval;
          const [bestWithout, worstWithout] = modelScore(model, rest).interval;

          expect(bestWithout).toBeLessThanOrEqual(best * (1 + 1e-9));
          expect(1 - worstWithout).toBeLessThanOrEqual((1 - worst) * (1 + 1e-9));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('stands at its usual value in the score', () => {
    const model = modelOf(described(60));
    const usual = Object.fromEntries(model.features.map((id) => [id, unscaled(id, model.references[id]!.center)]));

    const { change_size: _, ...rest } = usual;

    expect(modelScore(model, rest).probability).toBeCloseTo(modelScore(model, usual).probability, 12);
    expect(modelScore(model, rest).contributions.find(({ feature }) => feature === 'change_size')?.value).toBeNull();
  });
});

test('of a feature that fewer than five releases had nothing is said, and its value is shown', () => {
  const contribution = (releases: number) =>
    modelScore(modelOf(described(releases)), { change_size: 5_000 }).contributions.find(({ feature }) => feature === 'change_size'); // prettier-ignore

  expect(contribution(4)).toEqual({
    feature: 'change_size',
    title: 'Change size',
    value: 5_000,
    usual: null,
    logOdds: 0,
  });
  expect(contribution(5)?.logOdds).toBeGreaterThan(0.3);
  expect(contribution(5)?.usual).toBeGreaterThan(0);
});

test.each([0, 19, 200])('of %i releases none had a feature: that it is missing changes nothing', (releases) => {
  const model = modelOf(simulated(seededChance(1), releases, { intercept: -1, size: 1, spread: 0 }));
  const sized = { change_size: 100, change_spread: 0.4 };
  const usual = { ...sized, complexity: unscaled('complexity', model.references.complexity!.center) };

  expect(model.references.complexity?.releases).toBe(0);
  expect(modelScore(model, sized).interval).toEqual(modelScore(model, usual).interval);
});

test('a value further out than three spreads counts as three', () => {
  const model = modelOf(full);
  const reference = model.references.change_size!;

  expect(zOf('change_size', reference, Number.MAX_VALUE)).toBe(3);
  expect(modelScore(model, { change_size: 1e300 }).probability).toBe(
    modelScore(model, { change_size: 1e9 }).probability,
  );
});

describe('without any outcome', () => {
  test('the expected share is shown, marked as such', () => {
    const { learnedFrom, baseRate, ownRecord, trees } = modelOf([], { priorFailureRate: 0.2 });
    const { probability } = scoreRelease(modelOf([], { priorFailureRate: 0.2 }), {});

    expect(probability).toBeCloseTo(0.2, 9);
    expect(learnedFrom).toMatchObject({
      deployments: 0,
      failures: 0,
      from: null,
      to: null,
      shows: 'prior',
      drift: null,
    });
    expect(learnedFrom.because).toBe('no outcome is known yet: 20% of releases are expected to fail');
    expect({ sd: baseRate.sd, ownRecord, trees }).toEqual({ sd: 1, ownRecord: null, trees: null });
  });

  test('guessed outcomes move what is expected, by no more than five outcomes would, and make nothing surer', () => {
    const guessed = (count: number, outcome: 'failed' | 'success') =>
      modelOf(deploymentsFrom(Array.from({ length: count }, () => ({ outcome, basis: 'inferred' as const }))));

    const [some, many] = [guessed(20, 'failed'), guessed(5_000, 'failed')];

    expect(scoreRelease(some, {}).probability).toBeGreaterThan(0.15);
    expect(scoreRelease(many, {}).probability).toBeLessThan(0.5);
    expect(scoreRelease(guessed(5_000, 'success'), {}).probability).toBeLessThan(0.1);
    expect(many.learnedFrom).toMatchObject({ deployments: 0, failures: 0, inferred: 5_000, shows: 'prior' });
    expect(many.baseRate.sd).toBe(1);
  });
});

test('only outcomes in the window are learned from', () => {
  const model = modelOf(full, { window: 10 * 3_600_000 }, full[99]!.deployedAt);

  expect(model.learnedFrom).toMatchObject({ deployments: 11, from: full[89]!.deployedAt, to: full[99]!.deployedAt });
  expect(model.learnedFrom.because).toContain('20 deployments dated after now were left out');
});

test('the training digest follows every outcome, feature and setting, and nothing else', () => {
  const digest = modelOf(full).learnedFrom.trainingDigest;
  const [first, ...rest] = full;

  expect(modelOf(full, {}, '2099-01-01T00:00:00.000Z').learnedFrom.trainingDigest).toBe(digest);
  expect(modelOf([...full].reverse()).learnedFrom.trainingDigest).toBe(digest);
  for (const other of [
    modelOf(rest),
    modelOf([{ ...first!, outcome: first!.outcome === 'success' ? 'failed' : 'success' }, ...rest]),
    modelOf([{ ...first!, facts: { features: { change_size: 1 } } }, ...rest]),
    modelOf(full, { priorFailureRate: 0.11 }),
  ])
    expect(other.learnedFrom.trainingDigest).not.toBe(digest);
});

test('more outcomes make intervals narrower on average', () => {
  const chance = seededChance(8);
  const sizes = [0, 10, 40, 160, 640];
  const widths = sizes.map(() => 0);

  for (let team = 0; team < 20; team += 1) {
    const all = simulated(chance, 640, { intercept: -1.5, size: 0.7, spread: 0.1 });
    sizes.forEach((size, index) => {
      const { interval } = modelScore(modelOf(all.slice(0, size)), { change_size: 150, change_spread: 0.5 });
      widths[index]! += interval[1] - interval[0];
    });
  }

  expect([...widths].sort((a, b) => b - a)).toEqual(widths);
});

/** Releases of which everything is known. */
function described(releases: number) {
  const chance = seededChance(releases);
  return deploymentsFrom(
    Array.from({ length: releases }, () => ({
      outcome: chance.uniform() < 0.25 ? ('failed' as const) : ('success' as const),
      features: Object.fromEntries(featureIds.map((id) => [id, Math.floor(chance.uniform() * (id === 'off_hours' || id === 'end_of_week' ? 2 : 90))])), // prettier-ignore
    })),
  );
}

test('before any outcome the expected share is shown, whatever it is', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (priorFailureRate) => {
      const { probability, interval } = scoreRelease(modelOf([], { priorFailureRate }), {});

      expect(probability / priorFailureRate).toBeCloseTo(1, 4);
      expect(interval[0]).toBeLessThan(probability);
      expect(interval[1]).toBeGreaterThan(probability);
    }),
    { numRuns: 60 },
  );
});
