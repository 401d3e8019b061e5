import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { ReadingSession, SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { linesSession } from './shared/lines.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';
import { zonedTime } from './shared/zoned-time.ts';

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', none: 'info' },
  note: 'Where the JSON names no criticality, the CVSS score of the advisory decides. Unencrypted gem sources are unknown.',
};

const schema = onFirstUse(() => {
  const score = z.nullish(z.number());
  const versions = z.nullish(z.array(z.string()));
  return z.object({
    version: text,
    created_at: text,
    results: z.array(
      z.object({
        type: text,
        source: text,
        gem: z.nullish(z.object({ name: text, version: text })),
        advisory: z.nullish(
          z.object({
            id: text,
            title: text,
            cve: text,
            osvdb: text,
            ghsa: text,
            criticality: text,
            cvss_v2: score,
            cvss_v3: score,
            patched_versions: versions,
          }),
        ),
      }),
    ),
  });
});

type Report = z.infer<ReturnType<typeof schema>>;
type Result = Report['results'][number];

/** `bundle-audit check`, as text and with `--format json`. */
export const bundlerAudit: SignalReader = {
  id: 'bundler-audit',
  title: 'bundler-audit JSON and text',
  gives: ['security-issues'],
  names: ['bundler-audit*.json', 'bundle-audit*.json', 'bundler-audit*.txt', 'bundle-audit*.txt'],
  countingUnit: 'One advisory for one gem; a source of gems without encryption is one finding too.',
  severities: severityTable,
  detects: ({ path, text: start }) => isJson(objectOf(jsonHead(start)), path) || isText(start, path),
  open: (file) => byFirstCharacter(file, (first) => (first === '{' ? jsonReport(file) : textReport(file))),
};

const ownName = /(?:bundler?|gem)[-_]?audit/i;

function isJson(root: Readonly<Record<string, unknown>>, path: string): boolean {
  const { results } = root;
  if (!Array.isArray(results) || typeof root['version'] !== 'string' || typeof root['created_at'] !== 'string')
    return false;
  if (results.length === 0) return Object.keys(root).every((key) => ['version', 'created_at', 'results'].includes(key));
  const first = objectOf(results[0]);
  return (
    ['unpatched_gem', 'insecure_source', 'UnpatchedGem', 'InsecureSource'].includes(stringOf(first['type'])) ||
    ownName.test(path)
  );
}

const clean = /^No vulnerabilities found\s*$/m;

function isText(start: string, path: string): boolean {
  if (/^Insecure Source URI found: \S/m.test(start)) return true;
  const isList = /^Name: \S/m.test(start) && /^Version: \S/m.test(start) && /^(?:Advisory|CVE|GHSA): \S/m.test(start);
  if (isList && /^(?:Criticality|Solution): /m.test(start)) return true;
  return clean.test(start) && (ownName.test(path) || /ruby-advisory-db/.test(start));
}

function reading(items: readonly SecurityIssue[], version?: string | null, createdAt?: string | null): Reading {
  // `2031-05-06 07:08:09 +0200`, in UTC `2031-05-06 07:08:09 UTC`.
  const takenAt = zonedTime(createdAt?.replace(/ UTC$/, 'Z').replace(' ', 'T').replace(' ', ''));
  return {
    producer: { name: 'bundler-audit', ...(version ? { version } : {}) },
    ...(takenAt ? { takenAt } : {}),
    facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: null }],
    notices: [],
  };
}

function jsonReport(file: { readonly path: string }): ReadingSession {
  return jsonSession(file, schema(), ({ results, version, created_at }) =>
    reading(
      results.map((result) => fromJson(result, file.path)),
      version,
      created_at,
    ),
  );
}

function fromJson({ gem, advisory, source }: Result, path: string): SecurityIssue {
  if (!advisory) {
    if (!source) throw new AqeError('AQE2003', 'a result names neither an advisory nor a source', { path });
    return insecureSource(source);
  }
  const cvss = advisory.cvss_v3 ?? advisory.cvss_v2;
  const word = severityIn(severityTable, advisory.criticality);
  const prefixed = (prefix: string, id: string | null | undefined): string | null =>
    id ? (id.toUpperCase().startsWith(prefix) ? id : `${prefix}${id}`) : null;
  return vulnerability({
    ids: [
      prefixed('CVE-', advisory.cve),
      prefixed('GHSA-', advisory.ghsa),
      prefixed('OSVDB-', advisory.osvdb),
      advisory.id,
    ],
    severity: word === 'unknown' && cvss != null ? cvssSeverity(cvss) : word,
    cvss,
    title: advisory.title,
    component: gem?.name,
    version: gem?.version,
    fixedIn: advisory.patched_versions ?? [],
  });
}

/** The address may hold a password: only its scheme is told. */
function insecureSource(address: string): SecurityIssue {
  const scheme = /^[a-z][a-z0-9+.-]{0,20}(?=:)/i.exec(address.trim())?.[0] ?? 'an unencrypted connection';
  return vulnerability({
    ids: ['insecure-source'],
    severity: 'unknown',
    title: `Gems come over ${scheme}`,
    path: 'Gemfile.lock',
  });
}

function textReport(file: { readonly path: string }): ReadingSession {
  const items: SecurityIssue[] = [];
  let fields = new Map<string, string>();
  let verdict: 'clean' | 'found' | undefined;
  const endEntry = (): void => {
    if (fields.has('Name')) items.push(fromText(fields));
    fields = new Map();
  };
  return linesSession(file, {
    line(line) {
      const [, key = '', value = ''] =
        /^(Name|Version|Advisory|CVE|GHSA|OSVDB|Criticality|URL|Title|Solution|Insecure Source URI found):\s+(.*)$/s.exec(
          line,
        ) ?? [];
      if (key === 'Insecure Source URI found') items.push(insecureSource(value));
      else if (key !== '') {
        if (key === 'Name') endEntry();
        fields.set(key, value.trim());
      } else if (clean.test(line)) verdict = 'clean';
      else if (/^Vulnerabilities found!\s*$/.test(line)) verdict = 'found';
    },
    finish() {
      endEntry();
      if (!verdict) throw new AqeError('AQE2002', 'the verdict at the end is missing', { path: file.path });
      if ((verdict === 'found') !== items.length > 0)
        throw new AqeError('AQE2003', `its verdict is "${verdict}" with ${items.length} findings listed`, {
          path: file.path,
        });
      return reading(items);
    },
  });
}

function fromText(fields: ReadonlyMap<string, string>): SecurityIssue {
  const fix = /^upgrade to\s+(.*)$/s.exec(fields.get('Solution') ?? '')?.[1]?.replaceAll("'", '');
  return vulnerability({
    ids: [fields.get('CVE'), fields.get('GHSA'), fields.get('OSVDB'), fields.get('Advisory')],
    severity: severityIn(severityTable, fields.get('Criticality')),
    title: fields.get('Title'),
    component: fields.get('Name'),
    version: fields.get('Version'),
    fixedIn: [fix],
  });
}
