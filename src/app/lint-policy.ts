import { freezeHorizon, lintFreezes, type KnownFreeze } from '../core/policy/lint-freezes.ts';
import { lintPolicy } from '../core/policy/lint.ts';
import { lintLevels, type LintFinding } from '../core/policy/lint-input.ts';
import type { FreezeRule, FrozenBy } from '../core/freeze/freeze.ts';
import type { Clock } from '../ports/clock.ts';
import type { FreezeCalendar } from '../ports/freeze-calendar.ts';
import type { PolicyDesk } from '../ports/policy-desk.ts';
import type { SourceControl } from '../ports/source-control.ts';
import type { Policy } from '../core/policy/policy.ts';

export interface LintDeps {
  readonly policy: Policy;
  readonly configPath: string | null;
  readonly policyDesk: PolicyDesk;
  readonly freezeCalendar: FreezeCalendar;
  readonly sourceControl: SourceControl;
  readonly clock: Clock;
}

/** A finding with the place in the file. */
export interface PlacedFinding extends LintFinding {
  /** `aqe-deploy.yaml:12:3`, or `default` for what nobody wrote. */
  readonly place: string;
}

/** Occurrences of one freeze that are looked at. */
const most = 1000;

/** What is wrong or doubtful in the config, for every environment of every service, errors first. @throws AqeError for a config that cannot be used at all. */
export async function lintConfig(deps: LintDeps): Promise<readonly PlacedFinding[]> {
  const now = deps.clock.now();
  const facts = await deps.policyDesk.facts();
  const freezes = await Promise.all(deps.policy.freezes.map((rule) => knownFreeze(deps.freezeCalendar, rule, now)));
  const found = [...lintPolicy({ ...facts, now: now.toISOString() }), ...lintFreezes(freezes, now.toISOString())];
  const since = found.some(({ rule }) => rule === 'shadow') ? await configSince(deps) : null;
  return found
    .map((each) => ({
      ...each,
      message:
        each.rule === 'shadow' && since !== null ? `${each.message}; so the config says since ${since}` : each.message,
      place: deps.policyDesk.placeOf(each.path),
    }))
    .toSorted((a, b) => lintLevels.indexOf(a.level) - lintLevels.indexOf(b.level));
}

async function knownFreeze(calendar: FreezeCalendar, rule: FreezeRule, now: Date): Promise<KnownFreeze> {
  const [problem] = await calendar.check([rule]);
  if (problem) return { rule, problem: problem.problem, spans: [] };
  const end = now.getTime() + freezeHorizon;
  const held = await heldFrom(calendar, rule, now, end);
  const next = await calendar.nextFreezes([rule], new Date(held.at(-1)?.until ?? now), most);
  return { rule, problem: null, spans: [...held, ...next.filter(({ from }) => Date.parse(from) < end)] };
}

/** What holds now. The calendar joins so many occurrences only: where one ends, the same freeze may go on. */
async function heldFrom(
  calendar: FreezeCalendar,
  rule: FreezeRule,
  now: Date,
  end: number,
): Promise<readonly FrozenBy[]> {
  const spans: FrozenBy[] = [];
  for (let at = now; at.getTime() < end; at = new Date(spans.at(-1)!.until)) {
    const [span] = await calendar.freezesAt([rule], at);
    if (span === undefined) return spans;
    spans.push({ ...span, from: at.toISOString() });
  }
  return spans;
}

/** Day on which the config got its present content. */
async function configSince({ configPath, sourceControl }: LintDeps): Promise<string | null> {
  if (configPath === null) return null;
  const history = (await sourceControl.fileHistory([configPath])).get(configPath);
  return history?.kind === 'committed' ? history.committedAt.slice(0, 10) : null;
}
