import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rruleTemporalCalendar as calendar } from '../../src/adapters/calendar/rrule-temporal.ts';
import type { FreezeRule } from '../../src/core/freeze/freeze.ts';

const quarter = 15 * 60_000;
const day = 96 * quarter;
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/St_Johns',
  'UTC',
] as const;

function rule(over: Partial<FreezeRule>): FreezeRule {
  const plain = { name: 'Freeze', environments: null, regions: null, reason: '' };
  return { ...plain, zone: 'UTC', start: '2026-01-01T00:00', end: null, durationMs: null, rrule: null, ...over };
}

const text = (wall: number): string => new Date(wall).toISOString().slice(0, 16);

interface Year {
  /** First quarter of an hour of the table, as an instant. */
  readonly from: number;
  /** What the clock of the zone shows at the start of each quarter of an hour, as if it stood in UTC. */
  readonly shown: readonly number[];
  /** Indexes of the quarters at which the clock changes. */
  readonly changes: readonly number[];
}

const years = new Map<string, Year>();

/** The clock of a zone over 2026 and three weeks around it, read off `Intl`, which knows nothing of freezes. */
function yearOf(zone: string): Year {
  const known = years.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const from = Date.UTC(2025, 11, 11);
  const shown = Array.from({ length: 408 * 96 }, (_, index) => {
    const [month, date, year, hour, minute] = format
      .format(from + index * quarter)
      .match(/\d+/g)!
      .map(Number);
    return Date.UTC(year!, month! - 1, date!, hour!, minute!);
  });
  const changes = shown.flatMap((wall, index) => (index > 0 && wall - shown[index - 1]! !== quarter ? [index] : []));
  const made = { from, shown, changes };
  years.set(zone, made);
  return made;
}

/** Index of the first quarter, around a clock time, from which a condition on what the clock shows holds for good or at once. */
function firstIndex({ from, shown }: Year, wall: number, when: 'shown' | 'never less again'): number {
  const near = Math.round((wall - from) / quarter);
  const [first, end] = [Math.max(0, near - 120), Math.min(shown.length, near + 120)];
  let last = first;
  for (let index = first; index < end; index += 1) {
    if (shown[index]! >= wall && when === 'shown') return index;
    if (shown[index]! < wall) last = index + 1;
  }
  return last;
}

interface Case {
  readonly zone: string;
  readonly days: readonly number[];
  readonly everyDay: boolean;
  /** Quarters of an hour since midnight, and of the freeze. */
  readonly startsAt: number;
  readonly length: number;
  readonly wallClock: boolean;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  zone: fc.constantFrom(...zones),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
  everyDay: fc.boolean(),
  // Most changes happen in the small hours.
  startsAt: fc.oneof(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 95 })),
  length: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 95 }), fc.integer({ min: 96, max: 400 })),
  wallClock: fc.boolean(),
});

