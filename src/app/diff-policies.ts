import type { Decision, RuleId, Status } from '../core/decision/decide.ts';
import { comparePolicies } from '../core/policy/compare-policies.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyDifference } from '../core/policy/policy-difference.ts';
import type { PolicyDesk } from '../ports/policy-desk.ts';
import type { Store } from '../ports/store.ts';
import { judgeOf, partsNotJudged } from './judge-again.ts';
import { keptAssessment } from './kept-assessment.ts';

interface Judged {
  readonly decision: Decision;
  readonly status: Status;
}

/** An assessment that two policies judge differently. */
export interface Flip {
  readonly id: string;
  readonly version: string;
  readonly createdAt: string;
  readonly before: Judged;
  readonly after: Judged;
  /** Rules that fire under the second policy only, and under the first only. */
  readonly came: readonly RuleId[];
  readonly went: readonly RuleId[];
}

export interface PolicyDiff {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly environment: string;
  readonly differences: readonly PolicyDifference[];
  /** Parts that work on reports, which are not kept: what they would change cannot be seen from kept values. */
  readonly notJudged: readonly string[];
  readonly judged: number;
  /** Decisions that differ, the newest first. */
  readonly flips: readonly Flip[];
  /** How many go from one decision to another. */
  readonly summary: readonly { readonly before: Decision; readonly after: Decision; readonly count: number }[];
  /** The decision is the same and the status is not. */
  readonly statusOnly: number;
}

export interface DiffDeps {
  readonly policy: Policy;
  readonly policyDesk: PolicyDesk;
  readonly store: Pick<Store, 'find'>;
}

/**
 * Judges the newest kept assessments of the service and environment by two policies, each as it was: its values, its time, its
 * fast-track and the releases before it. What people said is left out on both sides. @throws AqeError as `PolicyDesk.named`, and 6xxx.
 */
export async function diffPolicies(
  { policy, policyDesk, store }: DiffDeps,
  { from, to, limit }: { readonly from: string; readonly to: string; readonly limit: number },
): Promise<PolicyDiff> {
  const [before, after] = [await policyDesk.named(from), await policyDesk.named(to)];
  const { service, environment } = policy;
  const records = await store.find('assessments', { service, environment, order: 'newest', limit });
  const kept = records.map(keptAssessment);
  const judgeAgain = judgeOf(kept);
  const pairs = kept.map((each) => {
    const old = judgeAgain(each, before.policy);
    const now = judgeAgain(each, after.policy);
    return { each, old, now };
  });
  const differing = pairs.filter(({ old, now }) => old.decision !== now.decision);
  return {
    from: before.name,
    to: after.name,
    service,
    environment,
    differences: comparePolicies(before.policy, after.policy),
    notJudged: partsNotJudged(before.policy, after.policy),
    judged: kept.length,
    flips: differing.map(({ each, old, now }): Flip => ({
      id: each.id,
      version: each.version,
      createdAt: each.createdAt,
      before: { decision: old.decision, status: old.status },
      after: { decision: now.decision, status: now.status },
      came: now.rules.filter((rule) => !old.rules.includes(rule)),
      went: old.rules.filter((rule) => !now.rules.includes(rule)),
    })),
    summary: summaryOf(differing.map(({ old, now }) => [old.decision, now.decision] as const)),
    statusOnly: pairs.filter(({ old, now }) => old.decision === now.decision && old.status !== now.status).length,
  };
}

function summaryOf(pairs: readonly (readonly [Decision, Decision])[]): PolicyDiff['summary'] {
  const counts = new Map<string, PolicyDiff['summary'][number]>();
  for (const [before, after] of pairs) {
    const key = `${before} ${after}`;
    counts.set(key, { before, after, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
