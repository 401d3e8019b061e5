import { metricOfCriterion } from '../gate/criteria.ts';
import { resolveLimits } from '../gate/resolve-limits.ts';
import { metricIds, metricOf, type MetricId, type Unit } from '../signal/metrics.ts';
import { signalOf, type SignalSet } from '../signal/signal.ts';
import type { Decision, Status } from './decide.ts';
import { judge, type JudgeInput } from './evaluate.ts';
import { withChanges } from './explain.ts';

/** One value that, changed alone, would change the decision. */
export interface SensitiveChange {
  readonly metric: MetricId;
  /** null: not measured now. */
  readonly from: number | null;
  /** The nearest value that changes the decision; of a metric without a value the least extreme one. null: it goes missing. */
  readonly to: number | null;
  readonly towards: 'better' | 'worse';
  /** What evaluation with this value gives. */
  readonly decision: Decision;
  readonly status: Status;
  /** The strongest rule that then fires; empty if none does. */
  readonly because: string;
  /** Share of the value by which it moves, for ordering; 1 where there is no value on one side. */
  readonly distance: number;
}

export interface Sensitivity {
  /** What the evidence leads to before people have their say: a changed value voids what they said. */
  readonly decision: Decision;
  /** The closest first. */
  readonly changes: readonly SensitiveChange[];
}

const order: readonly Decision[] = ['BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL', 'APPROVED'];

/** Steps of a unit in one whole, and the largest value that is tried. */
const grids: Readonly<Record<Unit, readonly [perWhole: number, lowest: number, highest: number]>> = {
  '%': [100, 0, 100],
  score: [100, 0, 100],
  ms: [1, 0, 3_600_000],
  rps: [1, 0, 1_000_000],
  count: [1, 0, 1_000_000],
  grade: [1, 1, 5],
  cvss: [10, 0, 10],
  lines: [1, 0, 10_000_000],
  hours: [10, 0, 10_000],
  'yes-no': [1, 0, 1],
  'per-function': [10, 0, 10_000],
};

/**
 * For each metric the nearest value, to either side, at which the decision is another one, and whether it is another one without
 * the metric. Values move by the step of their unit (a hundredth of a percent, one test). Between two limits of gates only the
 * risk moves, and only one way, so the place where the decision turns is found by halving; each result is an evaluation with
 * exactly that value. Shadow mode is left out of account: the question is what would be if it counted.
 */
export function sensitivityOf(signals: SignalSet, input: JudgeInput): Sensitivity {
  const enforced = { ...input, policy: { ...input.policy, mode: 'enforce' as const } };
  const verdictOf = (changed: SignalSet) => judge(changed, enforced).verdict;
  const { decision } = verdictOf(signals);
  const rank = order.indexOf(decision);
  const relevant = relevantMetrics(input);
  const changes = metricIds
    .filter((metric) => relevant.has(metric))
    .flatMap((metric): readonly SensitiveChange[] => {
      const from = signalOf(signals, metric)?.value ?? null;
      const at = (to: number | null) =>
        verdictOf(to === null ? without(signals, metric) : withChanges(signals, [{ metric, to }]));
      const change = (to: number | null): SensitiveChange => {
        const verdict = at(to);
        const rule = verdict.rules[0];
        return {
          metric,
          from,
          to,
          towards: order.indexOf(verdict.decision) > rank ? 'better' : 'worse',
          decision: verdict.decision,
          status: verdict.status,
          because: rule === undefined ? '' : `${rule.rule}: ${rule.message}`,
          distance: distance(from, to),
        };
      };
      const flips = (to: number | null): boolean => at(to).decision !== decision;
      const [best, worst] = ends(metric, from);
      const limits = limitsOf(metric, input);
      const isBetter = (to: number): boolean => order.indexOf(at(to).decision) > rank;
      const isWorse = (to: number): boolean => order.indexOf(at(to).decision) < rank;
      const values =
        from === null
          ? [nearestFlip(metric, [worst, best], isBetter, limits), nearestFlip(metric, [best, worst], isWorse, limits)]
          : [best, worst].map((end) => nearestFlip(metric, [from, end], flips, limits, false));
      const gone = from !== null && flips(null) ? [null] : [];
      return [...values.filter((value) => value !== null), ...gone].map(change);
    });
  return { decision, changes: changes.sort((a, b) => a.distance - b.distance || (a.metric < b.metric ? -1 : 1)) };
}

