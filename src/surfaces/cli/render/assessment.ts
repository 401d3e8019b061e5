import type { Assessment } from '../../../core/decision/assessment.ts';
import type { Status } from '../../../core/decision/decide.ts';
import type { WayOut } from '../../../core/decision/explain.ts';
import type { GateResult } from '../../../core/gate/evaluate-gate.ts';
import { short } from '../../../core/report/encode.ts';
import { formatThreshold, formatValue } from '../../../core/report/format-signal.ts';
import {
  criterionWords,
  evidenceCounts,
  provenanceWords,
  riskWords,
  sinceWords,
} from '../../../core/report/present.ts';
import { number, plural } from '../../../core/signal/format.ts';
import { metricOf } from '../../../core/signal/metrics.ts';
import { standingNotices, type StandingNotice } from '../../../core/report/standing-notices.ts';
import { glyph, type Glyph, type Style, type Tone } from '../style.ts';
import { drivers, outlookFields } from './outlook.ts';
import { page, type Page } from './page.ts';

const statusLook: Readonly<Record<Status, readonly [Glyph, Tone, string]>> = {
  APPROVED: ['pass', 'good', 'APPROVED'],
  APPROVED_WITH_WARNINGS: ['pass', 'good', 'APPROVED WITH WARNINGS'],
  BLOCKED: ['fail', 'bad', 'BLOCKED'],
  INCONCLUSIVE: ['unknown', 'unknown', 'INCONCLUSIVE'],
  PENDING_APPROVAL: ['warn', 'warn', 'PENDING APPROVAL'],
};

/** The terminal page of `assess`: the verdict first, then why, then every number with its limit, source and age. */
export function assessmentPage(assessment: Assessment, wayOut: WayOut | null, style: Style): string {
  const out = page(style);
  header(out, assessment);
  summary(out, assessment);
  reasons(out, assessment);
  notices(out, assessment);
  // Before there are outcomes only beliefs move it, which `confidence` shows.
  if (assessment.confidence.learnedFrom.shows === 'model') drivers(out, assessment, 3);
  gateList(out, assessment);
  outstanding(out, assessment, wayOut);
  return out.text();
}

export function header(
  out: Page,
  assessment: Pick<Assessment, 'status' | 'service' | 'version' | 'environment' | 'fastTrack' | 'shadow' | 'approvals'>,
): void {
  const { style } = out;
  const [mark, tone, word] = statusLook[assessment.status];
  const to = glyph(style, 'arrow');
  const subject = `${short(assessment.service, 60)} ${short(assessment.version, 60)} ${to} ${short(assessment.environment, 40)}`;
  if (assessment.fastTrack) {
    out.mark(
      'warn',
      `FAST-TRACK (priority ${assessment.fastTrack.priority}): gates left out: ${assessment.fastTrack.skippedGates.join(', ') || 'none'}; recorded as debt`,
      { at: 0 },
    );
  }
  if (assessment.approvals.emergency?.opened)
    out.mark('fail', 'EMERGENCY: approved past its gates by people; a review is owed', { at: 0, tone: 'bad' });
  const overridden = assessment.approvals.overrides.filter(({ opened }) => opened).map(({ gate }) => gate);
  if (overridden.length > 0) out.mark('fail', `OVERRIDDEN GATES: ${overridden.join(', ')}`, { at: 0, tone: 'bad' });
  if (assessment.shadow)
    out.mark('warn', `SHADOW MODE: would be ${assessment.shadow.status}; nothing is enforced`, { at: 0 });
  out.mark(mark, `${word}  ${subject}`, { at: 0, tone });
  out.rule();
}

