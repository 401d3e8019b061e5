import { AqeError } from '../../core/error/aqe-error.ts';
import {
  itemLimit,
  tally,
  type CodeIssue,
  type Fact,
  type Reading,
  type SecurityIssue,
  type SecurityIssues,
  type Severity,
} from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoriesIn, ruleBook, securitySeverity, type Rule } from './sarif/rules.ts';
import { scannerNamed } from './sarif/scanners.ts';
import { logSchema, type Log, type Message, type Result, type Run } from './sarif/schema.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { worstFirst } from './shared/worst-first.ts';

type Scope = SecurityIssues['scope'];

/** Parts that a log may keep in files of their own, and without which results, levels or failures would be missed. */
const neededInline = ['results', 'invocations', 'driver', 'extensions'];

const severityTable: SeverityTable = {
  words: { error: 'high', warning: 'medium', note: 'low', none: 'info' },
  note:
    'These are the levels. A `security-severity` above 0 comes first: its CVSS band decides. A result without a level has that of the configuration override of its invocation, else the default of its rule, else `warning`. ' +
    'Results of kind `open` and `review` ask a person to look and count as info; `pass`, `informational` and `notApplicable` are no findings.',
};

/**
 * SARIF 2.1.0. A result is a security issue when its rule says so (`security-severity`, the tag `security`) or the tool
 * is a known scanner, else a code issue. A run that the tool calls unsuccessful is refused: its results are a part.
 */
export const sarif: SignalReader = {
  id: 'sarif',
  title: 'SARIF 2.1.0',
  gives: ['code-issues', 'security-issues'],
  names: ['*.sarif', '*.sarif.json', 'sarif*.json'],
  countingUnit:
    'One result of kind `fail`, `open` or `review` that is not `absent` from the baseline; suppressed results are counted apart.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    const root = objectOf(value);
    if (/sarif/i.test(String(root['$schema'] ?? ''))) return true;
    if (!('runs' in root)) return false;
    const first = objectOf(Array.isArray(root['runs']) ? root['runs'][0] : undefined);
    return (
      typeof root['version'] === 'string' || 'driver' in objectOf(first['tool']) || Array.isArray(first['results'])
    );
  },
  open: (file) => jsonSession(file, logSchema(), (log) => toReading(log, file.path)),
};

function toReading(log: Log, path: string): Reading {
  const runs = log.runs ?? [];
  for (const run of runs) checkComplete(run, path);
  const done = runs.filter((run) => run.results);
  if (done.length === 0)
    throw new AqeError(
      'AQE2007',
      runs.length === 0 ? 'no run is in the log' : 'no run has results, not even an empty list',
      { path },
    );

  const read = done.map(readRun);
  const { driver } = done[0]!.tool;
  const version = driver.semanticVersion ?? driver.version;
  const commits = [
    ...new Set(
      done
        .flatMap((run) => run.versionControlProvenance?.map((from) => from.revisionId) ?? [])
        .filter((id) => typeof id === 'string'),
    ),
  ];
  const takenAt = done
    .flatMap((run) => run.invocations?.map((invocation) => invocation.endTimeUtc ?? '') ?? [])
    .filter((time) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(time))
    .toSorted()
    .at(-1);
  return {
    producer: { name: driver.name, ...(version ? { version } : {}) },
    ...(commits[0] ? { commit: commits[0] } : {}),
    ...(takenAt ? { takenAt } : {}),
    facts: read.flatMap((one) => one.facts),
    notices: [
      ...(commits.length > 1
        ? [`the runs name ${commits.length} commits, ${commits.join(', ')}; the first is taken`]
        : []),
      ...runs
        .filter((run) => !run.results)
        .map((run) => `the run of ${run.tool.driver.name} has no results and is not read`),
      ...done.slice(1).map((run) => `the log also holds a run of ${run.tool.driver.name}`),
      ...read.flatMap((one) => one.notices),
    ],
  };
}

/** @throws AqeError when the tool says that it failed, or when the log is a part of one. */
function checkComplete(run: Run, path: string): void {
  const elsewhere = neededInline.find((part) => {
    const reference = run.externalPropertyFileReferences?.[part];
    return Array.isArray(reference) ? reference.length > 0 : Boolean(reference);
  });
  if (elsewhere)
    throw new AqeError(
      'AQE2003',
      `the run of ${run.tool.driver.name} keeps its ${elsewhere} in another file; write them into the log`,
      { path },
    );
  for (const invocation of run.invocations ?? []) {
    const notifications = [
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ];
    // The standard's words for an error: the analysis was halted, or its results are incorrect or incomplete.
    const error = notifications.find((notification) => notification.level?.toLowerCase() === 'error');
    if (!error && invocation.executionSuccessful !== false) continue;
    const said = (error && plain(error.message)) || invocation.exitCodeDescription || 'executionSuccessful is false';
    throw new AqeError('AQE2006', `the run of ${run.tool.driver.name} is not complete: ${said}`, { path });
  }
}

