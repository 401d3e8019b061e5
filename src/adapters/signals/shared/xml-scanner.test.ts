import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { runs } from '../../../../test/support/arbitraries.ts';
import {
  changed,
  everything,
  joined,
  madeOfScraps,
  pieceSize,
  scraps,
  wellFormed,
} from '../../../../test/support/xml-documents.ts';
import { XmlScanner } from './xml-scanner.ts';

/** What a document consists of, or a word on why it is none. Text outside of the root is left out. */
type Parts = readonly (readonly [kind: string, ...rest: readonly unknown[]])[] | 'malformed' | 'too large';

/** Gathers parts; neighbouring pieces of text become one. */
class Recorder {
  readonly parts: (readonly [string, ...unknown[]])[] = [];
  depth = 0;

  readonly open = (name: string, attributes: Readonly<Record<string, string>>): void => {
    this.depth += 1;
    this.parts.push(['open', name, Object.entries(attributes)]);
  };

  readonly close = (name: string): void => {
    this.depth -= 1;
    this.parts.push(['close', name]);
  };

  readonly text = (piece: string): void => {
    const last = this.parts.at(-1);
    if (this.depth === 0 || piece === '') return;
    if (last?.[0] === 'text') this.parts[this.parts.length - 1] = ['text', `${String(last[1])}${piece}`];
    else this.parts.push(['text', piece]);
  };

  readonly comment = (text: string): void => void this.parts.push(['comment', text]);
  readonly doctype = (text: string): void => void this.parts.push(['doctype', text]);
}

function scanned(document: string, size = document.length, wantsText = true): Parts {
  const recorder = new Recorder();
  const scanner = new XmlScanner('x.xml', { ...recorder, wantsText: () => wantsText });
  try {
    for (let at = 0; at < document.length; at += size) scanner.push(document.slice(at, at + size));
    scanner.finish();
    return recorder.parts;
  } catch (error) {
    if (error instanceof AqeError) return error.code === 'AQE2005' ? 'too large' : 'malformed';
    throw error;
  }
}

/** The same by an established parser. */
function parsed(document: string): Parts {
  const recorder = new Recorder();
  const parser = new SaxesParser({ position: false });
  let isWrong = false;
  parser.on('error', () => {
    isWrong = true;
  });
  parser.on('opentag', ({ name, attributes }) => recorder.open(name, attributes as Record<string, string>));
  parser.on('closetag', ({ name }) => recorder.close(name));
  parser.on('text', recorder.text);
  parser.on('cdata', recorder.text);
  parser.on('comment', recorder.comment);
  parser.on('doctype', recorder.doctype);
  // Ours replaces characters that XML forbids; the other one refuses them.
  parser.write(document.replace(/[^\P{Cc}\t\n\r\x7f-\x9f]|[\ufffe\uffff]/gu, '\ufffd')).close();
  return isWrong ? 'malformed' : recorder.parts;
}

/** Where ours follows the standard and the other parser does not, or reads XML 1.1, or refuses what ours replaces. */
function isReadOtherwise(document: string): boolean {
  return (
    !document.isWellFormed() ||
    /<!DOCTYPE[^\]]*<\?[^?]*\?[^>]/.test(document) ||
    /version\s*=\s*["']1\.[^0]/.test(document) ||
    /&#(?:x1?[0-8bcef]|x1.|[0-8]|1[124-9]|2\d|3[01]);/i.test(document)
  );
}

