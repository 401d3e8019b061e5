import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { ReadingSession, SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { linesSession } from './shared/lines.ts';
import { ownText } from './shared/own-text.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schema = onFirstUse(() => {
  const resultSchema = z.object({
    filename: z.string(),
    issue_severity: text,
    issue_text: text,
    line_number: z.nullish(z.number()),
    test_id: z.string().check(z.minLength(1)),
    test_name: text,
  });
  const errorSchema = z.object({ filename: z.string(), reason: text });
  return z.object({
    errors: z.array(errorSchema),
    generated_at: text,
    // By file. A schema for the keys would lose a file of the name `__proto__`.
    metrics: z.unknown(),
    results: z.array(resultSchema),
  });
});

type Report = z.infer<ReturnType<typeof schema>>;

const severityTable: SeverityTable = {
  words: { high: 'high', medium: 'medium', low: 'low', undefined: 'unknown' },
  note: 'How sure Bandit is of a finding (its confidence) does not change the severity.',
};

/** `path:line: B101[bandit]: LOW: …`, what `-f custom` writes, and the same with the severity before the id. */
const lineForm = /^(.+?):(\d+): (?:(B\d{3})(?:\[bandit\])?: ([A-Z]+)|([A-Z]+): (B\d{3})(?:\[bandit\])?): (.*)$/;

/** Bandit's JSON, and its line format. Files that could not be read are noticed; a run in which no file could is refused. */
export const bandit: SignalReader = {
  id: 'bandit',
  title: 'Bandit JSON',
  gives: ['security-issues'],
  names: ['bandit*.json', 'bandit*.txt'],
  countingUnit: 'One issue: one test that fires at one line.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    if ('results' in root || 'metrics' in root) {
      const first = objectOf(Array.isArray(root['results']) ? root['results'][0] : undefined);
      const totals = objectOf(objectOf(root['metrics'])['_totals']);
      return 'SEVERITY.HIGH' in totals || ('test_id' in first && 'issue_severity' in first) || isCut(root);
    }
    const match = lineForm.exec(/^\s*([^\r\n]{1,4096})/.exec(head.text)?.[1] ?? '');
    return match !== null && (match[4] ?? match[5] ?? '').toLowerCase() in severityTable.words;
  },
  open: (file) =>
    byFirstCharacter(file, (first) =>
      first === '{' ? jsonSession(file, schema(), (report) => toReading(report, file.path)) : lines(file),
    ),
};

/** The metrics of many files come before the results, and name one file after the other before the totals. */
function isCut(root: Readonly<Record<string, unknown>>): boolean {
  const metrics = Object.values(objectOf(root['metrics']));
  return Array.isArray(root['errors']) && metrics.some((entry) => 'SEVERITY.HIGH' in objectOf(entry));
}

function toReading(report: Report, path: string): Reading {
  const failed = new Set(report.errors.map((error) => error.filename));
  const files = Object.keys(objectOf(report.metrics)).filter((name) => name !== '_totals' && !failed.has(name)).length;
  if (files === 0 && report.results.length === 0) {
    if (failed.size > 0)
      throw new AqeError('AQE2006', `no file could be scanned; those that failed: ${failed.size}`, { path });
    throw new AqeError('AQE2007', 'no file was scanned', { path });
  }
  const totals = objectOf(objectOf(report.metrics)['_totals']);
  const counted = Object.keys(severityTable.words).map((word) => totals[`SEVERITY.${word.toUpperCase()}`]);
  const declared = counted.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0);
  const listed = report.results.length;
  const lines = ['nosec', 'skipped_tests'].map((key) => totals[key]);
  const ignored = lines.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0);
  const takenAt = zonedTime(report.generated_at);
  return {
    producer: { name: 'bandit' },
    ...(takenAt ? { takenAt } : {}),
    facts: [
      {
        kind: 'security-issues',
        scope: 'code',
        items: report.results.map((result) =>
          toIssue({
            path: result.filename,
            line: result.line_number ?? 0,
            id: result.test_id,
            severity: result.issue_severity ?? '',
            text: result.issue_text || result.test_name || '',
          }),
        ),
        scanned: files || null,
      },
    ],
    notices: [
      ...(failed.size > 0 ? [`files that were not scanned: ${failed.size}, the first is ${[...failed][0]}`] : []),
      // Bandit counts before it leaves out what is below the asked severity or confidence, or in the baseline.
      ...(declared === listed
        ? []
        : [`the metrics count ${declared} issues and ${listed} are listed; the list is counted`]),
      ...(ignored > 0 ? [`lines or tests that a nosec comment leaves out: ${ignored}`] : []),
    ],
  };
}

function lines(file: { readonly path: string }): ReadingSession {
  const items: SecurityIssue[] = [];
  return linesSession(file, {
    line(line, number) {
      if (line.trim() === '') return;
      const match = lineForm.exec(line.slice(0, 16_384));
      if (!match) throw new AqeError('AQE2003', 'a line is not an issue', { path: file.path, line: number });
      const [, path = '', at = '', idFirst, severityLast, severityFirst, idLast, said = ''] = match;
      items.push(
        toIssue({
          path: ownText(path),
          line: Number(at),
          id: ownText(idFirst ?? idLast ?? ''),
          severity: severityLast ?? severityFirst ?? '',
          text: ownText(said),
        }),
      );
    },
    finish: () => ({
      producer: { name: 'bandit' },
      facts: [{ kind: 'security-issues', scope: 'code', items, scanned: null }],
      notices: [],
    }),
  });
}

function toIssue(found: {
  readonly path: string;
  readonly line: number;
  readonly id: string;
  readonly severity: string;
  readonly text: string;
}): SecurityIssue {
  return {
    ids: [found.id],
    severity: severityIn(severityTable, found.severity),
    cvss: null,
    title: shortTitle(found.text, found.id),
    path: found.path,
    ...(isLine(found.line) ? { line: found.line } : {}),
  };
}
