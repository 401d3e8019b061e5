import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue, SecurityIssues } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn, statedScore } from './shared/severity.ts';
import { zonedTime } from './shared/zoned-time.ts';

type Scope = SecurityIssues['scope'];

const schemas = onFirstUse(() => {
  const vulnerabilitySchema = z.object({
    VulnerabilityID: z.string().check(z.minLength(1)),
    PkgName: z.string(),
    PkgPath: text,
    InstalledVersion: text,
    FixedVersion: text,
    Severity: text,
    Status: text,
    Title: text,
    VendorIDs: z.nullish(z.array(z.string())),
    CVSS: z.nullish(
      z.record(
        z.string(),
        z.object({
          V2Score: z.nullish(z.number()),
          V3Score: z.nullish(z.number()),
          V40Score: z.nullish(z.number()),
        }),
      ),
    ),
  });

  const causeSchema = z.nullish(z.object({ StartLine: z.nullish(z.number()) }));
  const misconfigurationSchema = z.object({
    ID: z.string().check(z.minLength(1)),
    AVDID: text,
    Title: text,
    Severity: text,
    Status: text,
    CauseMetadata: causeSchema,
  });
  const secretSchema = z.object({
    RuleID: z.string().check(z.minLength(1)),
    Title: text,
    Severity: text,
    StartLine: z.nullish(z.number()),
  });

  const licenseSchema = z.object({ Name: text, PkgName: text, FilePath: text, Severity: text });

  const resultSchema = z.object({
    Target: z.string(),
    Class: text,
    Type: text,
    Packages: z.nullish(z.array(z.unknown())),
    Vulnerabilities: z.nullish(z.array(vulnerabilitySchema)),
    Misconfigurations: z.nullish(z.array(misconfigurationSchema)),
    Secrets: z.nullish(z.array(secretSchema)),
    Licenses: z.nullish(z.array(licenseSchema)),
    ExperimentalModifiedFindings: z.nullish(
      z.array(z.object({ Type: text, Status: text, Statement: text, Source: text, Finding: z.optional(z.unknown()) })),
    ),
  });

  const resourceSchema = z.object({ Kind: text, Name: text, Error: text, Results: z.nullish(z.array(resultSchema)) });
  const resources = z.nullish(z.array(resourceSchema));

  const reportSchema = z.object({
    ArtifactName: text,
    ArtifactType: text,
    CreatedAt: z.optional(z.string()),
    Trivy: z.optional(z.object({ Version: z.optional(z.string()) })),
    // A list in reports on clusters, which name no commit.
    Metadata: z.nullish(z.union([z.object({ Commit: z.optional(z.string()) }), z.array(z.unknown())])),
    Results: z.nullish(z.array(resultSchema)),
    ClusterName: text,
    Resources: resources,
    Findings: resources,
    Vulnerabilities: resources,
    Misconfigurations: resources,
  });

  /** Before schema version 2 the list of results was the report, `null` if there was no target. */
  const schema = z.union([
    z.pipe(
      z.array(resultSchema),
      z.transform((Results): z.infer<typeof reportSchema> => ({ Results })),
    ),
    reportSchema,
    z.pipe(
      z.null(),
      z.transform((): z.infer<typeof reportSchema> => ({})),
    ),
  ]);
  return {
    vulnerabilitySchema,
    misconfigurationSchema,
    secretSchema,
    licenseSchema,
    resultSchema,
    reportSchema,
    schema,
  };
});

type Schemas = ReturnType<typeof schemas>;
type Result = z.infer<Schemas['resultSchema']>;
type Report = z.infer<Schemas['reportSchema']>;
type Vulnerability = z.infer<Schemas['vulnerabilitySchema']>;

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', unknown: 'unknown' },
  note: 'Vulnerabilities, failed configuration checks and secrets share the words.',
};

/** Trivy JSON of schema version 1 and 2, and its reports on clusters. One fact for each kind of scan that left a trace. */
export const trivy: SignalReader = {
  id: 'trivy',
  title: 'Trivy JSON',
  gives: ['security-issues'],
  names: ['trivy*.json'],
  countingUnit:
    "As in Trivy's own totals: one vulnerability of one package in one target; one failed configuration check or secret at one place. Licenses are listed and count as no vulnerability.",
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    if (/^\s*(null|\[\s*\])\s*$/.test(head.text)) return /trivy[^\n]*\.json$/i.test(head.path);
    if (Array.isArray(value)) return isResult(objectOf(value[0]));
    const root = objectOf(value);
    if (typeof root['SchemaVersion'] === 'number')
      return ['ArtifactName', 'ArtifactType', 'Results', 'ClusterName'].some((key) => key in root);
    return 'ClusterName' in root || (Array.isArray(root['Results']) && isResult(objectOf(root['Results'][0])));
  },
  open: (file) => jsonSession(file, schemas().schema, (report) => toReading(report, file.path)),
};

