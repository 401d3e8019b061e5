import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import { packageName, parsePurl } from '../../core/evidence/purl.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';
import { childOf, childrenOf, partsHandler, textOf, type XmlPart } from './shared/xml-parts.ts';
import { xmlSession, xmlStart } from './shared/xml.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const score = z.nullish(z.union([z.number(), z.string()]));
  const cvss = z.nullish(z.object({ baseScore: score }));
  const vulnerability = z.object({
    source: text,
    name: z.string().check(z.minLength(1)),
    severity: text,
    description: text,
    notes: text,
    cvssv4: cvss,
    cvssv3: cvss,
    cvssv2: z.nullish(z.object({ score })),
    cvssScore: score,
  });
  const dependency = z.object({
    fileName: text,
    filePath: text,
    packages: z.nullish(z.array(z.object({ id: text }))),
    vulnerabilities: z.nullish(z.array(vulnerability)),
    suppressedVulnerabilities: z.nullish(z.array(vulnerability)),
  });
  return z.object({
    scanInfo: z.nullish(z.object({ engineVersion: text, analysisExceptions: z.nullish(z.array(z.unknown())) })),
    projectInfo: z.nullish(z.object({ reportDate: text })),
    dependencies: z.array(dependency),
  });
});

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    moderate: 'medium',
    medium: 'medium',
    low: 'low',
    none: 'info',
    info: 'info',
    informational: 'info',
    unknown: 'unknown',
  },
  note: 'A vulnerability without one of these words has the CVSS band of its score.',
};

/**
 * OWASP Dependency-Check: XML of all versions of its schema, and JSON. The same file found at several places (related
 * dependencies) is one dependency, as Dependency-Check itself counts.
 */
export const dependencyCheck: SignalReader = {
  id: 'dependency-check',
  title: 'OWASP Dependency-Check XML and JSON',
  gives: ['security-issues'],
  names: ['dependency-check-report*.xml', 'dependency-check-report*.json'],
  countingUnit:
    'One pair of vulnerability and dependency; suppressed vulnerabilities are kept with the notes of their suppression.',
  severities: severityTable,
  detects(head) {
    const xml = xmlStart(head.text);
    if (xml) return xml.root === 'analysis' && /dependency.?check/i.test(xml.attributes);
    const root = objectOf(jsonHead(head.text));
    return typeof root['reportSchema'] === 'string' && ('scanInfo' in root || 'projectInfo' in root);
  },
  open: (file) => byFirstCharacter(file, (first) => (first === '<' ? readXml(file) : readJson(file))),
};

interface Report {
  readonly version: string | undefined;
  readonly reportDate: string | undefined;
  readonly failures: number;
  readonly dependencies: number;
  readonly items: readonly SecurityIssue[];
}

interface Vulnerability {
  readonly name: string;
  readonly source: string | null | undefined;
  readonly severity: string | null | undefined;
  readonly description: string | null | undefined;
  readonly scores: readonly (number | null)[];
}

interface Dependency {
  readonly component: string | undefined;
  readonly version: string | undefined;
  readonly path: string | undefined;
}

function toReading(report: Report, path: string): Reading {
  const { version, failures } = report;
  if (failures > 0)
    throw new AqeError(
      'AQE2006',
      `${failures === 1 ? 'an analysis' : `${failures} analyses`} ended in an exception: what they would have found is not in the report`,
      { path },
    );
  if (report.dependencies === 0) throw new AqeError('AQE2007', 'no dependency was found to check', { path });
  const takenAt = zonedTime(report.reportDate);
  return {
    producer: { name: 'dependency-check', ...(version ? { version } : {}) },
    ...(takenAt ? { takenAt } : {}),
    facts: [{ kind: 'security-issues', scope: 'dependencies', items: report.items, scanned: report.dependencies }],
    notices: [],
  };
}

function issue(found: Vulnerability, { component, version, path }: Dependency, suppressedBy?: string): SecurityIssue {
  // Advisories of npm had numbers for names.
  const id = /^\d+$/.test(found.name) ? `${found.source || 'advisory'}-${found.name}` : found.name || 'no-name';
  const cvss = found.scores.find((score) => score !== null) ?? null;
  const word = severityIn(severityTable, found.severity);
  return {
    ids: advisoryIds([id], 'no-name'),
    severity: word === 'unknown' && cvss !== null ? cvssSeverity(cvss) : word,
    cvss,
    title: shortTitle(found.description, component ? `${id} in ${component}` : id),
    ...(component ? { component } : {}),
    ...(version ? { componentVersion: version } : {}),
    ...(path ? { path } : {}),
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
  };
}

