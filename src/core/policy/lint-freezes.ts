import type { FreezeRule, FrozenBy } from '../freeze/freeze.ts';
import type { LintFinding } from './lint-input.ts';

/** A freeze rule and what the calendar says of it. */
export interface KnownFreeze {
  readonly rule: FreezeRule;
  /** Why it cannot be used; null if it can. */
  readonly problem: string | null;
  /** When it holds in the year from now, in order. */
  readonly spans: readonly Pick<FrozenBy, 'from' | 'until'>[];
}

/** Looked at from now on. */
export const freezeHorizon = 365 * 86_400_000;

export function lintFreezes(freezes: readonly KnownFreeze[], now: string): readonly LintFinding[] {
  return freezes.flatMap(({ rule, problem, spans }, index): readonly LintFinding[] => {
    const finding = (id: string, level: LintFinding['level'], message: string, advice: string): LintFinding => ({
      rule: id,
      level,
      path: ['freezes', String(index)],
      message: `the freeze ${rule.name} ${message}`,
      advice,
    });
    if (problem !== null) return [finding('freeze-unusable', 'error', problem, 'correct the rule')];
    if (spans.length === 0)
      return [finding('freeze-over', 'warning', 'does not hold at any time of the next year', 'leave it out')];
    const start = Date.parse(now);
    const frozen = spans.reduce((sum, { from, until }) => {
      const [begin, end] = [Math.max(start, Date.parse(from)), Math.min(start + freezeHorizon, Date.parse(until))];
      return sum + Math.max(0, end - begin);
    }, 0);
    const share = Math.floor((100 * frozen) / freezeHorizon);
    if (share <= 50) return [];
    return [
      finding(
        'freeze-most-of-the-year',
        'warning',
        `holds for ${share}% of the next year`,
        'make it shorter; while it holds nothing is released without an emergency',
      ),
    ];
  });
}
