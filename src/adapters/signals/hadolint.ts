import * as z from 'zod/mini';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { IssueList } from './shared/issue-list.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';

const severityTable: SeverityTable = {
  words: { error: 'high', warning: 'medium', info: 'low', style: 'info' },
  note: 'A Dockerfile that does not parse (DL1000) is critical; `ignore` is counted as suppressed.',
};

const reportSchema = onFirstUse(() =>
  z.array(z.object({ code: text, level: text, message: text, file: text, line: z.nullish(z.number()) })),
);

const keys = new Set(['file', 'line', 'column', 'level', 'code', 'message']);

/** hadolint's JSON. It lists findings only: a clean run is an empty list, known by the name of the file. */
export const hadolint: SignalReader = {
  id: 'hadolint',
  title: 'hadolint JSON',
  gives: ['code-issues'],
  names: ['hadolint*.json', '*hadolint.json'],
  countingUnit: 'One entry of the list.',
  severities: severityTable,
  detects({ path, text: start }) {
    const list = jsonHead(start);
    if (!Array.isArray(list)) return false;
    if (list.length === 0) return /(^|\/)[^/]*hadolint[^/]*\.json$/i.test(path) && /^\s*\[\s*\]\s*$/.test(start);
    const entries = list.map(objectOf);
    return (
      entries.every((entry) => Object.keys(entry).every((key) => keys.has(key))) &&
      entries.some((entry) => /^(?:DL|SC)\d{4}$/.test(stringOf(entry['code'])) && typeof entry['file'] === 'string')
    );
  },
  open: (file) =>
    jsonSession(file, reportSchema(), (entries) => {
      const issues = new IssueList();
      for (const { code, level, message, file: path, line } of entries) {
        if (level?.toLowerCase() === 'ignore') issues.addSuppressed();
        else if (code === 'DL1000') issues.addNotAnalysed({ rule: code, message, path, line });
        else issues.add({ rule: code, severity: severityIn(severityTable, level), message, path, line });
      }
      return { producer: { name: 'hadolint' }, facts: [issues.fact(null)], notices: issues.notices() };
    }),
};
