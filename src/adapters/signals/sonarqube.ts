import { AqeError } from '../../core/error/aqe-error.ts';
import {
  itemLimit,
  tally,
  type CodeIssue,
  type Fact,
  type Reading,
  type SecurityIssue,
} from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds, advisoryIdsIn } from './shared/advisory-ids.ts';
import { factsByScope, type Scope } from './shared/facts-by-scope.ts';
import { isLine } from './shared/is-line.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { jsonSequenceSession, type SequenceHandler } from './shared/json-sequence.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';
import { worstFirst } from './shared/worst-first.ts';
import { pageSchema, type Finding, type Page } from './sonarqube/schema.ts';

const severityTable: SeverityTable = {
  words: {
    blocker: 'critical',
    critical: 'high',
    high: 'high',
    major: 'medium',
    medium: 'medium',
    minor: 'low',
    low: 'low',
    info: 'info',
  },
  note: 'Software quality impacts (BLOCKER, HIGH, MEDIUM, LOW, INFO) come before the severity of the standard experience, of which CRITICAL is the second word. A hotspot has its review priority.',
};

/**
 * SonarQube's answers to `api/issues/search` and `api/hotspots/search`, and what sonar-report writes. Several pages may stand
 * in one file, in a list or one after the other; pages that do not add up to the total are refused.
 */
export const sonarqube: SignalReader = {
  id: 'sonarqube',
  title: 'SonarQube issues and hotspots',
  gives: ['code-issues', 'security-issues'],
  names: ['sonar-issues*.json', 'sonarqube-issues*.json', 'sonar-hotspots*.json', 'sonar-report*.json'],
  countingUnit:
    'One issue or hotspot key. Bugs and code smells are code issues; vulnerabilities and hotspots are security issues.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    const root = objectOf(Array.isArray(value) ? value[0] : value);
    if ('sonarBaseURL' in root) return 'sonarComponent' in root || 'issues' in root;
    if (Array.isArray(root['errors']) && 'msg' in objectOf(root['errors'][0])) return /sonar/i.test(head.path);
    const list = root['issues'] ?? root['hotspots'];
    if (!Array.isArray(list)) return false;
    const paged = 'pageIndex' in objectOf(root['paging']) || ('total' in root && 'p' in root && 'ps' in root);
    return paged || 'effortTotal' in root || isFinding(objectOf(list[0]));
  },
  open: (file) => jsonSequenceSession(file, collector(file)),
};

function isFinding(first: Readonly<Record<string, unknown>>): boolean {
  return (
    ['key', 'component', 'project', 'status'].every((key) => key in first) && ('rule' in first || 'ruleKey' in first)
  );
}

/** What one request was answered with, over all its pages. */
interface Query {
  readonly total: number;
  listed: number;
}

function collector(file: { readonly path: string }): SequenceHandler {
  const findings: { readonly finding: Finding; readonly hotspot: boolean }[] = [];
  const known = new Set<string>();
  const paths = new Map<string, string>();
  const queries: Query[] = [];
  const notices: string[] = [];
  let reported = false;
  let issuesAsked = false;

  /** How many of a page's findings no earlier page had: pages move while an analysis goes on. */
  const add = (list: readonly Finding[], hotspot: boolean): number => {
    const fresh = list.filter(({ key }) => !key || !known.has(key));
    for (const finding of fresh) {
      findings.push({ finding, hotspot });
      if (finding.key) known.add(finding.key);
    }
    return fresh.length;
  };
  const page = (value: unknown): void => {
    const read: Page = checkShape(file, pageSchema(), value);
    const { issues, hotspots, paging, errors } = read;
    if (errors?.length)
      throw new AqeError('AQE2006', `SonarQube answered: ${(errors[0]!.msg ?? 'error').slice(0, 40)}`, {
        path: file.path,
      });
    if (!issues && !hotspots)
      throw new AqeError('AQE2003', 'a page lists neither issues nor hotspots', { path: file.path });
    const listed = add(issues ?? [], false) + add(hotspots ?? [], true);
    for (const { key, path } of read.components ?? []) if (key && path) paths.set(key, path);
    if (read.sonarBaseURL != null) {
      reported = true;
      notices.push(...summaryNotice(read, listed));
    } else {
      if (issues) issuesAsked = true;
      const total = paging?.total ?? read.total ?? listed;
      const last = queries.at(-1);
      if (last && (paging?.pageIndex ?? 1) > 1 && last.total === total) last.listed += listed;
      else queries.push({ total, listed });
    }
  };
  return {
    value: (value) => (Array.isArray(value) ? value : [value]).forEach(page),
    finish(): Reading {
      for (const { total, listed } of queries) {
        if (listed < total)
          throw new AqeError('AQE2006', `${listed} of ${total} findings are listed; write all pages into the file`, {
            path: file.path,
          });
        if (listed > total)
          notices.push(`SonarQube counts ${total} findings and ${listed} are listed; the list is counted`);
      }
      return { producer: { name: 'sonarqube' }, facts: factsOf(findings, paths, issuesAsked && !reported), notices };
    },
  };
}

