import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { number, plural } from './format.ts';

test.each([
  [0, '0'],
  [-0, '0'],
  [0.04, '0'],
  [-0.04, '0'],
  [0.05, '0.1'],
  [7, '7'],
  [10, '10'],
  [100.5, '100.5'],
  [999.96, '1,000'],
  [1234567.5, '1,234,567.5'],
  [-1234, '-1,234'],
  [NaN, 'NaN'],
  [Infinity, 'Infinity'],
])('%d is written %s', (value, text) => {
  expect(number(value)).toBe(text);
});

test('what is written reads back as the value rounded to the digits', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.nat(6), (value, digits) => {
      const text = number(value, digits);

      expect(Number(text.replaceAll(',', ''))).toBe(Number(value.toFixed(digits)) + 0);
    }),
    runs,
  );
});

test('only the singular goes without an s', () => {
  expect([plural(0, 'file'), plural(1, 'file'), plural(1200, 'entry', 'entries')]).toEqual([
    '0 files',
    '1 file',
    '1,200 entries',
  ]);
});
