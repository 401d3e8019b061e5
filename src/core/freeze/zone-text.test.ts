import { expect, test } from 'vitest';
import { zoneText } from './zone-text.ts';

test.each([
  ['2026-12-19T23:00:00.000Z', 'Europe/Berlin', '2026-12-20 00:00 +01:00'],
  ['2026-07-01T12:00:30Z', 'America/New_York', '2026-07-01 08:00:30 -04:00'],
  ['2026-07-01T12:00:00Z', 'Asia/Kathmandu', '2026-07-01 17:45 +05:45'],
  ['2026-07-01T00:00:00Z', 'UTC', '2026-07-01 00:00 +00:00'],
])('%s in %s', (at, zone, expected) => {
  expect(zoneText(at, zone)).toBe(expected);
});
