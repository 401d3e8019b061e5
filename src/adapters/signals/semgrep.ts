import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { factsByScope, type Scope } from './shared/facts-by-scope.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

const schemas = onFirstUse(() => {
  const dependencySchema = z.object({ package: z.string(), version: text, line_number: z.nullish(z.number()) });
  const scaSchema = z.object({
    dependency_match: z.nullish(z.object({ found_dependency: dependencySchema, lockfile: text })),
  });
  const resultSchema = z.object({
    check_id: z.string().check(z.minLength(1)),
    path: z.string(),
    start: z.nullish(z.object({ line: z.nullish(z.number()) })),
    extra: z.object({
      message: text,
      severity: text,
      is_ignored: z.nullish(z.boolean()),
      validation_state: text,
      metadata: z.optional(z.unknown()),
      sca_info: z.nullish(scaSchema),
    }),
  });
  const errorSchema = z.object({
    level: text,
    // A list where the kind carries details: its name comes first.
    type: z.optional(z.union([z.string(), z.array(z.unknown()), z.null()])),
    path: text,
    message: text,
    long_msg: text,
    short_msg: text,
  });
  const schema = z.object({
    version: text,
    results: z.array(resultSchema),
    errors: z.nullish(z.array(errorSchema)),
    paths: z.nullish(z.object({ scanned: z.nullish(z.array(z.unknown())) })),
    skipped_rules: z.nullish(z.array(z.unknown())),
  });
  return { resultSchema, errorSchema, schema };
});

type Schemas = ReturnType<typeof schemas>;
type Report = z.infer<Schemas['schema']>;
type Result = z.infer<Schemas['resultSchema']>;
type ScanError = z.infer<Schemas['errorSchema']>;

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    error: 'high',
    medium: 'medium',
    moderate: 'medium',
    warning: 'medium',
    low: 'low',
    info: 'low',
    experiment: 'info',
    inventory: 'info',
  },
  note: 'ERROR, WARNING and INFO are the older words for HIGH, MEDIUM and LOW. A finding in a dependency has the severity of its advisory where the report states it.',
};

/** Kinds of error that cost one file or one rule on it, not the scan; Semgrep ends well with them. */
const ofOneFile =
  /^(?:syntax ?error|lexical ?error|other syntax error|parse ?error|source ?parse ?error|ast builder error|partial ?parsing|timeout.*|fixpoint ?timeout|out of memory.*|oom.*|stack overflow|too many matches|missing plugin|incompatible ?rule)$/i;

/** Semgrep JSON, also of its supply-chain and secrets products. A scan that ended in an error is refused. */
export const semgrep: SignalReader = {
  id: 'semgrep',
  title: 'Semgrep JSON',
  gives: ['security-issues'],
  names: ['semgrep*.json'],
  countingUnit: 'One result: one rule that matches at one place.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const { results, errors } = root;
    const first = objectOf(Array.isArray(results) ? results[0] : undefined);
    if (typeof first['check_id'] === 'string') return 'extra' in first && 'path' in first;
    const scanned = objectOf(root['paths'])['scanned'];
    if (Array.isArray(results) && Array.isArray(errors) && results.length === 0)
      return (
        Array.isArray(scanned) || 'skipped_rules' in root || 'engine_requested' in root || isEarly(root, head.path)
      );
    // Of many errors or paths before the results, the head shows nothing else.
    return Array.isArray(scanned) && Array.isArray(errors);
  },
  open: (file) => jsonSession(file, schemas().schema, (report) => toReading(report, file.path)),
};

/** Versions before 0.92 wrote two lists; when both are empty only the file's name tells whose they are. */
function isEarly(root: Readonly<Record<string, unknown>>, path: string): boolean {
  const errors = root['errors'];
  const typed = Array.isArray(errors) && ['level', 'type', 'code'].every((key) => key in objectOf(errors[0]));
  return (
    typed || (Object.keys(root).every((key) => ['results', 'errors', 'version'].includes(key)) && /semgrep/i.test(path))
  );
}

