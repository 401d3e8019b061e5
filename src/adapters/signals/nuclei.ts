import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { addressOf } from './shared/address.ts';
import { jsonSequenceSession, type SequenceHandler } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';
import { zonedTime } from './shared/zoned-time.ts';

/** Version 1 wrote `templateID`, `matcher_name` and `matched`; since 2.4 the names have hyphens. */
const schema = onFirstUse(() => {
  const oneOrMany = z.nullish(z.union([z.string(), z.array(z.string())]));
  return z.object({
    'template-id': text,
    templateID: text,
    info: z.object({
      name: text,
      severity: text,
      classification: z.nullish(
        z.object({ 'cve-id': oneOrMany, 'cvss-score': z.nullish(z.union([z.number(), z.string()])) }),
      ),
    }),
    'matcher-name': text,
    matcher_name: text,
    'extractor-name': text,
    extractor_name: text,
    host: text,
    'matched-at': text,
    matched: text,
    timestamp: text,
    'matcher-status': z.nullish(z.boolean()),
    error: text,
  });
});

type Result = z.infer<ReturnType<typeof schema>>;

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'info', unknown: 'unknown' },
  note: 'The severity of the template.',
};

const ownName = /(?:^|\/)[^/]*nuclei[^/]*\.(?:json|jsonl|ndjson)$/i;
/** Without a line there was no match; a JSON export without content was cut short. */
const linesName = /(?:^|\/)[^/]*nuclei[^/]*\.(?:jsonl|ndjson)$/i;

/** Nuclei's JSON lines and JSON export. Requests, responses and what was extracted are not taken over. */
export const nuclei: SignalReader = {
  id: 'nuclei',
  title: 'Nuclei JSON',
  gives: ['security-issues'],
  names: ['nuclei*.json', 'nuclei*.jsonl', 'nuclei*.ndjson'],
  countingUnit: 'One match: a template, and its matcher where it has several, at one address.',
  severities: severityTable,
  detects(head) {
    // A scan without a match leaves an empty list, or nothing at all.
    if (/^\s*$/.test(head.text)) return linesName.test(head.path);
    if (/^\s*\[\s*\]\s*$/.test(head.text)) return ownName.test(head.path);
    const value = jsonHead(head.text);
    const first = objectOf(Array.isArray(value) ? value[0] : value);
    return ('template-id' in first || 'templateID' in first) && typeof first['info'] === 'object';
  },
  open(file) {
    const handler = collector(file);
    const session = jsonSequenceSession(file, handler);
    let hasContent = false;
    return {
      push(piece) {
        hasContent ||= /\S/.test(piece);
        session.push(piece);
      },
      finish: () => (hasContent || !linesName.test(file.path) ? session.finish() : handler.finish()),
    };
  },
};

function collector(file: { readonly path: string }): SequenceHandler {
  const items: SecurityIssue[] = [];
  let unmatched = 0;
  let failed = 0;
  let takenAt: string | undefined;

  const one = (value: unknown, line: number): void => {
    const result = checkShape(file, schema(), value);
    const time = zonedTime(result.timestamp);
    // A report is as old as its oldest part.
    if (time && (!takenAt || Date.parse(time) < Date.parse(takenAt))) takenAt = time;
    // With -matcher-status templates that did not match are listed too.
    if (result['matcher-status'] !== false) items.push(issueOf(result, { path: file.path, line }));
    else if (result.error) failed += 1;
    else unmatched += 1;
  };
  return {
    value(value, line) {
      for (const entry of Array.isArray(value) ? value : [value]) one(entry, line);
    },
    finish(): Reading {
      if (failed > 0 && items.length === 0 && unmatched === 0)
        throw new AqeError('AQE2006', `every template that ran ended in an error (${failed})`, { path: file.path });
      return {
        producer: { name: 'nuclei' },
        ...(takenAt ? { takenAt } : {}),
        facts: [{ kind: 'security-issues', scope: 'dynamic', items, scanned: null }],
        notices: [
          ...(failed > 0 ? [`templates that ended in an error, of which nothing is known: ${failed}`] : []),
          ...(unmatched > 0 ? [`templates that did not match: ${unmatched}`] : []),
        ],
      };
    },
  };
}

function issueOf(result: Result, context: { readonly path: string; readonly line: number }): SecurityIssue {
  const template = result['template-id'] || result.templateID;
  if (!template) throw new AqeError('AQE2003', 'a match names no template', context);
  const { name, severity, classification } = result.info;
  const part = result['matcher-name'] || result.matcher_name || result['extractor-name'] || result.extractor_name;
  const score = Number(classification?.['cvss-score'] ?? Number.NaN);
  const cves = [classification?.['cve-id'] ?? []].flat().filter((id) => /^CVE-/i.test(id.trim()));
  return vulnerability({
    // As Nuclei itself writes it on the screen.
    ids: [...cves.map((id) => id.toUpperCase()), part ? `${template}:${part}` : template],
    severity: severityIn(severityTable, severity),
    cvss: Number.isFinite(score) ? score : null,
    title: part ? `${name || template}: ${part}` : name || template,
    path: addressOf(result['matched-at'] || result.matched || result.host),
  });
}
