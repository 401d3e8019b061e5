import { tally, type SecurityIssues, type Severity } from '../evidence/reading.ts';
import { number } from './format.ts';
import { mergeSecurity, type MergedIssue } from './merge-security.ts';
import type { Signal } from './signal.ts';
import { signalsBy, sourcesOf, type Sourced } from './sourced.ts';

/** Upper end of each severity's CVSS 3 band, for findings that come without a score. */
const bandTop: Readonly<Record<Severity, number>> = {
  critical: 10,
  high: 8.9,
  medium: 6.9,
  low: 3.9,
  info: 0,
  unknown: 8.9,
};

/** Open findings after merging, worst first. */
export function openIssues(reports: readonly Sourced<SecurityIssues>[]): readonly MergedIssue[] {
  const found = reports.flatMap(({ source, fact }) => fact.items.map((issue) => ({ source, issue })));
  return mergeSecurity(found).filter((issue) => issue.suppressedBy === undefined);
}

/** A finding of unknown severity counts as high: what nobody rated must not slip below a threshold. */
export function securitySignals(reports: readonly Sourced<SecurityIssues>[]): readonly Signal[] {
  if (reports.length === 0) return [];
  const open = openIssues(reports);
  const counts = tally();
  for (const issue of open) counts[issue.severity] += 1;
  const sources = sourcesOf(reports);
  const unknown = counts.unknown > 0 ? `, ${number(counts.unknown)} of unknown severity counted as high` : '';
  const basis = `${number(counts.critical)} critical, ${number(counts.high)} high, ${number(counts.medium)} medium, ${number(counts.low)} low${unknown}`;
  const count = signalsBy(sources, basis);
  const worst = open.reduce((max, issue) => Math.max(max, issue.cvss ?? bandTop[issue.severity]), 0);
  return [
    count('critical_vulnerabilities', counts.critical),
    count('high_vulnerabilities', counts.high + counts.unknown),
    count('medium_vulnerabilities', counts.medium),
    count('low_vulnerabilities', counts.low),
    count('vulnerability_count', open.length - counts.info),
    count('severity_score', worst),
  ];
}