function readRun(run: Run): { readonly facts: readonly Fact[]; readonly notices: readonly string[] } {
  const book = ruleBook(run);
  const scanner = scannerNamed(run.tool.driver.name);
  const ownScope: Scope = scanner?.scope ?? 'code';
  const isSecurity = (rule: Rule | undefined): boolean =>
    rule?.score != null ||
    rule?.tags.includes('security') === true ||
    (scanner !== undefined && !(scanner.mixed && rule && rule.tags.length > 0));

  const issues = new Map<Scope, SecurityIssue[]>();
  const findings: CodeIssue[] = [];
  const counts = tally();
  let suppressed = 0;
  let undescribed = 0;
  for (const result of run.results ?? []) {
    const rule = book.ruleOf(result);
    const score = rule?.score ?? securitySeverity(objectOf(result.properties));
    const severity = severityOf(
      result,
      score,
      result.level ?? book.overriddenLevel(result, rule) ?? rule?.defaultLevel ?? 'warning',
    );
    if (severity === null) continue;
    if (!rule && !result.level) undescribed += 1;
    const suppressedBy = suppressionOf(result);
    if (score !== null || isSecurity(rule)) {
      const scope = (rule && scopeByTag(rule)) ?? ownScope;
      const issue = {
        ...securityIssue(result, rule, severity, score, run),
        ...(suppressedBy === undefined ? {} : { suppressedBy }),
      };
      const known = issues.get(scope);
      if (known) known.push(issue);
      else issues.set(scope, [issue]);
    } else if (suppressedBy === undefined) {
      counts[severity] += 1;
      findings.push({ rule: idOf(result, rule), severity, message: messageOf(result, rule), ...placeOf(result, run) });
    } else {
      suppressed += 1;
    }
  }

  const targets = run.artifacts?.filter((artifact) => artifact.roles?.includes('analysisTarget')).length || null;
  const hasCode = !scanner || findings.length + suppressed > 0 || book.rules.some((rule) => !isSecurity(rule));
  // A run without findings is a clean one of the kind of scan that the tool, or the rules it ran, stand for.
  if (issues.size === 0 && (book.rules.some(isSecurity) || (scanner !== undefined && book.rules.length === 0)))
    issues.set(ownScope, []);
  const facts: Fact[] = [];
  if (hasCode)
    facts.push({
      kind: 'code-issues',
      counts,
      suppressed,
      filesChecked: targets,
      items: worstFirst(findings).slice(0, itemLimit),
    });
  for (const [scope, items] of issues) facts.push({ kind: 'security-issues', scope, items, scanned: targets });
  const notices =
    undescribed > 0
      ? [
          `results of ${run.tool.driver.name} without a level whose rule the log does not describe, read as warnings: ${undescribed}`,
        ]
      : [];
  return { facts, notices };
}

/** Scanners of many things (Trivy is one) tell by a tag which of them a rule is about. */
function scopeByTag(rule: Rule): Scope | undefined {
  if (rule.tags.includes('secret')) return 'secrets';
  return rule.tags.includes('misconfiguration') ? 'configuration' : undefined;
}

/** Null for a result that is no finding. */
function severityOf(result: Result, score: number | null, level: string): Severity | null {
  if (result.baselineState?.toLowerCase() === 'absent') return null;
  const kind = result.kind?.toLowerCase() ?? 'fail';
  if (kind === 'pass' || kind === 'informational' || kind === 'notapplicable') return null;
  if (kind === 'open' || kind === 'review') return 'info';
  return score === null ? severityIn(severityTable, level) : cvssSeverity(score);
}

/** Why a result is suppressed; one suppression under review or rejected keeps it open. */
function suppressionOf(result: Result): string | undefined {
  const all = result.suppressions ?? [];
  if (all.length === 0 || all.some(({ status }) => status && status.toLowerCase() !== 'accepted')) return undefined;
  return all
    .map(({ kind, justification }) => [kind ?? 'suppressed', justification].filter(Boolean).join(': '))
    .join('; ');
}

function securityIssue(
  result: Result,
  rule: Rule | undefined,
  severity: Severity,
  score: number | null,
  run: Run,
): SecurityIssue {
  const id = idOf(result, rule);
  const advisories = [...(rule?.advisories ?? []), ...advisoriesIn(id, objectOf(result.properties))];
  const ids = [...new Set([...advisories, id])];
  return { ids, severity, cvss: score, title: rule?.title ?? messageOf(result, rule), ...placeOf(result, run) };
}

function idOf(result: Result, rule: Rule | undefined): string {
  return result.rule?.id || result.ruleId || rule?.id || 'no-rule';
}

function messageOf(result: Result, rule: Rule | undefined): string {
  const { message } = result;
  const template = message?.id ? rule?.messages[message.id]?.text : undefined;
  const written =
    plain(message) || template?.replace(/\{(\d+)\}/g, (place, n: string) => message?.arguments?.[Number(n)] ?? place);
  return written || rule?.title || idOf(result, rule);
}

function plain(message: Message): string {
  return (message?.text || message?.markdown || '').replace(/\s+/g, ' ').trim();
}

function placeOf(result: Result, run: Run): { readonly path?: string; readonly line?: number } {
  const at = result.locations?.[0]?.physicalLocation;
  const indexed = run.artifacts?.[at?.artifactLocation?.index ?? -1];
  const uri = at?.artifactLocation?.uri ?? indexed?.location?.uri;
  const line = at?.region?.startLine;
  return { ...(uri ? { path: pathOf(uri) } : {}), ...(line ? { line } : {}) };
}

function pathOf(uri: string): string {
  const path = uri.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
