import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { criterionKeys } from '../gate/criteria.ts';
import { nearest } from './nearest.ts';

const keys = fc.constantFrom(...criterionKeys);

test.each([
  ['mdoe', 'mode'],
  ['MODE', 'mode'],
  ['modes', 'mode'],
  ['serivce', 'service'],
  ['evidance', 'evidence'],
])('%s was meant to be %s', (name, meant) => {
  expect(nearest(name, ['service', 'mode', 'evidence'])).toBe(meant);
});

test('what is near to nothing is nothing', () => {
  expect([nearest('webhook', ['service', 'mode']), nearest('mode', []), nearest('', ['mode'])]).toEqual([
    null,
    null,
    null,
  ]);
});

test('of equally near names the first in the alphabet is meant, in whatever order they come', () => {
  expect([nearest('gat', ['gaz', 'gab']), nearest('gat', ['gab', 'gaz'])]).toEqual(['gab', 'gab']);
});

test('a known name is nearest to itself', () => {
  fc.assert(
    fc.property(keys, (key) => {
      expect(nearest(key, criterionKeys)).toBe(key);
    }),
    runs,
  );
});

test('one letter lost, doubled, changed or swapped leaves a name that is no further from the one that was meant', () => {
  fc.assert(
    fc.property(keys, fc.nat(), (key, place) => {
      const at = place % (key.length - 1);
      const [head, letter, next, tail] = [key.slice(0, at), key[at]!, key[at + 1]!, key.slice(at + 1)];

      const slips = [
        head + tail,
        head + letter + letter + tail,
        `${head}#${tail}`,
        head + next + letter + key.slice(at + 2),
      ];

      for (const slip of slips) expect(nearest(slip, [key])).toBe(key);
    }),
    runs,
  );
});

test('a very long name is compared with nothing', () => {
  expect(nearest('m'.repeat(100_000), ['m'.repeat(99_999)])).toBeNull();
});
