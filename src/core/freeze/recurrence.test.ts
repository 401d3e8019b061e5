import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recurrenceFrom } from './recurrence.ts';

test('a rule is taken apart: the pattern without UNTIL, in capitals', () => {
  expect(recurrenceFrom('freq=weekly;until=20261231T225959z;byday=fr')).toEqual({
    frequency: 'WEEKLY',
    pattern: 'FREQ=WEEKLY;BYDAY=FR',
    counted: false,
    until: { time: '2026-12-31T22:59:59', utc: true },
  });
});

test('UNTIL as a day is the end of the day, without Z it is local', () => {
  expect(recurrenceFrom('FREQ=DAILY;UNTIL=20280229')).toMatchObject({
    until: { time: '2028-02-29T23:59:59', utc: false },
  });
  expect(recurrenceFrom('FREQ=DAILY;UNTIL=20280229T120000')).toMatchObject({
    until: { time: '2028-02-29T12:00:00', utc: false },
  });
});

test.each([
  'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH',
  'FREQ=YEARLY;BYDAY=20MO',
  'FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3;WKST=SU',
  'FREQ=MONTHLY;BYMONTHDAY=-1,15;BYHOUR=9,17;BYMINUTE=30',
  'FREQ=YEARLY;BYWEEKNO=52,-1;BYDAY=MO',
  'FREQ=DAILY;COUNT=1000',
])('%s is a rule', (text) => {
  expect(recurrenceFrom(text)).toMatchObject({ pattern: text, until: null });
});

test.each([
  'FREQ=MONTHLY;BYDAY=0MO',
  'FREQ=MONTHLY;BYMONTHDAY=0',
  'FREQ=MONTHLY;BYMONTHDAY=1.5',
  'FREQ=MONTHLY;BYMONTHDAY=,1',
  'FREQ=DAILY;INTERVAL=1,2',
  'FREQ=DAILY;INTERVAL=1e3',
  'FREQ=DAILY;BYHOUR=24',
  'FREQ=DAILY;BYHOUR=-1',
  'FREQ=DAILY;WKST=MO,TU',
  'FREQ=DAILY;',
  'FREQ=DAILY;FREQ=WEEKLY',
  'FREQ=DAILY=WEEKLY',
  'FREQ=DAILY;UNTIL=20261301',
  'FREQ=DAILY;UNTIL=20260101T240000Z',
  'FREQ=DAILY;COUNT=1001',
  'FREQ=DAILY;__proto__=1',
  'FREQ=DAILY;constructor=1',
])('%s is none, and why is said', (text) => {
  expect(recurrenceFrom(text)).toEqual({ problem: expect.stringMatching(/^the rrule /) });
});

test('any text is a rule or has a problem', () => {
  const part = fc.constantFrom('FREQ', 'BYDAY', 'UNTIL', 'COUNT', 'BYSETPOS', 'DAILY', 'MO', '1', '=', ';', ',', '-');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((parts) => parts.join('')),
      ),
      (text) => {
        const read = recurrenceFrom(text);

        expect('problem' in read ? read.problem.length > 0 : read.pattern.includes('FREQ=')).toBe(true);
      },
    ),
  );
});
