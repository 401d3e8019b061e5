import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { npmAdvisoryIssue, npmAudits, npmIds, npmTotal } from './shared/npm-advisory.ts';
import { npmSeverities } from './shared/npm-severities.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { toolWords } from './shared/tool-words.ts';
import { vulnerability } from './shared/vulnerability.ts';

const schemas = onFirstUse(() => {
  const { advisory, totals } = npmAudits();
  const via = z.object({
    source: z.nullish(z.union([z.number(), z.string()])),
    name: text,
    title: text,
    url: text,
    severity: text,
    cvss: z.nullish(z.object({ score: z.nullish(z.number()) })),
  });
  const vulnerable = z.object({
    severity: text,
    via: z.array(z.union([z.string(), via])),
    fixAvailable: z.nullish(z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })])),
  });
  const schema = z.object({
    auditReportVersion: z.optional(z.number()),
    vulnerabilities: z.optional(z.record(z.string(), vulnerable)),
    advisories: z.optional(z.record(z.string(), advisory)),
    metadata: z.nullish(
      z.object({
        vulnerabilities: z.nullish(totals),
        dependencies: z.nullish(z.union([wholeNumber, z.object({ total: z.optional(wholeNumber) })])),
        totalDependencies: z.nullish(wholeNumber),
      }),
    ),
    error: z.nullish(z.union([z.string(), z.looseObject({})])),
    message: text,
  });
  return { vulnerable, schema };
});

type Schemas = ReturnType<typeof schemas>;
type Audit = z.infer<Schemas['schema']>;
type Vulnerable = z.infer<Schemas['vulnerable']>;

/**
 * `npm audit --json` of npm 7 and later (`vulnerabilities`), and of npm 6, pnpm and yarn 2 and 3 (`advisories`), which
 * print the same object and cannot be told apart. npm 7 also counts every package that depends on a vulnerable one; here the
 * advisories themselves count, since a finding is known by its ids, and the dependents are listed as counted there.
 */
export const npmAudit: SignalReader = {
  id: 'npm-audit',
  title: 'npm audit, pnpm audit and yarn 2 npm audit JSON',
  gives: ['security-issues'],
  names: ['npm-audit*.json', 'pnpm-audit*.json', 'audit.json'],
  countingUnit:
    'One advisory for one package, however many paths, versions and dependents it has. npm 7 and later totals packages, dependents among them.',
  severities: npmSeverities,
  detects: (head) => isAudit(objectOf(jsonHead(head.text))),
  open: (file) => jsonSession(file, schemas().schema, (audit) => toReading(audit, file.path)),
};

function isAudit(root: Readonly<Record<string, unknown>>): boolean {
  if (typeof root['auditReportVersion'] === 'number') return true;
  const [first] = Object.values(objectOf(root['advisories']));
  // One advisory with all its paths may be longer than the head.
  if (first !== undefined) return ['module_name', 'findings'].some((key) => key in objectOf(first));
  const actions = root['actions'];
  if (Array.isArray(actions)) return actions.length === 0 ? 'advisories' in root : 'resolves' in objectOf(actions[0]);
  if ('advisories' in root) return 'vulnerabilities' in objectOf(root['metadata']);
  const error = objectOf(root['error']);
  return typeof error['summary'] === 'string' || /^(E[A-Z0-9]+|ERR_PNPM_\w+)$/.test(stringOf(error['code']));
}

function toReading(audit: Audit, path: string): Reading {
  if (audit.error || (!audit.vulnerabilities && !audit.advisories)) throw failure(audit, path);
  const items = [...fromPackages(audit, path), ...Object.values(audit.advisories ?? {}).map(npmAdvisoryIssue)];
  const totals = audit.metadata?.vulnerabilities;
  const declared = npmTotal(totals);
  // npm totals packages and npm 6 paths, so the numbers differ by design; only one of them being zero is a contradiction.
  if (totals && declared > 0 !== items.length > 0) {
    throw new AqeError(
      'AQE2003',
      `metadata declares ${declared} vulnerabilities, the report lists ${items.length} advisories`,
      { path },
    );
  }
  const advisories = items.filter((issue) => issue.suppressedBy === undefined).length;
  const differs = totals && audit.vulnerabilities && declared !== advisories;
  return {
    producer: { name: 'npm audit' },
    facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: scannedBy(audit) }],
    notices: differs
      ? [`npm counts ${declared} vulnerable packages, dependents among them; the advisories are ${advisories}`]
      : [],
  };
}

