import type { Temporal } from 'temporal-polyfill';
import type { FreezeRule } from '../../../core/freeze/freeze.ts';
import { recurrenceFrom, type Recurrence } from '../../../core/freeze/recurrence.ts';
import { lastYear, longestPause, once, repeated, type Occurrences } from './occurrences.ts';
import { UnusableRule } from './unusable-rule.ts';
import { zoneClock, type WallTime, type ZoneClock } from './zone-clock.ts';

/** A rule that can be asked. Instants are milliseconds since 1970 UTC. */
export interface CompiledRule {
  readonly starts: Occurrences;
  readonly clock: ZoneClock;
  begin(start: WallTime): number;
  end(start: WallTime): number;
}

const firstYear = 1970;
/** An occurrence of a repeated freeze. */
const longestRepeated = 366 * 86_400_000;
/** A zone's name; offsets such as +01:00 know nothing of daylight saving. */
const zoneName = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;

/** @throws UnusableRule. */
export async function compileRule(rule: FreezeRule): Promise<CompiledRule> {
  const { Temporal: temporal } = await import('temporal-polyfill');
  const clock = clockOf(temporal, rule.zone);
  const start = wallTime(rule.start, 'start');
  const { rrule, durationMs } = rule;
  const span = rule.end === null ? null : wallTime(rule.end, 'end') - start;
  const begin = (time: WallTime): number => clock.reaches(time);
  const end = spanOf(span, durationMs, clock);
  if (rrule === null) {
    if (end(start) <= begin(start)) throw new UnusableRule('no time passes in it: the clock jumps over it');
    return { starts: once(start), clock, begin, end };
  }
  if ((span ?? durationMs ?? 0) > longestRepeated) throw new UnusableRule('an occurrence is longer than 366 days');
  const starts = await startsOf(rrule, start, clock, temporal);
  const first = firstOf(starts, start);
  if (span !== null && first !== start)
    throw new UnusableRule(
      `end belongs to the first occurrence, but start is none; the first one is ${textOf(first)} (or give a duration)`,
    );
  return { starts, clock, begin, end };
}

function spanOf(span: number | null, durationMs: number | null, clock: ZoneClock): CompiledRule['end'] {
  if (span !== null && durationMs !== null)
    throw new UnusableRule('it has an end and a duration; one of them is enough');
  if (span !== null) {
    if (span <= 0) throw new UnusableRule('end is not after start');
    return (time) => clock.hasPassed(time + span);
  }
  if (durationMs === null) throw new UnusableRule('it has neither an end nor a duration');
  if (!Number.isSafeInteger(durationMs) || durationMs <= 0 || durationMs > 100 * longestRepeated)
    throw new UnusableRule('its duration is not a time between nothing and 100 years');
  return (time) => clock.reaches(time) + durationMs;
}

async function startsOf(
  rrule: string,
  start: WallTime,
  clock: ZoneClock,
  temporal: typeof Temporal,
): Promise<Occurrences> {
  const recurrence = recurrenceFrom(rrule);
  if ('problem' in recurrence) throw new UnusableRule(recurrence.problem);
  const { RRuleTemporal } = await import('rrule-temporal');
  return repeated(RRuleTemporal, temporal, start, recurrence, untilOf(recurrence, clock));
}

function firstOf(starts: Occurrences, start: WallTime): WallTime {
  for (const first of starts.after(start - 1)) return first;
  throw new UnusableRule(`the rrule does not occur within ${longestPause} years of the start, or not before it ends`);
}

function untilOf({ until }: Recurrence, clock: ZoneClock): WallTime | null {
  if (until === null) return null;
  const time = Date.parse(`${until.time}Z`);
  return until.utc ? clock.mostShown(time) : time;
}

function clockOf(temporal: typeof Temporal, zone: string): ZoneClock {
  try {
    if (zoneName.test(zone)) return zoneClock(temporal, zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new UnusableRule(`zone "${zone}" is not the name of a time zone, such as Europe/Berlin`);
}

function wallTime(text: string, what: string): WallTime {
  const whole = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(text) ? Date.parse(`${text}Z`) : NaN;
  if (Number.isNaN(whole) || !textOf(whole).startsWith(text.slice(0, 10)))
    throw new UnusableRule(`${what} "${text}" is not a local time like 2026-12-20T18:00`);
  const year = new Date(whole).getUTCFullYear();
  if (year < firstYear || year > lastYear)
    throw new UnusableRule(`${what} "${text}" is not in the years ${firstYear} to ${lastYear}`);
  return whole;
}

function textOf(time: WallTime): string {
  return new Date(time).toISOString().slice(0, 19);
}
