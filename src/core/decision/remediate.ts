import { openIssues } from '../signal/security-signals.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import type { CodeIssues, Count, FactKind, SecurityIssues, Severity, TestRun } from '../evidence/reading.ts';
import { compareRatio, type CriterionResult, type GateResult } from '../gate/evaluate-gate.ts';
import type { RemediationRates } from '../policy/policy.ts';
import { formatSignal, formatThreshold } from '../report/format-signal.ts';
import { number, plural } from '../signal/format.ts';
import { metricOf } from '../signal/metrics.ts';
import { factsOf, ofKind, type Sourced } from '../signal/sourced.ts';
import type { Evaluation } from './evaluate.ts';

export type PhaseName = 'Evidence' | 'Security' | 'Testing' | 'Code quality' | 'Performance' | 'Other' | 'Validation';

export interface Task {
  readonly text: string;
  /** Units of work, counted from the evidence; null where nothing can be counted. */
  readonly units: { readonly count: number; readonly of: keyof RemediationRates } | null;
  /** Named findings behind it, worst first, at most ten. */
  readonly items: readonly string[];
}

export interface Phase {
  readonly name: PhaseName;
  readonly tasks: readonly Task[];
  /** Minutes by the configured rates; null if a counted task has no rate or nothing is counted. */
  readonly minutes: number | null;
  /** How the estimate came about, or why there is none. */
  readonly basis: string;
}

export interface Remediation {
  readonly phases: readonly Phase[];
  /** Minutes over all phases; null as soon as one phase has none. */
  readonly minutes: number | null;
}

/** What has to be done about every gate that does not open, counted from the evidence. Empty when every gate is open. */
export function remediate(
  { gates }: Pick<Evaluation, 'gates'>,
  evidence: readonly EvidenceRecord[],
  rates: RemediationRates,
): Remediation {
  const closed = [...gates.blockers, ...gates.inconclusive, ...gates.warnings];
  const tasks = new Map<PhaseName, Task[]>();
  for (const gate of closed) {
    for (const criterion of gate.criteria) {
      if (criterion.outcome !== 'fail' && criterion.outcome !== 'no-evidence') continue;
      const phase = phaseOf(criterion);
      tasks.set(phase, [...(tasks.get(phase) ?? []), taskFor(gate, criterion, evidence)]);
    }
  }
  if (tasks.size === 0) return { phases: [], minutes: 0 };
  tasks.set('Validation', [{ text: 'Run `aqe deploy assess` again with the new reports', units: null, items: [] }]);
  const order: readonly PhaseName[] = [
    'Evidence',
    'Security',
    'Testing',
    'Code quality',
    'Performance',
    'Other',
    'Validation',
  ];
  const phases = order.flatMap((name) => {
    const own = tasks.get(name);
    return own ? [{ name, tasks: own, ...estimate(own, rates) }] : [];
  });
  const counted = phases.filter((phase) => phase.tasks.some((task) => task.units !== null));
  const known = counted.map((phase) => phase.minutes);
  return {
    phases,
    minutes:
      known.length > 0 && known.every((minutes) => minutes !== null) && counted.length >= phases.length - 1
        ? known.reduce((sum, minutes) => sum + minutes, 0)
        : null,
  };
}

function estimate(tasks: readonly Task[], rates: RemediationRates): Pick<Phase, 'minutes' | 'basis'> {
  const counted = tasks.map((task) => task.units).filter((units) => units !== null);
  if (counted.length === 0) return { minutes: null, basis: 'none, nothing to count' };
  const missing = counted.find((units) => rates[units.of] === null);
  const words = counted.map((units) => unitWords(units)).join(' + ');
  if (missing) return { minutes: null, basis: `${words}; set remediation.minutes_per in the config for a time` };
  const minutes = counted.reduce((sum, units) => sum + units.count * (rates[units.of] ?? 0), 0);
  return { minutes, basis: `${words} at your configured minutes each` };
}

const unitNames: Readonly<Record<keyof RemediationRates, string>> = {
  uncoveredLine: 'line to cover',
  vulnerability: 'vulnerability',
  codeIssue: 'code issue',
  failedTest: 'failed test',
};

function unitWords({ count, of }: { readonly count: number; readonly of: keyof RemediationRates }): string {
  return of === 'vulnerability'
    ? plural(count, 'vulnerability', 'vulnerabilities')
    : of === 'uncoveredLine'
      ? plural(count, 'line to cover', 'lines to cover')
      : plural(count, unitNames[of]);
}

function phaseOf({ outcome, metric }: CriterionResult): PhaseName {
  if (outcome === 'no-evidence') return 'Evidence';
  switch (metricOf(metric).from) {
    case 'security-issues':
      return 'Security';
    case 'tests':
    case 'coverage':
    case 'mutation':
      return 'Testing';
    case 'code-issues':
      return 'Code quality';
    case 'load':
      return 'Performance';
    default:
      return 'Other';
  }
}

