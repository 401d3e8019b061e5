import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWithin, holdsLine, joinRanges, type LineRange } from './changed-lines.ts';
import { createHits, markLine } from './line-hits.ts';

const range: fc.Arbitrary<LineRange> = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(8))
  .map(([first, more]) => ({ first, last: first + more }));
const ranges = fc.array(range, { maxLength: 8 });
const line = fc.integer({ min: 0, max: 90 });

const holds = (all: readonly LineRange[], at: number): boolean =>
  all.some(({ first, last }) => first <= at && at <= last);

test('joined ranges hold the same lines, ascending and apart', () => {
  fc.assert(
    fc.property(ranges, line, (all, at) => {
      const joined = joinRanges(all);

      expect(holdsLine(joined, at)).toBe(holds(all, at));
      joined.slice(1).forEach(({ first }, index) => expect(first).toBeGreaterThan(joined[index]!.last + 1));
    }),
    { numRuns: 500 },
  );
});

test('counting within ranges agrees with sets of line numbers', () => {
  const marks = fc.array(fc.tuple(fc.integer({ min: 1, max: 80 }), fc.boolean()), { maxLength: 40 });
  fc.assert(
    fc.property(ranges, marks, (all, lines) => {
      const hits = createHits();
      for (const [at, hit] of lines) markLine(hits, at, hit);
      const within = lines.filter(([at]) => holds(all, at));

      const count = countWithin(hits, joinRanges(all));

      expect(count).toEqual({
        part: new Set(within.filter(([, hit]) => hit).map(([at]) => at)).size,
        whole: new Set(within.map(([at]) => at)).size,
      });
    }),
    { numRuns: 500 },
  );
});

test('a range far beyond the last line that a report lists costs nothing', () => {
  const hits = createHits();
  markLine(hits, 3, true);

  expect(countWithin(hits, [{ first: 1, last: Number.MAX_SAFE_INTEGER }])).toEqual({ part: 1, whole: 1 });
});
