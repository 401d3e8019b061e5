import * as z from 'zod/mini';
import type { SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { IssueList, type FoundIssue } from './shared/issue-list.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';

const severityTable: SeverityTable = {
  words: { blocker: 'critical', critical: 'high', major: 'medium', minor: 'low', info: 'info' },
  note: 'Severity is optional in the format: without it an issue is unknown.',
};

const issueSchema = onFirstUse(() =>
  z.object({
    type: text,
    check_name: text,
    description: text,
    severity: text,
    categories: z.nullish(z.array(z.string())),
    engine_name: text,
    location: z.nullish(z.object({ path: text, lines: z.optional(z.unknown()), positions: z.optional(z.unknown()) })),
  }),
);

type Issue = z.infer<ReturnType<typeof issueSchema>>;

const emptyNames = /(^|\/)[^/]*(?:code-?climate|code-?quality)[^/]*\.json$/i;

/** Code Climate's issues and GitLab's Code Quality report: one list, or a stream of objects each closed by a NUL. */
export const codeclimate: SignalReader = {
  id: 'codeclimate',
  title: 'Code Climate JSON, GitLab Code Quality',
  gives: ['code-issues', 'security-issues'],
  names: ['gl-code-quality-report*.json', '*codeclimate*.json', '*code-climate*.json', '*codequality*.json'],
  countingUnit: 'One issue; measurements are no issues. Those of category Security are security findings.',
  severities: severityTable,
  detects({ path, text: start }) {
    const value = jsonHead(start);
    if (Array.isArray(value) && value.length === 0) return emptyNames.test(path) && /^\s*\[\s*\]\s*$/.test(start);
    const entries = Array.isArray(value) ? value.map(objectOf) : [objectOf(value)];
    const issue = entries.find((entry) => entry['type'] !== 'measurement') ?? {};
    const location = objectOf(issue['location']);
    return (
      typeof issue['description'] === 'string' &&
      typeof location['path'] === 'string' &&
      ('lines' in location || 'positions' in location) &&
      ['fingerprint', 'check_name', 'categories'].some((key) => key in issue)
    );
  },
  open(file) {
    const issues = new IssueList();
    const security: SecurityIssue[] = [];
    const engines = new Set<string>();
    const session = jsonSequenceSession(file, {
      value(value) {
        for (const one of Array.isArray(value) ? value : [value]) {
          const issue = checkShape(file, issueSchema(), one);
          if (issue.type === 'measurement') continue;
          engines.add(issue.engine_name ?? '');
          if (issue.categories?.includes('Security')) security.push(toSecurity(issue));
          else issues.add(toIssue(issue));
        }
      },
      finish() {
        const [engine] = engines.size === 1 ? engines : [];
        return {
          producer: { name: engine || 'codeclimate' },
          facts: [
            issues.fact(null),
            ...(security.length > 0
              ? [{ kind: 'security-issues', scope: 'code', items: security, scanned: null } as const]
              : []),
          ],
          notices: [],
        };
      },
    });
    return { push: (text) => session.push(text.replaceAll('\0', '\n')), finish: () => session.finish() };
  },
};

function toIssue({ check_name: rule, description: message, severity, location }: Issue): FoundIssue {
  return {
    rule,
    severity: severityIn(severityTable, severity),
    message,
    path: location?.path,
    line: lineOf(objectOf(location?.lines)['begin']) ?? lineOf(objectOf(location?.positions)['begin']),
  };
}

/** A line, or a position with a line; positions may also be offsets, which are none. */
function lineOf(begin: unknown): number | undefined {
  const line = typeof begin === 'number' ? begin : objectOf(begin)['line'];
  return isLine(line) ? line : undefined;
}

function toSecurity(issue: Issue): SecurityIssue {
  const { rule, severity, message, path, line } = toIssue(issue);
  return {
    ids: [rule || 'no-rule'],
    severity,
    cvss: null,
    title: message?.slice(0, 200) || rule || 'no description',
    ...(path ? { path } : {}),
    ...(isLine(line) ? { line } : {}),
  };
}
