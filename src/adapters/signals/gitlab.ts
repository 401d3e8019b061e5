import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue, SecurityIssues } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { cvssBaseScore } from './shared/cvss.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

type Scope = SecurityIssues['scope'];

const schemas = onFirstUse(() => {
  const vulnerability = z.object({
    id: z.nullish(z.union([z.string(), z.number()])),
    category: text,
    name: text,
    message: text,
    description: text,
    severity: text,
    state: text,
    dismissed: z.nullish(z.boolean()),
    dismissal_reason: text,
    identifiers: z.nullish(
      z.array(z.object({ type: text, name: text, value: z.nullish(z.union([z.string(), z.number()])) })),
    ),
    cvss_vectors: z.nullish(z.array(z.object({ vector: text }))),
    flags: z.nullish(z.array(z.object({ type: text }))),
    location: z.nullish(
      z.object({
        file: text,
        start_line: z.nullish(z.number()),
        image: text,
        hostname: text,
        path: text,
        param: text,
        dependency: z.nullish(z.object({ package: z.nullish(z.object({ name: text })), version: text })),
      }),
    ),
  });
  const report = z.object({
    version: text,
    vulnerabilities: z.nullable(z.array(vulnerability)),
    scan: z.nullish(
      z.object({
        type: text,
        status: text,
        scanner: z.nullish(z.object({ id: text, name: text, version: text })),
        messages: z.nullish(z.array(z.object({ level: text, value: text }))),
        scanned_resources: z.nullish(z.array(z.unknown())),
      }),
    ),
    dependency_files: z.nullish(z.array(z.object({ path: text, dependencies: z.nullish(z.array(z.unknown())) }))),
  });
  return { vulnerability, report };
});

type Schemas = ReturnType<typeof schemas>;
type Report = z.infer<Schemas['report']>;
type Vulnerability = z.infer<Schemas['vulnerability']>;

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    low: 'low',
    info: 'info',
    unknown: 'unknown',
    undefined: 'unknown',
  },
  note: 'A finding without a known word has the CVSS band of its vector, if it carries one.',
};

const scopes = new Map<string, Scope>([
  ['sast', 'code'],
  ['dependency_scanning', 'dependencies'],
  ['container_scanning', 'container'],
  ['cluster_image_scanning', 'container'],
  ['secret_detection', 'secrets'],
  ['dast', 'dynamic'],
  ['api_fuzzing', 'dynamic'],
  ['coverage_fuzzing', 'dynamic'],
]);

/** GitLab's security reports of all kinds and schema versions. The raw source of a finding is never kept: it may be the secret. */
export const gitlab: SignalReader = {
  id: 'gitlab',
  title: 'GitLab security report JSON',
  gives: ['security-issues'],
  names: ['gl-*-report.json'],
  countingUnit: 'One entry of `vulnerabilities`.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const found = root['vulnerabilities'];
    if ('bomFormat' in root || 'document' in root) return false;
    if (scopes.has(stringOf(objectOf(root['scan'])['type'])) && typeof root['version'] === 'string') return true;
    // The files may fill the whole beginning.
    const files = root['dependency_files'];
    if (Array.isArray(files) && 'package_manager' in objectOf(files[0])) return true;
    if (!Array.isArray(found)) return false;
    const first = objectOf(found[0]);
    if (Array.isArray(first['identifiers']) && 'location' in first) return true;
    if (found.length > 0) return false;
    return (
      (typeof root['version'] === 'string' && 'remediations' in root) ||
      /(^|\/)[^/]*(gl|gitlab)[-_](sast|dast|dep|container|secret)[^/]*\.json$/i.test(head.path)
    );
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  const { scan } = report;
  const messages = scan?.messages ?? [];
  const fatal = messages.find(({ level }) => level?.toLowerCase() === 'fatal');
  if (fatal || scan?.status?.toLowerCase() === 'failure')
    throw new AqeError('AQE2006', `the scan failed${fatal?.value ? `: ${shortTitle(fatal.value, 'no reason')}` : ''}`, {
      path,
    });

  const items = new Map<Scope, SecurityIssue[]>();
  const own = scopes.get(scan?.type ?? '') ?? scopeByName(path);
  if (own) items.set(own, []);
  const vulnerabilities = report.vulnerabilities ?? [];
  for (const found of vulnerabilities) {
    const scope = scopes.get(found.category ?? '') ?? own ?? scopeByPlace(found);
    const known = items.get(scope);
    if (known) known.push(toIssue(found, scope));
    else items.set(scope, [toIssue(found, scope)]);
  }
  if (items.size === 0) items.set('code', []);

  const scanned = scannedIn(report);
  const warnings = messages.filter(({ level }) => level?.toLowerCase() === 'warn').length;
  const doubted = vulnerabilities.filter((found) =>
    found.flags?.some(({ type }) => type === 'flagged-as-likely-false-positive'),
  ).length;
  const name = scan?.scanner?.name ?? scan?.scanner?.id ?? 'gitlab';
  const version = scan?.scanner?.version;
  return {
    producer: { name, ...(version ? { version } : {}) },
    facts: [...items].map(([scope, issues]) => ({ kind: 'security-issues', scope, items: issues, scanned })),
    notices: [
      ...(warnings > 0 ? [`warnings of the scan: ${warnings}`] : []),
      // A guess of the analyser, which nobody decided on.
      ...(doubted > 0 ? [`findings flagged as likely false positives, which count until dismissed: ${doubted}`] : []),
    ],
  };
}

