import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf } from './instant.ts';

test.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T00:30:00.123456+01:00', '2026-02-28T23:30:00.123Z'],
  ['2024-02-29T12:00:00-0530', '2024-02-29T17:30:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});

test.each([
  '2026-03-01',
  '2026-03-01T12:00:00',
  '2026-02-29T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2026-00-01T12:00:00Z',
  '2026-13-01T12:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T12:60:00Z',
  '2026-01-01T12:00:60Z',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00+01:00',
  '9999-01-01T00:00:00Z',
  '2026-01-01T12:00:00+24:00',
  '2026-01-01 12:00:00Z',
  '1767268800',
  '',
  '2026-01-01T12:00:00Z\n',
])('%j is none', (text) => {
  expect(instantOf(text)).toBeNull();
});

test('what Date writes is read as it was', () => {
  const dates = fc.date({ min: new Date('1970-01-02'), max: new Date('9998-12-30'), noInvalidDate: true });

  fc.assert(
    fc.property(dates, fc.integer({ min: -839, max: 839 }), (date, offset) => {
      const two = (value: number): string => String(value).padStart(2, '0');
      const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
      const shifted = new Date(date.getTime() + offset * 60_000).toISOString().replace('Z', zone);

      expect(instantOf(date.toISOString())).toBe(date.toISOString());
      expect(instantOf(shifted)).toBe(date.toISOString());
    }),
    { numRuns: 500 },
  );
});