function summary(out: Page, assessment: Assessment): void {
  const counts = evidenceCounts(assessment);
  const { change } = assessment;
  out.field('Overall Risk:', riskWords(assessment), riskTone(assessment.risk));
  outlookFields(out, assessment);
  out.field(
    'Evidence:',
    `${counts.measured} measured, ${counts.missing} missing, ${counts.stale} stale, ${counts.unreadable} unreadable`,
  );
  out.field(
    'Release:',
    change
      ? `commit ${change.head.commit.slice(0, 9)} (${change.head.from}${change.dirty ? ', work tree has other changes' : ''}), ${short(sinceWords(change), 80)}`
      : 'not under version control',
  );
  out.field('Recommendation:', assessment.message);
}

function riskTone(risk: Assessment['risk']): Tone {
  if (risk === null) return 'unknown';
  const { level } = risk;
  return level === 'LOW' ? 'good' : level === 'MEDIUM' ? 'warn' : 'bad';
}

const noticeLook: Readonly<Record<StandingNotice['level'], readonly [Glyph, Tone]>> = {
  loud: ['fail', 'bad'],
  warn: ['warn', 'warn'],
  info: ['dot', 'dim'],
};

/** What people, waivers, freezes and the policy itself have to do with it. */
function notices(out: Page, assessment: Assessment): void {
  const all = standingNotices(assessment);
  if (all.length === 0) return;
  out.line();
  out.heading('Approvals, waivers and policy');
  for (const { level, text } of all.slice(0, 20)) {
    const [mark, tone] = noticeLook[level];
    out.mark(mark, short(text, 400), { tone });
  }
  if (all.length > 20) out.line(`  and ${all.length - 20} more: aqe deploy assess --format json`);
}

function reasons(out: Page, { rules }: Assessment): void {
  if (rules.length === 0) return;
  out.line();
  out.heading('Why');
  for (const { leadsTo, message, setAside } of rules)
    out.mark(
      leadsTo === 'APPROVED_WITH_WARNINGS' ? 'warn' : statusLook[leadsTo][0],
      setAside ? `set aside by the emergency: ${message}` : message,
    );
}

function gateLook(gate: GateResult): readonly [Glyph, string] {
  if (gate.skipped) return ['skip', 'left out'];
  if (gate.overridden) return ['warn', `${gate.outcome === 'fail' ? 'closed' : 'no evidence'}, overridden`];
  if (gate.outcome === 'waived') return ['warn', 'waived'];
  if (gate.outcome === 'skipped') return ['skip', 'does not apply'];
  if (gate.outcome === 'pass') return ['pass', 'open'];
  if (gate.outcome === 'no-evidence') return ['unknown', 'no evidence'];
  return [gate.enforcement === 'BLOCKING' ? 'fail' : 'warn', 'closed'];
}

function gateList(out: Page, assessment: Assessment): void {
  out.line();
  out.heading('Quality Signals');
  for (const gate of assessment.gates.gateResults) compactGate(out, gate, assessment);
}

/** A gate that is open on one line with its sources below; one that is not with the criteria that keep it closed. */
function compactGate(
  out: Page,
  gate: GateResult,
  { evidence, createdAt }: Pick<Assessment, 'evidence' | 'createdAt'>,
): void {
  const [mark, word] = gateLook(gate);
  const words = gate.criteria.map((criterion) => {
    const { name, value, limit } = criterionWords(criterion);
    return `${name} ${value} (${limit})`;
  });
  const state = gate.passed && !gate.skipped ? '' : ` ${word},`;
  out.mark(mark, `${gate.gate}:${state} ${gate.mode === 'shadow' ? 'in shadow, ' : ''}${words.join(', ')}`, {
    indent: 6,
  });
  const signals = gate.criteria.flatMap((criterion) => criterion.signal ?? []);
  if (signals.length > 0) {
    const sources = [...new Set(signals.flatMap((signal) => signal.sources))].sort();
    out.line(`      ${provenanceWords({ ...signals[0]!, sources }, evidence, createdAt)}`, 'dim');
  }
  const reasons = [
    ...new Set(
      gate.criteria.filter((criterion) => criterion.outcome === 'no-evidence').map((criterion) => criterion.reason),
    ),
  ];
  for (const reason of reasons.slice(0, gate.enforcement === 'BLOCKING' ? 3 : 1))
    out.line(`      ${short(reason, 200)}`, 'dim');
}

