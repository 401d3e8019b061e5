import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { cvssBaseScore } from './shared/cvss.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf, stringOf } from './shared/json.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', none: 'info' },
  note: 'From the base score of the CVSS vector, 2.0 to 3.1; an advisory without one, or with one of CVSS 4.0, is unknown.',
};

const schemas = onFirstUse(() => {
  const entry = z.object({
    advisory: z.object({
      id: z.string(),
      package: text,
      title: text,
      aliases: z.nullish(z.array(z.string())),
      cvss: text,
      severity: text,
    }),
    versions: z.nullish(z.object({ patched: z.nullish(z.array(z.string())) })),
    package: z.nullish(z.object({ name: text, version: text })),
  });
  const report = z.object({
    database: z.nullish(z.object({ 'advisory-count': z.nullish(wholeNumber) })),
    lockfile: z.nullish(z.object({ 'dependency-count': z.nullish(wholeNumber) })),
    settings: z.nullish(z.object({ ignore: z.nullish(z.array(z.string())) })),
    vulnerabilities: z.union([
      z.object({ count: z.optional(wholeNumber), list: z.array(entry) }),
      z.pipe(
        z.record(z.string(), entry),
        z.transform((entries) => ({ count: undefined, list: Object.values(entries) })),
      ),
    ]),
    warnings: z.nullish(z.union([z.record(z.string(), z.array(z.unknown())), z.array(z.object({ kind: text }))])),
  });
  return { entry, report };
});

type Schemas = ReturnType<typeof schemas>;
type Report = z.infer<Schemas['report']>;

/**
 * `cargo audit --json`, also several reports one after the other (`cargo audit bin`). What the tool only warns of
 * (unmaintained, unsound, yanked crates) it does not count as vulnerable; here it is counted in a notice.
 */
export const cargoAudit: SignalReader = {
  id: 'cargo-audit',
  title: 'cargo audit JSON',
  gives: ['security-issues'],
  names: ['cargo-audit*.json', 'cargo_audit*.json'],
  countingUnit: 'One advisory for one version of a crate. Warnings (unmaintained, unsound, yanked) do not count.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const found = objectOf(root['vulnerabilities']);
    if ('database' in root && 'lockfile' in root)
      return 'settings' in root || 'found' in found || 'advisory-count' in objectOf(root['database']);
    const [first] = Array.isArray(found['list']) ? found['list'] : Object.values(found);
    return stringOf(objectOf(objectOf(first)['advisory'])['id']).startsWith('RUSTSEC-');
  },
  open(file) {
    const reports: Report[] = [];
    return jsonSequenceSession(file, {
      value: (value) => void reports.push(checkShape(file, schemas().report, value)),
      finish: () => toReading(reports, file.path),
    });
  },
};

function toReading(reports: readonly Report[], path: string): Reading {
  if (reports.some(({ database }) => database?.['advisory-count'] === 0))
    throw new AqeError('AQE2007', 'the database of advisories is empty', { path });
  const items = reports.flatMap(({ vulnerabilities }) => vulnerabilities.list.map(toIssue));
  const declared = reports.reduce((sum, { vulnerabilities: { count, list } }) => sum + (count ?? list.length), 0);
  const ignored = new Set(reports.flatMap(({ settings }) => settings?.ignore ?? []));
  const counts = reports
    .map(({ lockfile }) => lockfile?.['dependency-count'])
    .filter((count) => typeof count === 'number');
  return {
    producer: { name: 'cargo audit' },
    facts: [
      {
        kind: 'security-issues',
        scope: 'dependencies',
        items,
        scanned: counts.length > 0 ? counts.reduce((sum, count) => sum + count) : null,
      },
    ],
    notices: [
      ...(declared === items.length
        ? []
        : [`the report declares ${declared} vulnerabilities and lists ${items.length}`]),
      ...warningsOf(reports),
      ...(ignored.size > 0 ? [`advisories that the settings ignore: ${[...ignored].slice(0, 20).join(', ')}`] : []),
    ],
  };
}

function warningsOf(reports: readonly Report[]): readonly string[] {
  const kinds = new Map<string, number>();
  const add = (kind: string, count: number): void => void kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  for (const { warnings } of reports) {
    if (Array.isArray(warnings)) for (const { kind } of warnings) add(kind ?? 'other', 1);
    else for (const [kind, list] of Object.entries(warnings ?? {})) add(kind, list.length);
  }
  const all = [...kinds].filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  return all.length > 0 ? [`warnings that are no vulnerabilities: ${all.join(', ')}`] : [];
}

function toIssue({ advisory, versions, package: crate }: z.infer<Schemas['entry']>): SecurityIssue {
  const cvss = cvssBaseScore(advisory.cvss ?? '');
  const word = severityIn(severityTable, advisory.severity);
  return vulnerability({
    ids: [...(advisory.aliases ?? []), advisory.id],
    severity: cvss === null ? word : cvssSeverity(cvss),
    cvss,
    title: advisory.title,
    component: crate?.name ?? advisory.package,
    version: crate?.version,
    fixedIn: versions?.patched ?? [],
  });
}
