import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { IssueList } from './shared/issue-list.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';

const severityTable: SeverityTable = {
  words: { fatal: 'critical', error: 'high', warning: 'medium', convention: 'low', refactor: 'low', info: 'info' },
  note: 'A file that does not parse (Lint/Syntax) is critical whatever its word.',
};

const reportSchema = onFirstUse(() => {
  const offense = z.object({
    severity: text,
    message: text,
    cop_name: text,
    corrected: z.nullish(z.boolean()),
    location: z.nullish(z.object({ line: z.nullish(z.number()), start_line: z.nullish(z.number()) })),
  });
  return z.object({
    metadata: z.nullish(z.object({ rubocop_version: text })),
    files: z.array(z.object({ path: z.string(), offenses: z.array(offense) })),
    summary: z.object({
      offense_count: z.optional(wholeNumber),
      target_file_count: z.optional(wholeNumber),
      inspected_file_count: z.optional(wholeNumber),
    }),
  });
});

type Report = z.infer<ReturnType<typeof reportSchema>>;

/** RuboCop's JSON, also of its offspring (Standard). What autocorrection has changed is no open finding. */
export const rubocop: SignalReader = {
  id: 'rubocop',
  title: 'RuboCop JSON',
  gives: ['code-issues'],
  names: ['rubocop*.json', '*rubocop.json'],
  countingUnit: 'One offense; offenses that were corrected in the same run are counted apart.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    if ('metadata' in root) return typeof objectOf(root['metadata'])['rubocop_version'] === 'string';
    if (!Array.isArray(root['files'])) return false;
    return root['files'].some((file) => {
      const { offenses } = objectOf(file);
      return Array.isArray(offenses) && typeof objectOf(offenses[0])['cop_name'] === 'string';
    });
  },
  open: (file) => jsonSession(file, reportSchema(), (report) => toReading(report, file.path)),
};

function toReading({ metadata, files, summary }: Report, path: string): Reading {
  const target = summary.target_file_count ?? files.length;
  const inspected = summary.inspected_file_count ?? files.length;
  if (inspected === 0) throw new AqeError('AQE2007', 'no file was inspected', { path });
  if (inspected < target)
    throw new AqeError('AQE2006', `RuboCop stopped after ${inspected} of ${target} files`, { path });

  const issues = new IssueList();
  for (const { path: name, offenses } of files)
    for (const { severity, message, cop_name: rule, corrected, location } of offenses) {
      const issue = { rule, message, path: name, line: location?.start_line ?? location?.line };
      if (corrected) issues.addSuppressed();
      else if (rule === 'Lint/Syntax' || rule === 'Syntax') issues.addNotAnalysed(issue);
      else issues.add({ ...issue, severity: severityIn(severityTable, severity) });
    }

  const listed = issues.total + issues.suppressed;
  const declared = summary.offense_count;
  const version = metadata?.rubocop_version;
  return {
    producer: { name: 'rubocop', ...(version ? { version } : {}) },
    facts: [issues.fact(inspected)],
    notices: [
      ...issues.notices(),
      ...(issues.suppressed > 0 ? [`offenses that RuboCop has corrected, not counted: ${issues.suppressed}`] : []),
      ...(declared !== undefined && declared !== listed
        ? [`the summary declares ${declared} offenses and ${listed} are listed; the list is counted`]
        : []),
    ],
  };
}
