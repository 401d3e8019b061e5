import { expect, test } from 'vitest';
import type { FreezeRule } from '../../core/freeze/freeze.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import { rruleTemporalCalendar as calendar } from './rrule-temporal.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const list = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
    .filter((each) => each !== 0)
    .join(',');

function rule(rrule: string | null, over: Partial<FreezeRule> = {}): FreezeRule {
  const plain = { name: 'Hostile', environments: null, regions: null, reason: '', end: null };
  return { ...plain, zone: 'Europe/Berlin', start: '2026-01-01T00:00', durationMs: 30 * minute, rrule, ...over };
}

const old = { start: '1970-01-01T00:00' };
const long = { durationMs: 366 * day };

const rules: readonly FreezeRule[] = [
  rule('FREQ=DAILY', long),
  rule('FREQ=DAILY', { ...old, ...long }),
  rule('FREQ=DAILY;COUNT=1000', { ...old, ...long }),
  rule(`FREQ=DAILY;BYHOUR=${list(1, 11)}`, { ...old, ...long }),
  rule(`FREQ=DAILY;BYHOUR=0,${list(2, 12)}`, { durationMs: 60 * minute }),
  rule(`FREQ=DAILY;BYHOUR=0,${list(1, 11)};BYSETPOS=-1`, old),
  rule(`FREQ=DAILY;BYHOUR=0,${list(1, 11)};BYMINUTE=0,${list(1, 59)}`),
  rule(`FREQ=YEARLY;BYYEARDAY=${list(-31, 0)}`, old),
  rule(`FREQ=YEARLY;BYYEARDAY=${list(1, 31)};BYHOUR=1,2;BYMINUTE=0,10,20,30,40,50`, old),
  rule(`FREQ=YEARLY;BYWEEKNO=${list(1, 31)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${list(0, 12)}`, old),
  rule(
    `FREQ=YEARLY;BYMONTH=${list(1, 12)};BYMONTHDAY=${list(-15, 16)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${list(1, 11)}`,
  ),
  rule(`FREQ=MONTHLY;BYMONTHDAY=${list(-15, 16)};BYHOUR=${list(1, 11)};BYSETPOS=${list(-15, 16)}`, old),
  rule(`FREQ=YEARLY;BYYEARDAY=${list(-60, 60)};BYHOUR=1,2`, old),
  rule('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9'),
  rule('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366;COUNT=1000'),
  rule('FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11'),
  rule('FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2;COUNT=1000'),
  rule('FREQ=MONTHLY;INTERVAL=12;BYMONTH=2', { start: '2026-01-31T00:00' }),
  rule('FREQ=MONTHLY;INTERVAL=1000;BYDAY=-1FR', old),
  rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'),
  rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1000'),
  rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=7'),
  rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=1000', old),
  rule('FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6'),
  rule('FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=1000'),
  rule('FREQ=YEARLY;BYWEEKNO=-53;BYDAY=SU;BYMONTH=7;COUNT=9'),
  rule('FREQ=YEARLY;BYYEARDAY=366;INTERVAL=3', { start: '2025-01-01T00:00' }),
  rule('FREQ=YEARLY;BYYEARDAY=366;BYMONTH=2;COUNT=2'),
  rule('FREQ=YEARLY;BYYEARDAY=60;BYWEEKNO=40;BYDAY=MO'),
  rule('FREQ=YEARLY;BYYEARDAY=60;BYMONTH=9'),
  rule('FREQ=YEARLY;BYYEARDAY=60;BYMONTH=9;COUNT=1'),
  rule('FREQ=YEARLY;INTERVAL=1000'),
  rule('FREQ=DAILY;INTERVAL=1000', old),
  rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'),
  rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1'),
  rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=999'),
  rule('FREQ=DAILY;BYHOUR=3;BYSETPOS=2'),
  rule('FREQ=WEEKLY;BYDAY=MO;BYMONTH=2;INTERVAL=1000', old),
  rule('FREQ=WEEKLY;BYDAY=MO;BYSETPOS=7'),
  rule('FREQ=WEEKLY;BYDAY=MO;BYSETPOS=7;COUNT=3'),
  rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=1,2;BYSETPOS=2'),
  rule('FREQ=DAILY;BYYEARDAY=366;BYDAY=MO;BYHOUR=1,2;BYSETPOS=-2;COUNT=1000', old),
  rule('FREQ=DAILY;UNTIL=99991231'),
  rule('FREQ=DAILY;UNTIL=00000101'),
  rule('FREQ=DAILY;COUNT=1000', { start: '2199-12-31T00:00' }),
  rule(`FREQ=DAILY${';BYHOUR=1'.repeat(1000)}`),
  rule(`FREQ=${'DAILY'.repeat(100_000)}`),
  rule(';'.repeat(100_000)),
  rule('FREQ=DAILY', { zone: 'A/'.repeat(100_000) }),
  rule('FREQ=DAILY', { start: '9'.repeat(100_000) }),
  rule(null, { start: '1970-01-01T00:00', end: '2199-12-31T00:00', durationMs: null }),
];

const at = new Date('2026-06-15T12:00:00Z');
const questions: Readonly<Record<string, (rule: FreezeRule) => Promise<unknown>>> = {
  check: (rule) => calendar.check([rule]),
  freezesAt: (rule) => calendar.freezesAt([rule], at).catch(refused),
  nextFreezes: (rule) => calendar.nextFreezes([rule], at, 10).catch(refused),
};

function refused(error: unknown): string {
  if (error instanceof AqeError && error.code === 'AQE3020') return error.code;
  throw error;
}

test('there are more than thirty hostile rules', () => {
  expect(rules.length).toBeGreaterThan(30);
});

test.each(rules.map((rule) => [`${rule.rrule}`.slice(0, 100), rule] as const))(
  '%s is answered or refused, each question within a second of work',
  async (_, rule) => {
    // Loads the libraries.
    await calendar.check([{ ...rule, rrule: 'FREQ=DAILY', zone: 'UTC', start: '2026-01-01T00:00' }]);
    const slow: string[] = [];
    for (const [name, ask] of Object.entries(questions)) {
      const before = process.threadCpuUsage();
      await ask(rule);
      const { user, system } = process.threadCpuUsage(before);
      if (user + system >= 1_000_000) slow.push(`${name} took ${Math.round((user + system) / 1000)} ms`);
    }

    expect(slow).toEqual([]);
  },
);
