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
import { ownScore, pathOf, ResultGroups, type Place, type ResultGroup } from './sarif/result-groups.ts';
import { advisoriesIn, ruleBook, type Rule } from './sarif/rules.ts';
import { scannerNamed } from './shared/scanners.ts';
import { logSchema, toolSchema, type Log, type Message, type Result, type Run, type Tool } from './sarif/schema.ts';
import { isLine } from './shared/is-line.ts';
import { jsonItemsSession, type JsonItems } from './shared/json-items.ts';
import { jsonHead, objectOf, stringOf } from './shared/json.ts';
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
    if (/sarif/i.test(stringOf(root['$schema']))) return true;
    if (!('runs' in root)) return false;
    const first = objectOf(Array.isArray(root['runs']) ? root['runs'][0] : undefined);
    return (
      typeof root['version'] === 'string' || 'driver' in objectOf(first['tool']) || Array.isArray(first['results'])
    );
  },
  open(file) {
    const results: Results = new Map();
    // The version, which says what a result may look like, can stand behind the results.
    let misfit: AqeError | null = null;
    const ofRun = (index: string | number): ResultGroups => {
      const known = results.get(Number(index)) ?? new ResultGroups(file);
      results.set(Number(index), known);
      return known;
    };
    const items: readonly JsonItems[] = [
      {
        path: ['runs', '*', 'tool'],
        keep: true,
        take(value, [run]) {
          const tool = toolSchema().safeParse(value);
          if (tool.success) ofRun(run!).know(ruleBook({ tool: tool.data }), securityTest(tool.data));
        },
      },
      {
        path: ['runs', '*', 'results', '*'],
        take(value, [run]) {
          if (misfit) return;
          try {
            ofRun(run!).add(value);
          } catch (error) {
            if (!(error instanceof AqeError)) throw error;
            misfit = error;
          }
        },
      },
    ];
    return jsonItemsSession(file, items, logSchema(), (log) => {
      if (misfit) throw misfit;
      return toReading(log, results, file.path);
    });
  },
};

/** By the position of the run. */
type Results = Map<number, ResultGroups>;