function isResult(result: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof result['Target'] === 'string' &&
    ['Class', 'Type', 'Vulnerabilities', 'Misconfigurations', 'Secrets'].some((key) => key in result)
  );
}

function toReading(report: Report, path: string): Reading {
  const parts = [report.Resources, report.Findings, report.Vulnerabilities, report.Misconfigurations].flatMap(
    (part) => part ?? [],
  );
  const failed = parts.find((part) => part.Error);
  if (failed)
    throw new AqeError(
      'AQE2006',
      `${failed.Kind ?? 'resource'}/${failed.Name ?? '?'} was not scanned: ${failed.Error}`,
      { path },
    );
  const results = [...(report.Results ?? []), ...parts.flatMap((part) => part.Results ?? [])];
  const named = report.ArtifactName || report.ArtifactType || parts.length > 0;
  if (results.length === 0 && !named)
    throw new AqeError('AQE2007', 'the report names no target that was scanned', { path });

  const commit = Array.isArray(report.Metadata) ? undefined : report.Metadata?.Commit;
  const takenAt = zonedTime(report.CreatedAt);
  const version = report.Trivy?.Version;
  const facts = factsOf(results);
  // Many versions of Trivy drop a target without findings, so a clean scan and a scan that knew nothing in the artifact
  // leave the same empty list. Refusing it would make clean projects unusable: the reading says what is not known instead.
  const empty: SecurityIssues = {
    kind: 'security-issues',
    scope: report.ArtifactType === 'container_image' ? 'container' : 'dependencies',
    items: [],
    scanned: null,
  };
  return {
    producer: { name: 'trivy', ...(version ? { version } : {}) },
    ...(commit ? { commit } : {}),
    ...(takenAt ? { takenAt } : {}),
    facts: facts.length > 0 ? facts : [empty],
    notices:
      facts.length > 0 ? [] : ['Trivy lists no target: the artifact is clean, or holds nothing that Trivy knows'],
  };
}

function factsOf(results: readonly Result[]): readonly SecurityIssues[] {
  const found = new Map<Scope, { readonly items: SecurityIssue[]; scanned: number | null }>();
  const factFor = (scope: Scope): { readonly items: SecurityIssue[]; scanned: number | null } => {
    const fact = found.get(scope) ?? { items: [], scanned: null };
    found.set(scope, fact);
    return fact;
  };
  for (const result of results) {
    const own = scopeOf(result);
    if (own) {
      const fact = factFor(own);
      if (result.Packages) fact.scanned = (fact.scanned ?? 0) + result.Packages.length;
    }
    const suppressed = (result.ExperimentalModifiedFindings ?? []).flatMap((modified) =>
      suppressedOf(result, modified),
    );
    for (const [scope, issue] of [...issuesOf(result), ...suppressed]) factFor(scope).items.push(issue);
  }
  return [...found].map(([scope, { items, scanned }]) => ({ kind: 'security-issues', scope, items, scanned }));
}

/** What kind of scan a result stands for even when it lists nothing; custom classes stand for none. */
function scopeOf(result: Result): Scope | undefined {
  if (result.Class === 'os-pkgs') return 'container';
  if (result.Class === 'config') return 'configuration';
  if (result.Class === 'secret') return 'secrets';
  if (result.Class === 'lang-pkgs') return 'dependencies';
  if (result.Class === 'license' || result.Class === 'license-file') return 'licenses';
  // Schema version 1 has no class, and marks the operating system by `Target (family release)`.
  if (!result.Class) return /\(\S+ \S+\)$/.test(result.Target) ? 'container' : 'dependencies';
  return undefined;
}

function issuesOf(result: Result): readonly (readonly [Scope, SecurityIssue])[] {
  const packages =
    result.Class === 'os-pkgs' || (!result.Class && scopeOf(result) === 'container') ? 'container' : 'dependencies';
  return [
    ...(result.Vulnerabilities ?? []).map((found) => [packages, vulnerability(found)] as const),
    ...(result.Misconfigurations ?? [])
      .filter((found) => found.Status !== 'PASS')
      .map((found) => ['configuration', misconfiguration(found, result)] as const),
    ...(result.Licenses ?? []).map((found) => ['licenses', license(found)] as const),
    ...(result.Secrets ?? []).map((found) => ['secrets', secret(found, result)] as const),
  ];
}

