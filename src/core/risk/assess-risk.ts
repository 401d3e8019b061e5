import type { MetricId } from '../signal/metrics.ts';
import type { EvidenceState, SignalSet } from '../signal/signal.ts';
import { riskAt } from './curve.ts';
import type { Dimension, RiskGroup, RiskMetric, RiskModel } from './model.ts';

export type RiskLevel = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

/** The part of the score that one metric brings. Points of all metrics sum exactly to the score. */
export interface Contribution {
  readonly dimension: Dimension;
  readonly group: string;
  readonly metric: MetricId;
  readonly state: EvidenceState;
  /** null unless measured. */
  readonly value: number | null;
  /** Risk of the metric on its curve, 0–100; the prior while it is missing. */
  readonly risk: number;
  /** Points of the score, 0–100. Zero for a metric that is not the worst of its group. */
  readonly points: number;
  /** Points at most if every missing metric turned out as good, and as bad, as can be. */
  readonly bestPoints: number;
  readonly worstPoints: number;
}

export interface RiskAssessment {
  /** 0–100, unrounded: the sum of the points. */
  readonly overallRisk: number;
  readonly level: RiskLevel;
  /** The score with every missing metric at no risk, and at full risk. */
  readonly interval: { readonly best: number; readonly worst: number };
  readonly worstLevel: RiskLevel;
  readonly dimensions: Readonly<
    Record<
      Dimension,
      {
        readonly score: number;
        readonly weight: number;
        readonly points: number;
        readonly measured: number;
        readonly metrics: number;
      }
    >
  >;
  readonly contributions: readonly Contribution[];
  /** Missing metrics, the one that widens the interval most first. */
  readonly settledBy: readonly { readonly metric: MetricId; readonly points: number }[];
}

/** Without a single measured metric the score is priors alone: no figure that anybody measured. */
export function isMeasured({ contributions }: Pick<RiskAssessment, 'contributions'>): boolean {
  return contributions.some((entry) => entry.state === 'measured');
}

/** Boundaries hold for the unrounded score: ≤ 20, ≤ 40, ≤ 60. */
export function riskLevel(score: number): RiskLevel {
  if (score <= 20) return 'LOW';
  if (score <= 40) return 'MEDIUM';
  return score <= 60 ? 'HIGH' : 'CRITICAL';
}

/**
 * Weighted risk over the model: dimension weight × group share × the worst curve value of the group. A missing metric is
 * neither zero nor left out: the point value charges its prior, and the interval runs from no risk to full risk for it.
 */
export function assessRisk(model: RiskModel, signals: SignalSet): RiskAssessment {
  const contributions = withinScale(
    model.flatMap(({ dimension, weight, groups }) =>
      groups.flatMap((group) => groupContributions(dimension, 100 * weight * group.weight, group, signals)),
    ),
  );
  const sum = (of: (contribution: Contribution) => number, among = contributions): number =>
    Math.min(
      100,
      Math.max(
        0,
        among.reduce((total, entry) => total + of(entry), 0),
      ),
    );
  const overallRisk = sum((entry) => entry.points);
  const worst = Math.max(
    overallRisk,
    sum((entry) => entry.worstPoints),
  );
  const dimensions = Object.fromEntries(
    model.map(({ dimension, weight }) => {
      const own = contributions.filter((entry) => entry.dimension === dimension);
      const points = sum((entry) => entry.points, own);
      return [
        dimension,
        {
          score: weight > 0 ? points / weight : 0,
          weight,
          points,
          measured: own.filter((entry) => entry.state === 'measured').length,
          metrics: own.length,
        },
      ];
    }),
  ) as RiskAssessment['dimensions'];
  return {
    overallRisk,
    level: riskLevel(overallRisk),
    interval: {
      best: Math.min(
        overallRisk,
        sum((entry) => entry.bestPoints),
      ),
      worst,
    },
    worstLevel: riskLevel(worst),
    dimensions,
    contributions,
    settledBy: contributions
      .filter((entry) => entry.state !== 'measured' && entry.state !== 'not-applicable')
      .map(({ metric }) => ({ metric, points: spread(model, signals, metric) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points || (a.metric < b.metric ? -1 : 1)),
  };
}

/** Rounding can lift the sum a hair over 100: what is over is taken off the points that lift it, so that they still sum exactly to the score. */
function withinScale(contributions: readonly Contribution[]): readonly Contribution[] {
  let total = 0;
  return contributions.map((entry) => {
    const points = total + entry.points > 100 ? 100 - total : entry.points;
    total += points;
    return points === entry.points ? entry : { ...entry, points };
  });
}

interface Range {
  readonly metric: RiskMetric;
  readonly state: EvidenceState;
  readonly value: number | null;
  readonly best: number;
  readonly point: number;
  readonly worst: number;
}

function groupContributions(
  dimension: Dimension,
  groupPoints: number,
  group: RiskGroup,
  signals: SignalSet,
): readonly Contribution[] {
  const ranges = group.metrics.map((metric) => rangeOf(metric, signals));
  const lead = (of: (range: Range) => number): Range => ranges.reduce((top, next) => (of(next) > of(top) ? next : top));
  const point = lead((range) => range.point);
  const best = lead((range) => range.best);
  const worst = lead((range) => range.worst);
  return ranges.map((range) => ({
    dimension,
    group: group.name,
    metric: range.metric.metric,
    state: range.state,
    value: range.value,
    risk: range.point,
    points: range === point ? (groupPoints * range.point) / 100 : 0,
    bestPoints: range === best ? (groupPoints * range.best) / 100 : 0,
    worstPoints: range === worst ? (groupPoints * range.worst) / 100 : 0,
  }));
}

function rangeOf(metric: RiskMetric, signals: SignalSet): Range {
  const result = signals[metric.metric];
  if (result.state === 'measured' && Number.isFinite(result.signal.value)) {
    const risk = riskAt(metric.curve, result.signal.value);
    // Only an upper bound is known: the best case is the best the curve gives, the point is the bound itself.
    const best = result.signal.bound === 'at-most' ? Math.min(...metric.curve.map(([, value]) => value)) : risk;
    return { metric, state: 'measured', value: result.signal.value, best, point: risk, worst: risk };
  }
  if (result.state === 'not-applicable')
    return { metric, state: result.state, value: null, best: 0, point: 0, worst: 0 };
  const state = result.state === 'measured' ? 'unreadable' : result.state;
  return { metric, state, value: null, best: 0, point: metric.prior, worst: 100 };
}

/** By how many points knowing one missing metric at its best would lower the worst case, all else as it is. */
function spread(model: RiskModel, signals: SignalSet, metric: MetricId): number {
  for (const { weight, groups } of model) {
    for (const group of groups) {
      if (!group.metrics.some((entry) => entry.metric === metric)) continue;
      const ranges = group.metrics.map((entry) => rangeOf(entry, signals));
      const missing = ranges.filter((range) => range.state !== 'measured').length;
      const floor = Math.max(0, ...ranges.filter((range) => range.state === 'measured').map((range) => range.worst));
      return (100 * weight * group.weight * (100 - floor)) / 100 / missing;
    }
  }
  return 0;
}
