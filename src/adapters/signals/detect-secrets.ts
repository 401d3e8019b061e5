import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { checkShape, jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const secretSchema = z.object({
    type: z.string().check(z.minLength(1)),
    line_number: z.nullish(z.number()),
    is_secret: z.nullish(z.boolean()),
    is_verified: z.nullish(z.boolean()),
  });
  const schema = z.object({
    version: text,
    generated_at: text,
    plugins_used: z.array(z.unknown()),
    // Lists by file. A schema for the keys would lose a file of the name `__proto__`.
    results: z.unknown(),
  });
  return { secretsSchema: z.array(secretSchema), secretSchema, schema };
});

type Report = z.infer<ReturnType<typeof schemas>['schema']>;
type Secret = z.infer<ReturnType<typeof schemas>['secretSchema']>;

const severityTable: SeverityTable = {
  words: { verified: 'critical', 'audited as a secret': 'critical', unverified: 'high' },
  note: 'The tool has no severities. A secret that it could use (`is_verified`), or that a person called one in an audit (`is_secret`), weighs most.',
};

/** detect-secrets scans and baselines. What an audit calls no secret (`is_secret: false`) is suppressed. Hashes are not taken over. */
export const detectSecrets: SignalReader = {
  id: 'detect-secrets',
  title: 'detect-secrets JSON',
  gives: ['security-issues'],
  // Not `.secrets.baseline`: a baseline in the repository is what was once accepted, not what a scan found now.
  names: ['detect-secrets*.json', 'detect_secrets*.json'],
  countingUnit: 'One secret of one type at one line of one file.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    return (
      Array.isArray(root['plugins_used']) &&
      ('results' in root || 'filters_used' in root || 'generated_at' in root) &&
      !Array.isArray(root['results'])
    );
  },
  open: (file) => jsonSession(file, schemas().schema, (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  if (report.plugins_used.length === 0) throw new AqeError('AQE2007', 'no plugin looked for secrets', { path });
  const results = Object.entries(objectOf(report.results));
  if (report.results === null || Array.isArray(report.results) || typeof report.results !== 'object')
    throw new AqeError('AQE2003', 'at results: not an object of files', { path });
  const takenAt = zonedTime(report.generated_at);
  return {
    producer: { name: 'detect-secrets', ...(report.version ? { version: report.version } : {}) },
    ...(takenAt ? { takenAt } : {}),
    facts: [
      {
        kind: 'security-issues',
        scope: 'secrets',
        items: results.flatMap(([file, secrets]) =>
          checkShape({ path }, schemas().secretsSchema, secrets).map((secret) => toIssue(file, secret)),
        ),
        scanned: null,
      },
    ],
    notices: [],
  };
}

function toIssue(path: string, secret: Secret): SecurityIssue {
  const { type, line_number: line } = secret;
  return {
    ids: [type],
    severity: secret.is_verified || secret.is_secret ? 'critical' : 'high',
    cvss: null,
    title: secret.is_verified ? `${type}, verified` : type,
    path,
    ...(isLine(line) ? { line } : {}),
    ...(secret.is_secret === false ? { suppressedBy: 'audited: not a secret' } : {}),
  };
}
