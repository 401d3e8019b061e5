import * as z from 'zod/mini';
import { packageName, parsePurl } from '../../core/evidence/purl.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { cvssSeverity, severityIn, statedScore } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const score = z.nullish(z.number());
  const finding = z.object({
    component: z.object({ name: z.string(), group: text, version: text, purl: text }),
    vulnerability: z.object({
      vulnId: z.string().check(z.minLength(1)),
      source: text,
      title: text,
      description: text,
      severity: text,
      cvssV2BaseScore: score,
      cvssV3BaseScore: score,
      cvssV4Score: score,
      patchedVersions: text,
      aliases: z.nullish(z.array(z.record(z.string(), z.unknown()))),
    }),
    analysis: z.nullish(
      z.object({
        state: text,
        analysisState: text,
        justification: text,
        isSuppressed: z.nullish(z.boolean()),
        suppressed: z.nullish(z.boolean()),
      }),
    ),
  });
  const file = z.object({
    version: text,
    meta: z.nullish(z.object({ version: text, timestamp: text })),
    findings: z.array(finding),
  });
  return {
    finding,
    // The API answers with the bare list.
    schema: z.union([
      z.pipe(
        z.array(finding),
        z.transform((findings): z.infer<typeof file> => ({ findings })),
      ),
      file,
    ]),
  };
});

type Schemas = ReturnType<typeof schemas>;
type Finding = z.infer<Schemas['finding']>;

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    low: 'low',
    info: 'info',
    unassigned: 'unknown',
  },
  note: 'A finding without one of these words has the CVSS band of its score.',
};

/** States of an analysis that mean: this is no vulnerability of the project. */
const settled = new Set(['NOT_AFFECTED', 'FALSE_POSITIVE', 'RESOLVED']);

/** Dependency-Track's Finding Packaging Format, and the findings of a project as its API lists them. */
export const dependencyTrack: SignalReader = {
  id: 'dependency-track',
  title: 'Dependency-Track findings (FPF) JSON',
  gives: ['security-issues'],
  names: ['dependency-track*.json', '*.fpf.json'],
  countingUnit:
    'One pair of vulnerability and component. Findings that are suppressed, or analysed as not affected, false positive or resolved, are kept with that reason.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    if (Array.isArray(value)) return isFinding(objectOf(value[0]));
    const root = objectOf(value);
    if (!Array.isArray(root['findings'])) {
      // The list comes last, and may begin behind the part that is looked at.
      return objectOf(root['meta'])['application'] === 'Dependency-Track' && 'project' in root;
    }
    return objectOf(root['meta'])['application'] === 'Dependency-Track' || isFinding(objectOf(root['findings'][0]));
  },
  open: (file) =>
    jsonSession(file, schemas().schema, ({ meta, findings }): Reading => {
      const takenAt = zonedTime(meta?.timestamp);
      return {
        producer: { name: 'dependency-track', ...(meta?.version ? { version: meta.version } : {}) },
        ...(takenAt ? { takenAt } : {}),
        facts: [{ kind: 'security-issues', scope: 'dependencies', items: findings.map(toIssue), scanned: null }],
        notices: [],
      };
    }),
};

function isFinding(value: Readonly<Record<string, unknown>>): boolean {
  return 'vulnId' in objectOf(value['vulnerability']) && 'component' in value;
}

function toIssue({ component, vulnerability, analysis }: Finding): SecurityIssue {
  const purl = parsePurl(component.purl ?? '');
  const name = purl ? packageName(purl) : component.group ? `${component.group}:${component.name}` : component.name;
  // Advisories of npm had numbers for names.
  const id = /^\d+$/.test(vulnerability.vulnId)
    ? `${vulnerability.source || 'advisory'}-${vulnerability.vulnId}`
    : vulnerability.vulnId;
  const aliases = (vulnerability.aliases ?? []).flatMap((alias) => aliasIds(alias));
  const { cvssV4Score: v4, cvssV3BaseScore: v3, cvssV2BaseScore: v2 } = vulnerability;
  const cvss = statedScore(v4) ?? statedScore(v3) ?? statedScore(v2);
  const word = severityIn(severityTable, vulnerability.severity);
  const suppressedBy = suppression(analysis);
  const fixedIn = vulnerability.patchedVersions;
  const version = component.version || purl?.version;
  return {
    ids: advisoryIds([id, ...aliases], 'no-identifier'),
    severity: word === 'unknown' && cvss !== null ? cvssSeverity(cvss) : word,
    cvss,
    title: shortTitle(vulnerability.title || vulnerability.description, `${id} in ${name}`),
    component: name,
    ...(version ? { componentVersion: version } : {}),
    ...(fixedIn ? { fixedIn } : {}),
    ...(suppressedBy ? { suppressedBy } : {}),
  };
}

/** `cveId`, `ghsaId`, `osvId`, `snykId` …; the same again by source. */
function aliasIds(alias: Readonly<Record<string, unknown>>): readonly string[] {
  return [...Object.entries(alias), ...Object.entries(objectOf(alias['allBySource']))].flatMap(([key, id]) =>
    typeof id === 'string' && key !== 'uuid' ? [id] : [],
  );
}

function suppression(analysis: Finding['analysis']): string | undefined {
  const state = (analysis?.state ?? analysis?.analysisState)?.toUpperCase();
  const justification = analysis?.justification && analysis.justification !== 'NOT_SET' ? analysis.justification : '';
  if (state && settled.has(state)) return justification ? `${state}: ${justification}` : state;
  if (!(analysis?.isSuppressed ?? analysis?.suppressed)) return undefined;
  return ['suppressed', state !== 'NOT_SET' && state, justification].filter(Boolean).join(', ');
}
