import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { linesSession } from '../shared/lines.ts';
import { FoundItems } from './found-items.ts';

export const niktoCsvHeader = /^"Nikto - v([\w.-]{1,20})(?:\/[^"]*)?"/;

const columns = 7;

/**
 * Nikto's CSV: a line of its version, then lines of seven quoted fields, the first of each host without method and address.
 * Quotes inside of a field have a backslash before them, so that it is not the usual CSV.
 */
export function niktoCsvSession(file: { readonly path: string }): ReadingSession {
  const items = new FoundItems(file.path);
  let version: string | undefined;
  return linesSession(file, {
    line(text, number) {
      const line = text.trim();
      const header = niktoCsvHeader.exec(line);
      if (header) version = header[1];
      // A message may go on over the line.
      if (header || !line.startsWith('"')) return;
      const fields = line.slice(1).split('","');
      if (fields.length < columns)
        throw new AqeError('AQE2002', `the line has ${fields.length} fields, not ${columns}`, {
          path: file.path,
          line: number,
        });
      const [host, , port, references, method, url, ...rest] = fields;
      if (!references && !method && !url) return items.addHost();
      const message = rest.join('","').replace(/"$/, '').replaceAll('\\"', '"');
      const osvdb = /^OSVDB-\d+$/.test(references ?? '') ? references : undefined;
      items.add({ host, port, id: undefined, osvdb, references, url, message });
    },
    finish: () => items.reading(version),
  });
}
