import { describe, expect, test } from 'vitest';
import type { FreezeRule } from '../../core/freeze/freeze.ts';
import { rruleTemporalCalendar as calendar } from './rrule-temporal.ts';

function rule(over: Partial<FreezeRule>): FreezeRule {
  const plain = { name: 'Freeze', environments: null, regions: null, reason: 'holidays' };
  return { ...plain, zone: 'UTC', start: '2026-01-01T00:00', end: null, durationMs: null, rrule: null, ...over };
}

const hour = 3_600_000;
const between = (zone: string, start: string, end: string, rrule: string | null = null): FreezeRule =>
  rule({ zone, start, end, rrule });
const lasting = (zone: string, start: string, hours: number, rrule: string | null = null): FreezeRule =>
  rule({ zone, start, durationMs: hours * hour, rrule });

interface Row {
  readonly says: string;
  readonly of: FreezeRule;
  /** Instants in UTC that are frozen, and that are not. */
  readonly frozen: readonly string[];
  readonly free: readonly string[];
}

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';
const lordHowe = 'Australia/Lord_Howe';
const weekend = between(berlin, '2026-01-02T18:00', '2026-01-05T06:00', 'FREQ=WEEKLY;BYDAY=FR');
const weekendOf60Hours = lasting(berlin, '2026-01-02T18:00', 60, 'FREQ=WEEKLY;BYDAY=FR');
const lastWeekday = lasting(newYork, '2026-01-30T17:00', 7, 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1');
const leapDay = between('UTC', '2024-02-29T00:00', '2024-03-01T00:00', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29');
const fridays = (until: string): FreezeRule =>
  lasting(berlin, '2026-01-02T18:00', 1, `FREQ=WEEKLY;BYDAY=FR;UNTIL=${until}`);

/** Worked out by hand from the offsets of the zones and the nights of their changes. */
const table: readonly Row[] = [
  {
    says: 'a freeze over the turn of the year, in Berlin one hour ahead of UTC',
    of: between(berlin, '2026-12-20T00:00', '2027-01-05T00:00'),
    frozen: ['2026-12-19T23:00:00Z', '2027-01-04T22:59:59.999Z'],
    free: ['2026-12-19T22:59:59.999Z', '2027-01-04T23:00:00Z'],
  },
  {
    says: 'the day of 23 hours',
    of: between(berlin, '2026-03-29T00:00', '2026-03-30T00:00'),
    frozen: ['2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z'],
    free: ['2026-03-28T22:59:59.999Z', '2026-03-29T22:00:00Z'],
  },
  {
    says: 'the day of 25 hours',
    of: between(berlin, '2026-10-25T00:00', '2026-10-26T00:00'),
    frozen: ['2026-10-24T22:00:00Z', '2026-10-25T22:59:59.999Z'],
    free: ['2026-10-24T21:59:59.999Z', '2026-10-25T23:00:00Z'],
  },
  {
    says: '24 hours that pass are 24 hours on the day of 23',
    of: lasting(berlin, '2026-03-29T00:00', 24),
    frozen: ['2026-03-29T22:59:59.999Z'],
    free: ['2026-03-29T23:00:00Z'],
  },
  {
    says: '24 hours that pass are 24 hours on the day of 25',
    of: lasting(berlin, '2026-10-25T00:00', 24),
    frozen: ['2026-10-25T21:59:59.999Z'],
    free: ['2026-10-25T22:00:00Z'],
  },
  {
    says: 'a start that the clock jumps over is the jump',
    of: between(berlin, '2026-03-29T02:30', '2026-03-29T04:00'),
    frozen: ['2026-03-29T01:00:00Z', '2026-03-29T01:59:59.999Z'],
    free: ['2026-03-29T00:59:59.999Z', '2026-03-29T02:00:00Z'],
  },
  {
    says: 'a duration counts from the jump',
    of: lasting(berlin, '2026-03-29T02:30', 1),
    frozen: ['2026-03-29T01:00:00Z', '2026-03-29T01:59:59.999Z'],
    free: ['2026-03-29T00:59:59.999Z', '2026-03-29T02:00:00Z'],
  },
  {
    says: 'an end that the clock jumps over is the jump',
    of: between(berlin, '2026-03-29T01:00', '2026-03-29T02:30'),
    frozen: ['2026-03-29T00:00:00Z', '2026-03-29T00:59:59.999Z'],
    free: ['2026-03-29T01:00:00Z'],
  },
  {
    says: 'an end that the clock shows twice is the second one',
    of: between(berlin, '2026-10-25T01:00', '2026-10-25T02:30'),
    frozen: ['2026-10-24T23:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:29:59.999Z'],
    free: ['2026-10-24T22:59:59.999Z', '2026-10-25T01:30:00Z'],
  },
  {
    says: 'a start that the clock shows twice is the first one, and the freeze does not pause',
    of: between(berlin, '2026-10-25T02:30', '2026-10-25T04:00'),
    frozen: ['2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:59:59.999Z'],
    free: ['2026-10-25T00:29:59.999Z', '2026-10-25T03:00:00Z'],
  },
  {
    says: 'an end to which the clock is set back: no earlier time is shown after the first one',
    of: between(berlin, '2026-10-25T01:15', '2026-10-25T02:00'),
    frozen: ['2026-10-24T23:15:00Z', '2026-10-24T23:59:59.999Z'],
    free: ['2026-10-25T00:00:00Z', '2026-10-25T00:45:00Z', '2026-10-25T01:00:00Z'],
  },
  {
    says: 'a start to which the clock is set back is the first one',
    of: between(berlin, '2026-10-25T02:00', '2026-10-25T03:00'),
    frozen: ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-25T01:59:59.999Z'],
    free: ['2026-10-24T23:59:59.999Z', '2026-10-25T02:00:00Z'],
  },
  {
    says: 'weekends in winter',
    of: weekend,
    frozen: ['2026-01-02T17:00:00Z', '2026-02-08T12:00:00Z', '2026-02-09T04:59:59.999Z'],
    free: ['2026-01-02T16:59:59.999Z', '2026-02-09T05:00:00Z', '2025-12-27T12:00:00Z'],
  },
  {
    says: 'the weekend of the change in spring',
    of: weekend,
    frozen: ['2026-03-27T17:00:00Z', '2026-03-30T03:59:59.999Z'],
    free: ['2026-03-27T16:59:59.999Z', '2026-03-30T04:00:00Z'],
  },
  {
    says: 'weekends in summer',
    of: weekend,
    frozen: ['2026-07-03T16:00:00Z', '2026-07-06T03:59:59.999Z'],
    free: ['2026-07-03T15:59:59.999Z', '2026-07-06T04:00:00Z'],
  },
  {
    says: 'the weekend of the change in autumn',
    of: weekend,
    frozen: ['2026-10-23T16:00:00Z', '2026-10-26T04:59:59.999Z'],
    free: ['2026-10-23T15:59:59.999Z', '2026-10-26T05:00:00Z'],
  },
  {
    says: 'weekends of 60 hours end an hour later or earlier on the clock',
    of: weekendOf60Hours,
    frozen: ['2026-03-30T04:59:59.999Z', '2026-10-26T03:59:59.999Z'],
    free: ['2026-03-30T05:00:00Z', '2026-10-26T04:00:00Z'],
  },
  {
    says: 'a nightly freeze that begins inside the missing hour is short in that night, and itself again in the next',
    of: between(berlin, '2026-03-27T02:30', '2026-03-27T03:30', 'FREQ=DAILY'),
    frozen: ['2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:29:59.999Z', '2026-03-30T00:30:00Z'],
    free: ['2026-03-28T02:30:00Z', '2026-03-29T00:59:59.999Z', '2026-03-29T01:30:00Z', '2026-03-30T01:30:00Z'],
  },
  {
    says: 'a nightly freeze within the missing hour leaves that night out, and spans both hours in autumn',
    of: between(berlin, '2026-03-27T02:15', '2026-03-27T02:45', 'FREQ=DAILY'),
    frozen: ['2026-03-28T01:15:00Z', '2026-10-25T00:15:00Z', '2026-10-25T00:50:00Z', '2026-10-25T01:44:59.999Z'],
    free: ['2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00Z', '2026-10-25T00:14:59.999Z', '2026-10-25T01:45:00Z'],
  },
  {
    says: 'New York in spring',
    of: between(newYork, '2026-03-08T00:00', '2026-03-09T00:00'),
    frozen: ['2026-03-08T05:00:00Z', '2026-03-09T03:59:59.999Z'],
    free: ['2026-03-08T04:59:59.999Z', '2026-03-09T04:00:00Z'],
  },
  {
    says: 'New York in autumn',
    of: between(newYork, '2026-11-01T00:00', '2026-11-02T00:00'),
    frozen: ['2026-11-01T04:00:00Z', '2026-11-02T04:59:59.999Z'],
    free: ['2026-11-01T03:59:59.999Z', '2026-11-02T05:00:00Z'],
  },
  {
    says: 'the evening of the last working day of a month',
    of: lastWeekday,
    frozen: ['2026-02-27T22:00:00Z', '2026-02-28T04:59:59.999Z', '2026-10-30T21:00:00Z', '2026-11-30T22:00:00Z'],
    free: ['2026-02-27T21:59:59.999Z', '2026-02-28T05:00:00Z', '2026-10-31T21:30:00Z', '2026-11-27T22:30:00Z'],
  },
  {
    says: 'the fourth Thursday of November and three days more',
    of: between(newYork, '2026-11-26T00:00', '2026-11-30T00:00', 'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH'),
    frozen: ['2026-11-26T05:00:00Z', '2026-11-30T04:59:59.999Z', '2027-11-25T05:00:00Z'],
    free: ['2026-11-30T05:00:00Z', '2027-11-25T04:59:59.999Z', '2027-11-29T05:00:00Z'],
  },
  {
    says: 'a change of half an hour',
    of: between(lordHowe, '2026-10-04T00:00', '2026-10-05T00:00'),
    frozen: ['2026-10-03T13:30:00Z', '2026-10-04T12:59:59.999Z'],
    free: ['2026-10-03T13:29:59.999Z', '2026-10-04T13:00:00Z'],
  },
  {
    says: 'a start in a missing half hour',
    of: between(lordHowe, '2026-10-04T02:15', '2026-10-04T03:00'),
    frozen: ['2026-10-03T15:30:00Z', '2026-10-03T15:59:59.999Z'],
    free: ['2026-10-03T15:29:59.999Z', '2026-10-03T16:00:00Z'],
  },
  {
    says: 'a start in a doubled half hour',
    of: between(lordHowe, '2026-04-05T01:45', '2026-04-05T03:00'),
    frozen: ['2026-04-04T14:45:00Z', '2026-04-04T15:00:00Z', '2026-04-04T16:29:59.999Z'],
    free: ['2026-04-04T14:44:59.999Z', '2026-04-04T16:30:00Z'],
  },
  {
    says: 'an end in a doubled half hour',
    of: between(lordHowe, '2026-04-05T00:00', '2026-04-05T01:45'),
    frozen: ['2026-04-04T13:00:00Z', '2026-04-04T14:50:00Z', '2026-04-04T15:14:59.999Z'],
    free: ['2026-04-04T12:59:59.999Z', '2026-04-04T15:15:00Z'],
  },
  {
    says: 'an offset of 5:45',
    of: between('Asia/Kathmandu', '2026-05-01T09:00', '2026-05-01T17:00', 'FREQ=DAILY'),
    frozen: ['2026-05-01T03:15:00Z', '2026-11-11T11:14:59.999Z'],
    free: ['2026-05-01T03:14:59.999Z', '2026-11-11T11:15:00Z', '2026-04-30T05:00:00Z'],
  },
  {
    says: 'a day that begins at one, because the clock jumps at midnight',
    of: between('America/Sao_Paulo', '2018-11-04T00:00', '2018-11-05T00:00'),
    frozen: ['2018-11-04T03:00:00Z', '2018-11-05T01:59:59.999Z'],
    free: ['2018-11-04T02:59:59.999Z', '2018-11-05T02:00:00Z'],
  },
  {
    says: 'a doubled hour before midnight',
    of: between('America/Sao_Paulo', '2019-02-16T23:30', '2019-02-17T01:00'),
    frozen: ['2019-02-17T01:30:00Z', '2019-02-17T02:10:00Z', '2019-02-17T03:59:59.999Z'],
    free: ['2019-02-17T01:29:59.999Z', '2019-02-17T04:00:00Z'],
  },
  {
    says: 'the same zone after it gave daylight saving up',
    of: between('America/Sao_Paulo', '2018-11-04T00:00', '2018-11-05T00:00', 'FREQ=YEARLY'),
    frozen: ['2019-11-04T03:00:00Z', '2019-11-05T02:59:59.999Z'],
    free: ['2019-11-04T02:59:59.999Z', '2019-11-05T03:00:00Z'],
  },
  {
    says: 'a zone that goes back for Ramadan',
    of: between('Africa/Casablanca', '2026-02-15T00:00', '2026-02-16T00:00'),
    frozen: ['2026-02-14T23:00:00Z', '2026-02-15T23:59:59.999Z'],
    free: ['2026-02-14T22:59:59.999Z', '2026-02-16T00:00:00Z'],
  },
  {
    says: 'a zone that comes forward after Ramadan',
    of: between('Africa/Casablanca', '2026-03-22T02:30', '2026-03-22T04:00'),
    frozen: ['2026-03-22T02:00:00Z', '2026-03-22T02:59:59.999Z'],
    free: ['2026-03-22T01:59:59.999Z', '2026-03-22T03:00:00Z'],
  },
  {
    says: 'a freeze around a day that a zone left out',
    of: between('Pacific/Apia', '2011-12-29T12:00', '2012-01-01T00:00'),
    frozen: ['2011-12-29T22:00:00Z', '2011-12-31T09:59:59.999Z'],
    free: ['2011-12-29T21:59:59.999Z', '2011-12-31T10:00:00Z'],
  },
  {
    says: 'a freeze that begins in a day that a zone left out',
    of: between('Pacific/Apia', '2011-12-30T12:00', '2011-12-31T12:00'),
    frozen: ['2011-12-30T10:00:00Z', '2011-12-30T21:59:59.999Z'],
    free: ['2011-12-30T09:59:59.999Z', '2011-12-30T22:00:00Z'],
  },
  {
    says: 'a daily freeze over the day that a zone left out',
    of: between('Pacific/Apia', '2011-12-28T09:00', '2011-12-28T10:00', 'FREQ=DAILY'),
    frozen: ['2011-12-29T19:30:00Z', '2011-12-30T19:00:00Z'],
    free: ['2011-12-30T10:00:00Z', '2011-12-30T18:59:59.999Z', '2011-12-30T20:00:00Z'],
  },
  {
    says: 'the same zone, thirteen hours ahead since then',
    of: between('Pacific/Apia', '2026-01-01T00:00', '2026-01-02T00:00'),
    frozen: ['2025-12-31T11:00:00Z', '2026-01-01T10:59:59.999Z'],
    free: ['2025-12-31T10:59:59.999Z', '2026-01-01T11:00:00Z'],
  },
  {
    says: 'leap days, and no day in their place',
    of: leapDay,
    frozen: ['2024-02-29T12:00:00Z', '2028-02-29T00:00:00Z', '2096-02-29T23:59:59.999Z', '2104-02-29T12:00:00Z'],
    free: ['2027-02-28T12:00:00Z', '2027-03-01T12:00:00Z', '2028-03-01T00:00:00Z', '2100-03-01T00:00:00Z'],
  },
  {
    says: 'three nights and no fourth',
    of: lasting('UTC', '2026-06-01T22:00', 1, 'FREQ=DAILY;COUNT=3'),
    frozen: ['2026-06-01T22:00:00Z', '2026-06-03T22:59:59.999Z'],
    free: ['2026-06-01T21:59:59.999Z', '2026-06-04T22:00:00Z'],
  },
  {
    says: 'every second week',
    of: lasting('UTC', '2026-06-01T00:00', 24, 'FREQ=WEEKLY;INTERVAL=2'),
    frozen: ['2026-06-01T12:00:00Z', '2026-06-15T12:00:00Z', '2027-05-31T12:00:00Z'],
    free: ['2026-06-08T12:00:00Z', '2027-05-24T12:00:00Z'],
  },
  {
    says: 'a start that is no occurrence is only the earliest one',
    of: lasting('UTC', '2026-06-01T10:00', 2, 'FREQ=WEEKLY;BYDAY=FR'),
    frozen: ['2026-06-05T10:00:00Z'],
    free: ['2026-06-01T10:00:00Z'],
  },
  {
    says: 'UNTIL as a day takes the day in',
    of: fridays('20260116'),
    frozen: ['2026-01-16T17:00:00Z'],
    free: ['2026-01-23T17:00:00Z'],
  },
  {
    says: 'UNTIL in UTC takes the instant in',
    of: fridays('20260116T170000Z'),
    frozen: ['2026-01-16T17:30:00Z'],
    free: ['2026-01-23T17:00:00Z'],
  },
  {
    says: 'UNTIL in UTC, a second before the start',
    of: fridays('20260116T165959Z'),
    frozen: ['2026-01-09T17:00:00Z'],
    free: ['2026-01-16T17:00:00Z'],
  },
  {
    says: 'UNTIL in local time',
    of: fridays('20260116T180000'),
    frozen: ['2026-01-16T17:00:00Z'],
    free: ['2026-01-23T17:00:00Z'],
  },
  {
    says: 'UNTIL in UTC at the second passing of a time that came before it',
    of: lasting(berlin, '2026-10-20T02:30', 1, 'FREQ=DAILY;UNTIL=20261025T010500Z'),
    frozen: ['2026-10-25T00:30:00Z', '2026-10-25T01:29:59.999Z'],
    free: ['2026-10-25T00:29:59.999Z', '2026-10-25T01:30:00Z', '2026-10-26T01:30:00Z'],
  },
];

describe('freezes hold', () => {
  test.each(table.map((row) => [row.says, row] as const))('%s', async (_, { of, frozen, free }) => {
    const instants = [...frozen, ...free].sort();

    const problems = await calendar.check([of]);
    const held = await Promise.all(instants.map((at) => calendar.freezesAt([of], new Date(at))));

    expect(problems).toEqual([]);
    expect(instants.filter((_each, index) => held[index]!.length === 1)).toEqual([...frozen].sort());
  });

  test('the table has more than sixty instants', () => {
    expect(table.flatMap(({ frozen, free }) => [...frozen, ...free]).length).toBeGreaterThanOrEqual(60);
  });
});

describe('what a freeze says', () => {
  test('name, reason, zone, regions, and when it began and ends', async () => {
    const named = { ...weekend, name: 'Weekend', reason: 'no one is here', regions: ['eu-west'] };

    const [held] = await calendar.freezesAt([named], new Date('2026-10-25T12:00:00Z'));

    expect(held).toEqual({
      name: 'Weekend',
      reason: 'no one is here',
      zone: berlin,
      from: '2026-10-23T16:00:00.000Z',
      until: '2026-10-26T05:00:00.000Z',
      regions: ['eu-west'],
    });
  });

  test('days that touch are one freeze', async () => {
    const saturdayAndSunday = lasting(berlin, '2026-06-06T00:00', 24, 'FREQ=WEEKLY;BYDAY=SA,SU');

    const [held] = await calendar.freezesAt([saturdayAndSunday], new Date('2026-06-13T12:00:00Z'));
    const next = await calendar.nextFreezes([saturdayAndSunday], new Date('2026-06-13T12:00:00Z'), 2);

    expect([held!.from, held!.until]).toEqual(['2026-06-12T22:00:00.000Z', '2026-06-14T22:00:00.000Z']);
    expect(next.map(({ from, until }) => [from, until])).toEqual([
      ['2026-06-19T22:00:00.000Z', '2026-06-21T22:00:00.000Z'],
      ['2026-06-26T22:00:00.000Z', '2026-06-28T22:00:00.000Z'],
    ]);
  });

  test('freezes of a rule that never ends: the end is at least a hundred occurrences away, and nothing is to come', async () => {
    const always = lasting('UTC', '2026-01-01T00:00', 24, 'FREQ=DAILY');

    const [held] = await calendar.freezesAt([always], new Date('2026-02-01T12:00:00Z'));
    const next = await calendar.nextFreezes([always], new Date('2026-02-01T12:00:00Z'), 5);

    expect(held!.until).toBe('2026-05-12T00:00:00.000Z');
    expect(next).toEqual([]);
  });

  test('freezes to come: soonest first over all rules, without the one that holds and without nights that are left out', async () => {
    const nightly = { ...between(berlin, '2026-03-20T02:15', '2026-03-20T02:45', 'FREQ=DAILY'), name: 'Nightly' };
    const once = { ...between(newYork, '2026-03-28T20:00', '2026-03-29T08:00'), name: 'Once' };

    const next = await calendar.nextFreezes([once, nightly], new Date('2026-03-28T01:30:00Z'), 3);

    expect(next.map(({ name, from, until }) => [name, from, until])).toEqual([
      ['Once', '2026-03-29T00:00:00.000Z', '2026-03-29T12:00:00.000Z'],
      ['Nightly', '2026-03-30T00:15:00.000Z', '2026-03-30T00:45:00.000Z'],
      ['Nightly', '2026-03-31T00:15:00.000Z', '2026-03-31T00:45:00.000Z'],
    ]);
  });

  test('a freeze that is over for good is not to come', async () => {
    const next = await calendar.nextFreezes([leapDay, fridays('20260116')], new Date('2026-03-01T00:00:00Z'), 2);

    expect(next.map(({ from }) => from)).toEqual(['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z']);
  });
});