describe('XmlScanner', () => {
  test('reads well-formed documents as an established parser does, however they are cut', () => {
    fc.assert(
      fc.property(wellFormed, pieceSize, (document, size) => {
        const parts = scanned(document, size);

        expect(parts).not.toBe('malformed');
        expect(parts).toEqual(parsed(document));
      }),
      runs,
    );
  });

  test.each([
    ['changed', changed],
    ['joined', joined],
    ['made of scraps', madeOfScraps],
  ])('accepts and reads the same of documents that were %s as an established parser does', (_, documents) => {
    fc.assert(
      fc.property(documents, pieceSize, (document, size) => {
        fc.pre(!isReadOtherwise(document));

        const parts = scanned(document, size);

        expect(parts).toEqual(parsed(document));
      }),
      runs,
    );
  });

  test('accepts and reads the same of a document that was changed in any one place', () => {
    expect(scanned(everything)).not.toBe('malformed');
    for (let at = 0; at <= everything.length; at += 1) {
      const [before, after] = [everything.slice(0, at), everything.slice(at)];
      const documents = [before, before + after.slice(1), ...scraps.map((scrap) => before + scrap + after)];
      for (const [index, document] of documents.entries()) {
        // Half of them, in a chequered pattern, find as much as all.
        if ((at + index) % 2 === 0 || isReadOtherwise(document)) continue;
        const parts = scanned(document, 1 + ((at * 7 + index) % 60));

        if (!isDeepStrictEqual(parts, parsed(document)))
          expect([document, parts]).toEqual([document, parsed(document)]);
      }
    }
  });

  test('remembers a bounded number of names, and never forgets one within a tag', () => {
    const many = Array.from({ length: 3000 }, (_, index) => `<n${index} a${index}="" same=""/>`).join('');

    expect(scanned(`<r>${many}</r>`, 1000)).toHaveLength(6002);
    expect(scanned(`<r>${many}<n same="" a="" same=""/></r>`, 1000)).toBe('malformed');
    expect(scanned(`<r>${many.replace('a2000=""', 'same=""')}</r>`, 1000)).toBe('malformed');
  });

  test.each(['<!--', '<r a="', '<', '<!DOCTYPE r "', '<!DOCTYPE r [', '<?p ', '<r></'])(
    'refuses %j without an end in sight, in time that grows with the length only',
    (start) => {
      expect(scanned(`${start}${'x'.repeat(2 ** 24 + 2 ** 16)}`, 2 ** 14)).toBe('too large');
    },
  );

  test('reads text and CDATA of any length', () => {
    const long = 'x'.repeat(2 ** 24);

    expect(scanned(`<r>${long}<![CDATA[${long}]]>${long}</r>`, 2 ** 16)).toHaveLength(3);
  });

  test('names the line of what is wrong', () => {
    const document = '<r>\n\r\n\r<a b="\n"/>text\n&no;</r>';

    const read = (): void => {
      const scanner = new XmlScanner('x.xml', { ...new Recorder(), wantsText: () => false });
      for (const piece of document) scanner.push(piece);
      scanner.finish();
    };

    expect(read).toThrow(expect.objectContaining({ context: { path: 'x.xml', line: 6 } }));
  });

  test.each([
    '<?XML version="1.0"?><a/>',
    '<a/><!DOCTYPE a>',
    '<a><!DOCTYPE a></a>',
    '<a b""1"/>',
    '<a>]]></a>',
    '<a>x]]]></a>',
    '<a b="1"c="2"/>',
    '<a><b></a></b>',
    '<a>&unknown;</a>',
    '<a b="&unknown;"/>',
    '<a b="<"/>',
    '<a><!-- -- --></a>',
    '<a/ >',
    '</a>',
  ])('refuses %s however it is cut', (document) => {
    for (let size = 1; size <= document.length; size += 1) expect(scanned(document, size)).toBe('malformed');
    expect(parsed(document)).toBe('malformed');
  });

  test('knows names apart that start alike', () => {
    const document = '<a><b/><b/><bc/><b/><b c="1" cd="2"/><b c="3" ce="4"/></a>';

    expect(scanned(document)).toEqual(parsed(document));
  });

  test('attributes have no property but those that are written', () => {
    const seen: unknown[] = [];
    const open = (_: string, attributes: Readonly<Record<string, string>>): void => {
      seen.push(attributes['constructor'], attributes['__proto__'], attributes['toString']);
    };
    const scanner = new XmlScanner('x.xml', { ...new Recorder(), open, wantsText: () => true });

    scanner.push('<a b="1"/>');

    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  test('refuses the same whether text is wanted or not', () => {
    fc.assert(
      fc.property(changed, pieceSize, (document, size) => {
        const wanted = scanned(document, size);
        const skipped = scanned(document, size, false);

        expect(skipped === 'malformed').toBe(wanted === 'malformed');
      }),
      runs,
    );
  });
});
