import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue, SecurityIssues } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { cvssBaseScore } from './shared/cvss.ts';
import { factsByScope } from './shared/facts-by-scope.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { toolWords } from './shared/tool-words.ts';
import { vulnerability } from './shared/vulnerability.ts';

type Scope = SecurityIssues['scope'];

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low' },
  note: 'Old versions say "high" where `severityWithCritical` says "critical": the latter decides.',
};

const schemas = onFirstUse(() => {
  const found = z.object({
    id: z.string(),
    title: text,
    severity: text,
    severityWithCritical: text,
    cvssScore: z.nullish(z.number()),
    CVSSv3: text,
    identifiers: z.nullish(z.record(z.string(), z.nullish(z.array(z.string())))),
    packageName: text,
    moduleName: text,
    name: text,
    version: text,
    fixedIn: z.nullish(z.array(z.string())),
    nearestFixedInVersion: text,
    from: z.nullish(z.array(z.string())),
    filtered: z.nullish(
      z.object({ ignored: z.nullish(z.array(z.object({ reason: text }))), patches: z.optional(z.unknown()) }),
    ),
  });
  const misconfiguration = z.object({
    id: z.string(),
    publicId: text,
    title: text,
    severity: text,
    lineNumber: z.nullish(z.number()),
    isIgnored: z.nullish(z.boolean()),
    path: z.optional(z.unknown()),
  });
  const project = {
    ok: z.nullish(z.boolean()),
    error: z.nullish(z.union([z.string(), z.looseObject({ message: text })])),
    message: text,
    vulnerabilities: z.nullish(z.array(found)),
    infrastructureAsCodeIssues: z.nullish(z.array(misconfiguration)),
    filtered: z.nullish(z.object({ ignore: z.nullish(z.array(found)), patch: z.nullish(z.array(found)) })),
    dependencyCount: z.nullish(wholeNumber),
    uniqueCount: z.nullish(wholeNumber),
    packageManager: text,
    displayTargetFile: text,
    targetFile: text,
    docker: z.nullish(z.looseObject({})),
  };
  const withApplications = z.object({ ...project, applications: z.nullish(z.array(z.object(project))) });
  return {
    found,
    misconfiguration,
    project: withApplications,
    report: z.union([z.array(withApplications), withApplications]),
  };
});

type Schemas = ReturnType<typeof schemas>;
type Found = z.infer<Schemas['found']>;
type Project = z.infer<Schemas['project']>;

/** `snyk test`, `snyk container test` and `snyk iac test` with `--json`. Snyk Code writes SARIF. */
export const snyk: SignalReader = {
  id: 'snyk',
  title: 'Snyk test, container and IaC JSON',
  gives: ['security-issues'],
  names: ['snyk*.json'],
  countingUnit:
    'One issue of one version of a package in one project, however many paths lead to it; one IaC issue at one place. License issues are among them, as in Snyk. Ignored and patched ones are kept with that reason.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    return (Array.isArray(value) ? value.slice(0, 5) : [value]).some((one) => isProject(objectOf(one)));
  },
  open: (file) =>
    jsonSession(file, schemas().report, (report) => toReading(Array.isArray(report) ? report : [report], file.path)),
};

function isProject(project: Readonly<Record<string, unknown>>): boolean {
  if (Array.isArray(project['infrastructureAsCodeIssues'])) return true;
  if (project['ok'] === false && typeof project['error'] === 'string' && 'path' in project) return true;
  // CycloneDX has a list of that name too.
  if (!Array.isArray(project['vulnerabilities']) || 'bomFormat' in project) return false;
  const first = objectOf(project['vulnerabilities'][0]);
  const own = ['dependencyCount', 'licensesPolicy', 'uniqueCount', 'filesystemPolicy', 'foundProjectCount'];
  if ('ok' in project && own.some((key) => key in project)) return true;
  // What Snyk says of the project stands behind its vulnerabilities, which may be longer than the head.
  if (/^(?:SNYK-|snyk:|npm:)/.test(stringOf(first['id']))) return true;
  const keys = [
    'CVSSv3',
    'alternativeIds',
    'disclosureTime',
    'publicationTime',
    'isUpgradable',
    'semver',
    'epssDetails',
  ];
  return keys.filter((key) => key in first).length > 1;
}

