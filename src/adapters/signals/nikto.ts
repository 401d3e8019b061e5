import * as z from 'zod/mini';
import type { ReadingSession, SignalReader } from '../../ports/signal-reader.ts';
import { niktoCsvHeader, niktoCsvSession } from './nikto/csv-items.ts';
import { FoundItems } from './nikto/found-items.ts';
import { niktoRoots, niktoXmlSession } from './nikto/xml-items.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { xmlStart } from './shared/xml.ts';

const schema = onFirstUse(() => {
  const value = z.nullish(z.union([z.string(), z.number()]));
  return z.object({
    host: text,
    ip: text,
    port: value,
    vulnerabilities: z.array(z.object({ id: value, OSVDB: value, references: text, url: text, msg: text })),
  });
});

/** Nikto's XML, JSON and CSV. Nikto rates nothing, so that every item is of unknown severity. */
export const nikto: SignalReader = {
  id: 'nikto',
  title: 'Nikto XML, JSON and CSV',
  gives: ['security-issues'],
  names: ['nikto*.xml', 'nikto*.json', 'nikto*.csv'],
  countingUnit: 'One item: one message on one address of one host.',
  detects(head) {
    if (niktoRoots.includes(xmlStart(head.text)?.root ?? '')) return true;
    if (niktoCsvHeader.test(head.text.trimStart())) return true;
    const value = jsonHead(head.text);
    if (Array.isArray(value) && value.length === 0) return /(?:^|\/)[^/]*nikto[^/]*\.json$/i.test(head.path);
    const first = objectOf(Array.isArray(value) ? value[0] : value);
    return 'host' in first && 'banner' in first && Array.isArray(first['vulnerabilities']);
  },
  open: (file) =>
    byFirstCharacter(file, (first) => {
      if (first === '<') return niktoXmlSession(file);
      return first === '"' ? niktoCsvSession(file) : niktoJsonSession(file);
    }),
};

/** Older versions write one object a host, newer ones a list of them. */
function niktoJsonSession(file: { readonly path: string }): ReadingSession {
  const items = new FoundItems(file.path);
  const one = (value: unknown): void => {
    const { host, ip, port, vulnerabilities } = checkShape(file, schema(), value);
    items.addHost();
    for (const { id, OSVDB, references, url, msg } of vulnerabilities)
      items.add({
        host: host || ip,
        port: String(port ?? ''),
        id: String(id ?? ''),
        osvdb: String(OSVDB ?? ''),
        references,
        url,
        message: msg,
      });
  };
  return jsonSequenceSession(file, {
    value: (value) => (Array.isArray(value) ? value : [value]).forEach(one),
    finish: () => items.reading(undefined),
  });
}