function scannedIn({ scan, dependency_files: files }: Report): number | null {
  if (files?.some(({ dependencies }) => dependencies && dependencies.length > 0))
    return files.reduce((sum, { dependencies }) => sum + (dependencies?.length ?? 0), 0);
  return scan?.scanned_resources?.length || null;
}

/** Reports without `scan` and without findings are told apart by their names only. */
function scopeByName(path: string): Scope | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const kind = /(?:gl|gitlab)[-_](sast|dast|dep|container|secret)/.exec(name)?.[1];
  return kind === undefined ? undefined : [...scopes].find(([type]) => type.startsWith(kind))?.[1];
}

function scopeByPlace({ location }: Vulnerability): Scope {
  if (location?.image) return 'container';
  if (location?.dependency?.package?.name) return 'dependencies';
  return location?.hostname ? 'dynamic' : 'code';
}

function toIssue(found: Vulnerability, scope: Scope): SecurityIssue {
  const ids = idsOf(found);
  const { location } = found;
  const component = scope === 'dependencies' || scope === 'container' ? location?.dependency?.package?.name : undefined;
  const version = component ? location?.dependency?.version : undefined;
  const path = location?.file || location?.image || addressOf(location);
  const line = location?.start_line;
  const scores = (found.cvss_vectors ?? []).flatMap(({ vector }) => cvssBaseScore(vector ?? '') ?? []);
  const cvss = scores.length > 0 ? Math.max(...scores) : null;
  const word = severityIn(severityTable, found.severity);
  const dismissed = found.dismissed === true || found.state?.toLowerCase() === 'dismissed';
  return {
    ids,
    severity: word === 'unknown' && cvss !== null ? cvssSeverity(cvss) : word,
    cvss,
    // The longer texts of a secret may quote it.
    title: found.name || (scope === 'secrets' ? ids[0]! : shortTitle(found.message || found.description, ids[0]!)),
    ...(component ? { component } : {}),
    ...(version ? { componentVersion: version } : {}),
    ...(path ? { path } : {}),
    ...(isLine(line) ? { line } : {}),
    ...(dismissed
      ? { suppressedBy: found.dismissal_reason ? `dismissed: ${found.dismissal_reason}` : 'dismissed' }
      : {}),
  };
}

/** A request as one place: the same weakness of two parameters is two findings. */
function addressOf(location: Vulnerability['location']): string | undefined {
  if (!location?.hostname && !location?.path) return undefined;
  return `${location.hostname ?? ''}${location.path ?? ''}${location.param ? ` (${location.param})` : ''}`;
}

/** CWE and OWASP entries say of which kind a weakness is, not which one: they stand in only where there is nothing else. */
function idsOf({ identifiers, id, name }: Vulnerability): readonly string[] {
  const isClass = (one: { readonly type?: string | null | undefined }): boolean => /^(cwe|owasp)/i.test(one.type ?? '');
  const own = (identifiers ?? []).filter((one) => !isClass(one));
  const ids = advisoryIds(own.map(idOf));
  if (ids.length > 0) return ids;
  const others = advisoryIds([...(identifiers ?? []).filter(isClass).map(idOf), name]);
  return others.length > 0 ? others : [id ? `gitlab-${id}` : 'no-identifier'];
}

/** The value, unless it is a mere number or a sentence. */
function idOf({ type, name, value: stated }: NonNullable<Vulnerability['identifiers']>[number]): string | undefined {
  const value = stated?.toString();
  if (value && /^\d+$/.test(value)) return /^cwe$/i.test(type ?? '') ? `CWE-${value}` : `${type ?? 'rule'}-${value}`;
  // `Gemnasium-7368f513-…` says more than the number alone.
  const isWord = (one: string): boolean => !/\s/.test(one);
  if (value && name?.endsWith(value) && isWord(name)) return name;
  return value && isWord(value) ? value : name || value || undefined;
}
