import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, wholeNumber } from './shared/schema.ts';
import { npmSeverities } from './shared/npm-severities.ts';
import { severityIn } from './shared/severity.ts';

const schemas = onFirstUse(() => {
  const cvssSchema = z.nullish(z.object({ score: z.nullish(z.number()) }));

  const metadataSchema = z.object({
    vulnerabilities: z.nullish(
      z.partial(
        z.object({
          info: wholeNumber,
          low: wholeNumber,
          moderate: wholeNumber,
          high: wholeNumber,
          critical: wholeNumber,
        }),
      ),
    ),
    dependencies: z.nullish(z.union([wholeNumber, z.object({ total: z.optional(wholeNumber) })])),
    totalDependencies: z.nullish(wholeNumber),
  });

  const viaSchema = z.object({
    source: z.union([z.number(), z.string()]),
    name: z.string(),
    title: z.nullish(z.string()),
    url: z.nullish(z.string()),
    severity: z.string(),
    cvss: cvssSchema,
  });

  const packageSchema = z.object({
    via: z.array(z.union([z.string(), viaSchema])),
    fixAvailable: z.nullish(z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })])),
  });

  const advisorySchema = z.object({
    id: z.union([z.number(), z.string()]),
    module_name: z.nullish(z.string()),
    title: z.nullish(z.string()),
    severity: z.nullish(z.string()),
    url: z.nullish(z.string()),
    github_advisory_id: z.nullish(z.string()),
    cves: z.nullish(z.array(z.string())),
    cvss: cvssSchema,
    patched_versions: z.nullish(z.string()),
    findings: z.nullish(z.array(z.object({ version: z.nullish(z.string()) }))),
  });

  const schema = z.object({
    auditReportVersion: z.optional(z.number()),
    vulnerabilities: z.optional(z.record(z.string(), packageSchema)),
    advisories: z.optional(z.record(z.string(), advisorySchema)),
    metadata: z.nullish(metadataSchema),
    error: z.nullish(z.union([z.string(), z.looseObject({})])),
    message: z.nullish(z.string()),
  });
  return { packageSchema, advisorySchema, schema };
});

type Schemas = ReturnType<typeof schemas>;

type Audit = z.infer<Schemas['schema']>;

/**
 * `npm audit --json` of npm 7 and later (`vulnerabilities`) and of npm 6, pnpm and yarn 2 (`advisories`). npm lists
 * every package on the way to a vulnerable one; here only the advisories themselves count.
 */
export const npmAudit: SignalReader = {
  id: 'npm-audit',
  title: 'npm audit and pnpm audit JSON',
  gives: ['security-issues'],
  names: ['npm-audit*.json', 'pnpm-audit*.json', 'audit.json'],
  countingUnit: 'One pair of advisory and package, however many paths, versions and dependents it has.',
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
  return typeof error['summary'] === 'string' || /^(E[A-Z0-9]+|ERR_PNPM_\w+)$/.test(String(error['code']));
}

function toReading(audit: Audit, path: string): Reading {
  if (audit.error || (!audit.vulnerabilities && !audit.advisories)) throw failure(audit, path);
  const items = onePerPair([...fromPackages(audit, path), ...fromAdvisories(audit)]);
  const declared = Object.values(audit.metadata?.vulnerabilities ?? {}).reduce<number>((sum, n) => sum + (n ?? 0), 0);
  // npm totals packages and npm 6 paths, so the numbers differ by design; only one of them being zero is a contradiction.
  if (audit.metadata?.vulnerabilities && declared > 0 !== items.length > 0) {
    throw new AqeError(
      'AQE2003',
      `metadata declares ${declared} vulnerabilities, the report lists ${items.length} advisories`,
      { path },
    );
  }
  return {
    producer: { name: 'npm audit' },
    facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: scannedBy(audit) }],
    notices: [],
  };
}

/** What npm prints instead of a report when the audit could not be done; it is valid JSON all the same. */
function failure(audit: Audit, path: string): AqeError {
  if (!audit.error && !audit.message)
    return new AqeError('AQE2003', 'neither `vulnerabilities` nor `advisories` is there', { path });
  const error = objectOf(audit.error);
  const words = [error['code'], error['summary'] || error['message'] || audit.message || audit.error];
  const said = words.filter((word): word is string => typeof word === 'string' && word !== '').join(': ');
  return new AqeError('AQE2006', `the audit was not done: ${said || 'no reason given'}`, { path });
}

