import type { Contribution } from '../risk/assess-risk.ts';
import { metricIds, metricOf, type MetricId, type Unit } from '../signal/metrics.ts';
import type { EvidenceState, MetricResult, Signal } from '../signal/signal.ts';
import type { ComparedRelease } from './compared-release.ts';

/**
 * How the candidate stands to the baseline. `only-baseline` and `only-candidate`: measured in one of them, which is neither better nor
 * worse. `not-comparable`: a value is a bound, and the bound does not settle it.
 */
const signalChanges = ['worse', 'only-baseline', 'not-comparable', 'only-candidate', 'better', 'unchanged'] as const;
export type SignalChange = (typeof signalChanges)[number];

export interface SignalComparison {
  readonly metric: MetricId;
  readonly title: string;
  readonly unit: Unit;
  readonly baseline: SideOfSignal;
  readonly candidate: SideOfSignal;
  readonly change: SignalChange;
  /** Gates that the candidate closes, and that were open, with a criterion on this metric that does not pass. */
  readonly closes: readonly string[];
  /** Points of risk that it brings more than in the baseline; null where one of them has no score. */
  readonly riskPoints: number | null;
  /** Percent of the value of the baseline; null where that is zero or one of them is not measured. */
  readonly relative: number | null;
}

export interface SideOfSignal {
  readonly state: EvidenceState;
  readonly signal: Signal | null;
}

/** Every metric that one of them measured, what got worse first, and in that what matters most: a gate it closes, then risk, then how far it moved. */
export function compareSignals(baseline: ComparedRelease, candidate: ComparedRelease): readonly SignalComparison[] {
  const points = pointsOf(baseline, candidate);
  return metricIds
    .flatMap((metric): readonly SignalComparison[] => {
      const [before, after] = [side(baseline.signals[metric]), side(candidate.signals[metric])];
      if (before.signal === null && after.signal === null) return [];
      const { title, unit } = metricOf(metric);
      return [
        {
          metric,
          title,
          unit,
          baseline: before,
          candidate: after,
          change: changeOf(metric, before.signal, after.signal),
          closes: closedBy(metric, baseline, candidate),
          riskPoints: points(metric),
          relative: relative(before.signal, after.signal),
        },
      ];
    })
    .sort(weightier);
}

function side(result: MetricResult): SideOfSignal {
  return { state: result.state, signal: result.state === 'measured' ? result.signal : null };
}

function changeOf(metric: MetricId, before: Signal | null, after: Signal | null): SignalChange {
  if (before === null) return 'only-candidate';
  if (after === null) return 'only-baseline';
  const exact = before.bound === 'exact' && after.bound === 'exact';
  if (before.value === after.value) return exact ? 'unchanged' : 'not-comparable';
  const isLower = after.value < before.value;
  // A value of "at most" may be lower: it settles only what a lower one would not turn round.
  if (!exact && (isLower ? before.bound : after.bound) === 'at-most') return 'not-comparable';
  return isLower === (metricOf(metric).better === 'lower') ? 'better' : 'worse';
}

/** Gates that were open in the baseline and are not in the candidate, by reason of the metric. */
function closedBy(metric: MetricId, baseline: ComparedRelease, candidate: ComparedRelease): readonly string[] {
  const open = new Set(baseline.gates.filter(({ passed }) => passed).map(({ gate }) => gate));
  return candidate.gates
    .filter(
      ({ gate, passed, criteria }) =>
        !passed &&
        open.has(gate) &&
        criteria.some((each) => each.metric === metric && !['pass', 'skipped'].includes(each.outcome)),
    )
    .map(({ gate }) => gate);
}

function pointsOf(baseline: ComparedRelease, candidate: ComparedRelease): (metric: MetricId) => number | null {
  const [before, after] = [baseline.risk, candidate.risk];
  if (before === null || after === null) return () => null;
  const sum = (contributions: readonly Contribution[], metric: MetricId): number =>
    contributions.reduce((total, entry) => (entry.metric === metric ? total + entry.points : total), 0);
  return (metric) => sum(after.contributions, metric) - sum(before.contributions, metric);
}

function relative(before: Signal | null, after: Signal | null): number | null {
  if (before === null || after === null || before.value === 0) return null;
  return (100 * (after.value - before.value)) / Math.abs(before.value);
}

function weightier(a: SignalComparison, b: SignalComparison): number {
  const moved = ({ relative: share, baseline, candidate }: SignalComparison): number =>
    // From nothing to something is further than any percentage.
    share === null ? (baseline.signal?.value === 0 && candidate.signal?.value !== 0 ? Infinity : 0) : Math.abs(share);
  const [one, other] = [moved(a), moved(b)];
  return (
    signalChanges.indexOf(a.change) - signalChanges.indexOf(b.change) ||
    b.closes.length - a.closes.length ||
    (b.riskPoints ?? 0) - (a.riskPoints ?? 0) ||
    (one === other ? metricIds.indexOf(a.metric) - metricIds.indexOf(b.metric) : other > one ? 1 : -1)
  );
}
