import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const count = z.nullish(wholeNumber);
  const fileSchema = z.object({ file_name: z.string(), line: z.nullish(z.number()), resource_name: text });
  const querySchema = z.object({
    query_name: text,
    query_id: z.string().check(z.minLength(1)),
    severity: text,
    files: z.array(fileSchema),
  });
  const schema = z.object({
    kics_version: text,
    files_scanned: wholeNumber,
    files_parsed: count,
    files_failed_to_scan: count,
    queries_total: count,
    queries_failed_to_execute: count,
    queries: z.nullable(z.array(querySchema)),
    total_counter: count,
    end: text,
  });
  return { querySchema, schema };
});

type Report = z.infer<ReturnType<typeof schemas>['schema']>;
type Query = z.infer<ReturnType<typeof schemas>['querySchema']>;

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'info', trace: 'info' },
};

/** KICS JSON. Files and queries that failed are noticed; a scan in which all of them did is refused. */
export const kics: SignalReader = {
  id: 'kics',
  title: 'KICS JSON',
  gives: ['security-issues'],
  names: ['kics*.json'],
  countingUnit: 'One place in one file that a query finds.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    return 'files_scanned' in root && ['queries_total', 'kics_version', 'queries'].some((key) => key in root);
  },
  open: (file) => jsonSession(file, schemas().schema, (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  const items = (report.queries ?? []).flatMap((query) => query.files.map((file) => toIssue(query, file)));
  const failed = report.files_failed_to_scan ?? 0;
  const unrun = report.queries_failed_to_execute ?? 0;
  if (items.length === 0) {
    if (failed > 0 && failed >= (report.files_parsed ?? report.files_scanned))
      throw new AqeError('AQE2006', `no file could be scanned; those that failed: ${failed}`, { path });
    if (unrun > 0 && unrun >= (report.queries_total ?? Infinity))
      throw new AqeError('AQE2006', `no query could be run; those that failed: ${unrun}`, { path });
    if (report.files_scanned === 0 || report.files_parsed === 0)
      throw new AqeError('AQE2007', 'no file was scanned', { path });
    if (report.queries_total === 0) throw new AqeError('AQE2007', 'no query was run', { path });
  }
  const takenAt = zonedTime(report.end);
  const version = report.kics_version?.replace(/^v/, '');
  const declared = report.total_counter ?? items.length;
  return {
    producer: { name: 'kics', ...(version ? { version } : {}) },
    // A scan that never ended has Go's year 1.
    ...(takenAt && !takenAt.startsWith('0001') ? { takenAt } : {}),
    facts: [
      { kind: 'security-issues', scope: 'configuration', items, scanned: report.files_parsed ?? report.files_scanned },
    ],
    notices: [
      ...(failed > 0 ? [`files that were not scanned: ${failed}`] : []),
      ...(unrun > 0 ? [`queries that could not be run: ${unrun}`] : []),
      ...(declared === items.length
        ? []
        : [`the report counts ${declared} results and lists ${items.length}; the list is counted`]),
    ],
  };
}

function toIssue(query: Query, file: Query['files'][number]): SecurityIssue {
  const title = query.query_name || query.query_id;
  return {
    ids: [query.query_id],
    severity: severityIn(severityTable, query.severity),
    cvss: null,
    title: file.resource_name ? `${title} (${file.resource_name})` : title,
    path: file.file_name,
    ...(isLine(file.line) ? { line: file.line } : {}),
  };
}
