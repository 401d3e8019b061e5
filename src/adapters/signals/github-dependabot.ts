import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { alertPages, refusalBy } from './shared/github-alert-pages.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { cvssBaseScore } from './shared/cvss.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { cvssSeverity, severityIn, statedScore } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

const schemas = onFirstUse(() => {
  const scored = z.nullish(z.object({ score: z.nullish(z.number()), vectorString: text, vector_string: text }));
  const advisory = {
    summary: text,
    description: text,
    identifiers: z.nullish(z.array(z.object({ value: z.string() }))),
    cvss: scored,
  };
  const named = z.nullish(z.object({ name: text }));
  /** GraphQL: `RepositoryVulnerabilityAlert`. */
  const graph = z.object({
    state: text,
    dismissReason: text,
    dismissComment: text,
    dismissedAt: text,
    autoDismissedAt: text,
    fixedAt: text,
    vulnerableManifestPath: text,
    vulnerableRequirements: text,
    securityVulnerability: z.object({
      severity: text,
      package: named,
      firstPatchedVersion: z.nullish(z.object({ identifier: text })),
      advisory: z.nullish(
        z.object({
          ...advisory,
          ghsaId: text,
          cvssSeverities: z.nullish(z.object({ cvssV3: scored, cvssV4: scored })),
        }),
      ),
    }),
  });
  const rest = z.object({
    state: text,
    dismissed_reason: text,
    dismissed_comment: text,
    dismissed_at: text,
    auto_dismissed_at: text,
    fixed_at: text,
    dependency: z.nullish(z.object({ package: named, manifest_path: text })),
    security_advisory: z.object({
      ...advisory,
      ghsa_id: text,
      cve_id: text,
      severity: text,
      cvss_severities: z.nullish(z.object({ cvss_v3: scored, cvss_v4: scored })),
    }),
    security_vulnerability: z.nullish(
      z.object({
        severity: text,
        package: named,
        first_patched_version: z.nullish(z.object({ identifier: text })),
      }),
    ),
  });
  return { graph, rest };
});

type Schemas = ReturnType<typeof schemas>;

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', moderate: 'medium', medium: 'medium', low: 'low' },
  note: 'An alert without one of these words has the CVSS band of its score.',
};

/**
 * Dependabot alerts: the REST list, and GraphQL answers with `vulnerabilityAlerts`, each also as several pages one after
 * the other. An answer that says it has more pages is refused.
 */
export const githubDependabot: SignalReader = {
  id: 'github-dependabot',
  title: 'GitHub Dependabot alerts JSON',
  gives: ['security-issues'],
  names: ['dependabot*.json'],
  countingUnit: 'One alert: one advisory in one manifest. Fixed and dismissed alerts are kept with that reason.',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    if (/^\s*\[\s*\]\s*$/.test(head.text)) return /(^|\/)[^/]*dependabot[^/]*\.json$/i.test(head.path);
    if (Array.isArray(value)) {
      const first = objectOf(Array.isArray(value[0]) ? value[0][0] : value[0]);
      return 'security_advisory' in first || ('data' in first && hasAlerts(first));
    }
    const root = objectOf(value);
    if (refusalBy(root, /dependabot/) !== undefined) return true;
    return 'data' in root && (hasAlerts(root) || ('errors' in root && /dependabot[^/]*$/i.test(head.path)));
  },
  open: (file) =>
    alertPages(file, {
      connection: 'vulnerabilityAlerts',
      finish: (alerts) => ({
        producer: { name: 'dependabot' },
        facts: [
          {
            kind: 'security-issues',
            scope: 'dependencies',
            items: alerts.map((alert) => toIssue(alert, file)),
            scanned: null,
          },
        ],
        notices: [],
      }),
    }),
};

function hasAlerts(root: Readonly<Record<string, unknown>>): boolean {
  // The few levels above the alerts have the names of the query's author.
  let level: readonly unknown[] = [root];
  for (let depth = 0; depth < 8 && level.length > 0; depth += 1) {
    const objects = level.map(objectOf);
    if (objects.some((object) => 'vulnerabilityAlerts' in object)) return true;
    level = objects.flatMap((object) => Object.values(object).flat(1)).slice(0, 1000);
  }
  return false;
}

