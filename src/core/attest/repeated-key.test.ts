import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repeatedKey } from './repeated-key.ts';

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":{"b":1},"c":[{"d":1,"d":1}]}', 'd'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{ "a" : 1 ,\n "b" : {} , "a" : 2 }', 'a'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['[{"a":1},{"a":1}]', null],
  ['{"a":{"a":{"a":"a"}}}', null],
  ['{"a":"\\"b\\":1","b":"{\\"a\\":"}', null],
  ['{"a":["a","b","a"]}', null],
  ['"a"', null],
])('%s repeats %s', (json, key) => {
  expect(repeatedKey(json)).toBe(key);
});

test('what was written from a value repeats nothing', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (json) => {
      expect(repeatedKey(JSON.stringify(JSON.parse(json)))).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('a string of ten million characters is no trouble', () => {
  expect(repeatedKey(`{"a":"${'x\\n'.repeat(3_500_000)}","a":1}`)).toBe('a');
});
