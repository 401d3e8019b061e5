import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

const schemas = onFirstUse(() => {
  const issueSchema = z.object({
    severity: text,
    rule_id: text,
    details: text,
    file: z.string(),
    // A range where the code goes over several lines.
    line: z.nullish(z.union([z.string(), z.number()])),
    nosec: z.nullish(z.boolean()),
    suppressions: z.nullish(z.array(z.object({ kind: text, justification: text }))),
  });
  const schema = z.object({
    'Golang errors': z.optional(z.unknown()),
    Issues: z.nullish(z.array(issueSchema)),
    Stats: z.nullish(z.object({ files: z.nullish(wholeNumber), found: z.nullish(wholeNumber) })),
    GosecVersion: text,
  });
  return { issueSchema, schema };
});

type Report = z.infer<ReturnType<typeof schemas>['schema']>;
type Issue = z.infer<ReturnType<typeof schemas>['issueSchema']>;

const severityTable: SeverityTable = {
  words: { high: 'high', medium: 'medium', low: 'low' },
  note: 'How sure gosec is of a finding (its confidence) does not change the severity.',
};

/** gosec's JSON. Go code that does not build is not analysed, and gosec fails for it: so does the report. */
export const gosec: SignalReader = {
  id: 'gosec',
  title: 'gosec JSON',
  gives: ['security-issues'],
  names: ['gosec*.json'],
  countingUnit: 'One issue: one rule that fires at one place.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    if ('Golang errors' in root || 'GosecVersion' in root) return true;
    if (!('Issues' in root)) return false;
    const first = objectOf(Array.isArray(root['Issues']) ? root['Issues'][0] : undefined);
    return 'found' in objectOf(root['Stats']) || ('rule_id' in first && 'details' in first && 'confidence' in first);
  },
  open: (file) => jsonSession(file, schemas().schema, (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  const errors = Object.entries(objectOf(report['Golang errors']));
  if (errors.length > 0)
    throw new AqeError(
      'AQE2006',
      `Go files that could not be analysed: ${errors.length}, the first is ${errors[0]![0]}`,
      {
        path,
      },
    );
  const items = (report.Issues ?? []).map(toIssue);
  const files = report.Stats?.files ?? null;
  if (files === 0 && items.length === 0) throw new AqeError('AQE2007', 'no file was scanned', { path });
  if (!report.Issues && !report.Stats)
    throw new AqeError('AQE2003', 'there are neither issues nor statistics', { path });
  const open = items.filter((item) => item.suppressedBy === undefined).length;
  const declared = report.Stats?.found ?? open;
  const version = report.GosecVersion?.replace(/^v/, '');
  return {
    producer: { name: 'gosec', ...(version && version !== 'dev' ? { version } : {}) },
    facts: [{ kind: 'security-issues', scope: 'code', items, scanned: files }],
    notices:
      declared === open || declared === items.length
        ? []
        : [`the statistics count ${declared} issues and ${items.length} are listed; the list is counted`],
  };
}

function toIssue(issue: Issue): SecurityIssue {
  const id = issue.rule_id || 'no-rule';
  const line = Number(/^\d{1,9}/.exec(String(issue.line ?? ''))?.[0] ?? 0);
  const suppression = issue.suppressions?.[0];
  const suppressed = issue.nosec === true || suppression !== undefined;
  return {
    ids: [id],
    severity: severityIn(severityTable, issue.severity),
    cvss: null,
    title: shortTitle(issue.details, id),
    path: issue.file,
    ...(line > 0 ? { line } : {}),
    ...(suppressed ? { suppressedBy: suppression?.justification || suppression?.kind || 'nosec' } : {}),
  };
}