/** A gate with every criterion: value, limit, source, age. Criteria that pass and share a source stand on one line. */
export function gateLines(
  out: Page,
  gate: GateResult,
  { evidence, createdAt }: Pick<Assessment, 'evidence' | 'createdAt'>,
): void {
  const [mark, word] = gateLook(gate);
  out.mark(mark, `${gate.gate}: ${word} (${gate.enforcement}${gate.mode === 'shadow' ? ', shadow' : ''})`);
  const passed = gate.criteria.filter((criterion) => criterion.outcome === 'pass');
  const groups = new Map<string, string[]>();
  for (const criterion of passed) {
    const { name, value, limit } = criterionWords(criterion);
    const source = provenanceWords(criterion.signal!, evidence, createdAt);
    groups.set(source, [...(groups.get(source) ?? []), `${name} ${value} (${limit})`]);
  }
  for (const [source, words] of groups) {
    out.line(`      ${words.join(', ')}`);
    out.line(`      ${source}`, 'dim');
  }
  for (const criterion of gate.criteria) {
    if (criterion.outcome === 'pass') continue;
    const { name, value, limit } = criterionWords(criterion);
    out.mark(
      criterion.outcome === 'fail' ? mark : criterion.outcome === 'no-evidence' ? 'unknown' : 'skip',
      `${name} ${value} (${limit})${criterion.reason ? `: ${short(criterion.reason, 200)}` : ''}`,
      { at: 6 },
    );
    if (criterion.signal)
      out.line(`        ${criterion.signal.basis}; ${provenanceWords(criterion.signal, evidence, createdAt)}`, 'dim');
  }
}

function outstanding(out: Page, assessment: Assessment, wayOut: WayOut | null): void {
  const { risk, evidence, checklist } = assessment;
  const broken = evidence.filter((record) => record.state !== 'measured');
  if (broken.length > 0) {
    out.line();
    out.heading('Evidence that does not count');
    for (const record of broken.slice(0, 5))
      out.mark(
        record.state === 'stale' ? 'warn' : 'unknown',
        `${short(record.path, 100)}: ${record.state}, ${short(record.reason, 160)}${record.code ? ` [${record.code}]` : ''}`,
      );
    if (broken.length > 5) out.line(`  and ${broken.length - 5} more: aqe deploy evidence`);
  }
  out.line();
  if (wayOut) out.field('Cheapest way out:', wayOutWords(wayOut));
  if (risk && risk.settledBy.length > 0) {
    const top = risk.settledBy.slice(0, 3).map(({ metric, points }) => `${metric} (${number(points)})`);
    out.field(
      'Would settle most:',
      `${top.join(', ')} of the ${number(risk.interval.worst - risk.interval.best)} points that are open`,
    );
  }
  if (assessment.debts.length > 0)
    out.field(
      'Gate debt:',
      assessment.debts.map(({ gate, version }) => `${gate} (left out by ${short(version, 60)})`).join(', '),
      'warn',
    );
  out.field(
    'Checklist:',
    `${checklist.readinessScore === null ? 'no item is answered' : `${checklist.readinessScore}/100`}, ${plural(checklist.unknown.length, 'item')} unknown, ${plural(checklist.blockers.length, 'blocker')}`,
  );
  out.field('More:', `aqe deploy explain --version ${short(assessment.version, 60)}`);
}

export function wayOutWords(wayOut: WayOut): string {
  const words = wayOut.changes.map(({ metric, from, to }) => {
    const { title, unit } = metricOf(metric);
    return from === null
      ? `${title.toLowerCase()} measured at ${formatThreshold(to, unit)}`
      : `${title.toLowerCase()} from ${formatValue(from, unit)} to ${formatThreshold(to, unit)}`;
  });
  return `${words.join('; ')} would give ${wayOut.decision} at risk ${number(wayOut.risk)} (checked by evaluating with these values)`;
}
