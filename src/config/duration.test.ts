import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/support/arbitraries.ts';
import { parseDuration } from './duration.ts';

test.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
  ['0s', 0],
])('%s is %d milliseconds', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '7', 'd', '7 d', '7D', '-7d', '1.5h', '1h30m', '7d\n', '٣d', '1e3s', '0x1s', '1234567890s', 'none'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test('a text is a duration or nothing, never NaN', () => {
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w', 'x')).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (any) => {
      const found = parseDuration(any);

      expect(found === null || Number.isInteger(found)).toBe(true);
    }),
    runs,
  );
});
