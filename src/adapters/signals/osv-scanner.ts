import * as z from 'zod/mini';
import { severities, type Reading, type SecurityIssue, type SecurityIssues } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { cvssBestScore } from './shared/cvss.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    important: 'high',
    moderate: 'medium',
    medium: 'medium',
    low: 'low',
    negligible: 'info',
  },
  note: 'The highest CVSS score of the group decides, then its vectors of CVSS 2.0 to 3.1, and only then the word of the database. CVSS 4.0 counts where the scanner states the score.',
};

const schemas = onFirstUse(() => {
  const strings = z.nullish(z.array(z.string()));
  const analysis = z.nullish(
    z.record(z.string(), z.object({ called: z.nullish(z.boolean()), unimportant: z.nullish(z.boolean()) })),
  );
  const found = z.object({
    id: z.string(),
    aliases: strings,
    upstream: strings,
    summary: text,
    details: text,
    severity: z.nullish(z.array(z.object({ score: text }))),
    database_specific: z.nullish(z.object({ severity: z.optional(z.unknown()) })),
    affected: z.nullish(
      z.array(
        z.object({
          package: z.nullish(z.object({ name: text })),
          ranges: z.nullish(z.array(z.object({ type: text, events: z.nullish(z.array(z.object({ fixed: text }))) }))),
        }),
      ),
    ),
  });
  const group = z.object({
    ids: strings,
    aliases: strings,
    max_severity: z.nullish(z.union([z.string(), z.number()])),
    experimentalAnalysis: analysis,
    experimental_analysis: analysis,
  });
  const packaged = z.object({
    package: z.nullish(z.object({ name: text, version: text, commit: text })),
    vulnerabilities: z.nullish(z.array(found)),
    groups: z.nullish(z.array(group)),
    license_violations: strings,
  });
  const report = z.object({
    results: z.nullish(
      z.array(
        z.object({ source: z.nullish(z.object({ path: text, type: text })), packages: z.nullish(z.array(packaged)) }),
      ),
    ),
    image_metadata: z.optional(z.unknown()),
  });
  return { found, group, packaged, report };
});

type Schemas = ReturnType<typeof schemas>;
type Found = z.infer<Schemas['found']>;
type Group = z.infer<Schemas['group']>;
type Packaged = z.infer<Schemas['packaged']>;

/** `osv-scanner --format json` of version 1 and 2. It lists vulnerable packages only, so a clean scan is an empty list. */
export const osvScanner: SignalReader = {
  id: 'osv-scanner',
  title: 'OSV-Scanner JSON',
  gives: ['security-issues'],
  names: ['osv-scanner*.json', 'osv*.json'],
  countingUnit:
    'One group of aliases for one package in one lock file or image. Vulnerabilities that call analysis rules out, or that a distribution calls unimportant, are kept with that reason.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const { results } = root;
    if (results === null || (Array.isArray(results) && results.length === 0)) {
      // A clean scan of version 1.3 and before has nothing else, as that of some other tools.
      const others = Object.keys(root).filter((key) => key !== 'results');
      return others.length > 0 ? others.every((key) => /^(?:experimental|image)_/.test(key)) : /osv/i.test(head.path);
    }
    if (!Array.isArray(results)) return false;
    const first = objectOf(results[0]);
    if (!Array.isArray(first['packages']) || !('path' in objectOf(first['source']))) return false;
    const [packaged] = first['packages'];
    return packaged === undefined || 'package' in objectOf(packaged);
  },
  open: (file) => jsonSession(file, schemas().report, toReading),
};

function toReading({ results, image_metadata: image }: z.infer<Schemas['report']>): Reading {
  const scope: SecurityIssues['scope'] = image ? 'container' : 'dependencies';
  const packages = (results ?? []).flatMap(({ source, packages: list }) =>
    (list ?? []).map((packaged) => ({ packaged, path: source?.path })),
  );
  const items = packages.flatMap(({ packaged, path }) => issuesOf(packaged, path));
  const licenses = packages.reduce((sum, { packaged }) => sum + (packaged.license_violations?.length ?? 0), 0);
  return {
    producer: { name: 'osv-scanner' },
    facts: [{ kind: 'security-issues', scope, items, scanned: null }],
    notices: licenses > 0 ? [`license violations are not read: ${licenses}`] : [],
  };
}

function issuesOf(packaged: Packaged, path: string | null | undefined): readonly SecurityIssue[] {
  const all = new Map((packaged.vulnerabilities ?? []).map((found) => [found.id, found]));
  const grouped = new Set((packaged.groups ?? []).flatMap(({ ids }) => ids ?? []));
  const alone = [...all.keys()].filter((id) => !grouped.has(id)).map((id): Group => ({ ids: [id] }));
  return [...(packaged.groups ?? []), ...alone].map((group) => {
    const members = (group.ids ?? []).flatMap((id) => all.get(id) ?? []);
    return toIssue(group, members, packaged, path);
  });
}

function toIssue(
  group: Group,
  members: readonly Found[],
  { package: part }: Packaged,
  path: string | null | undefined,
): SecurityIssue {
  const stated = Number.parseFloat(String(group.max_severity ?? ''));
  const vectors = members.flatMap(({ severity }) => severity ?? []).flatMap(({ score }) => score ?? []);
  const cvss = stated > 0 ? stated : cvssBestScore(vectors);
  const words = members
    .map(({ database_specific: own }) => own?.severity)
    .map((word) => severityIn(severityTable, typeof word === 'string' ? word : undefined));
  const version = part?.version || part?.commit;
  return vulnerability({
    ids: [...(group.ids ?? []), ...(group.aliases ?? []), ...members.flatMap(aliasesOf)],
    severity: cvss !== null ? cvssSeverity(cvss) : (severities.find((one) => words.includes(one)) ?? 'unknown'),
    cvss,
    title: members.map(({ summary }) => summary).find(Boolean) ?? members[0]?.details,
    component: part?.name,
    version,
    fixedIn: fixesOf(members, part?.name),
    path,
    suppressedBy: ruledOut(group),
  });
}

/** A distribution's entry of one upstream vulnerability is that one; of several it is an advisory of its own. */
function aliasesOf({ aliases, upstream }: Found): readonly string[] {
  return [...(aliases ?? []), ...(upstream?.length === 1 ? upstream : [])];
}

function fixesOf(members: readonly Found[], name: string | null | undefined): readonly string[] {
  return members
    .flatMap(({ affected }) => affected ?? [])
    .filter((one) => !one.package || one.package.name === name)
    .flatMap(({ ranges }) => ranges ?? [])
    .filter(({ type }) => type !== 'GIT')
    .flatMap(({ events }) => events ?? [])
    .flatMap(({ fixed }) => fixed ?? []);
}

/** Only if the analysis says so of every member that it knows. */
function ruledOut(group: Group): string | undefined {
  const known = [group.experimentalAnalysis, group.experimental_analysis].flatMap((one) => Object.values(one ?? {}));
  if (known.length === 0) return undefined;
  if (known.every(({ called }) => called === false)) return 'the vulnerable code is not called (call analysis)';
  return known.every(({ unimportant }) => unimportant) ? 'unimportant for the distribution' : undefined;
}