/** The first package that is named; what has no package is known by its file. */
function dependency(purls: readonly string[], fileName: string | undefined, path: string | undefined): Dependency {
  const purl = purls.map(parsePurl).find((one) => one !== null);
  return {
    component: (purl && packageName(purl)) ?? fileName,
    version: purl?.version ?? undefined,
    path: path ?? fileName,
  };
}

function scoreOf(stated: number | string | null | undefined): number | null {
  const score = typeof stated === 'string' && stated.trim() === '' ? Number.NaN : Number(stated ?? Number.NaN);
  return score >= 0 && score <= 10 ? score : null;
}

function suppression(notes: string | null | undefined): string {
  const reason = notes?.replace(/\s+/g, ' ').trim();
  return reason ? `suppressed: ${reason}` : 'suppressed';
}

function readJson(file: { readonly path: string }) {
  return jsonSession(file, schemas(), ({ scanInfo, projectInfo, dependencies }) => {
    const items = dependencies.flatMap((one) => {
      const purls = one.packages?.flatMap(({ id }) => id ?? []) ?? [];
      const place = dependency(purls, one.fileName ?? undefined, one.filePath ?? undefined);
      const found = (each: NonNullable<typeof one.vulnerabilities>[number]): Vulnerability => ({
        ...each,
        source: each.source,
        severity: each.severity,
        description: each.description,
        scores: [each.cvssv4?.baseScore, each.cvssv3?.baseScore, each.cvssv2?.score, each.cvssScore].map(scoreOf),
      });
      return [
        ...(one.vulnerabilities ?? []).map((each) => issue(found(each), place)),
        ...(one.suppressedVulnerabilities ?? []).map((each) => issue(found(each), place, suppression(each.notes))),
      ];
    });
    const report: Report = {
      version: scanInfo?.engineVersion ?? undefined,
      reportDate: projectInfo?.reportDate ?? undefined,
      failures: scanInfo?.analysisExceptions?.length ?? 0,
      dependencies: dependencies.length,
      items,
    };
    return toReading(report, file.path);
  });
}

function readXml(file: { readonly path: string }) {
  let scanInfo: XmlPart | undefined;
  let projectInfo: XmlPart | undefined;
  let dependencies = 0;
  const items: SecurityIssue[] = [];
  const handler = partsHandler({
    roots: ['analysis'],
    parts: ['analysis/scanInfo', 'analysis/projectInfo', 'analysis/dependencies/dependency'],
    skip: ['evidenceCollected', 'references', 'vulnerableSoftware', 'relatedDependencies', 'license', 'credits'],
    part(part) {
      if (part.name === 'scanInfo') scanInfo = part;
      else if (part.name === 'projectInfo') projectInfo = part;
      else {
        dependencies += 1;
        for (const found of issuesIn(part)) items.push(found);
      }
    },
    finish: () =>
      toReading(
        {
          version: textOf(scanInfo, 'engineVersion'),
          reportDate: textOf(projectInfo, 'reportDate'),
          failures: childrenOf(childOf(scanInfo, 'analysisExceptions'), 'exception').length,
          dependencies,
          items,
        },
        file.path,
      ),
  });
  return xmlSession(file, handler);
}

function issuesIn(part: XmlPart): readonly SecurityIssue[] {
  const found = childOf(part, 'vulnerabilities')?.children ?? [];
  if (found.length === 0) return [];
  const identifiers = childOf(part, 'identifiers');
  const purls = [
    ...childrenOf(identifiers, 'package').flatMap((one) => textOf(one, 'id') ?? []),
    // Before schema 2.0 Maven coordinates stood here.
    ...childrenOf(identifiers, 'identifier').flatMap((one) => {
      const [group, artifact, version] = (textOf(one, 'name') ?? '').replace(/[()]/g, '').split(':');
      return one.attributes['type'] === 'maven' && group && artifact
        ? [`pkg:maven/${group}/${artifact}${version ? `@${version}` : ''}`]
        : [];
    }),
  ];
  const place = dependency(purls, textOf(part, 'fileName'), textOf(part, 'filePath'));
  return found.flatMap((one) => {
    const name = textOf(one, 'name');
    if (!name || (one.name !== 'vulnerability' && one.name !== 'suppressedVulnerability')) return [];
    const scores = [
      textOf(childOf(one, 'cvssV4'), 'baseScore'),
      textOf(childOf(one, 'cvssV3'), 'baseScore'),
      textOf(childOf(one, 'cvssV2'), 'score'),
      textOf(one, 'cvssScore'),
    ].map(scoreOf);
    const vulnerability: Vulnerability = {
      name,
      source: one.attributes['source'],
      severity: textOf(one, 'severity'),
      description: textOf(one, 'description'),
      scores,
    };
    return [issue(vulnerability, place, one.name === 'vulnerability' ? undefined : suppression(textOf(one, 'notes')))];
  });
}
