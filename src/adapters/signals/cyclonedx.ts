import type { SignalReader } from '../../ports/signal-reader.ts';
import { cyclonedxSeverities } from './cyclonedx/bom.ts';
import { cyclonedxJson } from './cyclonedx/json.ts';
import { cyclonedxXml } from './cyclonedx/xml.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonHead, objectOf, stringOf } from './shared/json.ts';
import { xmlStart } from './shared/xml.ts';

/**
 * CycloneDX 1.x, JSON and XML. With vulnerabilities it is a scan, with analysed vulnerabilities of products elsewhere it
 * is VEX, and without either it is an inventory that says nothing of security.
 */
export const cyclonedx: SignalReader = {
  id: 'cyclonedx',
  title: 'CycloneDX JSON and XML',
  gives: ['security-issues', 'vex'],
  names: ['*.cdx.json', '*.cdx.xml', 'bom.json', 'bom.xml', 'cyclonedx*.json', 'cyclonedx*.xml'],
  countingUnit:
    'One pair of vulnerability and affected component; a vulnerability that is analysed as not affected, false positive or resolved is kept with that reason.',
  severities: cyclonedxSeverities,
  detects(head) {
    const xml = xmlStart(head.text);
    if (xml) return xml.root === 'bom' && /cyclonedx\.org\/schema\/bom/i.test(xml.attributes);
    const root = objectOf(jsonHead(head.text));
    return root['bomFormat'] === 'CycloneDX' || /cyclonedx\.org\/schema\/bom/i.test(stringOf(root['$schema']));
  },
  open: (file) => byFirstCharacter(file, (first) => (first === '<' ? cyclonedxXml(file) : cyclonedxJson(file))),
};
