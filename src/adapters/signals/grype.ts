import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';
import { zonedTime } from './shared/zoned-time.ts';

const severityTable: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    low: 'low',
    negligible: 'info',
    unknown: 'unknown',
  },
};

const schemas = onFirstUse(() => {
  const cvss = z.nullish(
    z.array(z.object({ version: text, metrics: z.nullish(z.object({ baseScore: z.nullish(z.number()) })) })),
  );
  const rule = z.object({
    vulnerability: text,
    reason: text,
    namespace: text,
    'fix-state': text,
    'vex-status': text,
    'vex-justification': text,
  });
  const match = z.object({
    vulnerability: z.object({
      id: z.string().check(z.minLength(1)),
      namespace: text,
      severity: text,
      description: text,
      cvss,
      fix: z.nullish(z.object({ versions: z.nullish(z.array(z.string())) })),
    }),
    relatedVulnerabilities: z.nullish(z.array(z.object({ id: z.string(), description: text, cvss }))),
    artifact: z.object({
      id: text,
      name: z.string(),
      version: text,
      locations: z.nullish(z.array(z.object({ path: text, layerID: text }))),
    }),
    appliedIgnoreRules: z.nullish(z.array(rule)),
  });
  const failure = z.nullish(z.union([z.string(), z.looseObject({})]));
  const report = z.object({
    matches: z.nullish(z.array(match)),
    ignoredMatches: z.nullish(z.array(match)),
    source: z.nullish(z.object({ type: text })),
    descriptor: z.nullish(
      z.object({
        version: text,
        timestamp: text,
        db: z.nullish(z.object({ error: failure, status: z.nullish(z.object({ error: failure })) })),
      }),
    ),
  });
  return { match, rule, report };
});

type Schemas = ReturnType<typeof schemas>;
type Match = z.infer<Schemas['match']>;

/** `grype -o json`. Matches that a rule or a VEX document ignores (`--show-suppressed`) are kept with that reason. */
export const grype: SignalReader = {
  id: 'grype',
  title: 'Grype JSON',
  gives: ['security-issues'],
  names: ['grype*.json'],
  countingUnit:
    'One match: one vulnerability of one package at its place. Matches that are alike in all of that are one.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const isList = Array.isArray(root['matches']) || root['matches'] === null;
    if (!isList) return false;
    const descriptor = objectOf(root['descriptor']);
    if (descriptor['name'] === 'grype') return true;
    const first = objectOf((root['matches'] as readonly unknown[] | null)?.[0]);
    // The descriptor stands behind the matches, which may be longer than the head.
    const found = objectOf(first['vulnerability']);
    return 'id' in found && ['dataSource', 'namespace', 'fix'].some((key) => key in found);
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file.path)),
};

function toReading(report: z.infer<Schemas['report']>, path: string): Reading {
  const { descriptor } = report;
  const failure = descriptor?.db?.error || descriptor?.db?.status?.error;
  if (failure)
    throw new AqeError('AQE2006', 'Grype reports that its vulnerability database could not be used', { path });
  const takenAt = zonedTime(descriptor?.timestamp);
  const issues = new Map<string, SecurityIssue>();
  for (const match of report.matches ?? []) issues.set(keyOf(match), toIssue(match));
  for (const match of report.ignoredMatches ?? []) {
    const key = keyOf(match);
    if (!issues.has(key)) issues.set(key, { ...toIssue(match), suppressedBy: reasonOf(match) });
  }
  return {
    producer: { name: 'grype', ...(descriptor?.version ? { version: descriptor.version } : {}) },
    ...(takenAt ? { takenAt } : {}),
    facts: [
      {
        kind: 'security-issues',
        scope: report.source?.type === 'image' ? 'container' : 'dependencies',
        items: [...issues.values()],
        scanned: null,
      },
    ],
    notices: [],
  };
}

function keyOf({ vulnerability: { id, namespace }, artifact }: Match): string {
  return JSON.stringify([id, namespace, artifact.id, artifact.name, artifact.version, artifact.locations]);
}

function toIssue(match: Match): SecurityIssue {
  const { vulnerability: found, relatedVulnerabilities: related, artifact } = match;
  const descriptions = [found.description, ...(related ?? []).map(({ description }) => description)];
  return vulnerability({
    ids: [found.id, ...aliasesOf(match)],
    severity: severityIn(severityTable, found.severity),
    cvss: scoreOf(found.cvss) ?? (related ?? []).map(({ cvss }) => scoreOf(cvss)).find((score) => score !== null),
    title: descriptions.find(Boolean),
    component: artifact.name,
    version: artifact.version,
    fixedIn: found.fix?.versions ?? [],
    path: artifact.locations?.find(({ path }) => path)?.path,
  });
}

/** A distribution's advisory may repair several vulnerabilities: then they are no names of one. */
function aliasesOf({ vulnerability: { id }, relatedVulnerabilities: related }: Match): readonly string[] {
  const others = [...new Set((related ?? []).map((one) => one.id))].filter((one) => one !== id);
  return others.filter((one) => one.startsWith('CVE-')).length > 1 ? [] : others;
}

/** The highest score of the newest version of CVSS that somebody scored. */
function scoreOf(cvss: Match['vulnerability']['cvss']): number | null {
  for (const major of ['4', '3', '2']) {
    const scores = (cvss ?? []).filter(({ version }) => version?.startsWith(major));
    const best = Math.max(0, ...scores.map(({ metrics }) => metrics?.baseScore ?? 0));
    if (best > 0) return best;
  }
  return null;
}

function reasonOf({ appliedIgnoreRules: rules }: Match): string {
  const reasons = (rules ?? []).map((rule) => {
    const vex = [rule['vex-status'], rule['vex-justification']].filter(Boolean).join(', ');
    const state = rule['fix-state'] ? `fix state ${rule['fix-state']}` : '';
    return (
      rule.reason || (vex ? `VEX: ${vex}` : '') || state || (rule.vulnerability ? `rule for ${rule.vulnerability}` : '')
    );
  });
  return [...new Set(reasons.filter(Boolean))].join('; ') || 'ignored by a rule of the Grype configuration';
}
