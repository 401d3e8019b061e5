import type { RRuleTemporal } from 'rrule-temporal';
import type { Temporal } from 'temporal-polyfill';
import type { Frequency, Recurrence } from '../../../core/freeze/recurrence.ts';
import { UnusableRule } from './unusable-rule.ts';
import type { WallTime } from './zone-clock.ts';

/** Starts of a freeze as times on the clock, in order. */
export interface Occurrences {
  /** The last start at or before a time. */
  last(upTo: WallTime): WallTime | null;
  /** Starts after a time. */
  after(time: WallTime): Iterable<WallTime>;
}

const day = 86_400_000;
const year = 366 * day;
/** Periods that the library may look at for one question. */
const mostSteps: Readonly<Record<Frequency, number>> = { YEARLY: 250, MONTHLY: 2800, WEEKLY: 3000, DAILY: 5000 };
const mostCandidates = 50_000;
/** Days that are looked through at first; most questions end with the next start. */
const firstLook: Readonly<Record<Frequency, number>> = { YEARLY: 366, MONTHLY: 32, WEEKLY: 8, DAILY: 2 };
/** Nothing for so long is nothing at all. A leap day that is a Monday comes after 40 years at the latest. */
export const longestPause = 41;
/** Nothing is looked for after it. */
export const lastYear = 2199;
const endOfTime: WallTime = Date.UTC(lastYear + 1, 0, 1) - 1000;

export function once(start: WallTime): Occurrences {
  return listed([start]);
}

/**
 * Starts of a repeated freeze. The library counts in UTC, that is with plain clock times: it would leave out a start that the
 * clock of a zone jumps over, and a freeze must not vanish in the night of the change. @throws UnusableRule, also from the
 * methods, where the library refuses the rule or gives up.
 */
export function repeated(
  library: typeof RRuleTemporal,
  temporal: typeof Temporal,
  start: WallTime,
  { frequency, pattern, counted }: Recurrence,
  until: WallTime | null,
): Occurrences {
  const at = (time: WallTime): Temporal.ZonedDateTime =>
    temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO('UTC');
  const end = Math.min(until ?? endOfTime, endOfTime);
  const rule = followed(
    () =>
      new library({
        rruleString: `RRULE:${pattern}`,
        dtstart: at(start),
        strict: true,
        cache: false,
        maxIterations: mostSteps[frequency],
        maxCandidateEvaluations: mostCandidates,
        // COUNT and UNTIL exclude each other.
        ...(counted ? {} : { until: at(end) }),
      }),
  );
  if (counted) {
    const starts: WallTime[] = [];
    followed(() =>
      rule.all(({ epochMilliseconds }) => {
        if (epochMilliseconds > end) return false;
        starts.push(epochMilliseconds);
        return true;
      }),
    );
    return listed(starts);
  }
  return {
    last(upTo) {
      if (upTo < start) return null;
      return followed(() => rule.previous(at(Math.min(upTo, end)), true))?.epochMilliseconds ?? null;
    },
    *after(time) {
      let from = Math.max(time + 1, start);
      let last = from;
      for (let window = firstLook[frequency] * day; from <= Math.min(end, last + longestPause * year);) {
        const to = Math.min(from + window, end);
        const found = followed(() => rule.between(at(from), at(to), true));
        for (const { epochMilliseconds } of found) yield (last = epochMilliseconds);
        if (found.length === 0 || window < year) window *= 2;
        from = to + 1;
      }
    },
  };
}

function listed(starts: readonly WallTime[]): Occurrences {
  return {
    last: (upTo) => starts.findLast((start) => start <= upTo) ?? null,
    after: (time) => starts.filter((start) => start > time),
  };
}

function followed<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = message.startsWith('Maximum ') ? 'it goes on for too long without an occurrence' : message;
    throw new UnusableRule(`the rrule cannot be followed: ${reason}`, { cause: error });
  }
}
