import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

const schemas = onFirstUse(() => {
  const number = z.nullish(z.number());
  const resultSchema = z.object({
    rule_id: z.string().check(z.minLength(1)),
    legacy_rule_id: text,
    long_id: text,
    rule_description: text,
    description: text,
    severity: text,
    // Word, number (0 failed, 1 passed, 2 ignored) and flag, by the age of the version.
    status: z.nullish(z.union([z.string(), z.number()])),
    passed: z.nullish(z.boolean()),
    location: z.nullish(z.object({ filename: text, start_line: number })),
    range: z.nullish(z.object({ filename: text, start_line: number, start: z.nullish(z.object({ line: number })) })),
  });
  return { resultSchema, schema: z.object({ results: z.nullable(z.array(resultSchema)) }) };
});

type Result = z.infer<ReturnType<typeof schemas>['resultSchema']>;

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    error: 'high',
    medium: 'medium',
    warning: 'medium',
    low: 'low',
    info: 'info',
  },
  note: 'ERROR, WARNING and INFO are the words of versions before 0.40.',
};

/** tfsec JSON, today's and the older ones. Checks that passed are listed on demand and are no findings. */
export const tfsec: SignalReader = {
  id: 'tfsec',
  title: 'tfsec JSON',
  gives: ['security-issues'],
  names: ['tfsec*.json'],
  countingUnit: 'One rule that is broken at one place, however many instances of a module run into it.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const results = root['results'];
    // A clean run writes `null` or an empty list, and nothing else.
    if (results === null || (Array.isArray(results) && results.length === 0))
      return Object.keys(root).length === 1 && /tfsec/i.test(head.path);
    const first = objectOf(Array.isArray(results) ? results[0] : undefined);
    return (
      typeof first['rule_id'] === 'string' &&
      ('location' in first || 'range' in first) &&
      ['rule_provider', 'rule_description', 'legacy_rule_id', 'long_id', 'description'].some((key) => key in first)
    );
  },
  open: (file) => jsonSession(file, schemas().schema, ({ results }) => toReading(results ?? [], file.path)),
};

function toReading(results: readonly Result[], path: string): Reading {
  const items = new Map<string, SecurityIssue>();
  const failed = results.filter((result) => statusOf(result) !== 'passed');
  failed.forEach((result, index) => {
    const place = placeOf(result);
    if (!result.location && !result.range)
      throw new AqeError('AQE2003', `at results.${index}: the result has no location`, { path });
    const key = JSON.stringify([result.rule_id, place]);
    // Ignored in one instance and open in another is open.
    if (items.has(key) && items.get(key)?.suppressedBy === undefined) return;
    items.set(key, toIssue(result, place));
  });
  const again = failed.length - items.size;
  return {
    producer: { name: 'tfsec' },
    facts: [{ kind: 'security-issues', scope: 'configuration', items: [...items.values()], scanned: null }],
    notices: again > 0 ? [`results of further instances at the same place, counted once: ${again}`] : [],
  };
}

function statusOf({ status, passed }: Result): 'failed' | 'passed' | 'ignored' {
  const word = String(status ?? '').toLowerCase();
  if (passed === true || word === 'passed' || word === '1') return 'passed';
  return word === 'ignored' || word === '2' ? 'ignored' : 'failed';
}

function placeOf({ location, range }: Result): Pick<SecurityIssue, 'path' | 'line'> {
  const path = location?.filename || range?.filename;
  const line = location?.start_line ?? range?.start_line ?? range?.start?.line;
  return { ...(path ? { path } : {}), ...(isLine(line) ? { line } : {}) };
}

function toIssue(result: Result, place: Pick<SecurityIssue, 'path' | 'line'>): SecurityIssue {
  const others = [result.long_id, result.legacy_rule_id].filter((id) => typeof id === 'string' && id !== '');
  return {
    ids: [...new Set([result.rule_id, ...(others as string[])])],
    severity: severityIn(severityTable, result.severity),
    cvss: null,
    title: shortTitle(result.rule_description || result.description, result.rule_id),
    ...place,
    ...(statusOf(result) === 'ignored' ? { suppressedBy: 'ignored' } : {}),
  };
}
