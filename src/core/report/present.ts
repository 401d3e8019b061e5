import type { Assessment, EvidenceSummary } from '../decision/assessment.ts';
import type { ReleaseChange } from '../evidence/change.ts';
import type { CriterionResult } from '../gate/evaluate-gate.ts';
import { duration } from '../evidence/bind.ts';
import { number } from '../signal/format.ts';
import { metricOf } from '../signal/metrics.ts';
import type { Signal } from '../signal/signal.ts';
import { formatSignal, formatThreshold, formatValue } from './format-signal.ts';

const criterionNames: Readonly<Partial<Record<CriterionResult['key'], string>>> = {
  min_grade: 'grade',
  max_critical_issues: 'critical issues',
  max_code_smells: 'code smells',
  min_line_coverage: 'line coverage',
  min_branch_coverage: 'branch coverage',
  min_mutation_score: 'mutation score',
  max_failed_tests: 'failed tests',
  min_executed_tests: 'executed tests',
  max_critical_vulnerabilities: 'critical vulnerabilities',
  max_high_vulnerabilities: 'high vulnerabilities',
  max_medium_vulnerabilities: 'medium vulnerabilities',
  max_p95_latency_ms: 'p95 latency',
  min_throughput_rps: 'throughput',
  max_error_rate_percent: 'error rate',
};

/** Words for one criterion: what, its value, its limit. */
export function criterionWords(criterion: CriterionResult): {
  readonly name: string;
  readonly value: string;
  readonly limit: string;
} {
  const name = criterionNames[criterion.key] ?? metricOf(criterion.metric).title.toLowerCase();
  const word = criterion.comparison === 'is' ? 'wanted' : criterion.key.startsWith('max_') ? 'max' : 'min';
  return {
    name: criterion.metric.startsWith('new_') ? `${name} of new code` : name,
    value: criterion.signal ? formatSignal(criterion.signal) : criterion.state,
    limit: `${word} ${limitWords(criterion)}`,
  };
}

/** `528 ms, from 480 ms of v2.4.0`. */
function limitWords({ threshold, baseline, unit }: CriterionResult): string {
  if (threshold === null) return 'not known, no earlier release';
  const limit = formatThreshold(threshold, unit);
  if (!baseline) return limit;
  const { value, versions } = baseline;
  const of = versions.length === 1 ? versions[0]! : `the median of ${versions.length} releases`;
  return `${formatValue(threshold, unit)}, from ${formatValue(value, unit)} of ${of}`;
}

/** `reports/a.xml (+2 more) · 3h old · same sources`. `now` and the records give age and binding of the oldest source. */
export function provenanceWords(signal: Signal, evidence: readonly EvidenceSummary[], now: string): string {
  const records = signal.sources.flatMap((source) => evidence.filter((record) => record.path === source));
  const names =
    signal.sources.length > 2 ? `${signal.sources[0]} (+${signal.sources.length - 1} more)` : signal.sources.join(', ');
  const time = ({ takenAt }: EvidenceSummary): number => (takenAt === null ? Infinity : Date.parse(takenAt));
  const oldest = records.toSorted((one, other) => time(one) - time(other))[0];
  if (!oldest) return names;
  return [names, ...(oldest.takenAt ? [`${ageOf(oldest.takenAt, now)} old`] : []), bindingWords[oldest.boundBy]].join(
    ' · ',
  );
}

export const bindingWords: Readonly<Record<EvidenceSummary['boundBy'], string>> = {
  report: 'names this commit',
  sidecar: 'stamped for this commit',
  sources: 'stamped, same sources',
  config: 'commit from config',
  history: 'committed with the release',
  'file-time': 'by file time only',
  none: 'not bound to a commit',
};

export function ageOf(time: string, now: string): string {
  return duration(Math.max(0, Date.parse(now) - Date.parse(time)));
}

/** `12.3/100, between 8.1 and 37 with what is missing`. */
export function riskWords({ risk }: Pick<Assessment, 'risk'>): string {
  if (risk === null) return 'not known, nothing is measured';
  const { best, worst } = risk.interval;
  const range = worst - best > 0.05 ? `, between ${number(best)} and ${number(worst)} for want of evidence` : '';
  return `${risk.level} (${number(risk.overallRisk)}/100${range})`;
}

export function evidenceCounts(
  assessment: Pick<Assessment, 'evidence'>,
): Readonly<Record<'measured' | 'missing' | 'stale' | 'unreadable', number>> {
  const counts = { measured: 0, missing: 0, stale: 0, unreadable: 0 };
  for (const record of assessment.evidence) counts[record.state] += 1;
  return counts;
}

/** What the release is compared with, in words. */
export function sinceWords({ baseline, historyComplete }: Pick<ReleaseChange, 'baseline' | 'historyComplete'>): string {
  if (baseline) return `since ${baseline.ref}`;
  return historyComplete ? 'first release' : 'earlier releases are not in this shallow clone';
}
