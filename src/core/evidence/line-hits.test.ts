import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clearHits,
  compactHits,
  countHits,
  coverageOfFiles,
  createHits,
  markLine,
  maxLine,
  sumCounts,
  unionHits,
} from './line-hits.ts';
import type { FileCoverage, LineHits } from './reading.ts';

const marks = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.boolean()), { maxLength: 60 });
const lineHits = marks.map(hitsOf);

function hitsOf(lines: readonly (readonly [line: number, hit: boolean])[]): LineHits {
  const hits = createHits();
  for (const [line, hit] of lines) markLine(hits, line, hit);
  return hits;
}

test('counting agrees with sets of line numbers', () => {
  fc.assert(
    fc.property(marks, (lines) => {
      const all = new Set(lines.map(([line]) => line));
      const hit = new Set(lines.filter(([, wasHit]) => wasHit).map(([line]) => line));

      const count = countHits(hitsOf(lines));

      expect(count).toEqual({ part: hit.size, whole: all.size });
    }),
  );
});

test('union is commutative', () => {
  fc.assert(
    fc.property(lineHits, lineHits, (a, b) => {
      const both = unionHits(a, b);

      expect(both).toEqual(unionHits(b, a));
    }),
  );
});

test('union is associative', () => {
  fc.assert(
    fc.property(lineHits, lineHits, lineHits, (a, b, c) => {
      const left = unionHits(unionHits(a, b), c);

      expect(left).toEqual(unionHits(a, unionHits(b, c)));
    }),
  );
});

test('union is idempotent', () => {
  fc.assert(
    fc.property(lineHits, (a) => {
      const twice = unionHits(a, a);

      expect(twice).toEqual(compactHits(a));
    }),
  );
});

test('union is what marking the lines of both gives', () => {
  fc.assert(
    fc.property(marks, marks, (a, b) => {
      const united = unionHits(hitsOf(a), hitsOf(b));

      expect(united).toEqual(compactHits(hitsOf([...a, ...b])));
    }),
  );
});

test('covered never exceeds instrumented', () => {
  fc.assert(
    fc.property(lineHits, lineHits, (a, b) => {
      const { part, whole } = countHits(unionHits(a, b));

      expect(part).toBeLessThanOrEqual(whole);
      expect(whole).toBeGreaterThanOrEqual(countHits(a).whole);
    }),
  );
});

test('a union shares no memory with what it was made of', () => {
  const a = createHits();
  markLine(a, 1, true);

  const united = unionHits(a, createHits());
  clearHits(a);

  expect(countHits(united)).toEqual({ part: 1, whole: 1 });
});

test('the highest line fits in two mebibytes', () => {
  const hits = createHits();

  markLine(hits, maxLine, true);

  expect(hits.instrumented.length).toBe(2 * 1024 * 1024);
  expect(countHits(hits)).toEqual({ part: 1, whole: 1 });
});

test('a sum of nothing measured is no count', () => {
  expect(sumCounts([])).toBeNull();
  expect(sumCounts([null, { part: 0, whole: 0 }])).toBeNull();
  expect(sumCounts([null, { part: 1, whole: 3 }, { part: 2, whole: 2 }])).toEqual({ part: 3, whole: 5 });
});

test('totals are sums over the files and a dimension that no file measures stays unknown', () => {
  const file = (path: string, part: number): FileCoverage => ({
    path,
    lines: { part, whole: 4 },
    branches: null,
    functions: null,
  });

  const coverage = coverageOfFiles('gcov', [file('a', 1), file('b', 4)]);

  expect(coverage.lines).toEqual({ part: 5, whole: 8 });
  expect(coverage.branches).toBeNull();
});
