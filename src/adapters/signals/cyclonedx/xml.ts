import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { childOf, childrenOf, partsHandler, textOf, type XmlPart } from '../shared/xml-parts.ts';
import { xmlSession } from '../shared/xml.ts';
import { readingOf, type BomComponent, type BomTarget, type BomVulnerability } from './bom.ts';

/** XML of all versions, and the extension for vulnerabilities that was used before version 1.4. */
export function cyclonedxXml(file: { readonly path: string }): ReadingSession {
  let metadata: XmlPart | undefined;
  let listed = false;
  const components: BomComponent[] = [];
  const vulnerabilities: BomVulnerability[] = [];

  const take = (part: XmlPart): void => {
    const component = toComponent(part);
    if (component) components.push(component);
    for (const list of childrenOf(part, 'vulnerabilities')) {
      listed = true;
      for (const one of childrenOf(list, 'vulnerability'))
        vulnerabilities.push(toVulnerability(one, component?.ref || component?.purl || undefined));
    }
    for (const kind of ['component', 'service'])
      for (const inner of childrenOf(childOf(part, `${kind}s`), kind)) take(inner);
  };

  const handler = partsHandler({
    roots: ['bom'],
    parts: ['bom/metadata', 'bom/components/component', 'bom/services/service', 'bom/vulnerabilities'],
    skip: ['licenses', 'hashes', 'externalReferences', 'properties', 'pedigree', 'evidence', 'signature', 'data'],
    part(part) {
      if (part.name === 'metadata') metadata = part;
      else if (part.name === 'vulnerabilities') {
        listed = true;
        for (const one of childrenOf(part, 'vulnerability')) vulnerabilities.push(toVulnerability(one, undefined));
      } else take(part);
    },
    finish() {
      const tools = childOf(metadata, 'tools');
      const subject = childOf(metadata, 'component');
      return readingOf({
        tools: [
          ...childrenOf(tools, 'tool'),
          ...childrenOf(childOf(tools, 'components'), 'component'),
          ...childrenOf(childOf(tools, 'services'), 'service'),
        ].map((tool) => ({ name: textOf(tool, 'name'), version: textOf(tool, 'version') })),
        timestamp: textOf(metadata, 'timestamp'),
        subject: (subject && toComponent(subject)) ?? null,
        components,
        vulnerabilities: listed ? vulnerabilities : null,
      });
    },
  });
  return xmlSession(file, handler);
}

function toComponent(part: XmlPart): BomComponent | undefined {
  const name = textOf(part, 'name');
  return name
    ? {
        ref: part.attributes['bom-ref'],
        group: textOf(part, 'group'),
        name,
        version: textOf(part, 'version'),
        purl: textOf(part, 'purl'),
      }
    : undefined;
}

/** `around` is the component that the vulnerability stands in, as the extension allows. */
function toVulnerability(part: XmlPart, around: string | undefined): BomVulnerability {
  const own = textOf(part, 'id') ?? part.attributes['bom-ref'];
  const references = childrenOf(childOf(part, 'references'), 'reference').flatMap((one) => textOf(one, 'id') ?? []);
  const ids = [...(own ? [own] : []), ...references];
  const analysis = childOf(part, 'analysis');
  const targets = childrenOf(childOf(part, 'affects'), 'target').flatMap(toTarget);
  const ref = part.attributes['ref'] ?? around;
  return {
    ids: ids.length > 0 ? ids : ['no-identifier'],
    ratings: childrenOf(childOf(part, 'ratings'), 'rating').map((rating) => ({
      score: textOf(childOf(rating, 'score'), 'base') ?? textOf(rating, 'score'),
      severity: textOf(rating, 'severity'),
      method: textOf(rating, 'method'),
      vector: textOf(rating, 'vector'),
    })),
    description: textOf(part, 'description') ?? textOf(part, 'detail'),
    affects: targets.length > 0 ? targets : ref ? [{ ref, versions: [] }] : [],
    state: textOf(analysis, 'state'),
    justification: textOf(analysis, 'justification'),
    detail: textOf(analysis, 'detail'),
  };
}

function toTarget(part: XmlPart): readonly BomTarget[] {
  const ref = textOf(part, 'ref') ?? part.attributes['ref'];
  const versions = childrenOf(childOf(part, 'versions'), 'version').map((one) => ({
    version: textOf(one, 'version'),
    range: textOf(one, 'range'),
    status: textOf(one, 'status'),
  }));
  return ref ? [{ ref, versions }] : [];
}