/** Metrics that a gate or the risk looks at. */
function relevantMetrics({ policy }: JudgeInput): ReadonlySet<MetricId> {
  return new Set([
    ...policy.gates.flatMap(({ criteria }) => criteria.map(metricOfCriterion)),
    ...policy.risk.flatMap(({ groups }) => groups.flatMap(({ metrics }) => metrics.map(({ metric }) => metric))),
    'failed_tests' as const,
  ]);
}

/** The best and the worst value that is tried. */
function ends(metric: MetricId, from: number | null): readonly [best: number, worst: number] {
  const { unit, better } = metricOf(metric);
  const [perWhole, lowest, highest] = grids[unit];
  const top =
    from !== null && from >= highest && !['%', 'score', 'grade', 'cvss', 'yes-no'].includes(unit)
      ? Math.ceil(2 * from * perWhole) / perWhole
      : highest;
  return better === 'lower' ? [lowest, top] : [top, lowest];
}

/** Where the gates' answers can change. */
function limitsOf(metric: MetricId, { policy, earlier }: JudgeInput): readonly number[] {
  return resolveLimits(policy.gates, earlier).flatMap(({ criteria }) =>
    criteria.flatMap((criterion) => {
      const { threshold } = criterion;
      return threshold === null || metricOfCriterion(criterion) !== metric ? [] : [threshold];
    }),
  );
}

/** The first value of the grid that flips on the way from `start` to `end`; null if none does. */
function nearestFlip(
  metric: MetricId,
  [start, end]: readonly [number, number],
  flips: (value: number) => boolean,
  limits: readonly number[],
  withStart = true,
): number | null {
  const [perWhole] = grids[metricOf(metric).unit];
  const up = end > start;
  // Places on the grid as whole numbers: dividing gives 84.37 exactly as it is written.
  const beside = up ? Math.floor(start * perWhole) + 1 : Math.ceil(start * perWhole) - 1;
  const first = withStart ? Math.round(start * perWhole) : beside;
  const last = Math.round(end * perWhole);
  if (up ? first > last : first < last) return null;
  const value = (place: number): number => place / perWhole;
  const edges = limits.flatMap((limit) => [Math.floor(limit * perWhole), Math.ceil(limit * perWhole)]);
  const stops = [...new Set([first, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1]), last])]
    .filter((place) => (up ? place >= first && place <= last : place <= first && place >= last))
    .sort((a, b) => (up ? a - b : b - a));
  let before: number | null = null;
  for (const stop of stops) {
    if (flips(value(stop))) return value(before === null ? stop : halve(before, stop, (place) => flips(value(place))));
    before = stop;
  }
  return null;
}

/** The place nearest to `no` that flips, between one that does not and one that does. */
function halve(no: number, yes: number, flips: (place: number) => boolean): number {
  let [still, turned] = [no, yes];
  while (Math.abs(turned - still) > 1) {
    const middle = Math.trunc((turned + still) / 2);
    if (flips(middle)) turned = middle;
    else still = middle;
  }
  return turned;
}

function without(signals: SignalSet, metric: MetricId): SignalSet {
  return { ...signals, [metric]: { metric, state: 'missing', reason: 'hypothetical', sources: [] } };
}

function distance(from: number | null, to: number | null): number {
  if (from === null || to === null) return 1;
  return Math.abs(to - from) / Math.max(Math.abs(from), Math.abs(to));
}
