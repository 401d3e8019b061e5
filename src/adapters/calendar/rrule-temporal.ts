import { AqeError } from '../../core/error/aqe-error.ts';
import type { FreezeRule, FrozenBy } from '../../core/freeze/freeze.ts';
import type { FreezeCalendar, FreezeProblem } from '../../ports/freeze-calendar.ts';
import { compileRule, type CompiledRule } from './rrule-temporal/compile-rule.ts';
import { UnusableRule } from './rrule-temporal/unusable-rule.ts';
import type { WallTime } from './rrule-temporal/zone-clock.ts';

/** Occurrences that are joined to one freeze. */
const mostJoined = 100;

/** One freeze of a rule, in milliseconds since 1970 UTC, and the last of its occurrences. */
interface Freeze {
  readonly from: number;
  readonly until: number;
  readonly last: WallTime;
  readonly joined: number;
}

/** Recurrences by rrule-temporal, zones by temporal-polyfill; both are loaded when the first rule is looked at. */
export const rruleTemporalCalendar: FreezeCalendar = {
  async check(rules) {
    const problems: FreezeProblem[] = [];
    for (const rule of rules) {
      try {
        await compileRule(rule);
      } catch (error) {
        if (!(error instanceof UnusableRule)) throw error;
        problems.push({ name: rule.name, problem: error.message });
      }
    }
    return problems;
  },

  async freezesAt(rules, at) {
    const held = await Promise.all(
      rules.map((rule) => asked(rule, (compiled) => freezeAt(compiled, at.getTime())?.freeze ?? null)),
    );
    return held.flatMap((freeze, index) => (freeze === null ? [] : [frozenBy(rules[index]!, freeze)]));
  },

  async nextFreezes(rules, from, count) {
    const coming = await Promise.all(
      rules.map((rule) => asked(rule, (compiled) => [...freezesAfter(compiled, from.getTime(), count)])),
    );
    return coming
      .flatMap((freezes, index) => freezes.map((freeze) => ({ freeze, rule: rules[index]! })))
      .sort((a, b) => a.freeze.from - b.freeze.from)
      .slice(0, count)
      .map(({ rule, freeze }) => frozenBy(rule, freeze));
  },
};

/** @throws AqeError AQE3020, also where the library gives up: a rule that cannot be followed is no rule that does not hold. */
async function asked<T>(rule: FreezeRule, question: (compiled: CompiledRule) => T): Promise<T> {
  try {
    return question(await compileRule(rule));
  } catch (error) {
    if (!(error instanceof UnusableRule)) throw error;
    throw new AqeError('AQE3020', `${rule.name}: ${error.message}`, {}, error);
  }
}

/** The occurrence that began last decides: none that began before it lasts longer. */
function freezeAt(rule: CompiledRule, at: number): { readonly freeze: Freeze | null; readonly last: WallTime | null } {
  const last = rule.starts.last(rule.clock.mostShown(at));
  if (last === null || rule.end(last) <= at) return { freeze: null, last };
  const occurrence = { from: rule.begin(last), until: rule.end(last), last, joined: 1 };
  return { freeze: joinedFrom(rule, occurrence, rule.starts.after(last)[Symbol.iterator]()).freeze, last };
}

function* freezesAfter(rule: CompiledRule, from: number, count: number): Generator<Freeze> {
  const { freeze, last } = freezeAt(rule, from);
  if (freeze !== null && freeze.joined === mostJoined) return;
  const starts = rule.starts.after(freeze?.last ?? last ?? -Infinity)[Symbol.iterator]();
  let next = starts.next();
  for (let found = 0; found < count && next.done !== true;) {
    const start = next.value;
    const joined = joinedFrom(
      rule,
      { from: rule.begin(start), until: rule.end(start), last: start, joined: 1 },
      starts,
    );
    next = joined.next;
    if (joined.freeze.until <= joined.freeze.from) continue;
    found += 1;
    yield joined.freeze;
    if (joined.freeze.joined === mostJoined) return;
  }
}

/** The freeze with all that begins before or when it ends, and the start after that. */
function joinedFrom(
  rule: CompiledRule,
  first: Freeze,
  starts: Iterator<WallTime>,
): { readonly freeze: Freeze; readonly next: IteratorResult<WallTime> } {
  let freeze = first;
  let next = starts.next();
  while (next.done !== true && freeze.joined < mostJoined && rule.begin(next.value) <= freeze.until) {
    freeze = { ...freeze, until: rule.end(next.value), last: next.value, joined: freeze.joined + 1 };
    next = starts.next();
  }
  return { freeze, next };
}

function frozenBy({ name, reason, zone, regions }: FreezeRule, { from, until }: Freeze): FrozenBy {
  return { name, reason, zone, from: new Date(from).toISOString(), until: new Date(until).toISOString(), regions };
}
