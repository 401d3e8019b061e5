import fc from 'fast-check';
import { expect, test } from 'vitest';
import { branchKey, countKeyedHits, KeyedMarks, keyOf, unionKeyedHits } from './keyed-hits.ts';

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

test('marks in any order are the same items as a map of them', () => {
  const marks = fc.array(fc.tuple(fc.nat(30), fc.boolean()), { maxLength: 200 });
  fc.assert(
    fc.property(marks, fc.boolean(), items, (pairs, inOrder, known) => {
      const given = inOrder ? pairs.toSorted(([a], [b]) => a - b) : pairs;
      const expected = new Map<number, boolean>();
      for (const [key, hit] of given) expected.set(key, hit || expected.get(key) === true);
      const before = known.size > 0 ? unionKeyedHits(undefined, known) : undefined;
      const marked = new KeyedMarks();

      for (const [key, hit] of given) marked.mark(key, hit);

      expect(marked.size).toBe(expected.size);
      expect(marked.count).toEqual({ part: [...expected.values()].filter(Boolean).length, whole: expected.size });
      expect(countKeyedHits(marked.unitedWith(before))).toEqual(countKeyedHits(unionKeyedHits(before, expected)));
    }),
  );
});

test('the packed keys of branches are in the order of line, block and branch, and NaN where they do not fit', () => {
  const keys = [
    branchKey(1, 0, 0),
    branchKey(1, 0, 1),
    branchKey(1, 1, 0),
    branchKey(2, 0, 0),
    branchKey(2 ** 24 - 1, 4095, 65_535),
  ];

  expect(keys).toEqual([...new Set(keys)].toSorted((a, b) => a - b));
  expect(Number.isSafeInteger(keys.at(-1))).toBe(true);
  expect([branchKey(2 ** 24, 0, 0), branchKey(1, 4096, 0), branchKey(1, 0, 65_536)]).toEqual([NaN, NaN, NaN]);
});