function toReading(projects: readonly Project[], path: string): Reading {
  if (projects.length === 0) throw new AqeError('AQE2007', 'no project was tested', { path });
  const parts = projects.flatMap((project) => [project, ...(project.applications ?? [])]);
  for (const project of parts) refuseFailed(project, path);
  const found = parts.flatMap((part) => issuesOf(part));
  const counts = parts.flatMap(({ dependencyCount }) => dependencyCount ?? []);
  const notices = parts.flatMap(({ uniqueCount, vulnerabilities }) => {
    const listed = new Set(vulnerabilities?.map(({ id }) => id)).size;
    return uniqueCount == null || !vulnerabilities || uniqueCount === listed
      ? []
      : [`Snyk counts ${uniqueCount} unique issues and lists ${listed}`];
  });
  return {
    producer: { name: 'snyk' },
    facts: factsByScope(scopeOf(parts[0]!), found, counts.length > 0 ? counts.reduce((sum, one) => sum + one) : null),
    notices: [...new Set(notices)].slice(0, 10),
  };
}

/** A project that could not be tested leaves an error, and makes the whole report incomplete. */
function refuseFailed(project: Project, path: string): void {
  const { error, message, vulnerabilities, infrastructureAsCodeIssues: issues } = project;
  if (vulnerabilities || issues) return;
  if (!error && project.ok !== false) throw new AqeError('AQE2003', 'a project lists no issues at all', { path });
  const said = typeof error === 'string' ? error : (error?.message ?? message);
  throw new AqeError('AQE2006', `a project was not tested: ${toolWords(said)}`, { path });
}

function scopeOf(project: Omit<Project, 'applications'>): Scope {
  if (project.infrastructureAsCodeIssues) return 'configuration';
  const manager = project.packageManager ?? '';
  return project.docker || ['deb', 'rpm', 'apk', 'linux', 'dockerfile'].includes(manager)
    ? 'container'
    : 'dependencies';
}

function issuesOf(project: Omit<Project, 'applications'>): readonly (readonly [Scope, SecurityIssue])[] {
  const scope = scopeOf(project);
  const file = project.displayTargetFile ?? project.targetFile;
  const { ignore, patch } = project.filtered ?? {};
  const open = unique(project.vulnerabilities ?? []).map((found) => toIssue(found, file));
  const ignored = unique(ignore ?? []).map((found) => toIssue(found, file, ignoredBy(found)));
  const patched = unique(patch ?? []).map((found) => toIssue(found, file, 'patched by Snyk'));
  const misconfigured = (project.infrastructureAsCodeIssues ?? []).map((found) =>
    vulnerability({
      ids: [found.publicId, found.id],
      severity: severityIn(severityTable, found.severity),
      title: found.title,
      path: file,
      line: found.lineNumber,
      suppressedBy: found.isIgnored ? 'ignored in Snyk' : undefined,
    }),
  );
  return [...open, ...ignored, ...patched, ...misconfigured].map((issue) => [scope, issue] as const);
}

/** Snyk lists an issue once for each path to the package. */
function unique(all: readonly Found[]): readonly Found[] {
  const byKey = new Map<string, Found>();
  for (const found of all) {
    const key = JSON.stringify([found.id, nameOf(found), found.version]);
    if (!byKey.has(key)) byKey.set(key, found);
  }
  return [...byKey.values()];
}

function nameOf({ packageName, moduleName, name }: Found): string | null | undefined {
  return packageName || moduleName || name;
}

function ignoredBy({ filtered }: Found): string {
  const reasons = (filtered?.ignored ?? []).flatMap(({ reason }) => reason ?? []);
  return [...new Set(reasons)].join('; ') || 'ignored in Snyk';
}

function toIssue(found: Found, path: string | null | undefined, suppressedBy?: string): SecurityIssue {
  const { CVE = [], GHSA = [] } = found.identifiers ?? {};
  return vulnerability({
    ids: [...(CVE ?? []), ...(GHSA ?? []), found.id],
    severity: severityIn(severityTable, found.severityWithCritical ?? found.severity),
    cvss: found.cvssScore ?? cvssBaseScore(found.CVSSv3 ?? ''),
    title: found.title,
    component: nameOf(found),
    version: found.version,
    fixedIn: found.fixedIn?.length ? found.fixedIn : [found.nearestFixedInVersion],
    path,
    suppressedBy,
  });
}
