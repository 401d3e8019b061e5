import * as z from 'zod/mini';
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
import { scannerNamed } from './shared/scanners.ts';
import { alertPages, refusalBy } from './shared/github-alert-pages.ts';
import { advisoryIds, advisoryIdsIn } from './shared/advisory-ids.ts';
import { isLine } from './shared/is-line.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';
import { worstFirst } from './shared/worst-first.ts';

const schemas = onFirstUse(() => {
  const location = z.nullish(z.object({ path: text, start_line: z.nullish(z.number()) }));
  const code = z.object({
    state: text,
    dismissed_reason: text,
    dismissed_comment: text,
    rule: z.nullish(
      z.object({
        id: text,
        name: text,
        description: text,
        severity: text,
        security_severity_level: text,
        tags: z.nullish(z.array(z.string())),
      }),
    ),
    rule_id: text,
    rule_severity: text,
    rule_description: text,
    tool: z.nullish(z.union([z.string(), z.object({ name: text, version: text })])),
    most_recent_instance: z.nullish(z.object({ state: text, location, message: z.nullish(z.object({ text })) })),
  });
  const secret = z.object({
    state: text,
    resolution: text,
    resolution_comment: text,
    secret_type: z.string(),
    secret_type_display_name: text,
    first_location_detected: location,
  });
  return { code, secret };
});

type Schemas = ReturnType<typeof schemas>;
type Scope = SecurityIssues['scope'];
type CodeAlert = z.infer<Schemas['code']>;

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    error: 'high',
    medium: 'medium',
    warning: 'medium',
    low: 'low',
    note: 'low',
    none: 'info',
  },
  note: 'The security severity of a rule comes first, then its severity. Alerts of secret scanning have no severity.',
};

/**
 * GitHub's lists of code scanning and secret scanning alerts. An alert of code scanning is a security issue when its rule
 * has a security severity or says so in its tags, or its tool is a known scanner, else a code issue. The secret itself is never kept.
 */
export const githubCodeScanning: SignalReader = {
  id: 'github-code-scanning',
  title: 'GitHub code scanning and secret scanning alerts JSON',
  gives: ['code-issues', 'security-issues'],
  names: ['code-scanning*.json', 'secret-scanning*.json'],
  countingUnit:
    'One alert, however many branches or places have it. Fixed, dismissed and resolved alerts are kept with that reason.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    if (/^\s*\[\s*\]\s*$/.test(head.text)) return kindByName(head.path) !== undefined;
    if (!Array.isArray(value)) return refusalBy(objectOf(value), /(code|secret)-scanning/) !== undefined;
    const first = objectOf(Array.isArray(value[0]) ? value[0][0] : value[0]);
    return isSecret(first) || ('most_recent_instance' in first && ('rule' in first || 'rule_id' in first));
  },
  open: (file) => alertPages(file, { finish: (alerts) => toReading(alerts, file) }),
};

function isSecret(alert: Readonly<Record<string, unknown>>): boolean {
  return 'secret_type' in alert && ('resolution' in alert || 'locations_url' in alert);
}

function kindByName(path: string): 'code' | 'secrets' | undefined {
  const kind = /(code|secret)[-_]?scanning[^/]*\.json$/i.exec(path)?.[1]?.toLowerCase();
  return kind === 'secret' ? 'secrets' : kind === 'code' ? 'code' : undefined;
}

function toReading(alerts: readonly unknown[], file: { readonly path: string }): Reading {
  const security = new Map<Scope, SecurityIssue[]>();
  const add = (scope: Scope, issue: SecurityIssue): void => {
    const known = security.get(scope);
    if (known) known.push(issue);
    else security.set(scope, [issue]);
  };
  const findings: CodeIssue[] = [];
  const counts = tally();
  let suppressed = 0;
  const tools = new Set<string>();
  for (const alert of alerts) {
    if (isSecret(objectOf(alert))) {
      add('secrets', secretIssue(checkShape(file, schemas().secret, alert)));
      continue;
    }
    const code = checkShape(file, schemas().code, alert);
    const tool = typeof code.tool === 'string' ? code.tool : code.tool?.name;
    if (tool) tools.add(tool);
    const found = codeIssue(code);
    const suppressedBy = suppression(code.state ?? code.most_recent_instance?.state, [
      code.dismissed_reason,
      code.dismissed_comment,
    ]);
    const scanner = scannerNamed(tool ?? '');
    if (isSecurity(code) || (scanner && !scanner.mixed))
      add(scanner?.scope ?? 'code', securityIssue(code, found, suppressedBy));
    else if (suppressedBy !== undefined) suppressed += 1;
    else {
      counts[found.severity] += 1;
      findings.push(found);
    }
  }

  if (alerts.length === 0) security.set(kindByName(file.path) ?? 'code', []);
  const facts: Fact[] = [];
  if (findings.length + suppressed > 0)
    facts.push({
      kind: 'code-issues',
      counts,
      suppressed,
      filesChecked: null,
      items: worstFirst(findings).slice(0, itemLimit),
    });
  for (const [scope, items] of security) facts.push({ kind: 'security-issues', scope, items, scanned: null });
  return {
    producer: { name: tools.size === 1 ? [...tools][0]! : 'github' },
    facts,
    notices: tools.size > 1 ? [`the alerts are of several tools: ${[...tools].toSorted().join(', ')}`] : [],
  };
}

function isSecurity({ rule }: CodeAlert): boolean {
  return Boolean(rule?.security_severity_level) || rule?.tags?.some((tag) => /^security$/i.test(tag)) === true;
}

function codeIssue(alert: CodeAlert): CodeIssue {
  const { rule, most_recent_instance: instance } = alert;
  const id = rule?.id || alert.rule_id || rule?.name || 'no-rule';
  const { path, start_line: line } = instance?.location ?? {};
  const message = rule?.description || alert.rule_description || instance?.message?.text;
  return {
    rule: id,
    severity: severityOf(alert),
    message: shortTitle(message, id),
    ...(path ? { path } : {}),
    ...(isLine(line) ? { line } : {}),
  };
}

function severityOf({ rule, rule_severity: older }: CodeAlert): Severity {
  return severityIn(severityTable, rule?.security_severity_level || rule?.severity || older);
}

function securityIssue(alert: CodeAlert, found: CodeIssue, suppressedBy: string | undefined): SecurityIssue {
  const { rule, message: title, ...place } = found;
  return {
    ids: advisoryIds([...advisoryIdsIn(rule), rule], 'no-rule'),
    cvss: null,
    title,
    ...place,
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
  };
}

function secretIssue(alert: z.infer<Schemas['secret']>): SecurityIssue {
  const { path, start_line: line } = alert.first_location_detected ?? {};
  const suppressedBy = suppression(alert.state, [alert.resolution, alert.resolution_comment]);
  return {
    ids: [alert.secret_type || 'secret'],
    severity: 'unknown',
    cvss: null,
    title: alert.secret_type_display_name || alert.secret_type || 'secret',
    ...(path ? { path } : {}),
    ...(isLine(line) ? { line } : {}),
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
  };
}

/** A state that nobody knows yet is open. */
function suppression(
  stated: string | null | undefined,
  why: readonly (string | null | undefined)[],
): string | undefined {
  const state = stated?.toLowerCase() ?? 'open';
  if (!['fixed', 'dismissed', 'resolved'].includes(state)) return undefined;
  const reason = why.filter(Boolean).join(', ');
  return reason ? `${state}: ${reason}` : state;
}
