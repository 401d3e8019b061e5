import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { partsHandler, textOf } from '../shared/xml-parts.ts';
import { xmlSession, type XmlElement } from '../shared/xml.ts';
import { Alerts, type Insight } from './alerts.ts';

/** ZAP's XML reports, with and without requests and responses, neither of which is taken over. */
export function zapXmlSession(file: { readonly path: string }): ReadingSession {
  const alerts = new Alerts(file.path);
  const insights: Insight[] = [];
  let root: XmlElement['attributes'] = {};
  let site: XmlElement['attributes'] = {};
  let sites = 0;
  const parts = partsHandler({
    roots: ['OWASPZAPReport'],
    parts: ['OWASPZAPReport/site/alerts/alertitem', 'OWASPZAPReport/insights/insight'],
    skip: ['instances', 'desc', 'solution', 'otherinfo', 'reference', 'tags', 'requestbody', 'responsebody'],
    part(part) {
      if (part.name === 'insight') {
        const [level, description, statistic] = ['level', 'description', 'statistic'].map((name) => textOf(part, name));
        insights.push({ level, description, statistic });
        return;
      }
      alerts.add(site['name'] || site['host'], {
        pluginId: textOf(part, 'pluginid'),
        alertRef: textOf(part, 'alertRef'),
        name: textOf(part, 'alert') ?? textOf(part, 'name'),
        riskCode: textOf(part, 'riskcode'),
        riskDesc: textOf(part, 'riskdesc'),
        // `reliability` before version 2.4.
        confidence: textOf(part, 'confidence') ?? textOf(part, 'reliability'),
      });
    },
    finish: () =>
      alerts.reading({
        version: root['version'],
        created: root['created'],
        sites,
        insights,
        errors: [],
        warnings: [],
      }),
  });
  return xmlSession(file, {
    ...parts,
    open(element, depth) {
      if (depth === 1) root = element.attributes;
      if (depth === 2 && element.name === 'site') {
        site = element.attributes;
        sites += 1;
      }
      parts.open(element, depth);
    },
  });
}
