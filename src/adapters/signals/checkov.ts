import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { factsByScope, type Scope } from './shared/facts-by-scope.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

const schemas = onFirstUse(() => {
  const count = z.nullish(wholeNumber);
  const vulnerabilitySchema = z.object({
    id: text,
    package_name: text,
    package_version: text,
    severity: text,
    status: text,
    cvss: z.nullish(z.number()),
  });
  const checkSchema = z.object({
    check_id: z.string().check(z.minLength(1)),
    bc_check_id: text,
    check_name: text,
    check_result: z.nullish(z.object({ result: text, suppress_comment: text })),
    file_path: text,
    file_line_range: z.nullish(z.array(z.nullable(z.number()))),
    resource: text,
    severity: text,
    vulnerability_details: z.nullish(vulnerabilitySchema),
  });
  const checks = z.nullish(z.array(checkSchema));
  const countsSchema = z.object({
    passed: count,
    failed: count,
    skipped: count,
    parsing_errors: count,
    checkov_version: text,
  });
  const runSchema = z.object({
    check_type: z.string(),
    results: z.object({
      passed_checks: z.nullish(z.array(z.unknown())),
      failed_checks: checks,
      skipped_checks: checks,
      parsing_errors: z.nullish(z.array(z.unknown())),
    }),
    summary: z.nullish(countsSchema),
  });
  /** One object for one kind of files, a list for several, and the counts alone when there was nothing to check. */
  const emptySchema = z.pipe(
    z.extend(countsSchema, { passed: wholeNumber, failed: wholeNumber }),
    z.transform((summary): z.infer<typeof runSchema> => ({ check_type: '', results: {}, summary })),
  );
  const schema = z.union([
    z.array(z.union([runSchema, emptySchema])),
    z.pipe(
      z.union([runSchema, emptySchema]),
      z.transform((run) => [run]),
    ),
  ]);
  return { checkSchema, runSchema, schema };
});

type Schemas = ReturnType<typeof schemas>;
type Run = z.infer<Schemas['runSchema']>;
type Check = z.infer<Schemas['checkSchema']>;

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    moderate: 'medium',
    low: 'low',
    info: 'info',
    none: 'info',
  },
  note: 'Checkov knows severities only with an API key of its platform: without one every check is of unknown severity.',
};

/** Checkov JSON. A run that checked nothing is refused; files that do not parse are noticed. */
export const checkov: SignalReader = {
  id: 'checkov',
  title: 'Checkov JSON',
  gives: ['security-issues'],
  names: ['checkov*.json', 'results_json.json'],
  countingUnit: 'One failed or skipped check of one resource, or one vulnerability of one package.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    const root = objectOf(Array.isArray(value) ? value[0] : value);
    if (typeof root['check_type'] === 'string') {
      const results = objectOf(root['results']);
      return ['passed_checks', 'failed_checks', 'skipped_checks', 'parsing_errors'].some((key) => key in results);
    }
    return 'checkov_version' in root && 'passed' in root && 'failed' in root;
  },
  open: (file) => jsonSession(file, schemas().schema, (runs) => toReading(runs, file.path)),
};

function toReading(runs: readonly Run[], path: string): Reading {
  const sum = (of: (run: Run) => number | null | undefined): number =>
    runs.reduce((all, run) => all + (of(run) ?? 0), 0);
  const listed = {
    passed: sum(({ results }) => results.passed_checks?.length),
    failed: sum(({ results }) => results.failed_checks?.length),
    skipped: sum(({ results }) => results.skipped_checks?.length),
  };
  // `--quiet` leaves the passed checks out of the lists, not out of the summary.
  const passed = Math.max(
    listed.passed,
    sum(({ summary }) => summary?.passed),
  );
  const unparsed = Math.max(
    sum(({ results }) => results.parsing_errors?.length),
    sum(({ summary }) => summary?.parsing_errors),
  );
  if (passed + listed.failed + listed.skipped === 0) {
    if (unparsed > 0)
      throw new AqeError('AQE2006', `no file could be parsed; those that failed: ${unparsed}`, { path });
    throw new AqeError('AQE2007', 'nothing was checked', { path });
  }
  const found = runs.flatMap(({ check_type: type, results }) => [
    ...(results.failed_checks ?? []).map((check) => toIssue(type, check, false)),
    ...(results.skipped_checks ?? []).map((check) => toIssue(type, check, true)),
  ]);
  const version = runs.map(({ summary }) => summary?.checkov_version).find(Boolean);
  const disagreement = (['failed', 'skipped'] as const).flatMap((key) => {
    const declared = sum((run) => run.summary?.[key] ?? run.results[`${key}_checks`]?.length);
    return declared === listed[key]
      ? []
      : [`the summary counts ${declared} ${key} checks and ${listed[key]} are listed; the list is counted`];
  });
  return {
    producer: { name: 'checkov', ...(version ? { version } : {}) },
    facts: factsByScope(scopeOf(runs[0]?.check_type ?? ''), found),
    notices: [
      ...(unparsed > 0 ? [`files that were not checked because they do not parse: ${unparsed}`] : []),
      ...disagreement,
    ],
  };
}

function scopeOf(type: string): Scope {
  if (type === 'sca_image') return 'container';
  if (type.startsWith('sca_')) return 'dependencies';
  if (type.startsWith('sast')) return 'code';
  return type === 'secrets' ? 'secrets' : 'configuration';
}

function toIssue(type: string, check: Check, skipped: boolean): readonly [Scope, SecurityIssue] {
  const scope = scopeOf(type);
  const flaw = check.vulnerability_details;
  const line = check.file_line_range?.[0];
  const name = shortTitle(check.check_name, check.check_id || 'no-rule');
  const fixedIn = /^fixed in (.+)$/i.exec(flaw?.status?.trim() ?? '')?.[1];
  const issue: SecurityIssue = {
    ids: advisoryIds([flaw?.id, check.check_id, check.bc_check_id], 'no-rule'),
    severity: severityIn(severityTable, check.severity || flaw?.severity),
    cvss: flaw?.cvss != null && flaw.cvss >= 0 && flaw.cvss <= 10 ? flaw.cvss : null,
    // What is named as the resource of a secret is its hash.
    title: check.resource && scope === 'configuration' ? `${name} (${check.resource})` : name,
    ...(flaw?.package_name ? { component: flaw.package_name } : {}),
    ...(flaw?.package_version ? { componentVersion: flaw.package_version } : {}),
    ...(fixedIn ? { fixedIn } : {}),
    ...(check.file_path ? { path: check.file_path } : {}),
    ...(isLine(line) ? { line } : {}),
    ...(skipped ? { suppressedBy: check.check_result?.suppress_comment?.trim() || 'skipped' } : {}),
  };
  return [scope, issue];
}
