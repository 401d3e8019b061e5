import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { IssueList } from './shared/issue-list.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';

const severityTable: SeverityTable = {
  words: { error: 'high', warning: 'medium' },
  note: 'A file that does not parse (CssSyntaxError) is critical. A selector or value that does not parse is an error, as is a warning of a plugin that gives it no severity.',
};

const reportSchema = onFirstUse(() => {
  const warning = z.object({ line: z.nullish(z.number()), rule: text, severity: text, text });
  return z.array(
    z.object({
      source: text,
      warnings: z.array(warning),
      parseErrors: z.nullish(z.array(z.object({ line: z.nullish(z.number()), text }))),
      deprecations: z.nullish(z.array(z.object({ text }))),
      invalidOptionWarnings: z.nullish(z.array(z.object({ text }))),
      ignored: z.nullish(z.boolean()),
    }),
  );
});

type Report = z.infer<ReturnType<typeof reportSchema>>;

/** stylelint's JSON. It lists clean files as well, so that a list of none is a run over nothing. */
export const stylelint: SignalReader = {
  id: 'stylelint',
  title: 'stylelint JSON',
  gives: ['code-issues'],
  names: ['stylelint*.json', '*stylelint.json'],
  countingUnit: 'One warning or parse error.',
  severities: severityTable,
  detects({ path, text: start }) {
    const list = jsonHead(start);
    if (!Array.isArray(list)) return false;
    if (list.length === 0) return /(^|\/)[^/]*stylelint[^/]*\.json$/i.test(path) && /^\s*\[\s*\]\s*$/.test(start);
    const first = objectOf(list[0]);
    // A file with so many warnings that what follows them lies behind the head still begins with the other lists.
    return (
      Array.isArray(first['warnings'] ?? first['invalidOptionWarnings']) &&
      ['errored', 'invalidOptionWarnings', 'deprecations'].some((key) => key in first)
    );
  },
  open: (file) => jsonSession(file, reportSchema(), (files) => toReading(files, file.path)),
};

function toReading(files: Report, path: string): Reading {
  const linted = files.filter((file) => !file.ignored);
  if (linted.length === 0) throw new AqeError('AQE2007', 'no file was linted', { path });
  const invalid = linted.flatMap((file) => file.invalidOptionWarnings ?? [])[0];
  if (invalid)
    throw new AqeError('AQE2006', `a rule did not run for its options: ${invalid.text?.slice(0, 40) ?? '?'}`, { path });

  const issues = new IssueList();
  for (const { source, warnings, parseErrors } of linted) {
    for (const { line, rule, severity, text: message } of warnings) {
      const issue = { rule, message, path: source, line };
      if (rule === 'CssSyntaxError') issues.addNotAnalysed(issue);
      else issues.add({ ...issue, severity: severityIn(severityTable, severity || 'error') });
    }
    for (const { line, text: message } of parseErrors ?? [])
      issues.add({ rule: 'parseError', severity: 'high', message, path: source, line });
  }
  const deprecations = new Set(files.flatMap((file) => file.deprecations ?? []).map(({ text: what }) => what ?? '?'));
  return {
    producer: { name: 'stylelint' },
    facts: [issues.fact(linted.length)],
    notices: [
      ...issues.notices(),
      ...(files.length > linted.length ? [`files that stylelint ignored: ${files.length - linted.length}`] : []),
      ...(deprecations.size > 0 ? [`stylelint names deprecated settings: ${deprecations.size}`] : []),
    ],
  };
}
