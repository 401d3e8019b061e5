import { expect, test } from 'vitest';
import { deploymentsFrom, someFeatures } from '../../../test/support/release-histories.ts';
import fc from 'fast-check';
import { mostOutcomes, trainingSet } from './training-set.ts';

test('of a history without end the newest outcomes are learned from, and the others are counted', () => {
  const deployments = deploymentsFrom(
    Array.from({ length: mostOutcomes + 3 }, () => ({ outcome: 'success' as const })),
  );

  const { trials, dropped } = trainingSet(deployments, { window: null }, Infinity);

  expect([trials.length, dropped, trials[0]?.version]).toEqual([mostOutcomes, 3, 'v3']);
});

test('outcomes are sorted by kind, with only the values that are numbers', () => {
  const { trials, inferred, future } = trainingSet(
    deploymentsFrom([
      { outcome: 'hotfixed', features: { change_size: NaN, files_changed: 0, complexity: Infinity } },
      { outcome: 'pending' },
      { outcome: 'rolled-back', basis: 'inferred' },
      { outcome: 'success', basis: 'inferred' },
      { outcome: 'pending', basis: 'inferred' },
      { outcome: 'success', hour: 9 },
    ]),
    { window: null },
    Date.UTC(2025, 0, 1, 8),
  );

  expect(trials.map(({ version, failed, features }) => [version, failed, features])).toEqual([['v0', 1, { files_changed: 0 }]]); // prettier-ignore
  expect({ inferred: inferred.map(({ failed }) => failed), future }).toEqual({ inferred: [1, 0], future: 1 });
});

test('a release that went out again, under its version or its commit, is learned from once', () => {
  const [first, second, again, same] = deploymentsFrom([
    { outcome: 'success' },
    { outcome: 'rolled-back' },
    { outcome: 'success' },
    { outcome: 'success' },
  ]);
  const back = { ...again!, version: first!.version };
  const renamed = [second!, { ...same!, version: 'v9' }].map((each) => ({ ...each, facts: { commit: 'c0ffee' } }));

  const { trials } = trainingSet([first!, ...renamed, back], { window: null }, Infinity);

  expect(trials.map(({ version, outcome }) => [version, outcome])).toEqual([
    ['v0', 'success'],
    ['v1', 'rolled-back'],
  ]);
});

test('two deployments of one name at one instant come in the same order, whichever was given first', () => {
  fc.assert(
    fc.property(someFeatures, someFeatures, (one, other) => {
      const [a, b] = deploymentsFrom([
        { outcome: 'success', features: one, hour: 0 },
        { outcome: 'failed', features: other, hour: 0 },
      ]);
      const same = { ...b!, deployment: a!.deployment };

      expect(trainingSet([same, a!], { window: null }, Infinity)).toEqual(trainingSet([a!, same], { window: null }, Infinity)); // prettier-ignore
    }),
    { numRuns: 100 },
  );
});
