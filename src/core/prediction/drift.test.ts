import { expect, test } from 'vitest';
import { deploymentsFrom, modelOf, predictionSettings, simulated } from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { driftAlarmRate, driftOf } from './drift.ts';
import { expectedRate } from './fit-coefficients.ts';
import { scoreRelease } from './score-release.ts';
import { trainingSet } from './training-set.ts';

const expected = expectedRate(predictionSettings, { failures: 0, successes: 0 });

test.each([40, 100, 300])('among %i outcomes without drift the warning comes no more often than stated', (releases) => {
  const chance = seededChance(releases);
  const runs = 400;
  let warned = 0;

  for (let run = 0; run < runs; run += 1) {
    const intercept = expected.mean + expected.sd * chance.normal();
    const { trials } = trainingSet(simulated(chance, releases, { intercept, size: 0, spread: 0 }).map(bare), predictionSettings, Infinity); // prettier-ignore
    if (driftOf(trials, expected) !== null) warned += 1;
  }

  // Three standard errors of the stated rate.
  expect(warned / runs).toBeLessThan(driftAlarmRate + 3 * Math.sqrt((driftAlarmRate * (1 - driftAlarmRate)) / runs));
});

test('a share of failures that has tripled is told, with the figures', () => {
  const outcomes = (failed: number, of: number) =>
    Array.from({ length: of }, (_, index) => ({ outcome: index % Math.round(of / failed) === 0 ? ('failed' as const) : ('success' as const) })); // prettier-ignore

  const { learnedFrom } = modelOf(deploymentsFrom([...outcomes(15, 150), ...outcomes(25, 50)]));

  expect(learnedFrom.drift).toMatch(
    /^the newest 50 outcomes do not fit what was predicted for them: 25 failed, about 4\.9 were expected/,
  );
});

test('fewer than forty outcomes are too few to tell', () => {
  const { learnedFrom } = modelOf(
    deploymentsFrom(Array.from({ length: 39 }, (_, index) => ({ outcome: index < 19 ? ('success' as const) : ('failed' as const) }))), // prettier-ignore
  );

  expect(learnedFrom.drift).toBeNull();
});

test('of a long history the newest hundred outcomes count for more', () => {
  const half = (outcome: 'success' | 'failed', every: number) =>
    Array.from({ length: 200 }, (_, index) => ({ outcome: index % every === 0 ? outcome : ('success' as const) }));
  const model = modelOf(deploymentsFrom([...half('success', 1), ...half('failed', 4)]));

  const share = 50 / 400;

  expect(scoreRelease({ ...model, learnedFrom: { ...model.learnedFrom, shows: 'model' } }, {}).probability).toBeGreaterThan(share + 0.03); // prettier-ignore
  expect(scoreRelease({ ...model, learnedFrom: { ...model.learnedFrom, shows: 'base-rate' } }, {}).probability).toBeCloseTo(share, 2); // prettier-ignore
});

function bare<T extends { readonly facts: object }>(deployment: T): T {
  return { ...deployment, facts: {} };
}
