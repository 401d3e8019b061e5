import { expect, test } from 'vitest';
import { differences } from './differences.ts';

test.each([
  ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
  ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b']],
  ['a kind', { a: [] }, { a: {} }, ['a']],
  ['null for an object', { a: null }, { a: {} }, ['a']],
  ['one that is only here', { a: 1, b: 1 }, { a: 1 }, ['b']],
  ['one that is only there', { a: 1 }, { a: 1, b: 1 }, ['b']],
  ['an item by its place', [1, 2], [1, 3, 4], ['[1]', '[2]']],
  [
    'a file by its path',
    [{ path: 'a', n: 1 }],
    [
      { path: 'b', n: 1 },
      { path: 'a', n: 2 },
    ],
    ['[a].n', '[b]'],
  ],
  ['no more than asked for', { a: 1, b: 1, c: 1 }, {}, ['a', 'b']],
  ['the whole', 1, 2, ['']],
])('%s is told', (_, one, other, places) => {
  expect(differences(one, other, 2)).toEqual(places);
});
