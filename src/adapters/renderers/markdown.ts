import type { Assessment } from '../../core/decision/assessment.ts';
import type { Status } from '../../core/decision/decide.ts';
import { localTimeWords } from '../../core/evidence/local-time.ts';
import type { GateResult } from '../../core/gate/evaluate-gate.ts';
import { markdownText as md } from '../../core/report/encode.ts';
import { averageWords, confidenceWords, contributionWords, rollbackWords } from '../../core/report/outlook-words.ts';
import {
  ageOf,
  bindingWords,
  criterionWords,
  evidenceCounts,
  provenanceWords,
  riskWords,
  sinceWords,
} from '../../core/report/present.ts';
import { dimensionTitles, dimensions } from '../../core/risk/model.ts';
import { standingNotices, type StandingNotice } from '../../core/report/standing-notices.ts';
import { number, plural } from '../../core/signal/format.ts';
import type { ReportRenderer } from '../../ports/report-renderer.ts';

/** Longest list of one kind in the report; the rest is counted. */
const listLimit = 50;

const recommendations: Readonly<Record<Status, string>> = {
  APPROVED: '✅ APPROVED FOR DEPLOYMENT',
  APPROVED_WITH_WARNINGS: '✅ APPROVED WITH WARNINGS',
  BLOCKED: '🛑 BLOCKED: DO NOT DEPLOY',
  INCONCLUSIVE: '❔ INCONCLUSIVE: NOT ENOUGH EVIDENCE',
  PENDING_APPROVAL: '⏳ PENDING APPROVAL',
};

/** GitHub-flavoured markdown in the order of the executive summary. */
export const markdown: ReportRenderer = { id: 'markdown', title: 'Markdown', render: renderMarkdown };

