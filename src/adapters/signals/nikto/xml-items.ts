import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { partsHandler, textOf } from '../shared/xml-parts.ts';
import { xmlSession, type XmlElement } from '../shared/xml.ts';
import { FoundItems } from './found-items.ts';

export const niktoRoots = ['niktoscan', 'niktoscans'];

/** Nikto's XML: a scan, a scan in a scan (reports of several hosts), or a list of scans. */
export function niktoXmlSession(file: { readonly path: string }): ReadingSession {
  const items = new FoundItems(file.path);
  const notices: string[] = [];
  let version: string | undefined;
  let host: XmlElement['attributes'] = {};
  let before = 0;
  const parts = partsHandler({
    roots: niktoRoots,
    parts: ['niktoscan/', 'niktoscan/niktoscan/', 'niktoscans/niktoscan/'].map((outer) => `${outer}scandetails/item`),
    skip: ['namelink', 'iplink'],
    part: (part) =>
      items.add({
        host: host['targethostname'] || host['targetip'],
        port: host['targetport'],
        id: part.attributes['id'],
        osvdb: part.attributes['osvdbid'],
        references: textOf(part, 'references'),
        url: textOf(part, 'uri'),
        message: textOf(part, 'description'),
      }),
    finish: () => items.reading(version, notices),
  });
  const reconcile = ({ itemsfound, itemstested }: XmlElement['attributes']): void => {
    const listed = items.count - before;
    if (itemstested === '0' && listed === 0) throw new AqeError('AQE2007', 'nothing was tested', { path: file.path });
    if (itemsfound && /^\d{1,9}$/.test(itemsfound) && Number(itemsfound) !== listed)
      notices.push(`the statistics declare ${itemsfound} items and ${listed} are listed; the list is counted`);
  };
  return xmlSession(file, {
    ...parts,
    open(element, depth) {
      const { name, attributes } = element;
      if (name === 'niktoscan') version = attributes['version'] ?? version;
      else if (name === 'scandetails') {
        host = attributes;
        before = items.count;
        items.addHost();
      } else if (name === 'statistics') reconcile(attributes);
      parts.open(element, depth);
    },
  });
}
