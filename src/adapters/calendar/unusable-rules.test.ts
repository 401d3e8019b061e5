import { describe, expect, test } from 'vitest';
import type { FreezeRule } from '../../core/freeze/freeze.ts';
import { rruleTemporalCalendar as calendar } from './rrule-temporal.ts';

function rule(over: Partial<FreezeRule>): FreezeRule {
  const plain = { name: 'Freeze', environments: null, regions: null, reason: '' };
  return { ...plain, zone: 'UTC', start: '2026-01-01T00:00', end: null, durationMs: null, rrule: null, ...over };
}

const hour = 3_600_000;

describe('a rule that cannot be used', () => {
  const ok = { end: '2026-01-02T00:00' };
  const cases: readonly (readonly [Partial<FreezeRule>, RegExp])[] = [
    [{ zone: 'Mars/Olympus', ...ok }, /^zone "Mars\/Olympus" is not the name of a time zone/],
    [{ zone: '+01:00', ...ok }, /^zone "\+01:00" is not/],
    [{ zone: '', ...ok }, /^zone "" is not/],
    [{ zone: 'Europe/Berlin[u-ca=iso8601]', ...ok }, /is not the name of a time zone/],
    [{ start: '2026-02-30T00:00', ...ok }, /^start "2026-02-30T00:00" is not a local time/],
    [{ start: '2026-01-01T00:00Z', ...ok }, /^start "2026-01-01T00:00Z" is not a local time/],
    [{ start: '2026-01-01', ...ok }, /^start "2026-01-01" is not a local time/],
    [{ start: '1969-12-31T00:00', ...ok }, /is not in the years 1970 to 2199/],
    [{ end: '2200-01-01T00:00' }, /^end "2200-01-01T00:00" is not in the years/],
    [{ end: '2025-12-31T00:00' }, /^end is not after start$/],
    [{ end: '2026-01-01T00:00' }, /^end is not after start$/],
    [{}, /^it has neither an end nor a duration$/],
    [{ ...ok, durationMs: hour }, /^it has an end and a duration/],
    [{ durationMs: 0 }, /^its duration is not a time/],
    [{ durationMs: Number.NaN }, /^its duration is not a time/],
    [{ durationMs: Infinity }, /^its duration is not a time/],
    [{ zone: 'Pacific/Apia', start: '2011-12-30T00:00', end: '2011-12-31T00:00' }, /^no time passes in it/],
    [{ durationMs: hour, rrule: '' }, /^the rrule has "" where KEY=VALUE belongs$/],
    [{ durationMs: hour, rrule: 'WEEKLY' }, /^the rrule has "WEEKLY" where/],
    [{ durationMs: hour, rrule: 'BYDAY=FR' }, /^the rrule has no FREQ$/],
    [{ durationMs: hour, rrule: 'RRULE:FREQ=DAILY' }, /^the rrule has "RRULE:FREQ", which freezes do not know$/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY\nEXDATE:20260101' }, /unknown FREQ/],
    [{ durationMs: hour, rrule: 'FREQ=FORTNIGHTLY' }, /unknown FREQ "FORTNIGHTLY"/],
    [{ durationMs: hour, rrule: 'FREQ=SECONDLY' }, /repeats SECONDLY/],
    [{ durationMs: hour, rrule: 'FREQ=MINUTELY' }, /repeats MINUTELY/],
    [{ durationMs: hour, rrule: 'FREQ=HOURLY' }, /repeats HOURLY/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;BYSECOND=1,2,3' }, /"BYSECOND", which freezes do not know/],
    [{ durationMs: hour, rrule: 'RSCALE=CHINESE;FREQ=YEARLY' }, /"RSCALE", which freezes do not know/],
    [{ durationMs: hour, rrule: 'FREQ=WEEKLY;BYDAY=FR;BYDAY=MO' }, /says BYDAY twice/],
    [{ durationMs: hour, rrule: 'FREQ=WEEKLY;BYDAY=XX' }, /BYDAY=XX/],
    [{ durationMs: hour, rrule: 'FREQ=MONTHLY;BYDAY=6FR' }, /BYDAY=6FR, which is no weekday from 1 to 5/],
    [{ durationMs: hour, rrule: 'FREQ=YEARLY;BYDAY=53MO' }, /BYDAY=53MO, which is no weekday from 1 to 52/],
    [{ durationMs: hour, rrule: 'FREQ=WEEKLY;BYDAY=2FR' }, /cannot be followed/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;COUNT=3;UNTIL=20270101' }, /COUNT and UNTIL/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;BYHOUR=3;BYSETPOS=2' }, /BYSETPOS=2, but starts at most 1 times/],
    [{ durationMs: hour, rrule: 'FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-3' }, /BYSETPOS=-3, but starts at most 2 times/],
    [
      { durationMs: hour, rrule: 'FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,20,40' },
      /starts 15 times a day, more than 12/,
    ],
    [{ durationMs: hour, rrule: 'FREQ=YEARLY;BYYEARDAY=60;BYWEEKNO=9' }, /BYYEARDAY and BYWEEKNO/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30' }, /too long without an occurrence$/],
    [{ durationMs: hour, rrule: 'FREQ=MONTHLY;BYDAY=FR,1MO' }, /with and without a number in BYDAY/],
    [{ durationMs: hour, rrule: 'FREQ=YEARLY;BYDAY=-1SU;BYMONTHDAY=-1' }, /days of another kind/],
    [{ durationMs: hour, rrule: `FREQ=YEARLY;BYYEARDAY=${'1,'.repeat(31)}1` }, /32 numbers in BYYEARDAY, more than 31/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;COUNT=0' }, /COUNT=0; it goes from 1 to 1000/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;INTERVAL=0' }, /INTERVAL=0; it goes from 1 to 1000/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;UNTIL=20260230' }, /UNTIL=20260230, which is not like/],
    [{ durationMs: hour, rrule: 'FREQ=DAILY;UNTIL=20251231' }, /does not occur within 41 years/],
    [{ durationMs: hour, rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, /does not occur within 41 years/],
    [{ durationMs: 400 * 24 * hour, rrule: 'FREQ=YEARLY' }, /longer than 366 days/],
    [{ ...ok, rrule: 'FREQ=WEEKLY;BYDAY=FR' }, /start is none; the first one is 2026-01-02T00:00:00/],
  ];

  test.each(cases)('%j is refused', async (over, problem) => {
    const bad = { ...rule(over), name: 'Bad' };

    const problems = await calendar.check([bad]);

    expect(problems).toEqual([{ name: 'Bad', problem: expect.stringMatching(problem) }]);
    await expect(calendar.freezesAt([bad], new Date('2026-06-01T00:00:00Z'))).rejects.toMatchObject({
      code: 'AQE3020',
      detail: expect.stringMatching(/^Bad: /),
    });
    await expect(calendar.nextFreezes([bad], new Date('2026-06-01T00:00:00Z'), 1)).rejects.toMatchObject({
      code: 'AQE3020',
    });
  });

  test('is named in the order of the rules, beside good ones', async () => {
    const bad = { ...rule({}), name: 'First' };
    const worse = { ...rule({ zone: 'x y', ...ok }), name: 'Third' };

    const problems = await calendar.check([bad, rule(ok), worse]);

    expect(problems.map(({ name }) => name)).toEqual(['First', 'Third']);
  });
});
