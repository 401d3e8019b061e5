import { expect, test } from 'vitest';
import { deploymentsFrom, modelOf } from '../../../test/support/release-histories.ts';
import { farthestSimilar, similarReleases } from './similar-releases.ts';

const deployments = deploymentsFrom([
  ...[10, 20, 40, 80, 160, 320].map((lines, index) => ({
    outcome: index % 2 === 0 ? ('success' as const) : ('rolled-back' as const),
    features: { change_size: lines, files_changed: 5 + index, test_coverage: 80 + index },
  })),
  { outcome: 'pending', features: { change_size: 41, files_changed: 7, test_coverage: 82 } },
  { outcome: 'success', basis: 'inferred', features: { change_size: 41, files_changed: 7, test_coverage: 82 } },
  { outcome: 'success', features: { change_size: 40 } },
]);
const model = modelOf(deployments);
const release = { change_size: 41, files_changed: 7, test_coverage: 82 };

test('releases with an observed outcome come nearest first, with how far away they are', () => {
  const similar = similarReleases(model, release, deployments);

  expect(similar[0]).toMatchObject({ version: 'v2', outcome: 'success', deployedAt: deployments[2]!.deployedAt });
  expect(similar[0]!.distance).toBeLessThan(0.02);
  expect(similar.map(({ distance }) => distance)).toEqual(
    similar.map(({ distance }) => distance).sort((a, b) => a - b),
  );
  expect(similar.every(({ distance }) => distance <= farthestSimilar)).toBe(true);
  expect(similar.map(({ version }) => version)).not.toContain('v5');
  for (const other of ['v6', 'v7', 'v8']) expect(similar.map(({ version }) => version)).not.toContain(other);
});

test('no more than asked for come', () => {
  expect(similarReleases(model, release, deployments, 2)).toEqual(
    similarReleases(model, release, deployments).slice(0, 2),
  );
});

test('nothing is similar to a release of which too little is known', () => {
  expect(similarReleases(model, { change_size: 40, files_changed: 7 }, deployments)).toEqual([]);
  expect(similarReleases(modelOf([]), release, [])).toEqual([]);
});

test('of two at one distance the newer comes first', () => {
  const twice = deploymentsFrom(Array.from({ length: 6 }, () => ({ outcome: 'success' as const, features: release })));

  expect(similarReleases(modelOf(twice), release, twice).map(({ version }) => version)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1', 'v0']); // prettier-ignore
});
