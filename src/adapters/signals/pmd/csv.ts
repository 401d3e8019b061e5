import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { csvSession } from '../shared/csv.ts';
import { IssueList, lineFrom } from '../shared/issue-list.ts';
import { severityIn } from '../shared/severity.ts';
import { priorities } from './priorities.ts';

/** PMD's CSV: a header and one record a violation. It leaves out files that PMD could not process. */
export function pmdCsvSession(file: { readonly path: string }): ReadingSession {
  const issues = new IssueList();
  let columns: readonly string[] | undefined;
  return csvSession(file, ',', {
    record(fields, line) {
      if (!columns) {
        columns = fields.map((field) => field.trim());
        for (const column of ['Rule', 'Priority'])
          if (!columns.includes(column))
            throw new AqeError('AQE2003', `the header has no column ${column}`, { path: file.path, line });
        return;
      }
      if (fields.length !== columns.length)
        throw new AqeError('AQE2002', `a record of ${fields.length} fields under ${columns.length} columns`, {
          path: file.path,
          line,
        });
      const field = (name: string): string | undefined => fields[columns!.indexOf(name)];
      issues.add({
        rule: field('Rule'),
        severity: severityIn(priorities, field('Priority')),
        message: field('Description'),
        path: field('File'),
        line: lineFrom(field('Line')),
      });
    },
    finish: () => ({
      producer: { name: 'pmd' },
      facts: [issues.fact(null)],
      notices: ['the CSV does not say which files PMD could not process'],
    }),
  });
}
