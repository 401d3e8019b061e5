import type { ReleaseChange } from '../evidence/change.ts';
import type { ChangedLines } from '../evidence/changed-lines.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import { codeSignals, type GradeBands } from './code-signals.ts';
import { changeIsKnown, changeSignals } from './change-signals.ts';
import { coverageSignals, loadSignals, measureSignals, mutationSignals, testSignals } from './report-signals.ts';
import { metricIds, metricOf, type MetricId } from './metrics.ts';
import type { NewCodeGap } from './new-code-answer.ts';
import { newCodeSignals } from './new-code-signals.ts';
import { reviewSignals, type ReviewAnswer } from './review-signals.ts';
import { securitySignals } from './security-signals.ts';
import type { MetricResult, Signal, SignalSet } from './signal.ts';
import { factsOf, listed, ofKind } from './sourced.ts';
import type { FindingWaiver } from './waive-findings.ts';

/** A person's recorded word on a yes-no metric. */
export interface Attested {
  readonly metric: MetricId;
  readonly by: string;
  readonly id: string;
}

export interface SignalInput {
  readonly evidence: readonly EvidenceRecord[];
  /** null outside version control. */
  readonly change: ReleaseChange | null;
  /** null where no criterion asks for new code, and where it is not known what is new. */
  readonly changedLines: ChangedLines | null;
  readonly attested: readonly Attested[];
  readonly gradeBands: GradeBands;
  /** Waivers that hold now. */
  readonly waivers?: readonly FindingWaiver[];
}

/**
 * The state and value of every metric of the catalog for one release. Several reports are merged, never averaged; a report
 * that cannot be read, is missing or is stale takes every metric of its kind with it, since what it would say of this release
 * is not known. The order of the evidence does not matter.
 */
export function signalsFrom(input: SignalInput): SignalSet {
  const evidence = uniqueReports(input.evidence);
  const facts = factsOf(evidence);
  const lines = input.change?.projectLines ?? null;
  const review = reviewSignals(ofKind(facts, 'review'));
  const [coverage, issues] = [ofKind(facts, 'coverage'), ofKind(facts, 'code-issues')];
  const newCode = newCodeSignals(input.changedLines, input.change, coverage, issues);
  const signals: Signal[] = [
    ...testSignals(ofKind(facts, 'tests')),
    ...coverageSignals(coverage),
    ...mutationSignals(ofKind(facts, 'mutation')),
    ...codeSignals(issues, lines, input.gradeBands),
    ...securitySignals(ofKind(facts, 'security-issues'), ofKind(facts, 'vex'), input.waivers),
    ...loadSignals(ofKind(facts, 'load')),
    ...measureSignals(ofKind(facts, 'measure')),
    ...review.signals,
    ...newCode.signals,
    ...(input.change ? changeSignals(input.change) : []),
    ...input.attested.map(({ metric, by, id }): Signal => ({
      metric,
      value: 1,
      exact: null,
      bound: 'exact',
      sources: [id],
      basis: `attested by ${by} (identity not verified)`,
    })),
  ];
  const byMetric = new Map<MetricId, Signal>();
  for (const signal of signals) byMetric.set(signal.metric, worse(byMetric.get(signal.metric), signal));
  return Object.fromEntries(
    metricIds.map((metric) => {
      const gaps = { review: review.gap, newCode: newCode.gaps.get(metric) };
      return [metric, resultOf(metric, byMetric.get(metric), evidence, gaps, input.change)];
    }),
  ) as unknown as SignalSet;
}

function resultOf(
  metric: MetricId,
  signal: Signal | undefined,
  evidence: readonly EvidenceRecord[],
  gaps: { readonly review: ReviewAnswer['gap']; readonly newCode: NewCodeGap | undefined },
  change: ReleaseChange | null,
): MetricResult {
  const { from, answeredBy } = metricOf(metric);
  const related = evidence.filter((record) =>
    record.metrics ? record.metrics.includes(metric) : (record.kinds as readonly string[]).includes(from),
  );
  // What these would have said is not known: they come before any value.
  for (const state of ['unreadable', 'missing', 'stale'] as const) {
    const records = evidence.filter((record) => record.state === state && concerns(record, metric));
    if (records.length === 0) continue;
    const sources = records.map((record) => record.path);
    const link = state === 'unreadable' ? ' cannot be read: ' : ': ';
    return { metric, state, reason: `${listed(sources)}${link}${records[0]!.reason}`, sources };
  }
  if (signal) return { metric, state: 'measured', signal };
  if (from === 'review' && gaps.review) return { metric, state: 'missing', ...gaps.review };
  const measured = related.filter((record) => record.state === 'measured');
  if (gaps.newCode && (measured.length > 0 || gaps.newCode.state === 'not-applicable'))
    return { metric, ...gaps.newCode };
  if (measured.length > 0) {
    return {
      metric,
      state: 'missing',
      reason: `${listed(measured.map((record) => record.path))} does not say; ${answeredBy} would`,
      sources: measured.map((record) => record.path),
    };
  }
  if (from === 'outcomes') return { metric, state: 'missing', reason: 'no outcome history (n = 0)', sources: [] };
  if (from === 'git' && change !== null && !changeIsKnown(change))
    return {
      metric,
      state: 'missing',
      reason: 'the clone is shallow and holds no earlier release: fetch the history (git fetch --tags --unshallow)',
      sources: ['git'],
    };
  if (metric === 'blast_radius' && change !== null)
    return { metric, state: 'not-applicable', reason: 'the project is a single module', sources: ['git'] };
  if (from === 'git' && change !== null)
    return {
      metric,
      state: 'missing',
      reason: `nothing in the repository says; ${answeredBy} would`,
      sources: ['git'],
    };
  return { metric, state: 'missing', reason: `no evidence; ${answeredBy} would answer it`, sources: [] };
}

/**
 * Whether what a report would have said could be about the metric. A VEX document could say that something is
 * affected; a stale one is about another release, and its statements are only not applied.
 */
function concerns({ kinds, metrics, state }: EvidenceRecord, metric: MetricId): boolean {
  if (metrics) return metrics.includes(metric);
  const { from } = metricOf(metric);
  if ((kinds as readonly string[]).includes(from)) return true;
  return from === 'security-issues' && state !== 'stale' && kinds.includes('vex');
}

/** The same bytes under two names are one report, unless they are read as two formats. */
function uniqueReports(evidence: readonly EvidenceRecord[]): readonly EvidenceRecord[] {
  const ordered = [...evidence].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const seen = new Set<string>();
  return ordered.filter((record) => {
    if (record.sha256 === null || record.state !== 'measured') return true;
    const key = `${record.sha256} ${record.format ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Of two values for one metric the worse one counts, and both sources are named. */
function worse(a: Signal | undefined, b: Signal): Signal {
  if (a === undefined) return b;
  const lower = metricOf(a.metric).better === 'lower';
  const bIsWorse = lower ? b.value > a.value : b.value < a.value;
  const kept = bIsWorse ? b : a;
  return { ...kept, sources: [...new Set([...a.sources, ...b.sources])].sort() };
}