function toReading(log: Log, results: Results, path: string): Reading {
  const runs = log.runs ?? [];
  const errors = runs.flatMap((run) => errorsOf(run, path));
  const done = runs.filter((run) => run.results);
  if (done.length === 0)
    throw new AqeError(
      'AQE2007',
      runs.length === 0 ? 'no run is in the log' : 'no run has results, not even an empty list',
      { path },
    );

  const read = done.map((run) => readRun(run, results.get(runs.indexOf(run)) ?? []));
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
    producer: { name: driver.name || 'sarif', ...(version ? { version } : {}) },
    ...(commits[0] ? { commit: commits[0] } : {}),
    ...(takenAt ? { takenAt } : {}),
    facts: read.flatMap((one) => one.facts),
    notices: [
      ...errors,
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

/**
 * Errors that a run reports although it calls itself successful: a rule or a file was left out, and the tool goes on.
 * @throws AqeError when the tool says that it failed, or when the log is a part of one.
 */
function errorsOf(run: Run, path: string): readonly string[] {
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
  return (run.invocations ?? []).flatMap((invocation) => {
    const errors = [
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ].filter((notification) => notification.level?.toLowerCase() === 'error');
    const said = (errors[0] && plain(errors[0].message)) || invocation.exitCodeDescription || 'no reason is given';
    // Without a word on success an error means what the standard says: halted, or incomplete.
    if (invocation.executionSuccessful === false || (errors.length > 0 && invocation.executionSuccessful !== true))
      throw new AqeError('AQE2006', `the run of ${run.tool.driver.name} is not complete: ${said}`, { path });
    return errors.length > 0
      ? [`${run.tool.driver.name} reports errors and calls its run successful: ${errors.length}, the first: ${said}`]
      : [];
  });
}

/** Tells whether results of a rule are security issues. */
function securityTest({ driver }: Tool): (rule: Rule | undefined) => boolean {
  const scanner = scannerNamed(driver.name);
  return (rule) =>
    rule?.score != null ||
    rule?.tags.includes('security') === true ||
    (scanner !== undefined && !(scanner.mixed && rule && rule.tags.length > 0));
}

function readRun(
  run: Run,
  groups: Iterable<ResultGroup>,
): { readonly facts: readonly Fact[]; readonly notices: readonly string[] } {
  const book = ruleBook(run);
  const scanner = scannerNamed(run.tool.driver.name);
  const ownScope: Scope = scanner?.scope ?? 'code';
  const isSecurity = securityTest(run.tool);

  const issues = new Map<Scope, { readonly order: number; readonly issue: SecurityIssue }[]>();
  const findings: { readonly order: number; readonly severity: Severity; readonly issue: CodeIssue }[] = [];
  const counts = tally();
  let suppressed = 0;
  let undescribed = 0;
  for (const { sample, count, places } of groups) {
    const rule = book.ruleOf(sample);
    const score = rule?.score ?? ownScore(sample);
    const severity = severityOf(
      sample,
      score,
      sample.level ?? book.overriddenLevel(sample, rule) ?? rule?.defaultLevel ?? 'warning',
    );
    if (severity === null) continue;
    if (!rule && !sample.level) undescribed += count;
    const suppressedBy = suppressionOf(sample);
    if (score !== null || isSecurity(rule)) {
      const scope = (rule && scopeByTag(rule)) ?? ownScope;
      const known = issues.get(scope) ?? [];
      issues.set(scope, known);
      const id = idOf(sample, rule);
      const shared = { ids: idsOf(id, rule, {}), severity, cvss: score, title: rule?.title ?? '' };
      const reason = suppressedBy === undefined ? {} : { suppressedBy };
      for (const place of places())
        known.push({ order: place.order, issue: { ...securityIssue(shared, id, rule, place, run), ...reason } });
    } else if (suppressedBy === undefined) {
      counts[severity] += count;
      for (const place of places()) {
        const issue = {
          rule: idOf(sample, rule),
          severity,
          message: messageOf(place, sample, rule),
          ...placeOf(place, run),
        };
        findings.push({ order: place.order, severity, issue });
      }
    } else {
      suppressed += count;
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
      items: worstFirst(findings.toSorted(byOrder))
        .slice(0, itemLimit)
        .map(({ issue }) => issue),
    });
  for (const [scope, items] of issues)
    facts.push({
      kind: 'security-issues',
      scope,
      items: items.sort(byOrder).map(({ issue }) => issue),
      scanned: targets,
    });
  const notices =
    undescribed > 0
      ? [
          `results of ${run.tool.driver.name} without a level whose rule the log does not describe, read as warnings: ${undescribed}`,
        ]
      : [];
  return { facts, notices };
}

function byOrder(a: { readonly order: number }, b: { readonly order: number }): number {
  return a.order - b.order;
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
  shared: SecurityIssue,
  id: string,
  rule: Rule | undefined,
  place: Place,
  run: Run,
): SecurityIssue {
  return {
    ids: place.properties === undefined ? shared.ids : idsOf(id, rule, objectOf(place.properties)),
    severity: shared.severity,
    cvss: shared.cvss,
    title: rule?.title ?? (messageOf(place, {}, rule) || id),
    ...placeOf(place, run),
  };
}

function idsOf(id: string, rule: Rule | undefined, properties: Readonly<Record<string, unknown>>): readonly string[] {
  return [...new Set([...(rule?.advisories ?? []), ...advisoriesIn(id, properties), id])];
}

function idOf(result: Result, rule: Rule | undefined): string {
  return result.rule?.id || result.ruleId || rule?.id || 'no-rule';
}

function messageOf({ message }: Pick<Place, 'message'>, result: Result, rule: Rule | undefined): string {
  const template = message?.id ? rule?.messages[message.id]?.text : undefined;
  const written =
    plain(message) || template?.replace(/\{(\d+)\}/g, (place, n: string) => message?.arguments?.[Number(n)] ?? place);
  return written || rule?.title || idOf(result, rule);
}

function plain(message: Message): string {
  return (message?.text || message?.markdown || '').replace(/\s+/g, ' ').trim();
}

function placeOf(at: Place, run: Run): { readonly path?: string; readonly line?: number } {
  const uri = at.path === undefined ? run.artifacts?.[at.artifact ?? -1]?.location?.uri : undefined;
  const path = at.path ?? (uri ? pathOf(uri) : undefined);
  return { ...(path ? { path } : {}), ...(isLine(at.line) ? { line: at.line } : {}) };
}
