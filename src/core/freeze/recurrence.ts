/** Last moment at which an occurrence may start. */
export interface Until {
  /** `2026-12-31T23:59:59`. */
  readonly time: string;
  /** UTC, else local time of the rule's zone. */
  readonly utc: boolean;
}

export type Frequency = 'YEARLY' | 'MONTHLY' | 'WEEKLY' | 'DAILY';

/** An RFC 5545 recurrence rule that is sound in itself. */
export interface Recurrence {
  readonly frequency: Frequency;
  /** The rule without its UNTIL. */
  readonly pattern: string;
  readonly counted: boolean;
  readonly until: Until | null;
}

const mostCounted = 1000;
const mostTimesADay = 12;
const mostListed = 31;
const longestRule = 500;
/** Days on which a rule may start within one of its periods. */
const mostDays: Readonly<Record<Frequency, number>> = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 };

const days = 'MO|TU|WE|TH|FR|SA|SU';

/** Parts that hold numbers, with the largest; those that count from the end too may be negative. */
const numbers: Readonly<Record<string, { readonly from: number; readonly to: number; readonly list: boolean }>> = {
  INTERVAL: { from: 1, to: 1000, list: false },
  COUNT: { from: 1, to: mostCounted, list: false },
  BYMONTH: { from: 1, to: 12, list: true },
  BYMONTHDAY: { from: -31, to: 31, list: true },
  BYYEARDAY: { from: -366, to: 366, list: true },
  BYWEEKNO: { from: -53, to: 53, list: true },
  BYSETPOS: { from: -366, to: 366, list: true },
  BYHOUR: { from: 0, to: 23, list: true },
  BYMINUTE: { from: 0, to: 59, list: true },
};

/**
 * Reads `FREQ=WEEKLY;BYDAY=FR`. The answer is what is wrong with it, if something is: an unknown or repeated part, a number
 * out of range, or a rule that repeats by the hour or faster.
 */
export function recurrenceFrom(text: string): Recurrence | { readonly problem: string } {
  if (text.length > longestRule) return { problem: `the rrule is longer than ${longestRule} characters` };
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [key = '', value = '', ...rest] = part.split('=');
    if (value === '' || rest.length > 0) return { problem: `the rrule has "${part}" where KEY=VALUE belongs` };
    if (parts.has(key)) return { problem: `the rrule says ${key} twice` };
    parts.set(key, value);
  }
  for (const [key, value] of parts) {
    const problem = problemOf(key, value, parts);
    if (problem !== null) return { problem };
  }
  return soundTogether(parts);
}

function soundTogether(parts: ReadonlyMap<string, string>): Recurrence | { readonly problem: string } {
  const until = parts.get('UNTIL');
  const counted = parts.has('COUNT');
  if (!parts.has('FREQ')) return { problem: 'the rrule has no FREQ' };
  if (counted && until !== undefined) return { problem: 'the rrule has COUNT and UNTIL; one of them ends it' };
  const perDay = countOf(parts.get('BYHOUR')) * countOf(parts.get('BYMINUTE'));
  if (perDay > mostTimesADay) return { problem: `the rrule starts ${perDay} times a day, more than ${mostTimesADay}` };
  if (parts.has('BYYEARDAY') && parts.has('BYWEEKNO'))
    return { problem: 'the rrule has BYYEARDAY and BYWEEKNO; one of them says the day' };
  const counting = (parts.get('BYDAY') ?? '').split(',').filter((each) => /\d/.test(each));
  if (counting.length > 0 && counting.length < countOf(parts.get('BYDAY')))
    return { problem: 'the rrule has weekdays with and without a number in BYDAY' };
  if (counting.length > 0 && ['BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO'].some((key) => parts.has(key)))
    return { problem: 'the rrule counts weekdays in BYDAY and names days of another kind as well' };
  const frequency = parts.get('FREQ') as Frequency;
  const most = perDay * (frequency === 'WEEKLY' ? countOf(parts.get('BYDAY')) : mostDays[frequency]);
  const position = (parts.get('BYSETPOS') ?? '1').split(',').find((each) => Math.abs(Number(each)) > most);
  if (position !== undefined)
    return { problem: `the rrule has BYSETPOS=${position}, but starts at most ${most} times` };
  const pattern = [...parts].filter(([key]) => key !== 'UNTIL').map(([key, value]) => `${key}=${value}`);
  return { frequency, pattern: pattern.join(';'), counted, until: until === undefined ? null : untilFrom(until) };
}

function problemOf(key: string, value: string, parts: ReadonlyMap<string, string>): string | null {
  if (key === 'FREQ')
    return /^(?:HOURLY|MINUTELY|SECONDLY)$/.test(value)
      ? `the rrule repeats ${value}; DAILY is the most often that a freeze may come`
      : /^(?:YEARLY|MONTHLY|WEEKLY|DAILY)$/.test(value)
        ? null
        : `the rrule has an unknown FREQ "${value}"`;
  if (key === 'UNTIL')
    return untilFrom(value) === null
      ? `the rrule has UNTIL=${value}, which is not like 20261231, 20261231T180000 or 20261231T170000Z`
      : null;
  if (key === 'WKST')
    return new RegExp(`^(?:${days})$`).test(value) ? null : `the rrule has no weekday in WKST=${value}`;
  if (key === 'BYDAY') return weekdaysProblem(value, parts);
  const range = numbers[key];
  if (range === undefined) return `the rrule has "${key}", which freezes do not know`;
  return numbersProblem(key, value, range);
}

function numbersProblem(key: string, value: string, { from, to, list }: (typeof numbers)[string]): string | null {
  const given = value.split(',');
  if (!list && given.length > 1) return `the rrule has several numbers in ${key}=${value}`;
  if (given.length > mostListed) return `the rrule has ${given.length} numbers in ${key}, more than ${mostListed}`;
  const wrong = given.find((each) => {
    if (!/^[+-]?\d{1,4}$/.test(each)) return true;
    return Number(each) < from || Number(each) > to || (from < 0 && Number(each) === 0);
  });
  if (wrong === undefined) return null;
  return `the rrule has ${key}=${wrong}; it goes from ${from} to ${to}${from < 0 ? ' without 0' : ''}`;
}

/** The fifth Monday of a month may be missing, which is fine; a sixth, or a 53rd of a year, is a mistake. */
function weekdaysProblem(value: string, parts: ReadonlyMap<string, string>): string | null {
  const perMonth = parts.get('FREQ') === 'MONTHLY' || parts.has('BYMONTH');
  const most = perMonth ? 5 : 52;
  for (const each of value.split(',')) {
    const [, ordinal] = new RegExp(`^([+-]?\\d{1,2})?(?:${days})$`).exec(each) ?? [null, '0'];
    if (ordinal === undefined) continue;
    const position = Math.abs(Number(ordinal));
    if (position < 1 || position > most) return `the rrule has BYDAY=${each}, which is no weekday from 1 to ${most}`;
  }
  return null;
}

/** A day alone counts whole. */
function untilFrom(value: string): Until | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z)?)?$/.exec(value);
  if (match === null) return null;
  const [, year, month, day, hour = '23', minute = '59', second = '59', zulu] = match;
  const date = `${year}-${month}-${day}`;
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(date)) return null;
  return { time: `${date}T${hour}:${minute}:${second}`, utc: zulu === 'Z' };
}

function countOf(list: string | undefined): number {
  return list === undefined ? 1 : new Set(list.split(',')).size;
}
