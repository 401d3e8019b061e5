import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interacting, modelOf, simulated, someFeatures, someHistory } from '../../test/support/release-histories.ts';
import { seededChance } from '../../test/support/seeded-chance.ts';
import { scoreRelease } from '../core/prediction/score-release.ts';
import { similarReleases } from '../core/prediction/similar-releases.ts';
import { isReleaseModel } from './kept-model.ts';

/** With trees. */
const long = JSON.parse(JSON.stringify(modelOf(interacting(seededChance(6), 1_500)))) as ReturnType<typeof modelOf>;
const few = modelOf(simulated(seededChance(5), 40, { intercept: -1.5, size: 1.2, spread: 0.4 }));

test('what is learned from any history is taken back from JSON', () => {
  expect(long.trees).not.toBeNull();
  expect(isReleaseModel(long)).toBe(true);
  fc.assert(
    fc.property(someHistory, (deployments) => {
      expect(isReleaseModel(JSON.parse(JSON.stringify(modelOf(deployments))))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    ...(path.length === 0 ? [] : [path]),
    ...keys.flatMap((key) => pathsOf(Reflect.get(value, key), [...path, key])),
  ];
}

function damaged(model: object, path: Path, make: (holder: object, key: string | number) => void): unknown {
  const copy: object = structuredClone(model);
  const holder = path.slice(0, -1).reduce((at, key) => Reflect.get(at, key) as object, copy);
  make(holder, path.at(-1)!);
  return copy;
}

function removeFrom(holder: object, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

const wrong: readonly unknown[] = [null, 'NaN', -1, 0.5, 7, 1e308, JSON.parse('1e999'), true, [], {}, [[[]]]];

test.each([
  ['with trees', long],
  ['of a few releases', few],
])('a model %s with one member of another kind is refused, or scores within bounds', (_, model) => {
  const paths = pathsOf(model);

  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.option(fc.constantFrom(...wrong), { nil: undefined }),
      someFeatures,
      (path, other, features) => {
        const found = damaged(model, path, (holder, key) =>
          other === undefined ? removeFrom(holder, key) : Reflect.set(holder, key, other),
        );
        if (!isReleaseModel(found)) return;
        const { probability, interval } = scoreRelease(found, features);
        for (const share of [probability, ...interval]) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThan(1);
        }
        similarReleases(found, features, []);
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  ['nothing', {}],
  ['a list', []],
  ['null', null],
  ['a text', 'model'],
  ['an earlier shape', { ...few, learnedFrom: undefined }],
  ['fewer coefficients than features', { ...few, mean: few.mean.slice(1) }],
  ['a feature twice', { ...few, features: few.features.map(() => few.features[0]) }],
  ['a feature of others', { ...few, features: few.features.map(() => '__proto__') }],
  ['trees that never end', { ...long, trees: { ...long.trees, model: { ...long.trees!.model, trees: [[0, 0, 0]] } } }],
  ['trees that ask for what is not there', { ...long, trees: { ...long.trees, features: [] } }],
])('%s is no model', (_, value) => {
  expect(isReleaseModel(value)).toBe(false);
});