function ruleOf({ zone, days, everyDay, startsAt, length, wallClock }: Case): FreezeRule {
  let start = Date.UTC(2025, 11, 22) + startsAt * quarter;
  while (!everyDay && !days.includes(new Date(start).getUTCDay())) start += day;
  const rrule = everyDay ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${days.map((each) => weekdays[each]).join(',')}`;
  const ending = wallClock ? { end: text(start + length * quarter) } : { durationMs: length * quarter };
  return rule({ zone, start: text(start), rrule, ...ending });
}

/** For each quarter of the table whether a freeze holds: every occurrence is listed and painted. */
function painted(the: Case): Uint8Array {
  const year = yearOf(the.zone);
  const frozen = new Uint8Array(year.shown.length);
  for (let date = Date.UTC(2025, 11, 22); date < Date.UTC(2027, 0, 12); date += day) {
    if (!the.everyDay && !the.days.includes(new Date(date).getUTCDay())) continue;
    const wall = date + the.startsAt * quarter;
    const begin = firstIndex(year, wall, 'shown');
    const end = the.wallClock ? firstIndex(year, wall + the.length * quarter, 'never less again') : begin + the.length;
    if (end > begin) frozen.fill(1, begin, end);
  }
  return frozen;
}

test.each(zones)('an instant of 2026 in %s is frozen exactly if the list of all occurrences says so', async (zone) => {
  const inYear = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const nearChange = fc.record({ change: fc.nat(), off: fc.integer({ min: -16, max: 16 }) });
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      anyCase,
      fc.array(inYear, { minLength: 2, maxLength: 2 }),
      fc.array(nearChange, { minLength: 4, maxLength: 4 }),
      async (anyZone, anywhere, near) => {
        const the = { ...anyZone, zone };
        const year = yearOf(the.zone);
        const expected = painted(the);
        const first = Math.round((Date.UTC(2026, 0, 1) - year.from) / quarter);
        const indexes = [
          ...anywhere.map((share) => first + Math.floor(share * 365 * 96)),
          ...(year.changes.length === 0
            ? []
            : near.map(({ change, off }) => year.changes[change % year.changes.length]! + off)),
        ];
        const instants = indexes.flatMap((index) => [
          year.from + index * quarter,
          year.from + (index + 1) * quarter - 1,
        ]);

        const held = await Promise.all(instants.map((at) => calendar.freezesAt([ruleOf(the)], new Date(at))));

        seen += held.filter(({ length }) => length > 0).length;
        expect(held.map(({ length }) => length)).toEqual(
          indexes.flatMap((index) => [expected[index], expected[index]]),
        );
      },
    ),
    { numRuns: 12 },
  );
  expect(seen).toBeGreaterThan(0);
});

test('a freeze that holds is frozen from its beginning, free at its end, and the one to come begins after it', async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, fc.integer({ min: 0, max: 365 * 96 }), async (the, offset) => {
      const freeze = ruleOf(the);
      const at = new Date(Date.UTC(2026, 0, 1) + offset * quarter);

      const [held] = await calendar.freezesAt([freeze], at);
      const [next] = await calendar.nextFreezes([freeze], at, 1);
      const atEnds = async (time: string, shift = 0): Promise<number> =>
        (await calendar.freezesAt([freeze], new Date(Date.parse(time) + shift))).length;

      // A hundred occurrences are as far as is looked.
      if (held && next) {
        expect(await atEnds(held.from)).toBe(1);
        expect(await atEnds(held.until, -1)).toBe(1);
        expect(await atEnds(held.until)).toBe(0);
        expect(Date.parse(next.from)).toBeGreaterThan(Date.parse(held.until));
      }
      if (next) {
        expect(Date.parse(next.from)).toBeGreaterThan(at.getTime());
        expect([await atEnds(next.from), await atEnds(next.from, -1)]).toEqual([1, 0]);
      }
      expect(held !== undefined || next !== undefined).toBe(true);
    }),
    { numRuns: 60 },
  );
});

interface Pattern {
  readonly freq: 'YEARLY' | 'MONTHLY' | 'WEEKLY' | 'DAILY';
  readonly interval: number;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly byDay: readonly { readonly ordinal: number; readonly weekday: number }[];
  readonly positions: readonly number[];
  readonly count: number;
  readonly start: number;
}

const some = <T>(one: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.uniqueArray(one, { minLength: 1, maxLength: most }) },
  );

const anyPattern: fc.Arbitrary<Pattern> = fc
  .record({
    freq: fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'),
    interval: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 5 })),
    months: some(fc.integer({ min: 1, max: 12 }), 4),
    monthDays: some(fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 })), 4),
    byDay: some(fc.record({ ordinal: fc.integer({ min: -5, max: 5 }), weekday: fc.integer({ min: 0, max: 6 }) }), 4),
    counts: fc.boolean(),
    positions: some(fc.constantFrom(1, 2, -1, -2), 2),
    count: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 })),
    start: fc.integer({ min: 0, max: 2000 }).map((offset) => Date.UTC(2024, 0, 1) + offset * day),
  })
  .map((the) => {
    const monthDays = the.freq === 'WEEKLY' ? [] : the.monthDays;
    const counts = the.counts && (the.freq === 'MONTHLY' || the.freq === 'YEARLY') && monthDays.length === 0;
    const byDay = the.byDay.map(({ ordinal, weekday }) => ({ ordinal: counts ? ordinal || 1 : 0, weekday }));
    const most =
      the.freq === 'DAILY'
        ? 1
        : the.freq === 'WEEKLY'
          ? Math.max(1, new Set(byDay.map(({ weekday }) => weekday)).size)
          : 31;
    const selects = the.months.length + monthDays.length + byDay.length > 0;
    const positions = selects ? the.positions.filter((each) => Math.abs(each) <= most) : [];
    return { ...the, byDay, monthDays, positions };
  });

function patternText(the: Pattern): string {
  const days = the.byDay.map(({ ordinal, weekday }) => `${ordinal === 0 ? '' : ordinal}${weekdays[weekday]}`);
  const parts: readonly (readonly [string, readonly (number | string)[]])[] = [
    ['FREQ', [the.freq]],
    ['INTERVAL', the.interval === 1 ? [] : [the.interval]],
    ['BYMONTH', the.months],
    ['BYMONTHDAY', the.monthDays],
    ['BYDAY', days],
    ['BYSETPOS', the.positions],
    ['COUNT', the.count === 0 ? [] : [the.count]],
  ];
  return parts
    .filter(([, values]) => values.length > 0)
    .map(([key, values]) => `${key}=${values.join(',')}`)
    .join(';');
}

/** Days of a recurrence, by looking at every single day: RFC 5545 as its table of limits and expansions reads. */
function daysOf(the: Pattern, end: number): number[] {
  const periods = new Map<number, number[]>();
  for (let date = the.start - 400 * day; date <= end; date += day) {
    const period = periodOf(the, date);
    if (period < 0 || period % the.interval !== 0 || !matches(the, date)) continue;
    periods.set(period, [...(periods.get(period) ?? []), date]);
  }
  const chosen = [...periods.values()].flatMap((days) =>
    the.positions.length === 0
      ? days
      : days.filter((_, index) => the.positions.includes(index + 1) || the.positions.includes(index - days.length)),
  );
  const after = chosen.filter((date) => date >= the.start).sort((a, b) => a - b);
  return the.count === 0 ? after : after.slice(0, the.count);
}

function periodOf({ freq, start }: Pattern, time: number): number {
  const [date, first] = [new Date(time), new Date(start)];
  const years = date.getUTCFullYear() - first.getUTCFullYear();
  if (freq === 'YEARLY') return years;
  if (freq === 'MONTHLY') return years * 12 + date.getUTCMonth() - first.getUTCMonth();
  if (freq === 'DAILY') return (time - start) / day;
  const monday = (each: number): number => each - ((new Date(each).getUTCDay() + 6) % 7) * day;
  return (monday(time) - monday(start)) / (7 * day);
}

function matches(the: Pattern, time: number): boolean {
  const [date, first] = [new Date(time), new Date(the.start)];
  const { freq, months, monthDays, byDay } = the;
  const yearly = freq === 'YEARLY';
  const monthOf = date.getUTCMonth() + 1;
  if (months.length > 0 && !months.includes(monthOf)) return false;
  const dayOfMonth = date.getUTCDate();
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), monthOf, 0)).getUTCDate();
  if (monthDays.length > 0 && !monthDays.includes(dayOfMonth) && !monthDays.includes(dayOfMonth - daysInMonth - 1))
    return false;
  if (byDay.length > 0) {
    const inYear = yearly && months.length === 0;
    const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
    const nth = inYear ? (time - yearStart) / day : dayOfMonth - 1;
    const whole = inYear ? (Date.UTC(date.getUTCFullYear() + 1, 0, 1) - yearStart) / day : daysInMonth;
    const fromStart = Math.floor(nth / 7) + 1;
    const fromEnd = -(Math.floor((whole - 1 - nth) / 7) + 1);
    return byDay.some(
      ({ ordinal, weekday }) =>
        weekday === date.getUTCDay() && (ordinal === 0 || ordinal === fromStart || ordinal === fromEnd),
    );
  }
  // What no part says comes from the start.
  if (freq === 'WEEKLY') return date.getUTCDay() === first.getUTCDay();
  if (monthDays.length > 0 || freq === 'DAILY') return true;
  if (dayOfMonth !== first.getUTCDate()) return false;
  return !yearly || months.length > 0 || date.getUTCMonth() === first.getUTCMonth();
}

test('recurrences are the days that a look at every day finds', async () => {
  const end = Date.UTC(2040, 0, 1);
  let followed = 0;
  await fc.assert(
    fc.asyncProperty(anyPattern, async (the) => {
      const freeze = rule({ start: text(the.start), rrule: patternText(the), durationMs: quarter });
      const problems = await calendar.check([freeze]);
      const expected = daysOf(the, end).slice(0, 12);

      if (problems.length > 0) {
        // Refused is what does not occur, and days of DAILY that come once in years: too long to look for.
        expect(problems[0]!.problem).toMatch(/does not occur within|too long without an occurrence/);
        expect(expected.length).toBeLessThanOrEqual(the.freq === 'DAILY' ? 4 : 0);
        return;
      }
      followed += 1;
      const next = await calendar.nextFreezes([freeze], new Date(the.start - 1), 12);
      const found = next.map(({ from }) => Date.parse(from)).filter((from) => from <= end);
      expect(found.map(text)).toEqual(expected.map(text));
    }),
    { numRuns: 150 },
  );
  expect(followed).toBeGreaterThan(75);
});
