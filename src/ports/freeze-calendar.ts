import type { FreezeRule, FrozenBy } from '../core/freeze/freeze.ts';

/** What is wrong with one rule, as half a sentence that follows its name. */
export interface FreezeProblem {
  readonly name: string;
  readonly problem: string;
}

/**
 * Knows when freezes hold. The calendar, not the caller, deals with zones, their changes of clock, and recurrence:
 *
 * - A freeze begins at the first instant at which a clock in the zone shows its start or more. Where the clock jumps over the
 *   start, that is the jump; where the clock shows it twice, the first time.
 * - `end` is a clock's time as well, as many days and hours after each start as the first end is after the first start. The
 *   freeze is over when no clock shows an earlier time any more: at the jump where the clock jumps over it, the second time
 *   where an hour comes twice.
 * - `durationMs` is time that passes, whatever clocks do.
 * - Occurrences that touch or overlap are one freeze; `until` is the end of the last one.
 *
 * Every answer comes in bounded time. No method skips a rule that it cannot use.
 */
export interface FreezeCalendar {
  /** Problems of unusable rules, in their order; at most one a rule. Does not throw for a bad rule. */
  check(rules: readonly FreezeRule[]): Promise<readonly FreezeProblem[]>;
  /** Freezes that hold at an instant, at most one a rule, in the order of the rules. @throws AqeError AQE3020. */
  freezesAt(rules: readonly FreezeRule[], at: Date): Promise<readonly FrozenBy[]>;
  /** The next freezes that begin after an instant, soonest first, at most `count`. @throws AqeError AQE3020. */
  nextFreezes(rules: readonly FreezeRule[], from: Date, count: number): Promise<readonly FrozenBy[]>;
}