function taskFor(gate: GateResult, criterion: CriterionResult, evidence: readonly EvidenceRecord[]): Task {
  const { title, unit } = metricOf(criterion.metric);
  const { threshold } = criterion;
  if (criterion.signal === null || threshold === null || criterion.outcome === 'no-evidence') {
    return {
      text: `${gate.gate}: ${title.toLowerCase()} has no usable evidence: ${criterion.reason}`,
      units: null,
      items: [],
    };
  }
  const limit = `${criterion.comparison === '<=' ? 'max' : 'min'} ${formatThreshold(threshold, unit)}`;
  const text = `${gate.gate}: ${title.toLowerCase()} is ${formatSignal(criterion.signal)}, ${limit}`;
  const over = Math.max(0, criterion.signal.value - threshold);
  switch (criterion.metric) {
    case 'line_coverage': {
      const lines = linesToCover(criterion.signal.exact, threshold);
      return {
        text: lines === null ? text : `${text}: cover ${number(lines)} more lines`,
        units: lines === null ? null : { count: lines, of: 'uncoveredLine' },
        items: leastCovered(evidence),
      };
    }
    case 'critical_vulnerabilities':
    case 'high_vulnerabilities':
    case 'medium_vulnerabilities':
    case 'low_vulnerabilities': {
      const severity = criterion.metric.split('_')[0] as Severity;
      return { text, units: { count: over, of: 'vulnerability' }, items: vulnerabilities(evidence, severity) };
    }
    case 'critical_issues':
    case 'code_smells':
      return {
        text,
        units: { count: over, of: 'codeIssue' },
        items: codeIssues(evidence, criterion.metric === 'critical_issues'),
      };
    case 'failed_tests':
      return { text, units: { count: over, of: 'failedTest' }, items: failedTests(evidence) };
    default:
      return { text, units: null, items: [] };
  }
}

/** Smallest n with 100 × (part + n) ≥ percent × whole. */
export function linesToCover(count: Count | null, percent: number): number | null {
  if (count === null) return null;
  const met = (more: number): boolean => compareRatio(count.part + more, count.whole, percent) >= 0;
  let more = Math.max(0, Math.ceil((percent * count.whole) / 100 - count.part));
  // The estimate may be one off: the gate compares integers, and so it decides.
  while (more > 0 && met(more - 1)) more -= 1;
  while (!met(more)) more += 1;
  return more;
}

const shown = 10;

function leastCovered(evidence: readonly EvidenceRecord[]): readonly string[] {
  const files = facts(evidence, 'coverage').flatMap(({ fact }) => fact.files);
  return files
    .flatMap(({ path, lines }) => (lines && lines.whole > lines.part ? [{ path, open: lines.whole - lines.part }] : []))
    .sort((a, b) => b.open - a.open || (a.path < b.path ? -1 : 1))
    .slice(0, shown)
    .map(({ path, open }) => `${path}: ${plural(open, 'line')} not covered`);
}

function vulnerabilities(evidence: readonly EvidenceRecord[], severity: Severity): readonly string[] {
  const reports: readonly Sourced<SecurityIssues>[] = facts(evidence, 'security-issues');
  return openIssues(reports, facts(evidence, 'vex'))
    .filter((issue) => issue.severity === severity || (severity === 'high' && issue.severity === 'unknown'))
    .slice(0, shown)
    .map((issue) => {
      const where = issue.component
        ? ` in ${issue.component}${issue.componentVersion ? `@${issue.componentVersion}` : ''}`
        : issue.path
          ? ` in ${issue.path}${issue.line ? `:${issue.line}` : ''}`
          : '';
      return `${issue.ids[0]}${where}: ${issue.title}${issue.fixedIn ? ` (fixed in ${issue.fixedIn})` : ''}`;
    });
}

function codeIssues(evidence: readonly EvidenceRecord[], criticalOnly: boolean): readonly string[] {
  const all: readonly Sourced<CodeIssues>[] = facts(evidence, 'code-issues');
  return all
    .flatMap(({ fact }) => fact.items)
    .filter((issue) => !criticalOnly || issue.severity === 'critical' || issue.severity === 'high')
    .slice(0, shown)
    .map((issue) => `${issue.path ?? '?'}${issue.line ? `:${issue.line}` : ''} ${issue.rule}: ${issue.message}`);
}

function failedTests(evidence: readonly EvidenceRecord[]): readonly string[] {
  const runs: readonly Sourced<TestRun>[] = facts(evidence, 'tests');
  return runs
    .flatMap(({ fact }) => fact.cases)
    .filter((test) => test.outcome !== 'flaky')
    .slice(0, shown)
    .map((test) => test.name);
}

function facts<K extends FactKind>(evidence: readonly EvidenceRecord[], kind: K) {
  return ofKind(factsOf(evidence), kind);
}
