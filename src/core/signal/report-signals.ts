import type { Coverage, LoadRun, MappedValue, Measure, MutationRun, TestRun } from '../evidence/reading.ts';
import { number, plural } from './format.ts';
import { mergeCoverage, type MergedCoverage } from './merge-coverage.ts';
import { mergeTests } from './merge-tests.ts';
import { isMappable, metricIds, metricOf, type MetricId } from './metrics.ts';
import type { Signal } from './signal.ts';
import { ratioSignal, signalsBy, sourcesOf, type Sourced } from './sourced.ts';

export function testSignals(runs: readonly Sourced<TestRun>[]): readonly Signal[] {
  const run = mergeTests(runs.map(({ fact }) => fact));
  const executed = run.total - run.skipped;
  // Zero executed tests measure nothing: no signal, and so the metric is missing.
  if (executed === 0) return [];
  const sources = sourcesOf(runs);
  const failed = run.failed + run.errored;
  const basis = `${number(run.passed)} of ${number(executed)} passed, ${number(run.skipped)} skipped, ${number(run.flaky)} flaky`;
  const count = signalsBy(sources, basis);
  return [
    count('failed_tests', failed),
    count('executed_tests', executed),
    ratioSignal('test_reliability', { part: run.passed - run.flaky, whole: executed }, sources, basis),
  ];
}

/** Formats and engines are never joined; the lowest ratio counts. */
export function coverageSignals(reports: readonly Sourced<Coverage>[]): readonly Signal[] {
  const merged = mergeCoverage(reports.map(({ source, format, fact }) => ({ source, format, coverage: fact })));
  return [...lowest(merged, 'line_coverage', 'lines'), ...lowest(merged, 'branch_coverage', 'branches')];
}

function lowest(merged: readonly MergedCoverage[], metric: MetricId, of: 'lines' | 'branches'): readonly Signal[] {
  const known = merged.flatMap((group) => {
    const count = group[of];
    return count !== null && count.whole > 0 ? [{ count, sources: group.sources }] : [];
  });
  const worst = known.reduce<(typeof known)[number] | undefined>(
    (low, next) =>
      low === undefined || next.count.part * low.count.whole < low.count.part * next.count.whole ? next : low,
    undefined,
  );
  if (!worst) return [];
  const others = known.length > 1 ? `, lowest of ${known.length} reports that are not joined` : '';
  return [
    ratioSignal(
      metric,
      worst.count,
      [...worst.sources].sort(),
      `${number(worst.count.part)} of ${number(worst.count.whole)} ${of}${others}`,
    ),
  ];
}

export function mutationSignals(runs: readonly Sourced<MutationRun>[]): readonly Signal[] {
  const sum = (of: (run: MutationRun) => number): number => runs.reduce((total, { fact }) => total + of(fact), 0);
  const detected = sum((run) => run.killed + run.timedOut);
  const valid = detected + sum((run) => run.survived + run.noCoverage);
  if (valid === 0) return [];
  return [
    ratioSignal(
      'mutation_score',
      { part: detected, whole: valid },
      sourcesOf(runs),
      `${number(detected)} of ${number(valid)} mutants detected`,
    ),
  ];
}

/** Of several load tests the worst value of each metric counts: each of them is a promise to some user. */
export function loadSignals(runs: readonly Sourced<LoadRun>[]): readonly Signal[] {
  return runs.flatMap(({ source, fact: run }) => {
    if (run.requests === 0) return [];
    const sources = [source];
    const basis = `${number(run.requests)} requests${run.durationSeconds === null ? '' : ` in ${number(run.durationSeconds)} s`}`;
    const signals: Signal[] = [];
    if (run.failed !== null) {
      const count = { part: run.failed, whole: run.requests };
      signals.push(
        ratioSignal('error_rate', count, sources, `${number(run.failed)} of ${number(run.requests)} requests failed`),
      );
    }
    if (run.throughput !== null)
      signals.push({ metric: 'throughput', value: run.throughput, exact: null, bound: 'exact', sources, basis });
    const p95 = upperPercentile(run, 95);
    if (p95) {
      const note = p95.percentile === 95 ? basis : `${basis}; p${p95.percentile} stands in for p95, which is no higher`;
      signals.push({
        metric: 'response_time',
        value: p95.value,
        exact: null,
        bound: p95.percentile === 95 ? 'exact' : 'at-most',
        sources,
        basis: note,
      });
    }
    return signals;
  });
}

/** The percentile itself or the nearest higher one the report states: an upper bound. */
function upperPercentile(run: LoadRun, wanted: number): { readonly percentile: number; readonly value: number } | null {
  const known = Object.entries(run.latencyMs)
    .map(([percentile, value]) => ({ percentile: Number(percentile), value }))
    .filter(({ percentile }) => percentile >= wanted)
    .sort((a, b) => a.percentile - b.percentile);
  return known[0] ?? null;
}

export function measureSignals(measures: readonly Sourced<Measure>[]): readonly Signal[] {
  return measures.flatMap(({ source, tool, fact }) => {
    const metric = metricIds.find((id) => id === fact.metric && mayMeasure(fact, id));
    if (!metric || !Number.isFinite(fact.value)) return [];
    return [
      {
        metric,
        value: fact.value,
        exact: null,
        bound: 'exact' as const,
        sources: [source],
        basis: fact.mapped ? mappedBasis(fact.mapped) : `${metricOf(metric).title.toLowerCase()} as ${tool} states it`,
      },
    ];
  });
}

/**
 * A tool measures only what no kind of report of its own gives: a coverage that it merely states is not a measurement. A mapping
 * says which tool is to be believed.
 */
function mayMeasure({ mapped }: Measure, metric: MetricId): boolean {
  return mapped ? isMappable(metric) : metricOf(metric).from === 'measure';
}

function mappedBasis({ at, aggregate, unit, found, value }: MappedValue): string {
  const stated = `${number(value, 6)}${unit === '%' ? '%' : unit === 'count' ? '' : ` ${unit}`}`;
  if (aggregate === 'only') return `${stated} at ${at}`;
  return aggregate === 'count'
    ? `${stated} at ${at}, counted`
    : `${stated} at ${at}, ${aggregate} of ${plural(found, 'value')}`;
}
