import * as z from 'zod/mini';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { IssueList } from './shared/issue-list.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';

const severityTable: SeverityTable = {
  words: { fatal: 'critical', error: 'high', warning: 'medium', info: 'info' },
  note: 'Versions that write no severity knew none but `error`. A file that was not parsed or not read is critical whatever its word.',
};

const violationSchema = onFirstUse(() =>
  z.object({
    code: text,
    message: z.string(),
    filename: text,
    severity: text,
    location: z.nullish(z.object({ row: z.number() })),
  }),
);

/** Codes of findings that say that no rule has seen the file; syntax errors had none for a while. */
const notAnalysed = new Set([null, undefined, 'invalid-syntax', 'E999', 'E902']);

/** Ruff's `json` and `json-lines`. It lists findings only: a clean run is an empty list, known by the name of the file. */
export const ruff: SignalReader = {
  id: 'ruff',
  title: 'Ruff JSON',
  gives: ['code-issues'],
  names: ['ruff*.json', '*ruff.json', 'ruff*.jsonl'],
  countingUnit: 'One entry of the list; of a file with syntax errors each of them.',
  severities: severityTable,
  detects({ path, text: start }) {
    const value = jsonHead(start);
    if (Array.isArray(value) && value.length === 0)
      return /(^|[^a-z])ruff[^/]*\.json$/i.test(path) && /^\s*\[\s*\]\s*$/.test(start);
    const first = objectOf(Array.isArray(value) ? value[0] : value);
    return (
      ['code', 'message', 'filename', 'location', 'end_location'].every((key) => key in first) &&
      (first['location'] === null || typeof objectOf(first['location'])['row'] === 'number')
    );
  },
  open(file) {
    const issues = new IssueList();
    return jsonSequenceSession(file, {
      value(value) {
        for (const one of Array.isArray(value) ? value : [value]) {
          const { code, message, filename: path, severity, location } = checkShape(file, violationSchema(), one);
          const issue = { rule: code ?? 'invalid-syntax', message, path, line: location?.row };
          if (notAnalysed.has(code)) issues.addNotAnalysed(issue);
          else issues.add({ ...issue, severity: severityIn(severityTable, severity ?? 'error') });
        }
      },
      finish: () => ({ producer: { name: 'ruff' }, facts: [issues.fact(null)], notices: issues.notices() }),
    });
  },
};