type Modified = NonNullable<Result['ExperimentalModifiedFindings']>[number];

/** Findings that an ignore file or a VEX document took out of the lists; those of a status that is none stay open. */
function suppressedOf(
  result: Result,
  { Type, Status, Statement, Source, Finding }: Modified,
): readonly (readonly [Scope, SecurityIssue])[] {
  const { vulnerabilitySchema, misconfigurationSchema, secretSchema } = schemas();
  const lists = {
    vulnerability: ['Vulnerabilities', vulnerabilitySchema],
    misconfiguration: ['Misconfigurations', misconfigurationSchema],
    secret: ['Secrets', secretSchema],
  } as const;
  const list = Type === 'vulnerability' || Type === 'misconfiguration' || Type === 'secret' ? lists[Type] : undefined;
  const finding = list?.[1].safeParse(Finding);
  if (!list || !finding?.success) return [];
  const why = [Status, Statement, Source].filter(Boolean).join(', ') || 'modified';
  const open = Status === 'affected' || Status === 'under_investigation' || Status === 'unknown';
  return issuesOf({ Target: result.Target, Class: result.Class, [list[0]]: [finding.data] }).map(
    ([scope, issue]) => [scope, open ? issue : { ...issue, suppressedBy: why }] as const,
  );
}

function vulnerability(found: Vulnerability): SecurityIssue {
  const { InstalledVersion: version, FixedVersion: fixedIn } = found;
  return {
    // A vendor's other advisories (DSA, RHSA) cover many vulnerabilities: as identifiers they would join what is not one.
    ids: advisoryIds(
      [found.VulnerabilityID, ...(found.VendorIDs?.filter((id) => id.startsWith('GHSA-')) ?? [])],
      'no-identifier',
    ),
    severity: severityIn(severityTable, found.Severity),
    cvss: score(found.CVSS),
    title: found.Title || `${found.VulnerabilityID} in ${found.PkgName}`,
    component: found.PkgName,
    ...(version ? { componentVersion: version } : {}),
    ...(fixedIn ? { fixedIn } : {}),
    ...(found.PkgPath ? { path: found.PkgPath } : {}),
    ...(found.Status === 'not_affected' ? { suppressedBy: 'not_affected' } : {}),
  };
}

/** Vendors score differently: the highest CVSS 3 score, where nobody gave one the highest of version 4, then of 2. */
function score(cvss: Vulnerability['CVSS']): number | null {
  const all = Object.values(cvss ?? {});
  const best = (scores: readonly (number | null | undefined)[]): number =>
    Math.max(0, ...scores.map((one) => statedScore(one) ?? 0));
  return (
    best(all.map((one) => one.V3Score)) ||
    best(all.map((one) => one.V40Score)) ||
    best(all.map((one) => one.V2Score)) ||
    null
  );
}

function misconfiguration(found: z.infer<Schemas['misconfigurationSchema']>, result: Result): SecurityIssue {
  const line = found.CauseMetadata?.StartLine;
  return {
    ids: [...new Set([found.ID, ...(found.AVDID ? [found.AVDID] : [])])],
    severity: severityIn(severityTable, found.Severity),
    cvss: null,
    title: found.Title || found.ID,
    path: result.Target,
    ...(isLine(line) ? { line } : {}),
    ...(found.Status === 'EXCEPTION' ? { suppressedBy: 'exception' } : {}),
  };
}

function license(found: z.infer<Schemas['licenseSchema']>): SecurityIssue {
  const name = found.Name || 'unknown';
  return {
    ids: [`license:${name}`],
    severity: severityIn(severityTable, found.Severity),
    cvss: null,
    title: `licensed under ${name}`,
    ...(found.PkgName ? { component: found.PkgName } : {}),
    ...(found.FilePath ? { path: found.FilePath } : {}),
  };
}

function secret(found: z.infer<Schemas['secretSchema']>, result: Result): SecurityIssue {
  const line = found.StartLine;
  return {
    ids: [found.RuleID],
    severity: severityIn(severityTable, found.Severity),
    cvss: null,
    title: found.Title || found.RuleID,
    path: result.Target,
    ...(isLine(line) ? { line } : {}),
  };
}
