import { packageName, parsePurl, purlAtVersion } from '../../../core/evidence/purl.ts';
import type { Reading, SecurityIssue, VexStatement } from '../../../core/evidence/reading.ts';
import type { SeverityTable } from '../../../ports/signal-reader.ts';
import { advisoryIds } from '../shared/advisory-ids.ts';
import { cvssBaseScore } from '../shared/cvss.ts';
import { zonedTime } from '../shared/zoned-time.ts';
import { cvssSeverity, severityIn } from '../shared/severity.ts';
import { shortTitle } from '../shared/short-title.ts';

type Text = string | null | undefined;

/** What JSON and XML of all versions have in common. */
export interface Bom {
  readonly tools: readonly { readonly name: Text; readonly version: Text }[];
  readonly timestamp: Text;
  /** The thing that the document describes. */
  readonly subject: BomComponent | null;
  readonly components: readonly BomComponent[];
  /** Null if the document has no such list. */
  readonly vulnerabilities: readonly BomVulnerability[] | null;
}

export interface BomComponent {
  readonly ref: Text;
  readonly group: Text;
  readonly name: Text;
  readonly version: Text;
  readonly purl: Text;
}

export interface BomVulnerability {
  /** Its own id, then those of the same vulnerability elsewhere. Never empty. */
  readonly ids: readonly string[];
  readonly ratings: readonly { readonly score: Text | number; severity: Text; method: Text; vector: Text }[];
  readonly description: Text;
  readonly affects: readonly BomTarget[];
  readonly state: Text;
  readonly justification: Text;
  readonly detail: Text;
}

export interface BomTarget {
  readonly ref: string;
  readonly versions: readonly { readonly version: Text; readonly range: Text; readonly status: Text }[];
}

export const cyclonedxSeverities: SeverityTable = {
  words: {
    critical: 'critical',
    high: 'high',
    medium: 'medium',
    low: 'low',
    info: 'info',
    none: 'info',
    unknown: 'unknown',
  },
  note:
    'Of several ratings the one with the highest CVSS score of version 3.1 or later counts, then of version 3.0, then of version 2; ' +
    'by its band; without a score the worst word.',
};

/** States of an analysis that mean: this is no vulnerability of the product. */
const settled = new Set(['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree']);

const statuses = new Map<string, VexStatement['status']>([
  ['not_affected', 'not_affected'],
  ['false_positive', 'not_affected'],
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['exploitable', 'affected'],
  ['in_triage', 'under_investigation'],
]);

/**
 * Tools whose documents are scans: an empty list of theirs means that nothing was found. Others write an empty list into
 * every inventory.
 */
const scanners = /^(grype|osv-scanner|dependency-track|jake|snyk|(owasp )?dep-?scan)/i;

/** A document without vulnerabilities is an inventory and says nothing; one of statements only is VEX; others are scans. */
export function readingOf(bom: Bom): Reading {
  const { vulnerabilities } = bom;
  const tool = bom.tools.find(({ name }) => name);
  const producer = {
    name: tool?.name ?? 'cyclonedx',
    ...(tool?.version ? { version: tool.version } : {}),
  };
  const isClean = vulnerabilities?.length === 0 && bom.tools.some(({ name }) => scanners.test(name ?? ''));
  if (vulnerabilities === null || (vulnerabilities.length === 0 && !isClean))
    return {
      producer,
      facts: [],
      notices: ['a list of components without vulnerabilities is no scan: nothing is known of their security'],
    };
  const find = finder(bom);
  // A statement holds as long as it stands: its age is no age of a measurement.
  if (isVex(bom, vulnerabilities))
    return {
      producer,
      facts: [{ kind: 'vex', statements: vulnerabilities.flatMap((one) => statementsOf(one, bom, find)) }],
      notices: [],
    };
  const takenAt = zonedTime(bom.timestamp);
  return {
    producer,
    ...(takenAt ? { takenAt } : {}),
    facts: [
      {
        kind: 'security-issues',
        scope: 'dependencies',
        items: vulnerabilities.flatMap((one) => issuesOf(one, find)),
        scanned: bom.components.length || null,
      },
    ],
    notices: [],
  };
}

function isVex(bom: Bom, vulnerabilities: readonly BomVulnerability[]): boolean {
  if (!vulnerabilities.every(({ state }) => state && statuses.has(state.toLowerCase()))) return false;
  if (vulnerabilities.length === 0) return false;
  if (bom.components.length === 0) return true;
  const refs = vulnerabilities.flatMap(({ affects }) => affects.map(({ ref }) => ref));
  return refs.length > 0 && refs.every((ref) => ref.startsWith('urn:cdx:'));
}

interface Place {
  readonly component: string | undefined;
  readonly version: string | undefined;
  readonly purl: string | undefined;
}

/** Looks a reference up: a component of the document, a link into another document, or a package URL. */
function finder(bom: Bom): (ref: string) => Place {
  const byRef = new Map<string, BomComponent>();
  for (const one of [...bom.components, ...(bom.subject ? [bom.subject] : [])])
    for (const key of [one.ref, one.purl]) if (key && !byRef.has(key)) byRef.set(key, one);
  return (ref) => {
    const inner = ref.startsWith('urn:cdx:') ? decoded(ref.slice(ref.indexOf('#') + 1)) : ref;
    const known = byRef.get(inner);
    const text = known?.purl || (parsePurl(inner) ? inner : undefined);
    const purl = text ? parsePurl(text) : null;
    return {
      component: purl ? packageName(purl) : known?.name ? nameOf(known) : undefined,
      version: known?.version || purl?.version || undefined,
      purl: purl ? text : undefined,
    };
  };
}

