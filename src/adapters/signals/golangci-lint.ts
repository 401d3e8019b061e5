import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { IssueList } from './shared/issue-list.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    error: 'high',
    high: 'high',
    warning: 'medium',
    medium: 'medium',
    low: 'low',
    info: 'info',
  },
  note: 'An issue without severity, the default, is an error, as in the other formats that golangci-lint writes. Code that does not compile (typecheck) is critical.',
};

const reportSchema = onFirstUse(() => {
  const issue = z.object({
    FromLinter: z.string(),
    Text: text,
    Severity: text,
    Pos: z.nullish(z.object({ Filename: text, Line: z.nullish(z.number()) })),
    LineRange: z.nullish(z.object({ From: z.nullish(z.number()) })),
  });
  return z.object({
    Issues: z.nullish(z.array(issue)),
    Report: z.nullish(
      z.object({
        Error: text,
        Warnings: z.nullish(z.array(z.object({ Tag: text, Text: text }))),
        Linters: z.nullish(z.array(z.object({ Name: text, Enabled: z.nullish(z.boolean()) }))),
      }),
    ),
  });
});

type Report = z.infer<ReturnType<typeof reportSchema>>;
type Issue = NonNullable<Report['Issues']>[number];

/** What golangci-lint 2 prints behind the report when both go to the standard output. */
const tally = /^(?:\d+ issues?[.:]|\* [\w-]+: \d+)$/;
const namedWarnings = 10;

/** golangci-lint's JSON, of version 1 and 2; reports of several modules may follow one another. gosec's issues are security findings. */
export const golangciLint: SignalReader = {
  id: 'golangci-lint',
  title: 'golangci-lint JSON',
  gives: ['code-issues', 'security-issues'],
  names: ['golangci*.json', '*golangci-lint*.json'],
  countingUnit: 'One entry of `Issues`.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const issues = root['Issues'];
    if (issues !== null && !Array.isArray(issues)) return false;
    const first = objectOf(issues?.[0]);
    if (issues?.length) return typeof first['FromLinter'] === 'string';
    if (Object.keys(root).some((key) => key !== 'Issues' && key !== 'Report')) return false;
    return 'Report' in root || /(^|\/)[^/]*golangci[^/]*\.json$/i.test(head.path);
  },
  open(file) {
    const issues = new IssueList();
    const security: SecurityIssue[] = [];
    const warnings: string[] = [];
    let findsSecurity = false;
    return jsonSequenceSession(file, {
      value(value) {
        const { Issues, Report } = checkShape(file, reportSchema(), value);
        refuseFailed(Report, file.path);
        for (const issue of Issues ?? []) {
          if (issue.FromLinter === 'gosec') security.push(toSecurity(issue));
          else if (issue.FromLinter === 'typecheck') issues.addNotAnalysed(toIssue(issue));
          else issues.add(toIssue(issue));
        }
        findsSecurity ||= Report?.Linters?.some(({ Name, Enabled }) => Name === 'gosec' && Enabled) ?? false;
        for (const warning of Report?.Warnings ?? []) warnings.push(firstLine(warning.Text));
      },
      stray(line, number) {
        if (!tally.test(line.trim()))
          throw new AqeError('AQE2002', 'there is text beside the JSON', { path: file.path, line: number });
      },
      finish: () => ({
        producer: { name: 'golangci-lint' },
        facts: [
          issues.fact(null),
          ...(security.length > 0 || findsSecurity
            ? [{ kind: 'security-issues', scope: 'code', items: security, scanned: null } as const]
            : []),
        ],
        notices: [
          ...issues.notices(),
          ...warnings.slice(0, namedWarnings).map((warning) => `golangci-lint warns: ${warning}`),
          ...(warnings.length > namedWarnings ? [`more warnings: ${warnings.length - namedWarnings}`] : []),
        ],
      }),
    });
  },
};

function refuseFailed(report: Report['Report'], path: string): void {
  const failed =
    report?.Error ||
    report?.Warnings?.map((warning) => warning.Text).find((warning) => /^can't run linter/i.test(warning ?? ''));
  if (failed) throw new AqeError('AQE2006', `golangci-lint failed: ${firstLine(failed).slice(0, 40)}`, { path });
  const linters = report?.Linters ?? [];
  if (linters.length > 0 && !linters.some((linter) => linter.Enabled))
    throw new AqeError('AQE2007', 'no linter was enabled', { path });
}

function firstLine(message: string | null | undefined): string {
  return (message ?? '').trim().split('\n', 1)[0]!.slice(0, 200);
}

function toIssue({ FromLinter, Text, Severity, Pos, LineRange }: Issue): Parameters<IssueList['add']>[0] {
  return {
    rule: FromLinter,
    severity: severityIn(severityTable, Severity || 'error'),
    message: Text,
    path: Pos?.Filename,
    line: Pos?.Line ?? LineRange?.From,
  };
}

function toSecurity(issue: Issue): SecurityIssue {
  const { severity, message, path, line } = toIssue(issue);
  const rule = /^(G\d{3}): /.exec(message ?? '')?.[1];
  return {
    ids: [rule ?? 'gosec'],
    severity,
    cvss: null,
    title: firstLine(message).replace(/^G\d{3}: /, '') || 'gosec',
    ...(path ? { path } : {}),
    ...(isLine(line) ? { line } : {}),
  };
}
