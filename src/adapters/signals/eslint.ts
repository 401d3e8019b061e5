import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import { itemLimit, tally, type CodeIssue, type Reading } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { worstFirst } from './shared/worst-first.ts';

const schemas = onFirstUse(() => {
  const messageSchema = z.object({
    ruleId: z.nullish(z.string()),
    severity: z.nullish(z.number()),
    fatal: z.nullish(z.boolean()),
    message: z.nullish(z.string()),
    line: z.nullish(z.number()),
  });

  const fileSchema = z.object({
    filePath: z.string(),
    messages: z.array(messageSchema),
    suppressedMessages: z.nullish(z.array(z.unknown())),
    errorCount: z.optional(wholeNumber),
    warningCount: z.optional(wholeNumber),
    fatalErrorCount: z.optional(wholeNumber),
  });

  /** `-f json` writes the list alone, `-f json-with-metadata` wraps it. */
  const schema = z.union([
    z.array(fileSchema),
    z.pipe(
      z.object({ results: z.array(fileSchema) }),
      z.transform((report) => report.results),
    ),
  ]);
  return { messageSchema, fileSchema, schema };
});

type LintedFile = z.infer<ReturnType<typeof schemas>['fileSchema']>;
type LintMessage = z.infer<ReturnType<typeof schemas>['messageSchema']>;

const severityTable: SeverityTable = {
  words: { fatal: 'critical', '2': 'high', '1': 'medium' },
  note: 'A file that does not parse (`fatal`) weighs more than any rule, whatever its number says: it was not linted at all, and what else is wrong in it is not known.',
};

/** ESLint's own JSON formatters. A file that does not parse is a critical finding and a notice: nothing in it was linted. */
export const eslint: SignalReader = {
  id: 'eslint',
  title: 'ESLint JSON',
  gives: ['code-issues'],
  names: ['eslint*.json'],
  countingUnit: 'One message; messages that a directive suppresses are counted apart.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    const files = Array.isArray(value) ? value : objectOf(value)['results'];
    if (!Array.isArray(files)) return false;
    // A run over no file has no content to tell it by.
    if (files.length === 0) return Array.isArray(value) && /eslint[^\n]*\.json$/i.test(head.path);
    const first = objectOf(files[0]);
    return typeof first['filePath'] === 'string' && Array.isArray(first['messages']);
  },
  open: (file) => jsonSession(file, schemas().schema, (files) => toReading(files, file.path)),
};

function toReading(files: readonly LintedFile[], path: string): Reading {
  const linted = files.filter((file) => !file.messages.some(isIgnoredFile));
  if (linted.length === 0) throw new AqeError('AQE2007', 'no file was linted', { path });
  const issues = files.flatMap((file) => file.messages.map((message) => toIssue(file, message)));
  const counts = tally();
  for (const issue of issues) counts[issue.severity] += 1;
  return {
    producer: { name: 'eslint' },
    facts: [
      {
        kind: 'code-issues',
        counts,
        suppressed: files.reduce((sum, file) => sum + (file.suppressedMessages?.length ?? 0), 0),
        filesChecked: linted.length,
        items: worstFirst(issues).slice(0, itemLimit),
      },
    ],
    notices: [...unlinted(files), ...disagreement(files)],
  };
}

function toIssue(file: LintedFile, message: LintMessage): CodeIssue {
  return {
    rule: message.ruleId || (message.fatal ? 'parse-error' : 'no-rule'),
    severity: severityIn(severityTable, message.fatal ? 'fatal' : String(message.severity)),
    message: message.message ?? '',
    path: file.filePath,
    ...(isLine(message.line) ? { line: message.line } : {}),
  };
}

/** ESLint lists a file that it was told to lint and to ignore with a warning of no rule, in these words since version 1. */
function isIgnoredFile(message: LintMessage): boolean {
  return !message.ruleId && !message.fatal && message.message?.startsWith('File ignored') === true;
}

function unlinted(files: readonly LintedFile[]): readonly string[] {
  return files.flatMap((file) => {
    if (file.messages.some((message) => message.fatal)) return [`${file.filePath} was not linted: it does not parse`];
    return file.messages.some(isIgnoredFile) ? [`${file.filePath} was not linted: it is ignored`] : [];
  });
}

function disagreement(files: readonly LintedFile[]): readonly string[] {
  const of = (severity: number, file: LintedFile): number =>
    file.messages.filter((message) => (message.fatal ? 2 : message.severity) === severity).length;
  const wrong = files.filter((file) => {
    const fatal = file.messages.filter((message) => message.fatal).length;
    return (
      (file.errorCount ?? of(2, file)) !== of(2, file) ||
      (file.warningCount ?? of(1, file)) !== of(1, file) ||
      (file.fatalErrorCount ?? fatal) !== fatal
    );
  });
  return wrong.map(
    (file) =>
      `${file.filePath} declares ${file.errorCount ?? '?'} errors and ${file.warningCount ?? '?'} warnings and lists ${of(2, file)} and ${of(1, file)}; the list is counted`,
  );
}