/** What npm prints instead of a report when the audit could not be done; it is valid JSON all the same. */
function failure(audit: Audit, path: string): AqeError {
  if (!audit.error && !audit.message)
    return new AqeError('AQE2003', 'neither `vulnerabilities` nor `advisories` is there', { path });
  const error = objectOf(audit.error);
  const words = [error['code'], error['summary'] || error['message'] || audit.message || audit.error];
  const said = words.filter((word): word is string => typeof word === 'string' && word !== '').join(': ');
  return new AqeError('AQE2006', `the audit was not done: ${toolWords(said)}`, { path });
}

/** The advisories themselves: a package that only depends on a vulnerable one has the ids of none. */
function fromPackages(audit: Audit, path: string): readonly SecurityIssue[] {
  const packages = new Map(Object.entries(audit.vulnerabilities ?? {}));
  const known = reachingAdvisories(packages);
  const lost = [...packages.keys()].find((name) => !known.has(name));
  if (lost) throw new AqeError('AQE2003', `no advisory is listed for the vulnerable package ${lost}`, { path });
  const issues = [...packages].flatMap(([component, { via, fixAvailable }]) =>
    via.flatMap((cause) => {
      if (typeof cause === 'string') return [];
      const isFix = typeof fixAvailable === 'object' && fixAvailable?.name === component;
      return [
        vulnerability({
          ids: npmIds(cause.source, [cause.url]),
          severity: severityIn(npmSeverities, cause.severity),
          cvss: cause.cvss?.score,
          title: cause.title,
          component: cause.name,
          // npm names the package to install; only if that is the vulnerable one is its version the fixed one.
          fixedIn: [isFix ? fixAvailable.version : null],
        }),
      ];
    }),
  );
  return [...onePerPair(issues), ...dependentsIn(packages)];
}

/** Packages that have no advisory of their own. */
function dependentsIn(packages: ReadonlyMap<string, Vulnerable>): readonly SecurityIssue[] {
  return [...packages].flatMap(([component, { via, severity }]) => {
    const causes = via.filter((cause) => typeof cause === 'string');
    if (causes.length === 0 || causes.length < via.length) return [];
    const on = causes.length > 1 ? `${causes[0]} and ${causes.length - 1} more` : causes[0]!;
    const issue = vulnerability({
      ids: [`npm:dependent:${component}`],
      severity: severityIn(npmSeverities, severity),
      title: `depends on vulnerable ${on}`,
      component,
    });
    return [{ ...issue, suppressedBy: `counted at ${on}` }];
  });
}

/** The packages from which `via` leads to an advisory: all of them in a report that is whole. */
function reachingAdvisories(packages: ReadonlyMap<string, Vulnerable>): ReadonlySet<string> {
  const dependents = new Map<string, string[]>();
  const reached: string[] = [];
  for (const [name, { via }] of packages) {
    if (via.some((cause) => typeof cause !== 'string')) reached.push(name);
    for (const cause of via) {
      if (typeof cause !== 'string') continue;
      const names = dependents.get(cause);
      if (names) names.push(name);
      else dependents.set(cause, [name]);
    }
  }
  const known = new Set(reached);
  for (let name = reached.pop(); name !== undefined; name = reached.pop()) {
    for (const dependent of dependents.get(name) ?? []) {
      if (!known.has(dependent)) reached.push(dependent);
      known.add(dependent);
    }
  }
  return known;
}

/** npm numbers each range of versions of an advisory; such entries are one, without the fix they differ in. */
function onePerPair(issues: readonly SecurityIssue[]): readonly SecurityIssue[] {
  const pairs = new Map<string, SecurityIssue>();
  for (const issue of issues) {
    const key = JSON.stringify([issue.component, ...issue.ids]);
    const { fixedIn, ...first } = pairs.get(key) ?? issue;
    pairs.set(key, { ...first, ...(fixedIn && fixedIn === issue.fixedIn ? { fixedIn } : {}) });
  }
  return [...pairs.values()];
}

function scannedBy({ metadata }: Audit): number | null {
  if (typeof metadata?.dependencies === 'object' && metadata.dependencies) return metadata.dependencies.total ?? null;
  return metadata?.totalDependencies ?? metadata?.dependencies ?? null;
}
