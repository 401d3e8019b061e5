import type { Temporal } from 'temporal-polyfill';

/** Time on a clock on the wall, in milliseconds as if the clock stood in UTC. */
export type WallTime = number;

/** Clocks of one zone. Instants are milliseconds since 1970 UTC. */
export interface ZoneClock {
  /** First instant at which the clock shows this time or more: the jump, where the clock jumps over it. */
  reaches(time: WallTime): number;
  /** Instant from which on the clock shows no less than this: the second one, where the clock shows it twice. */
  hasPassed(time: WallTime): number;
  /** The most that the clock has shown up to an instant; every time up to it is reached, and none after it. */
  mostShown(instant: number): WallTime;
}

/** @throws RangeError for a zone that is not known. */
export function zoneClock(temporal: typeof Temporal, zone: string): ZoneClock {
  temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  const onClock = (time: WallTime): Temporal.PlainDateTime =>
    temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO('UTC').toPlainDateTime();
  const resolve = (time: WallTime, which: 'earlier' | 'later'): number => {
    const wanted = onClock(time);
    const found = wanted.toZonedDateTime(zone, { disambiguation: which });
    if (found.toPlainDateTime().equals(wanted)) return found.epochMilliseconds;
    // Not on any clock. The earlier reading lies before the jump.
    const before = which === 'earlier' ? found : wanted.toZonedDateTime(zone, { disambiguation: 'earlier' });
    return before.getTimeZoneTransition('next')!.epochMilliseconds;
  };
  const shown = (instant: number): WallTime => {
    const there = temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
    return instant + there.offsetNanoseconds / 1_000_000;
  };
  return {
    reaches: (time) => resolve(time, 'earlier'),
    hasPassed(time) {
      const second = resolve(time, 'later');
      // Set back to this very time, the clock shows nothing less again.
      return shown(second - 1) < time ? second : resolve(time, 'earlier');
    },
    mostShown(instant) {
      // "Previous" leaves a change at this very instant out.
      const next = temporal.Instant.fromEpochMilliseconds(instant + 1).toZonedDateTimeISO(zone);
      const change = next.getTimeZoneTransition('previous');
      const now = shown(instant);
      return change === null ? now : Math.max(now, shown(change.epochMilliseconds - 1));
    },
  };
}
