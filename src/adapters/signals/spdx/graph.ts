import { AqeError } from '../../../core/error/aqe-error.ts';
import { packageName, parsePurl } from '../../../core/evidence/purl.ts';
import type { Reading, SecurityIssue, Severity, VexStatement } from '../../../core/evidence/reading.ts';
import type { SeverityTable } from '../../../ports/signal-reader.ts';
import { advisoryIds, advisoryIdsIn } from '../shared/advisory-ids.ts';
import { cvssBaseScore } from '../shared/cvss.ts';
import { objectOf, stringOf } from '../shared/json.ts';
import { cvssSeverity, severityIn } from '../shared/severity.ts';
import { shortTitle } from '../shared/short-title.ts';
import { noScan } from './document.ts';

export const spdxSeverities: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', none: 'info' },
  note: 'SPDX 3 only; version 2 has no severities. A score without a word has its CVSS band.',
};

type Element = Readonly<Record<string, unknown>>;

const assessments = new Map<string, VexStatement['status']>([
  ['VexAffectedVulnAssessmentRelationship', 'affected'],
  ['VexNotAffectedVulnAssessmentRelationship', 'not_affected'],
  ['VexFixedVulnAssessmentRelationship', 'fixed'],
  ['VexUnderInvestigationVulnAssessmentRelationship', 'under_investigation'],
]);

interface Link {
  readonly vulnerability: Element;
  readonly target: Element | undefined;
  readonly targetId: string;
}

type Assessed = Link & { readonly status: VexStatement['status']; readonly reason: string };

/**
 * SPDX 3 as a JSON-LD graph. Vulnerabilities that packages are said to have are findings, with the assessments of the
 * document applied; assessments alone are VEX; neither is an inventory.
 */
export function readingOfGraph(graph: readonly unknown[], path: string): Reading {
  const elements = graph.map(objectOf);
  if (!elements.some((element) => ['SpdxDocument', 'CreationInfo'].includes(typeOf(element))))
    throw new AqeError('AQE2003', 'the graph holds neither a document nor its creation', { path });
  const byId = new Map(elements.flatMap((element) => (idOf(element) ? [[idOf(element)!, element] as const] : [])));

  const associated: Link[] = [];
  const assessed: Assessed[] = [];
  const scores = new Map<Element, { readonly score: number | null; readonly severity: Severity }[]>();
  for (const element of elements) {
    const status = assessments.get(typeOf(element));
    if (status) {
      const reason = reasonOf(element);
      for (const link of linksFromVulnerability(element)) assessed.push({ ...link, status, reason });
    } else if (/^CvssV\d\w*VulnAssessmentRelationship$/.test(typeOf(element))) {
      const vulnerability = byId.get(stringOf(element['from']));
      if (vulnerability) addTo(scores, vulnerability, ratingOf(element));
    } else if (element['relationshipType'] === 'hasAssociatedVulnerability') {
      const from = stringOf(element['from']);
      for (const to of textsOf(element['to'])) {
        const vulnerability = byId.get(to);
        if (vulnerability) associated.push({ vulnerability, target: byId.get(from), targetId: from });
      }
    }
  }

  const producer = producerOf(elements, byId);
  if (associated.length > 0) {
    const said = new Map<string, Assessed[]>();
    for (const one of assessed) addTo(said, pairOf(one), one);
    const items = associated.map((link) =>
      issueOf(link, scores.get(link.vulnerability) ?? [], said.get(pairOf(link)) ?? []),
    );
    return {
      producer,
      facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: null }],
      notices: [],
    };
  }
  if (assessed.length > 0)
    return { producer, facts: [{ kind: 'vex', statements: assessed.map(statementOf) }], notices: [] };
  return { producer, facts: [], notices: [noScan] };

  function linksFromVulnerability(element: Element): readonly Link[] {
    const vulnerability = byId.get(stringOf(element['from']));
    if (!vulnerability) return [];
    const assessedElement = element['security_assessedElement'] ?? element['assessedElement'];
    const targets = typeof assessedElement === 'string' ? [assessedElement] : textsOf(element['to']);
    return targets.map((targetId) => ({ vulnerability, target: byId.get(targetId), targetId }));
  }
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Two statements are on the same thing if they share vulnerability and target. */
function pairOf({ vulnerability, targetId }: Link): string {
  return JSON.stringify([idOf(vulnerability), targetId]);
}