function toReading(report: Report, path: string): Reading {
  const errors = report.errors ?? [];
  const fatal = errors.find((error) => error.level?.toLowerCase() === 'error' && !ofOneFile.test(kindOf(error)));
  if (fatal) {
    const said = fatal.short_msg || fatal.message || fatal.long_msg || '';
    throw new AqeError('AQE2006', `${kindOf(fatal)}: ${said.slice(0, 40)}`, { path });
  }
  const scanned = report.paths?.scanned?.length ?? null;
  if (scanned === 0 && report.results.length === 0) throw new AqeError('AQE2007', 'no file was scanned', { path });
  const partly = errors.filter((error) => error.level?.toLowerCase() !== 'info');
  const skippedRules = report.skipped_rules?.length ?? 0;
  const kinds = [...new Set(partly.map(kindOf))].slice(0, 5).join(', ');
  return {
    producer: { name: 'semgrep', ...(report.version ? { version: report.version } : {}) },
    facts: factsByScope('code', report.results.map(toIssue), scanned || null),
    notices: [
      ...(partly.length > 0
        ? [`errors in single files, which were scanned in part or not at all: ${partly.length} (${kinds})`]
        : []),
      ...(skippedRules > 0 ? [`rules that were skipped: ${skippedRules}`] : []),
    ],
  };
}

function kindOf({ type }: ScanError): string {
  const name: unknown = Array.isArray(type) ? type[0] : type;
  return typeof name === 'string' ? name.slice(0, 40) : 'error';
}

function toIssue(result: Result): readonly [Scope, SecurityIssue] {
  const { extra } = result;
  const metadata = objectOf(extra.metadata);
  const dependency = extra.sca_info?.dependency_match;
  const line = dependency?.found_dependency.line_number ?? result.start?.line;
  const stated = metadata['sca-severity'];
  const isSecret = extra.validation_state != null && extra.validation_state !== 'NO_VALIDATOR';
  const name = result.check_id.split('.').at(-1) || result.check_id;
  const issue: SecurityIssue = {
    ids: dependency
      ? advisoryIds(
          [...stringsIn(metadata['sca-vuln-database-identifier']), ...stringsIn(metadata['cve']), result.check_id],
          'no-rule',
        )
      : [result.check_id],
    severity: severityIn(severityTable, dependency && typeof stated === 'string' ? stated : extra.severity),
    cvss: null,
    // Messages of rules for secrets may repeat what they matched.
    title: isSecret || isAboutSecrets(result.check_id, metadata) ? name : shortTitle(extra.message, name),
    ...(dependency ? componentOf(dependency.found_dependency, metadata) : {}),
    path: dependency?.lockfile || result.path,
    ...(isLine(line) ? { line } : {}),
    ...(extra.is_ignored ? { suppressedBy: 'nosemgrep' } : {}),
  };
  if (dependency || extra.sca_info) return ['dependencies', issue];
  return [isSecret ? 'secrets' : 'code', issue];
}

function isAboutSecrets(rule: string, metadata: Readonly<Record<string, unknown>>): boolean {
  return (
    /(^|\.)secrets?(\.|$)/i.test(rule) || stringsIn(metadata['cwe']).some((cwe) => /\bCWE-(798|321|259)\b/i.test(cwe))
  );
}

function componentOf(
  found: { readonly package: string; readonly version?: string | null | undefined },
  metadata: Readonly<Record<string, unknown>>,
): Pick<SecurityIssue, 'component' | 'componentVersion' | 'fixedIn'> {
  const fixes = metadata['sca-fix-versions'];
  const fixed = (Array.isArray(fixes) ? fixes : [])
    .flatMap((fix) => Object.entries(objectOf(fix)))
    .flatMap(([name, version]) => (name === found.package && typeof version === 'string' ? [version] : []));
  return {
    component: found.package,
    ...(found.version ? { componentVersion: found.version } : {}),
    ...(fixed.length > 0 ? { fixedIn: fixed.join(', ') } : {}),
  };
}

function stringsIn(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