function toIssue(alert: unknown, file: { readonly path: string }): SecurityIssue {
  if ('security_advisory' in objectOf(alert)) return fromRest(checkShape(file, schemas().rest, alert));
  if ('securityVulnerability' in objectOf(alert)) return fromGraph(checkShape(file, schemas().graph, alert));
  throw new AqeError('AQE2003', 'an alert names neither an advisory nor a vulnerability', file);
}

function fromGraph(alert: z.infer<Schemas['graph']>): SecurityIssue {
  const { securityVulnerability: found } = alert;
  const { advisory } = found;
  return issueOf({
    ids: [...(advisory?.identifiers?.map(({ value }) => value) ?? []), advisory?.ghsaId],
    severity: found.severity,
    scores: [advisory?.cvssSeverities?.cvssV4, advisory?.cvssSeverities?.cvssV3, advisory?.cvss],
    title: advisory?.summary || advisory?.description,
    component: found.package?.name,
    // `= 1.5.0` is an exact version; other requirements are not.
    version: /^=\s*(\S+)$/.exec(alert.vulnerableRequirements ?? '')?.[1],
    fixedIn: found.firstPatchedVersion?.identifier,
    path: alert.vulnerableManifestPath,
    state: alert.state ?? stateBy(alert.fixedAt, alert.dismissedAt, alert.autoDismissedAt),
    why: [alert.dismissReason, alert.dismissComment],
  });
}

function fromRest(alert: z.infer<Schemas['rest']>): SecurityIssue {
  const { security_advisory: advisory, security_vulnerability: found, dependency } = alert;
  const { cvss_severities: severities } = advisory;
  return issueOf({
    ids: [advisory.cve_id, advisory.ghsa_id, ...(advisory.identifiers?.map(({ value }) => value) ?? [])],
    severity: found?.severity ?? advisory.severity,
    scores: [severities?.cvss_v4, severities?.cvss_v3, advisory.cvss],
    title: advisory.summary || advisory.description,
    component: dependency?.package?.name ?? found?.package?.name,
    version: undefined,
    fixedIn: found?.first_patched_version?.identifier,
    path: dependency?.manifest_path,
    state: alert.state ?? stateBy(alert.fixed_at, alert.dismissed_at, alert.auto_dismissed_at),
    why: [alert.dismissed_reason, alert.dismissed_comment],
  });
}

type Text = string | null | undefined;
type Scored = z.infer<Schemas['rest']>['security_advisory']['cvss'];

interface Alert {
  readonly ids: readonly Text[];
  readonly severity: Text;
  readonly scores: readonly Scored[];
  readonly title: Text;
  readonly component: Text;
  readonly version: Text;
  readonly fixedIn: Text;
  readonly path: Text;
  readonly state: Text;
  readonly why: readonly Text[];
}

function issueOf(alert: Alert): SecurityIssue {
  const ids = advisoryIds(alert.ids);
  const { component, version, fixedIn, path } = alert;
  const cvss = alert.scores.map(scoreOf).find((score) => score !== null) ?? null;
  const word = severityIn(severityTable, alert.severity);
  const state = alert.state?.toLowerCase() ?? 'open';
  const why = alert.why.filter(Boolean).join(', ');
  const fallback = ids[0] ?? 'dependabot-alert';
  return {
    ids: ids.length > 0 ? ids : [fallback],
    severity: word === 'unknown' && cvss !== null ? cvssSeverity(cvss) : word,
    cvss,
    title: shortTitle(alert.title, component ? `${fallback} in ${component}` : fallback),
    ...(component ? { component } : {}),
    ...(version ? { componentVersion: version } : {}),
    ...(fixedIn ? { fixedIn } : {}),
    ...(path ? { path } : {}),
    // A state that nobody knows yet is open.
    ...(['fixed', 'dismissed', 'auto_dismissed'].includes(state)
      ? { suppressedBy: why ? `${state}: ${why}` : state }
      : {}),
  };
}

/** GitHub writes 0 where nobody scored. */
function scoreOf(scored: Scored): number | null {
  const stated = statedScore(scored?.score);
  if (stated) return stated;
  return cvssBaseScore(scored?.vectorString ?? scored?.vector_string ?? '');
}

function stateBy(fixedAt: Text, dismissedAt: Text, autoDismissedAt: Text): string {
  if (fixedAt) return 'fixed';
  return dismissedAt ? 'dismissed' : autoDismissedAt ? 'auto_dismissed' : 'open';
}
