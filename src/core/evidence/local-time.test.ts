import { expect, test } from 'vitest';
import { localTime, localTimeWords } from './local-time.ts';

test.each([
  ['2026-11-23T23:30:00Z', 'Europe/Berlin', 60, 'Tuesday 00:30 Europe/Berlin (UTC+01:00)'],
  ['2026-11-27T21:05:00.000Z', 'UTC', 0, 'Friday 21:05 UTC (UTC+00:00)'],
  ['2026-03-01T02:15:00Z', 'America/St_Johns', -210, 'Saturday 22:45 America/St_Johns (UTC-03:30)'],
  ['2024-02-29T12:00:00Z', 'Asia/Kathmandu', 345, 'Thursday 17:45 Asia/Kathmandu (UTC+05:45)'],
])('%s in %s reads %s', (at, name, offsetMinutes, words) => {
  const local = localTime(at, { name, offsetMinutes });

  expect(localTimeWords(local)).toBe(words);
});
