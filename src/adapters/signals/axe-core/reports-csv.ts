import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { IssueList } from '../shared/issue-list.ts';
import { linesSession } from '../shared/lines.ts';
import { addIssue } from './issue.ts';

/** The misspelling is the tool's own, and repaired by some who write the same columns. */
export const axeCsvHeader = /^\ufeff?URL([,\t])Vi?olation Type\1Impact\1Help\1HTML Element\1Messages\1DOM Element\s/;

const columns = 7;

/**
 * Tables that axe-reports makes of axe results: seven columns without quotes, in which it replaces separators and line breaks.
 * Records end in a carriage return, a line feed or both.
 */
export function axeCsvSession(file: { readonly path: string }): ReadingSession {
  const issues = new IssueList();
  let separator: string | undefined;
  const session = linesSession(file, {
    line(text, number) {
      if (text.trim() === '') return;
      const header = axeCsvHeader.exec(`${text}\n`);
      if (header) separator = header[1];
      if (header) return;
      if (separator === undefined) throw new AqeError('AQE2003', 'the header line is missing', { path: file.path });
      const fields = text.split(separator);
      if (fields.length !== columns)
        throw new AqeError('AQE2002', `the line has ${fields.length} fields, not ${columns}`, {
          path: file.path,
          line: number,
        });
      const [url, rule, impact, , , messages, element] = fields;
      addIssue(issues, { rule, impact, url, help: messages?.split('--')[0], element });
    },
    finish: () => ({ producer: { name: 'axe-reports' }, facts: [issues.fact(null)], notices: [] }),
  });
  return { push: (text) => session.push(text.replaceAll('\r', '\n')), finish: () => session.finish() };
}