function fromPackages(audit: Audit, path: string): readonly SecurityIssue[] {
  const packages = new Map(Object.entries(audit.vulnerabilities ?? {}));
  const known = reachingAdvisories(packages);
  const lost = [...packages.keys()].find((name) => !known.has(name));
  if (lost) throw new AqeError('AQE2003', `no advisory is listed for the vulnerable package ${lost}`, { path });
  return [...packages].flatMap(([component, { via, fixAvailable }]) =>
    via.flatMap((cause) => {
      if (typeof cause === 'string') return [];
      const ids = idsOf(cause.source, cause.url);
      // npm names the package to install; only if that is the vulnerable one is its version the fixed one.
      const fixedIn =
        typeof fixAvailable === 'object' && fixAvailable?.name === component ? fixAvailable.version : undefined;
      return [{ ...issueOf(ids, cause), component: cause.name, ...(fixedIn ? { fixedIn } : {}) }];
    }),
  );
}

/** The packages from which `via` leads to an advisory: all of them in a report that is whole. */
function reachingAdvisories(packages: ReadonlyMap<string, z.infer<Schemas['packageSchema']>>): ReadonlySet<string> {
  const dependents = new Map<string, string[]>();
  const reached: string[] = [];
  for (const [name, { via }] of packages) {
    if (via.some((cause) => typeof cause !== 'string')) reached.push(name);
    for (const cause of via)
      if (typeof cause === 'string') dependents.set(cause, [...(dependents.get(cause) ?? []), name]);
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

function fromAdvisories(audit: Audit): readonly SecurityIssue[] {
  return Object.values(audit.advisories ?? {}).map((advisory) => {
    const ids = idsOf(advisory.id, advisory.github_advisory_id ?? advisory.url, advisory.cves);
    const versions = new Set(advisory.findings?.map((finding) => finding.version));
    const [version] = versions;
    const fixedIn = /^\s*>=\s*(\d[\w.+-]*)\s*$/.exec(advisory.patched_versions ?? '')?.[1];
    return {
      ...issueOf(ids, advisory),
      ...(advisory.module_name ? { component: advisory.module_name } : {}),
      ...(version && versions.size === 1 ? { componentVersion: version } : {}),
      ...(fixedIn ? { fixedIn } : {}),
    };
  });
}

/** npm numbers each range of versions of an advisory; such entries are one, without the versions they differ in. */
function onePerPair(issues: readonly SecurityIssue[]): readonly SecurityIssue[] {
  const pairs = new Map<string, SecurityIssue>();
  for (const issue of issues) {
    const key = JSON.stringify([issue.component, ...issue.ids]);
    const { componentVersion, fixedIn, ...first } = pairs.get(key) ?? issue;
    pairs.set(key, {
      ...first,
      ...(componentVersion && componentVersion === issue.componentVersion ? { componentVersion } : {}),
      ...(fixedIn && fixedIn === issue.fixedIn ? { fixedIn } : {}),
    });
  }
  return [...pairs.values()];
}

/** CVEs, then the GitHub advisory; npm's own number only where there is neither. */
function idsOf(
  number: number | string,
  github: string | null | undefined,
  cves?: readonly string[] | null,
): readonly string[] {
  const ghsa = /GHSA(-[0-9a-z]{4}){3}/i.exec(github ?? '')?.[0];
  const ids = [...(cves ?? []), ...(ghsa ? [ghsa] : [])];
  return ids.length > 0 ? [...new Set(ids)] : [`npm:${number}`];
}

function issueOf(
  ids: readonly string[],
  from: Pick<z.infer<Schemas['advisorySchema']>, 'severity' | 'title' | 'cvss'>,
): SecurityIssue {
  // A score of 0 stands for "not scored": an advisory with no impact would not be one.
  return {
    ids,
    severity: severityIn(npmSeverities, from.severity),
    cvss: from.cvss?.score || null,
    title: from.title ?? ids[0]!,
  };
}

function scannedBy({ metadata }: Audit): number | null {
  if (typeof metadata?.dependencies === 'object' && metadata.dependencies) return metadata.dependencies.total ?? null;
  return metadata?.totalDependencies ?? metadata?.dependencies ?? null;
}
