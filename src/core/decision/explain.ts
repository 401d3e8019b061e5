import { criterionKinds, metricOfCriterion } from '../gate/criteria.ts';
import { resolveLimits } from '../gate/resolve-limits.ts';
import { meets } from '../gate/evaluate-gate.ts';
import { metricOf, type MetricId } from '../signal/metrics.ts';
import { signalOf, type Signal, type SignalSet } from '../signal/signal.ts';
import type { Decision } from './decide.ts';
import { judge, type JudgeInput, type Judgement } from './evaluate.ts';

/** One value that would have to be another. */
export interface Change {
  readonly metric: MetricId;
  /** null when the metric has no value now. */
  readonly from: number | null;
  readonly to: number;
  /** Relative effort, from the cost table; only for ordering. */
  readonly cost: number;
}

export interface WayOut {
  readonly changes: readonly Change[];
  readonly cost: number;
  /** What re-evaluation with these values gives. */
  readonly decision: Decision;
  readonly risk: number;
}

/**
 * Relative effort to move a metric to a target, for ordering ways out. Measuring something that nobody measured is the
 * cheapest; a person's word next; new tests and faster code cost more. A table of opinion: it is never shown as time.
 */
const costs: Readonly<Partial<Record<MetricId, number>>> = {
  critical_vulnerabilities: 3,
  high_vulnerabilities: 3,
  medium_vulnerabilities: 3,
  vulnerability_count: 3,
  severity_score: 3,
  critical_issues: 2,
  code_smells: 2,
  maintainability: 4,
  failed_tests: 3,
  test_reliability: 4,
  line_coverage: 5,
  branch_coverage: 5,
  mutation_score: 6,
  response_time: 7,
  throughput: 7,
  error_rate: 5,
};

/** Costs nothing to fix by changing the release itself: these are not proposed. */
const given: ReadonlySet<MetricId> = new Set([
  'change_size',
  'affected_modules',
  'blast_radius',
  'dependency_impact',
  'failure_rate',
  'mttr',
  'rollback_frequency',
  'incident_count',
]);

/**
 * The cheapest set of changed values found that leads to APPROVED, verified by evaluating with exactly these values; null
 * if the release is approved already or nothing that can be changed leads there. No change of the set can be left out.
 */
export function cheapestWayOut(evaluation: Judgement, input: JudgeInput): WayOut | null {
  // In shadow mode the question is what the verdict would be if it counted; no value stands in for a person's approval.
  const required = input.policy.approvals.required.filter(({ when }) => when === 'high-risk');
  const approvals = { ...input.policy.approvals, required };
  const enforced = { ...input, policyChange: null, policy: { ...input.policy, approvals, mode: 'enforce' as const } };
  const decisionWith = (changes: readonly Change[]): Judgement =>
    judge(withChanges(evaluation.signals, changes), enforced);
  if (decisionWith([]).verdict.decision === 'APPROVED') return null;

  let chosen: Change[] = [...requiredByGates(evaluation, enforced)];
  const more = improvements(evaluation, enforced).filter(
    (change) => !chosen.some((known) => known.metric === change.metric && known.to === change.to),
  );
  let index = 0;
  while (decisionWith(chosen).verdict.decision !== 'APPROVED') {
    const next = more[index];
    if (next === undefined) return null;
    chosen = [...chosen.filter((change) => change.metric !== next.metric), next];
    index += 1;
  }
  // Leave out, most costly first, whatever is not needed.
  for (const change of [...chosen].sort((a, b) => b.cost - a.cost)) {
    const without = chosen.filter((other) => other !== change);
    if (decisionWith(without).verdict.decision === 'APPROVED') chosen = without;
  }
  const { verdict, risk } = decisionWith(chosen);
  return {
    changes: [...chosen].sort((a, b) => a.cost - b.cost || (a.metric < b.metric ? -1 : 1)),
    cost: chosen.reduce((sum, change) => sum + change.cost, 0),
    decision: verdict.decision,
    risk: risk.overallRisk,
  };
}

/** For each criterion of a gate that has to open: the value at its threshold. */
function requiredByGates({ signals, gates }: Judgement, { policy, fastTrack, earlier }: JudgeInput): readonly Change[] {
  const wanted = new Map<MetricId, Change>();
  for (const gate of resolveLimits(policy.gates, earlier)) {
    if (gate.enforcement !== 'BLOCKING' || gate.mode === 'shadow') continue;
    if (fastTrack && gates.gateResults.some((result) => result.gate === gate.name && result.skipped)) continue;
    for (const criterion of gate.criteria) {
      const { key, threshold } = criterion;
      if (threshold === null) continue;
      const { comparison } = criterionKinds[key];
      const metric = metricOfCriterion(criterion);
      const signal = signalOf(signals, metric);
      if (signal && meets(signal, comparison, threshold)) continue;
      const known = wanted.get(metric);
      const stricter = known === undefined || (comparison === '<=' ? threshold < known.to : threshold > known.to);
      if (stricter) wanted.set(metric, changeTo(metric, signal, threshold));
    }
  }
  return [...wanted.values()];
}

/** Further values that lower the risk, the best points for the cost first: the metric at the first knot of its curve that carries no risk. */
function improvements({ signals, risk }: Judgement, { policy }: JudgeInput): readonly Change[] {
  const options = policy.risk
    .flatMap(({ groups }) => groups.flatMap((group) => group.metrics))
    .flatMap(({ metric, curve }) => {
      if (given.has(metric)) return [];
      const worst = risk.contributions.find((entry) => entry.metric === metric)?.worstPoints ?? 0;
      if (worst === 0) return [];
      const ideal = metricOf(metric).better === 'lower' ? curve[0]![0] : curve.at(-1)![0];
      const change = changeTo(metric, signalOf(signals, metric), ideal);
      return [{ change, gain: worst / change.cost }];
    });
  return options.sort((a, b) => b.gain - a.gain).map(({ change }) => change);
}

function changeTo(metric: MetricId, signal: Signal | null, to: number): Change {
  return { metric, from: signal?.value ?? null, to, cost: signal === null ? 1 : (costs[metric] ?? 5) };
}

/** The same signals with some values replaced by hypothetical ones. */
export function withChanges(signals: SignalSet, changes: readonly Pick<Change, 'metric' | 'to'>[]): SignalSet {
  const replaced = changes.map(
    ({ metric, to }) =>
      [
        metric,
        {
          metric,
          state: 'measured',
          signal: { metric, value: to, exact: null, bound: 'exact', sources: ['hypothetical'], basis: 'hypothetical' },
        },
      ] as const,
  );
  return { ...signals, ...Object.fromEntries(replaced) };
}
