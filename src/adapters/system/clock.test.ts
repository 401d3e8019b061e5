import { afterEach, expect, test } from 'vitest';
import { systemClock } from './clock.ts';

const before = process.env['TZ'];

afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

test.each([
  ['Europe/Berlin', '2026-07-01T12:00:00Z', 120],
  ['Europe/Berlin', '2026-12-01T12:00:00Z', 60],
  ['America/St_Johns', '2026-12-01T12:00:00Z', -210],
  ['UTC', '2026-12-01T12:00:00Z', 0],
])('in %s at %s clocks are %i minutes ahead', (zone, time, offsetMinutes) => {
  process.env['TZ'] = zone;

  expect(systemClock.zoneAt(new Date(time))).toEqual({ name: zone, offsetMinutes });
});

test('without a setting the zone is the one that the machine runs in', () => {
  delete process.env['TZ'];

  const { name, offsetMinutes } = systemClock.zoneAt(new Date('2026-12-01T12:00:00Z'));

  const shown = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' }).format(
    new Date('2026-12-01T12:00:00Z'),
  );
  expect(shown).toContain('GMT');
  expect(Number.isInteger(offsetMinutes)).toBe(true);
});
