import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countKeyedHits, keyOf, unionKeyedHits } from './keyed-hits.ts';

const items = fc.array(fc.tuple(fc.nat(30), fc.boolean())).map((pairs) => new Map(pairs));

test('a union counts every item once and hits it if either side did', () => {
  fc.assert(
    fc.property(items, items, (a, b) => {
      const keys = new Set([...a.keys(), ...b.keys()]);
      const hit = [...keys].filter((key) => a.get(key) === true || b.get(key) === true);

      const count = countKeyedHits(unionKeyedHits(unionKeyedHits(undefined, a), b));

      expect(count).toEqual({ part: hit.length, whole: keys.size });
    }),
  );
});

test('a key depends on the characters between its bounds alone', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, text, after) => {
      const key = keyOf(before + text + after, before.length, before.length + text.length);

      expect(key).toBe(keyOf(text, 0, text.length));
      expect(Number.isSafeInteger(key)).toBe(true);
    }),
  );
});

test('branches of a large file have keys of their own', () => {
  const keys = new Set<number>();

  for (let line = 1; line <= 20_000; line += 1) {
    for (const branch of ['0,0', '0,1', '1,0', 'e1,1', '12,3'])
      keys.add(keyOf(`${line},${branch}`, 0, `${line},${branch}`.length));
  }

  expect(keys.size).toBe(100_000);
});
