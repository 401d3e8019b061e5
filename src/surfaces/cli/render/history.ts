import type { DecisionHistory } from '../../../app/decision-history.ts';
import { isOpened, standings, type DecidedDeployment } from '../../../core/history/decided-deployment.ts';
import { short } from '../../../core/report/encode.ts';
import { outcomeWords, recordWords, standingTitles, windowWords } from '../../../core/report/history-words.ts';
import { number, plural } from '../../../core/signal/format.ts';
import type { Glyph, Style } from '../style.ts';
import { page, type Page } from './page.ts';

/** Deployments after now that are named. */
const futureNamed = 5;

/** Decisions against outcomes as a table with a summary; `limit` deployments are listed, the newest first. */
export function historyPage(subject: string, history: DecisionHistory, limit: number, style: Style): string {
  const out = page(style);
  out.heading(`${subject}: ${windowWords(history)}`);
  out.rule();
  for (const each of history.deployments.slice(0, limit)) deploymentLines(out, each);
  const more = history.deployments.length - limit;
  if (more > 0) out.line(`  and ${plural(more, 'older deployment')} (--limit)`);
  if (history.deployments.length === 0 && history.future.length === 0) nothingYet(out);
  if (history.deployments.length > 0) out.line();
  countLines(out, history);
  summaryLines(out, history);
  return out.text();
}

/** What to do where no deployment lies in the days that are asked for. */
function nothingYet(out: Page): void {
  out.line('  no deployment in this time; aqe deploy record and aqe deploy history import take them in', 'dim');
  out.line();
}

/** The shares, what is not known, and what does not count. */
export function summaryLines(out: Page, history: DecisionHistory): void {
  out.line();
  for (const [label, words] of recordWords(history)) out.line(`${label}: ${words}`);
  if (history.assessmentsFrom !== null)
    out.mark('unknown', `assessments before ${history.assessmentsFrom} were not looked at: there are too many`);
  for (const { version, deployedAt } of history.future.slice(0, futureNamed))
    out.mark('warn', `${name(out, version, 60)} is in the future (${deployedAt}) and not counted`);
  const more = history.future.length - futureNamed;
  if (more > 0) out.line(`  and ${plural(more, 'more', 'more')} in the future`);
}

function deploymentLines(out: Page, each: DecidedDeployment): void {
  const { assessment, reason } = each;
  const judged = assessment?.decision === each.decision ? (assessment?.wouldBe ?? each.decision) : each.decision;
  const cells = [
    each.deployedAt.slice(0, 10),
    name(out, each.version, 20).padEnd(20),
    name(out, judged ?? 'not assessed', 16).padEnd(16),
    outcomeWords(each),
  ];
  out.mark(glyphOf(each), cells.join('  '));
  const more = [
    ...(assessment === null ? [] : predictedWords(assessment)),
    ...(judged === each.decision ? [] : [`shadow mode: ${name(out, each.decision ?? '', 20)}`]),
    ...(assessment !== null && isOpened(assessment) ? [openedWords(out, assessment)] : []),
    ...(reason === '' ? [] : [name(out, reason, 100)]),
  ];
  if (more.length > 0) out.line(`                ${more.join('; ')}`, 'dim');
}

function glyphOf({ weight, outcome }: DecidedDeployment): Glyph {
  if (weight === 'pending') return 'unknown';
  if (weight === 'inferred') return 'skip';
  return outcome === 'success' ? 'pass' : 'fail';
}

function predictedWords(assessment: NonNullable<DecidedDeployment['assessment']>): readonly string[] {
  const { riskScore, failureProbability, rollbackProbability } = assessment;
  return [
    ...(riskScore === null ? [] : [`risk ${number(riskScore)}`]),
    ...(failureProbability === null ? [] : [`failure ${number(failureProbability)}%`]),
    ...(rollbackProbability === null ? [] : [`rollback ${number(rollbackProbability)}%`]),
  ];
}

function openedWords(out: Page, { overridden, emergency }: NonNullable<DecidedDeployment['assessment']>): string {
  const gates = overridden.map((gate) => name(out, gate, 40)).join(', ');
  return [...(emergency ? ['emergency approval'] : []), ...(gates === '' ? [] : [`overridden: ${gates}`])].join(', ');
}

function countLines(out: Page, { counts }: DecisionHistory): void {
  const columns = ['succeeded', 'failed', 'pending', 'inferred'] as const;
  out.line(`${''.padEnd(18)}${columns.map((column) => column.padStart(11)).join('')}`, 'dim');
  for (const standing of standings) {
    const cells = columns.map((column) => number(counts[standing][column]).padStart(11));
    out.line(`  ${standingTitles[standing].padEnd(16)}${cells.join('')}`);
  }
}

/** Secrets are looked for before a cut could hide one. */
function name(out: Page, text: string, limit: number): string {
  return short(out.style.redact(text), limit);
}
