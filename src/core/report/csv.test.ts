import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv, csvField } from './csv.ts';
import { inline } from './encode.ts';

/** A reader of RFC 4180. */
function fieldsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('a reader gets every field back, with an apostrophe before formulas and control characters spelled out', () => {
  const cells = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '\t', ' ', '-', 'é', '＝', '\0') });
  fc.assert(
    fc.property(fc.array(fc.array(cells, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (rows) => {
      const read = fieldsOf(csv(rows));

      expect(read).toEqual(
        rows.map((row) => row.map((cell) => (/^[=+\-@\t\r\0＝]/.test(cell) ? `'${inline(cell)}` : inline(cell)))),
      );
    }),
    { numRuns: 500 },
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\0=1', '＝1', '=HYPERLINK("http://x","y")'])(
  '%j is no formula',
  (text) => {
    expect(csvField(text).replace(/^"/, '')).toMatch(/^'/);
  },
);

test('what needs no quotes has none', () => {
  expect(csv([['a', 'v2.5.0', '2026-03-01', '']])).toBe('a,v2.5.0,2026-03-01,\r\n');
});
