import type { Decision, RuleId, Status } from '../core/decision/decide.ts';
import { judge } from '../core/decision/evaluate.ts';
import { asksForHistory } from '../core/gate/resolve-limits.ts';
import { same } from '../core/policy/policy-difference.ts';
import type { Policy } from '../core/policy/policy.ts';
import { earlierIn, type KeptAssessment } from './kept-assessment.ts';

export interface JudgedAgain {
  readonly decision: Decision;
  readonly status: Status;
  readonly rules: readonly RuleId[];
}

/**
 * Judges kept assessments by other policies, each as it was: its values, its time, its fast-track and the releases before it, before
 * anybody approved anything. `kept` holds them and the ones before them, the newest first.
 */
export function judgeOf(kept: readonly KeptAssessment[]): (each: KeptAssessment, policy: Policy) => JudgedAgain {
  const earlier = earlierIn(kept);
  return (each, policy) => {
    const { verdict } = judge(each.signals, {
      policy,
      fastTrack: each.fastTrack !== null,
      now: each.createdAt,
      earlier: asksForHistory(policy.gates) ? earlier(each) : [],
      policyChange: each.policyChange,
    });
    const rules = [...new Set(verdict.rules.map(({ rule }) => rule))];
    return { decision: verdict.decision, status: verdict.status, rules };
  };
}

/** Parts in which two policies differ and that work on reports, which are not kept: kept values cannot show what they change. */
export function partsNotJudged(from: Policy, to: Policy): readonly string[] {
  const findings = ({ waivers }: Policy) => waivers.filter(({ scope }) => scope.gate === null);
  return [
    ...(same(from.evidence, to.evidence) ? [] : ['evidence']),
    ...(same(from.gradeBands, to.gradeBands) ? [] : ['grade']),
    ...(same(findings(from), findings(to)) ? [] : ['waivers of findings, packages and rules of scanners']),
  ];
}