export function renderMarkdown(assessment: Assessment): string {
  const sections = [
    head,
    notices,
    keyMetrics,
    changing,
    riskSection,
    driversSection,
    outstanding,
    checklistSection,
    evidenceSection,
    foot,
  ];
  return `${sections
    .map((section) => section(assessment))
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function head(a: Assessment): string {
  const overridden = a.approvals.overrides.filter(({ opened }) => opened).map(({ gate }) => gate);
  const notes = [
    ...(a.fastTrack
      ? [
          `> **Fast-track**, priority ${md(a.fastTrack.priority)}: gates left out: ${a.fastTrack.skippedGates.map(md).join(', ') || 'none'}. Recorded as debt.`,
        ]
      : []),
    ...(a.approvals.emergency?.opened
      ? ['> **🚨 EMERGENCY**: approved past its gates by people; a review is owed.']
      : []),
    ...(overridden.length > 0 ? [`> **🚨 OVERRIDDEN GATES**: ${overridden.map(md).join(', ')}`] : []),
    ...(a.shadow ? [`> **Shadow mode**: would be ${a.shadow.status}; nothing is enforced.`] : []),
  ];
  return [
    `# Deployment Readiness Report: ${md(a.service)} ${md(a.version)}`,
    '',
    `**Environment:** ${md(a.environment)}  `,
    `**Assessed:** ${a.createdAt}, ${md(localTimeWords(a.localTime))}  `,
    `**Risk Level:** ${riskWords(a)}  `,
    `**Confidence:** ${confidenceWords(a.confidence)}  `,
    `**Rollback risk:** ${md(rollbackWords(a.rollbackPrediction))}  `,
    `**Recommendation:** ${recommendations[a.status]}`,
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

const noticeMarks: Readonly<Record<StandingNotice['level'], string>> = { loud: '🚨', warn: '⚠️', info: 'ℹ️' };

function notices(a: Assessment): string {
  const lines = standingNotices(a).map(({ level, text }) => `- ${noticeMarks[level]} ${md(text)}`);
  return lines.length > 0 ? ['## Approvals, waivers and policy', '', ...lines].join('\n') : '';
}

const marks: Readonly<Record<GateResult['outcome'], string>> = {
  pass: '✅ pass',
  fail: '❌ fail',
  'no-evidence': '❔ no evidence',
  waived: '⚠️ waived',
  skipped: '➖ skipped',
};

function keyMetrics(a: Assessment): string {
  const rows = a.gates.gateResults.flatMap((gate) => gate.criteria.map((criterion) => row(gate, criterion, a)));
  return [
    '## Key Metrics',
    '',
    '| Gate | Metric | Status | Value | Target | Enforcement | Source |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function row(gate: GateResult, criterion: GateResult['criteria'][number], a: Assessment): string {
  const { name, value, limit } = criterionWords(criterion);
  const source = criterion.signal ? provenanceWords(criterion.signal, a.evidence, a.createdAt) : criterion.reason;
  const enforcement = gate.skipped
    ? 'left out'
    : `${gate.enforcement}${gate.mode === 'shadow' ? ' (shadow)' : ''}${gate.overridden ? ' (overridden)' : ''}`;
  return `| ${[gate.gate, name, marks[criterion.outcome], value, limit, enforcement, source].map(md).join(' | ')} |`;
}

function changing({ change }: Assessment): string {
  if (!change) return "## What's Changing\n\nNot known: the project is not under version control.";
  const { kinds } = change;
  const priorCommits = change.authors.reduce((sum, author) => sum + author.priorCommits, 0);
  const lines = [
    `- **${plural(kinds.features, 'feature')}**, **${plural(kinds.fixes, 'bug fix', 'bug fixes')}**, **${plural(kinds.performance, 'performance change')}**${kinds.breaking > 0 ? `, **${kinds.breaking} breaking**` : ''} in ${plural(change.commits, 'commit')} by ${plural(change.authors.length, 'author')} with ${plural(priorCommits, 'commit')} before`,
    `- **${plural(change.filesChanged, 'file')} changed** (+${number(change.linesAdded)}, −${number(change.linesDeleted)} lines) in ${plural(change.modules.touched.length, 'module')}`,
    `- ${md(sinceWords(change))}${change.daysSinceBaseline === null ? '' : `, ${plural(change.daysSinceBaseline, 'day')} earlier`}; commit ${change.head.commit.slice(0, 12)}`,
    ...change.highlights.slice(0, 10).map(({ kind, subject }) => `- ${kind}: ${md(subject)}`),
  ];
  return ["## What's Changing", '', ...lines].join('\n');
}

function riskSection(a: Assessment): string {
  const { risk } = a;
  if (risk === null) return '## Risk Assessment\n\nNot known: nothing is measured.';
  const rows = dimensions.map((dimension) => {
    const { score, weight, points, measured, metrics } = risk.dimensions[dimension];
    return `| ${dimensionTitles[dimension]} | ${number(score)} | ${number(100 * weight)}% | ${number(points)} | ${measured} of ${metrics} |`;
  });
  const rules = a.rules.map(
    ({ leadsTo, message, setAside }) => `- ${leadsTo}${setAside ? ' (set aside)' : ''}: ${md(message)}`,
  );
  return [
    '## Risk Assessment',
    '',
    `**Overall Risk:** ${riskWords(a)}`,
    '',
    ...(rules.length > 0 ? rules : ['- Nothing speaks against the release.']),
    '',
    '| Dimension | Risk | Weight | Points | Metrics measured |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function driversSection({ confidence, rollbackPrediction }: Assessment): string {
  const { learnedFrom, comparisonToBaseline: compared, contributions } = confidence;
  const { similar, failed } = rollbackPrediction.historicalComparison;
  const learned = learnedFrom.shows !== 'prior';
  const moving = learned ? contributions.filter(({ logOdds }) => logOdds !== 0).slice(0, 6) : [];
  const lines = [
    `- ${md(learnedFrom.because)}`,
    ...(learnedFrom.drift ? [`- ⚠️ ${md(learnedFrom.drift)}`] : []),
    ...(compared ? [`- ${averageWords(compared)}`] : []),
    ...(similar.length > 0 ? [`- Similar releases: ${similar.length} shown, ${failed} of them failed`] : []),
    ...moving.map((each) => `- ${each.logOdds > 0 ? '⚠️' : '✅'} ${md(contributionWords(each))} (log-odds of failure)`),
    ...(learned ? rollbackPrediction.mitigation.slice(0, 5).map(({ action }) => `- ℹ️ ${md(action)}`) : []),
  ];
  return ['## Confidence Drivers', '', md(confidence.recommendation), '', ...lines].join('\n');
}

function outstanding(a: Assessment): string {
  const broken = a.evidence.filter((record) => record.state !== 'measured');
  const lines = [
    ...a.debts.map(({ gate, version }) => `- ⚠️ ${md(gate)} is owed since the fast-track of ${md(version)}`),
    ...a.checklist.blockers.map((text) => `- ❌ ${md(text)}`),
    ...broken.slice(0, listLimit).map((record) => `- ❔ ${md(record.path)}: ${record.state}, ${md(record.reason)}`),
    ...(broken.length > listLimit ? [`- and ${broken.length - listLimit} more reports that do not count`] : []),
    ...(a.risk?.settledBy ?? [])
      .slice(0, 3)
      .map(
        ({ metric, points }) => `- ℹ️ ${md(metric)} is not measured and leaves ${number(points)} points of risk open`,
      ),
  ];
  return lines.length > 0 ? ['## Outstanding Items', '', ...lines].join('\n') : '';
}

function checklistSection({ checklist }: Assessment): string {
  const words = {
    passed: '✅ passed',
    warning: '⚠️ warning',
    failed: '❌ failed',
    unknown: '❔ unknown',
    'not-applicable': '➖ not applicable',
  } as const;
  const rows = checklist.items.map(
    (item) => `| ${[item.item, words[item.status], item.validatedBy, item.details].map(md).join(' | ')} |`,
  );
  return [
    '## Checklist',
    '',
    `Readiness ${checklist.readinessScore === null ? 'not known' : `${checklist.readinessScore}/100`}, ${checklist.overallStatus}`,
    '',
    '| Item | Status | Validated by | Details |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function evidenceSection(a: Assessment): string {
  const counts = evidenceCounts(a);
  const rows = a.evidence
    .slice(0, listLimit)
    .map(
      (record) =>
        `| ${[record.path, record.format ?? 'unknown', record.state, record.takenAt ? `${ageOf(record.takenAt, a.createdAt)}` : '', record.commit?.slice(0, 12) ?? '', bindingWords[record.boundBy], record.sha256?.slice(0, 12) ?? ''].map(md).join(' | ')} |`,
    );
  return [
    '## Evidence',
    '',
    `${counts.measured} measured, ${counts.missing} missing, ${counts.stale} stale, ${counts.unreadable} unreadable`,
    ...(rows.length > 0
      ? ['', '| Report | Format | State | Age | Commit | Bound | SHA-256 |', '|---|---|---|---|---|---|---|', ...rows]
      : []),
    ...(a.evidence.length > listLimit ? ['', `and ${a.evidence.length - listLimit} more`] : []),
  ].join('\n');
}

function foot(a: Assessment): string {
  return `---\n\nDecision digest \`${a.decisionDigest}\`, policy digest \`${a.policyDigest}\`, assessment ${a.id}.`;
}