/** The type without the profile's prefix (`security_Vulnerability`). */
function typeOf(element: Element): string {
  const type = element['type'] ?? element['@type'];
  return typeof type === 'string' ? type.slice(type.lastIndexOf('_') + 1) : '';
}

function idOf(element: Element): string | undefined {
  const id = element['spdxId'] ?? element['@id'];
  return typeof id === 'string' ? id : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

function textOf(element: Element, ...keys: readonly string[]): string | undefined {
  return keys.map((key) => element[key]).find((value): value is string => typeof value === 'string' && value !== '');
}

function idsOf(vulnerability: Element): readonly string[] {
  const named = Array.isArray(vulnerability['externalIdentifier']) ? vulnerability['externalIdentifier'] : [];
  const texts = [
    ...named.map((one) => textOf(objectOf(one), 'identifier')),
    textOf(vulnerability, 'name'),
    ...advisoryIdsIn(idOf(vulnerability) ?? ''),
  ];
  const ids = advisoryIds(texts.filter((one) => one && !/\s|^https?:/.test(one)));
  return ids.length > 0 ? ids : [idOf(vulnerability) ?? 'no-identifier'];
}

interface Place {
  readonly component: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
}

function placeOf({ target, targetId }: Link): Place {
  const external = Array.isArray(target?.['externalIdentifier']) ? target['externalIdentifier'].map(objectOf) : [];
  const text = [
    textOf(target ?? {}, 'software_packageUrl', 'packageUrl'),
    ...external.map((one) => textOf(one, 'identifier')),
    targetId,
  ].find((one) => one !== undefined && parsePurl(one) !== null);
  const purl = text === undefined ? null : parsePurl(text);
  return {
    component: purl ? packageName(purl) : (textOf(target ?? {}, 'name') ?? targetId),
    version: textOf(target ?? {}, 'software_packageVersion', 'packageVersion') ?? purl?.version ?? undefined,
    purl: text,
  };
}

function ratingOf(element: Element): { readonly score: number | null; readonly severity: Severity } {
  const stated = element['security_score'] ?? element['score'];
  const score =
    typeof stated === 'number' || typeof stated === 'string'
      ? Number(stated)
      : cvssBaseScore(textOf(element, 'security_vectorString', 'vectorString') ?? '');
  const valid = score !== null && score >= 0 && score <= 10 ? score : null;
  const word = severityIn(spdxSeverities, textOf(element, 'security_severity', 'severity'));
  return { score: valid, severity: word === 'unknown' && valid !== null ? cvssSeverity(valid) : word };
}

function reasonOf(element: Element): string {
  return [
    textOf(element, 'security_justificationType', 'justificationType'),
    textOf(element, 'security_impactStatement', 'impactStatement'),
    textOf(element, 'security_statusNotes', 'statusNotes'),
  ]
    .filter(Boolean)
    .join(', ')
    .replace(/\s+/g, ' ');
}

function issueOf(
  link: Link,
  ratings: readonly { readonly score: number | null; readonly severity: Severity }[],
  said: readonly Assessed[],
): SecurityIssue {
  const ids = idsOf(link.vulnerability);
  const { component, version } = placeOf(link);
  const worst = ratings.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1))[0];
  const open = said.some(({ status }) => status === 'affected' || status === 'under_investigation');
  const away = open ? undefined : said[0];
  return {
    ids,
    severity: worst?.severity ?? 'unknown',
    cvss: worst?.score ?? null,
    title: shortTitle(textOf(link.vulnerability, 'summary', 'description'), `${ids[0]} in ${component}`),
    component,
    ...(version ? { componentVersion: version } : {}),
    ...(away ? { suppressedBy: away.reason ? `${away.status}: ${away.reason}` : away.status } : {}),
  };
}

function statementOf(one: Assessed): VexStatement {
  const { component, purl } = placeOf(one);
  return {
    ids: idsOf(one.vulnerability),
    status: one.status,
    components: [],
    products: [purl ?? component],
    ...(one.reason ? { reason: one.reason } : {}),
  };
}

function producerOf(elements: readonly Element[], byId: ReadonlyMap<string, Element>): Reading['producer'] {
  const creation = elements.find((element) => typeOf(element) === 'CreationInfo');
  const tool = textsOf(creation?.['createdUsing'])
    .map((id) => textOf(byId.get(id) ?? {}, 'name'))
    .find(Boolean);
  return { name: tool ?? 'spdx' };
}
