import type { EvidenceRecord } from '../evidence/evidence.ts';
import { tally, type SecurityIssues, type Severity, type VexStatements } from '../evidence/reading.ts';
import { judgeFindings, type JudgedIssues } from './apply-vex.ts';
import { number } from './format.ts';
import { mergeGroups, openSeverity, type MergedIssue } from './merge-security.ts';
import type { Signal } from './signal.ts';
import { waiveFindings, type FindingWaiver, type WaivedFindings } from './waive-findings.ts';
import { factsOf, listed, ofKind, signalsBy, sourcesOf, type Sourced } from './sourced.ts';

/** Upper end of each severity's CVSS 3 band, for findings that come without a score. */
const bandTop: Readonly<Record<Severity, number>> = {
  critical: 10,
  high: 8.9,
  medium: 6.9,
  low: 3.9,
  info: 0,
  unknown: 8.9,
};

/** The reports that looked for vulnerabilities. */
function scansOf(reports: readonly Sourced<SecurityIssues>[]): readonly Sourced<SecurityIssues>[] {
  return reports.filter(({ fact }) => fact.scope !== 'licenses');
}

/** Findings of all reports after merging, judged by the VEX documents. Without a report there is nothing to judge. */
function judgedIssues(
  reports: readonly Sourced<SecurityIssues>[],
  vex: readonly Sourced<VexStatements>[],
  waivers: readonly FindingWaiver[],
): JudgedIssues & WaivedFindings {
  const scans = scansOf(reports);
  if (scans.length === 0) return { groups: [], appliedFrom: [], idle: new Map(), waived: new Map() };
  const judged = judgeFindings(
    scans.flatMap(({ source, fact }) => fact.items.map((issue) => ({ source, issue }))),
    vex.flatMap(({ source, fact }) => fact.statements.map((statement) => ({ source, statement }))),
  );
  return { ...judged, ...waiveFindings(judged.groups, waivers) };
}

/** Open findings after merging, worst first. */
export function openIssues(
  reports: readonly Sourced<SecurityIssues>[],
  vex: readonly Sourced<VexStatements>[],
  waivers: readonly FindingWaiver[] = [],
): readonly MergedIssue[] {
  return mergeGroups(judgedIssues(reports, vex, waivers).groups).filter((issue) => issue.suppressedBy === undefined);
}

/** How many statements of each VEX document are on no finding, by its path. */
export function idleStatements(evidence: readonly EvidenceRecord[]): ReadonlyMap<string, number> {
  const facts = factsOf(evidence);
  const vex = ofKind(facts, 'vex');
  return vex.length === 0 ? new Map() : judgedIssues(ofKind(facts, 'security-issues'), vex, []).idle;
}

/** Findings that each waiver takes away, in words, by its place in the policy. */
export function findingsWaived(
  evidence: readonly EvidenceRecord[],
  waivers: readonly FindingWaiver[],
): WaivedFindings['waived'] {
  if (waivers.length === 0) return new Map();
  const facts = factsOf(evidence);
  return judgedIssues(ofKind(facts, 'security-issues'), ofKind(facts, 'vex'), waivers).waived;
}

/**
 * A finding of unknown severity counts as high: what nobody rated must not slip below a threshold. VEX alone is no scan
 * and gives no signal.
 */
export function securitySignals(
  reports: readonly Sourced<SecurityIssues>[],
  vex: readonly Sourced<VexStatements>[],
  waivers: readonly FindingWaiver[] = [],
): readonly Signal[] {
  const scans = scansOf(reports);
  if (scans.length === 0) return [];
  const { groups, appliedFrom, waived } = judgedIssues(reports, vex, waivers);
  const counts = tally();
  let total = 0;
  let worst = 0;
  for (const group of groups) {
    const open = openSeverity(group);
    if (open === null) continue;
    counts[open.severity] += 1;
    total += 1;
    worst = Math.max(worst, open.cvss ?? bandTop[open.severity]);
  }
  const sources = [...new Set([...sourcesOf(scans), ...appliedFrom])].sort();
  const unknown = counts.unknown > 0 ? `, ${number(counts.unknown)} of unknown severity counted as high` : '';
  const judged = appliedFrom.length > 0 ? `, VEX of ${listed(appliedFrom)} applied` : '';
  const basis = `${number(counts.critical)} critical, ${number(counts.high)} high, ${number(counts.medium)} medium, ${number(counts.low)} low${unknown}${judged}${waivedWords(waived)}`;
  const count = signalsBy(sources, basis);
  return [
    count('critical_vulnerabilities', counts.critical),
    count('high_vulnerabilities', counts.high + counts.unknown),
    count('medium_vulnerabilities', counts.medium),
    count('low_vulnerabilities', counts.low),
    count('vulnerability_count', total - counts.info),
    count('severity_score', worst),
  ];
}

function waivedWords(waived: WaivedFindings['waived']): string {
  const count = [...waived.values()].reduce((sum, findings) => sum + findings.length, 0);
  return count > 0 ? `, ${number(count)} waived` : '';
}