/** sonar-report counts by severity, and not in all of them. It lists vulnerabilities and hotspots alone unless it was asked for all bugs. */
function summaryNotice(page: Page, listed: number): readonly string[] {
  const counts = Object.values(page.summary ?? {}).filter((count) => typeof count === 'number');
  const declared = counts.reduce((sum, count) => sum + count, 0);
  return [
    ...(declared > listed
      ? [`the summary counts ${declared} findings and ${listed} are listed; the list is counted`]
      : []),
    ...(page.inNewCodePeriod ? ['only findings in new code are listed'] : []),
    ...(page.allBugs ? ['bugs are not told from vulnerabilities: all findings count as security issues'] : []),
  ];
}

function factsOf(
  all: readonly { readonly finding: Finding; readonly hotspot: boolean }[],
  paths: ReadonlyMap<string, string>,
  withCode: boolean,
): readonly Fact[] {
  const security: (readonly [Scope, SecurityIssue])[] = [];
  const code: CodeIssue[] = [];
  const counts = tally();
  let suppressed = 0;
  for (const { finding, hotspot } of all) {
    const suppressedBy = suppressionOf(finding);
    if (!withCode || hotspot || isSecurity(finding)) security.push(toSecurityIssue(finding, paths, suppressedBy));
    else if (suppressedBy === undefined) {
      const severity = severityOf(finding, 'other');
      counts[severity] += 1;
      code.push({ rule: ruleOf(finding), severity, message: finding.message ?? '', ...placeOf(finding, paths) });
    } else suppressed += 1;
  }
  const issues: Fact = {
    kind: 'code-issues',
    counts,
    suppressed,
    filesChecked: null,
    items: worstFirst(code).slice(0, itemLimit),
  };
  return [...(withCode ? [issues] : []), ...factsByScope('code', security)];
}

function isSecurity({ type, impacts }: Finding): boolean {
  if (type) return type === 'VULNERABILITY' || type === 'SECURITY_HOTSPOT';
  return impacts?.some((impact) => impact.softwareQuality === 'SECURITY') === true;
}

function severityOf(finding: Finding, about: 'SECURITY' | 'other'): CodeIssue['severity'] {
  const impacts = finding.impacts ?? [];
  const own = impacts.filter(({ softwareQuality }) => (softwareQuality === 'SECURITY') === (about === 'SECURITY'));
  const rated = (own.length > 0 ? own : impacts).map((impact) => ({
    severity: severityIn(severityTable, impact.severity),
  }));
  const word = finding.vulnerabilityProbability || finding.severity;
  return worstFirst(rated)[0]?.severity ?? severityIn(severityTable, word);
}

function ruleOf({ rule, ruleKey }: Finding): string {
  return rule || ruleKey || 'no-rule';
}

function toSecurityIssue(
  finding: Finding,
  paths: ReadonlyMap<string, string>,
  suppressedBy: string | undefined,
): readonly [Scope, SecurityIssue] {
  const rule = ruleOf(finding);
  const message = finding.message ?? '';
  // The plugin of Dependency-Check has one rule for all advisories, and writes which one and of what into the message.
  const dependency = /UsingComponentWithKnownVulnerability/i.test(rule);
  const file = dependency ? /^Filename: ([^|]{1,200})/.exec(message)?.[1]?.trim() : undefined;
  const [, component = file, version] = /^([^:]+):(\d[^:]*)$/.exec(file ?? '') ?? [];
  const issue: SecurityIssue = {
    ids: dependency ? advisoryIds([...advisoryIdsIn(message), rule]) : [rule],
    severity: severityOf(finding, 'SECURITY'),
    cvss: null,
    title: shortTitle(message, rule),
    ...(component ? { component } : {}),
    ...(version ? { componentVersion: version } : {}),
    ...placeOf(finding, paths),
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
  };
  return [dependency ? 'dependencies' : 'code', issue];
}

function placeOf(
  finding: Finding,
  paths: ReadonlyMap<string, string>,
): { readonly path?: string; readonly line?: number } {
  const { component, project } = finding;
  const line = finding.line ?? finding.textRange?.startLine;
  let path = component ? paths.get(component) : undefined;
  if (!path && component && component !== project) {
    const ownKey = project && component.startsWith(`${project}:`);
    path = ownKey ? component.slice(project.length + 1) : component.slice(component.lastIndexOf(':') + 1);
  }
  return { ...(path ? { path } : {}), ...(isLine(line) ? { line } : {}) };
}

const closedStatuses = ['FALSE_POSITIVE', 'ACCEPTED', 'WONTFIX', 'FIXED'];

/** Undefined for what is open: a risk that a reviewer acknowledged still is one, and a word we do not know closes nothing. */
function suppressionOf({ issueStatus, status, resolution }: Finding): string | undefined {
  if (issueStatus && closedStatuses.includes(issueStatus)) return issueStatus;
  if (status === 'RESOLVED' || status === 'CLOSED') return resolution || status;
  if (status && closedStatuses.includes(status.replace('-', '_'))) return status;
  return status === 'REVIEWED' && (resolution === 'SAFE' || resolution === 'FIXED') ? resolution : undefined;
}
