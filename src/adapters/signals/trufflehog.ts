import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { jsonSequenceSession, type SequenceHandler } from './shared/json-sequence.ts';
import { onFirstUse, text } from './shared/schema.ts';

const schemas = onFirstUse(() => {
  const number = z.nullish(z.number());
  const name = z.string().check(z.minLength(1));
  /** Version 3. The source (Git, Filesystem, S3, …) is the one key of `Data`. */
  const foundSchema = z.object({
    SourceMetadata: z.nullish(z.object({ Data: z.nullish(z.record(z.string(), z.unknown())) })),
    DetectorName: text,
    DetectorType: z.nullish(z.union([z.number(), z.string()])),
    Verified: z.nullish(z.boolean()),
    VerificationError: text,
    Raw: text,
    RawV2: text,
  });
  const sourceSchema = z.object({ file: text, path: text, commit: text, line: number });
  const oldSchema = z.object({ reason: name, path: text, commitHash: text });
  const logSchema = z.object({ level: z.string(), msg: z.string(), trufflehog_version: text });
  const groupedSchema = z.object({
    results: z.array(
      z.object({
        findings: z.nullish(
          z.array(z.object({ type: name, file_path: text, line_number: number, is_verified: z.nullish(z.boolean()) })),
        ),
      }),
    ),
  });
  return { foundSchema, sourceSchema, oldSchema, logSchema, groupedSchema };
});

const severityTable: SeverityTable = {
  words: { verified: 'critical', unverified: 'high', 'high entropy': 'low' },
  note: 'The tool has no severities. A secret that it logged in with (`Verified`) weighs most; `High Entropy` of version 2 is a guess.',
};

/** TruffleHog's JSON of version 2 and 3. Neither the secret nor its redacted form is taken over. */
export const trufflehog: SignalReader = {
  id: 'trufflehog',
  title: 'TruffleHog JSON',
  gives: ['security-issues'],
  names: ['trufflehog*.json', 'trufflehog*.jsonl', 'trufflehog*.ndjson'],
  countingUnit:
    'One secret of one detector at one line of one commit; of version 2, one reason in one file, however many commits carry it.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    const named = /trufflehog/i.test(head.path);
    if (Array.isArray(value) && value.length === 0) return named;
    const first = objectOf(Array.isArray(value) ? value[0] : value);
    if (Array.isArray(first['results'])) {
      const result = objectOf(first['results'][0]);
      return first['results'].length === 0
        ? named && Object.keys(first).length === 1
        : 'sourceMetadata' in result && Array.isArray(result['findings']);
    }
    return isFound(first) || isOld(first) || isLog(first);
  },
  open: (file) => jsonSequenceSession(file, collector(file)),
};

type Value = Readonly<Record<string, unknown>>;

function isFound(value: Value): boolean {
  return 'SourceMetadata' in value && ('DetectorName' in value || 'DetectorType' in value);
}

function isOld(value: Value): boolean {
  return typeof value['reason'] === 'string' && 'stringsFound' in value && 'commitHash' in value;
}

/** What version 3 logs to stderr, also as JSON; it ends up in the report of who redirects both. */
function isLog(value: Value): boolean {
  return value['logger'] === 'trufflehog' && typeof value['level'] === 'string' && typeof value['msg'] === 'string';
}

function collector(file: { readonly path: string }): SequenceHandler {
  const { foundSchema, sourceSchema, oldSchema, logSchema, groupedSchema } = schemas();
  const items = new Map<string, SecurityIssue>();
  const found = new Map<string, number>();
  let version: string | undefined;
  let onlyLog = true;
  let finished = false;

  const keep = (key: readonly unknown[], issue: SecurityIssue): void => {
    const text = JSON.stringify(key);
    found.set(text, (found.get(text) ?? 0) + 1);
    // One that was verified once is.
    if (items.get(text)?.severity !== 'critical') items.set(text, issue);
  };
  const one = (value: Value, line: number): void => {
    if (isLog(value)) {
      const log = checkShape(file, logSchema, value);
      if (/^(error|fatal|panic|dpanic)/i.test(log.level))
        throw new AqeError('AQE2006', `TruffleHog logged an error: ${log.msg.slice(0, 40)}`, { path: file.path, line });
      version = log.trufflehog_version ?? version;
      finished ||= log.msg === 'finished scanning';
      return;
    }
    onlyLog = false;
    if (isFound(value)) {
      const leak = checkShape(file, foundSchema, value);
      const detector = leak.DetectorName || `detector ${leak.DetectorType ?? '?'}`;
      const source = sourceSchema.safeParse(Object.values(leak.SourceMetadata?.Data ?? {})[0]).data;
      const path = source?.file || source?.path || undefined;
      keep(
        [detector, path, source?.line, source?.commit, leak.Raw, leak.RawV2],
        issue(detector, leak.Verified === true ? 'verified' : 'unverified', path, source?.line),
      );
    } else if (isOld(value)) {
      const leak = checkShape(file, oldSchema, value);
      const path = leak.path ?? undefined;
      keep(
        [leak.reason, path],
        issue(leak.reason, leak.reason === 'High Entropy' ? 'high entropy' : 'unverified', path),
      );
    } else if (Array.isArray(value['results'])) {
      for (const result of checkShape(file, groupedSchema, value).results)
        for (const leak of result.findings ?? [])
          keep(
            [items.size],
            issue(leak.type, leak.is_verified ? 'verified' : 'unverified', leak.file_path, leak.line_number),
          );
    } else throw new AqeError('AQE2003', 'a value is neither a finding nor a log entry', { path: file.path, line });
  };
  return {
    value(value, line) {
      if (!Array.isArray(value)) return one(objectOf(value), line);
      onlyLog = false;
      for (const entry of value) one(objectOf(entry), line);
    },
    finish(): Reading {
      if (onlyLog && !finished)
        throw new AqeError('AQE2006', 'the log does not say that the scan was finished', { path: file.path });
      const again = [...found.values()].reduce((sum, count) => sum + count - 1, 0);
      return {
        producer: { name: 'trufflehog', ...(version ? { version } : {}) },
        facts: [{ kind: 'security-issues', scope: 'secrets', items: [...items.values()], scanned: null }],
        notices: again > 0 ? [`reports of a secret that is counted already: ${again}`] : [],
      };
    },
  };
}

function issue(
  detector: string,
  state: 'verified' | 'unverified' | 'high entropy',
  path?: string | null,
  line?: number | null,
): SecurityIssue {
  const name = /secret/i.test(detector) ? detector : `${detector} secret`;
  return {
    ids: [detector],
    severity: severityTable.words[state]!,
    cvss: null,
    title: state === 'verified' ? `${name}, verified` : name,
    ...(path ? { path } : {}),
    ...(isLine(line) ? { line } : {}),
  };
}