function nameOf({ group, name }: BomComponent): string {
  return group ? `${group}${group.startsWith('@') ? '/' : ':'}${name}` : name!;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function issuesOf(found: BomVulnerability, find: (ref: string) => Place): readonly SecurityIssue[] {
  const ids = advisoryIds(found.ids, 'no-identifier');
  const { severity, cvss } = worstRating(found.ratings);
  const analysed = suppression(found);
  const targets: readonly (BomTarget | undefined)[] = found.affects.length > 0 ? found.affects : [undefined];
  return targets.map((target) => {
    const { component, version } = target ? find(target.ref) : { component: undefined, version: undefined };
    const suppressedBy = analysed ?? (target && isUnaffected(target) ? 'unaffected' : undefined);
    return {
      ids,
      severity,
      cvss,
      title: shortTitle(found.description, component ? `${ids[0]} in ${component}` : ids[0]!),
      ...(component ? { component } : {}),
      ...(version ? { componentVersion: version } : {}),
      ...(suppressedBy ? { suppressedBy } : {}),
    };
  });
}

function isUnaffected({ versions }: BomTarget): boolean {
  return versions.length > 0 && versions.every(({ status }) => status?.toLowerCase() === 'unaffected');
}

function worstRating(ratings: BomVulnerability['ratings']): Pick<SecurityIssue, 'severity' | 'cvss'> {
  for (const rank of [0, 1, 2]) {
    const scores = ratings.flatMap((rating) => (rankOf(rating) === rank ? (scoreOf(rating) ?? []) : []));
    const worst = scores.toSorted((a, b) => b - a)[0];
    if (worst !== undefined) return { severity: cvssSeverity(worst), cvss: worst };
  }
  const words = ratings.map(({ severity }) => severityIn(cyclonedxSeverities, severity));
  const order = ['critical', 'high', 'medium', 'low', 'info'] as const;
  return { severity: order.find((severity) => words.includes(severity)) ?? 'unknown', cvss: null };
}

/** 0 for CVSS 3.1 and later, 1 for 3.0, 2 for 2.0; undefined for OWASP, SSVC and methods of one's own, whose scores have other scales. */
function rankOf({ method, vector }: BomVulnerability['ratings'][number]): 0 | 1 | 2 | undefined {
  const name = (method ?? '').toLowerCase().replace(/[^a-z0-9]/g, '');
  if (/^cvssv(31|4)/.test(name) || /^CVSS:(3\.1|4)/.test(vector ?? '')) return 0;
  if (name.startsWith('cvssv3') || vector?.startsWith('CVSS:3.0')) return 1;
  return name.startsWith('cvssv2') ? 2 : undefined;
}

function scoreOf(rating: BomVulnerability['ratings'][number]): number | null {
  const { score, vector } = rating;
  if (score !== null && score !== undefined && score !== '') {
    const value = Number(score);
    return value >= 0 && value <= 10 ? value : null;
  }
  const whole = vector && !vector.startsWith('CVSS:') && rankOf(rating) !== 2 ? `CVSS:3.1/${vector}` : vector;
  return cvssBaseScore(whole ?? '');
}

function suppression({ state, justification, detail }: BomVulnerability): string | undefined {
  if (!state || !settled.has(state.toLowerCase())) return undefined;
  const why = [justification, detail && shortTitle(detail, '')].filter(Boolean).join(', ');
  return why ? `${state}: ${why}` : state;
}

function statementsOf(found: BomVulnerability, bom: Bom, find: (ref: string) => Place): readonly VexStatement[] {
  const ids = advisoryIds(found.ids, 'no-identifier');
  const status = statuses.get(found.state?.toLowerCase() ?? '')!;
  const reason = [found.justification, found.detail].filter(Boolean).join(', ').replace(/\s+/g, ' ');
  const subject = bom.subject && (bom.subject.purl || bom.subject.name);
  const targets: readonly (BomTarget | undefined)[] = found.affects.length > 0 ? found.affects : [undefined];
  return targets.map((target) => {
    const isSubject = target !== undefined && target.ref === bom.subject?.ref;
    const components = target && !isSubject ? componentsOf(target, find(target.ref), status) : [];
    return { ids, status, components, products: subject ? [subject] : [], ...(reason ? { reason } : {}) };
  });
}

/**
 * Names that a statement is about. A range of versions is not compared: what is affected counts for all versions then, and
 * what is not affected for none.
 */
function componentsOf(
  { ref, versions }: BomTarget,
  { component, version, purl }: Place,
  status: VexStatement['status'],
): readonly string[] {
  const name = purl ?? component ?? ref;
  if (versions.length === 0) return [purl !== undefined && version ? purlAtVersion(purl, version) : name];
  if (purl !== undefined && parsePurl(purl)?.version) return [purl];
  const exact = versions.flatMap((one) => one.version || []);
  if (purl !== undefined && exact.length > 0) return exact.map((one) => purlAtVersion(purl, one));
  const isOpen = status === 'affected' || status === 'under_investigation';
  return [isOpen ? name : `${component ?? ref} (${versions.map((one) => one.range || one.version).join(', ')})`];
}
