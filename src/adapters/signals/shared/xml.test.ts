import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xmlSession, xmlStart } from './xml.ts';

/** Reads a document and gives back the text that stands in it. */
function textOf(document: string, size = document.length, wanted?: (open: readonly string[]) => boolean): string {
  const open: string[] = [];
  let text = '';
  const session = xmlSession(
    { path: 'x.xml' },
    {
      roots: ['r'],
      open: ({ name }) => void open.push(name),
      close: () => void open.pop(),
      text: (piece) => void (text += piece),
      ...(wanted ? { wantsText: () => wanted(open) } : {}),
      finish: () => ({ producer: { name: 'test' }, facts: [], notices: [] }),
    },
  );
  for (let at = 0; at < document.length; at += size) session.push(document.slice(at, at + size));
  session.finish();
  return text;
}

describe('xmlSession', () => {
  test('characters that XML forbids are replaced, plain or as a reference, however the text is cut', () => {
    const document = '<r>a\u0000b\u001b[1m&#27;&#x1B;&#0;&#xD800;&#xFFFF;&#1114112;&#65;&#x1F6D2;&amp;</r>';
    const expected = 'a\ufffdb\ufffd[1m\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA🛒&';

    for (let size = 1; size <= document.length; size += 1) expect(textOf(document, size)).toBe(expected);
  });

  test('any text comes back as it was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

        const read = textOf(`<r>${escaped}</r>`, size);

        expect(read).toBe(text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\t\n\x7f-\x9f]/gu, '\ufffd'));
      }),
    );
  });

  test('a document cut anywhere before its end is refused', () => {
    const document = '<?xml version="1.0"?><!-- c --><r a="1"><b>&lt;x<![CDATA[ y ]]></b><c/></r>';

    for (let length = 0; length < document.length; length += 1) {
      expect(() => textOf(document.slice(0, length))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^AQE200[12]$/) }),
      );
    }
  });

  test('text that is not wanted is skipped', () => {
    const text = textOf('<r>1<b>2<![CDATA[3]]></b>4<c>5</c></r>', 3, (open) => open.at(-1) === 'b');

    expect(text).toBe('23');
  });

  test.each([
    ['entities of its own', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', 'AQE2002'],
    ['an entity nobody declared', '<r>&nbsp;</r>', 'AQE2002'],
    ['another root', '<s/>', 'AQE2003'],
    ['a second root', '<r/><r/>', 'AQE2002'],
    ['text behind the root', '<r/>x', 'AQE2002'],
    ['the same attribute twice', '<r a="1" a="2"/>', 'AQE2002'],
    ['elements too deep', `<r>${'<a>'.repeat(300)}${'</a>'.repeat(300)}</r>`, 'AQE2005'],
    ['too many attributes', `<r ${Array.from({ length: 300 }, (_, index) => `a${index}=""`).join(' ')}/>`, 'AQE2005'],
  ])('a document with %s is refused', (_, document, code) => {
    const read = (): string => textOf(document);

    expect(read).toThrow(expect.objectContaining({ code }));
  });
});

describe('xmlStart', () => {
  test.each([
    ['<r/>', { root: 'r', attributes: '/', doctype: '' }],
    ['\ufeff <?xml version="1.0"?>\n<!-- <a> --><r b="1">', { root: 'r', attributes: ' b="1"', doctype: '' }],
    ['<!DOCTYPE r SYSTEM "x.dtd"><r>', { root: 'r', attributes: '', doctype: '<!DOCTYPE r SYSTEM "x.dtd">' }],
    [
      '<!DOCTYPE r [ <!ENTITY a "<b>"> ]> <r>',
      { root: 'r', attributes: '', doctype: '<!DOCTYPE r [ <!ENTITY a "<b>"> ]>' },
    ],
    ['<r attribute="cut', { root: 'r', attributes: ' attribute="cut', doctype: '' }],
  ])('finds the root of %s', (text, expected) => {
    const start = xmlStart(text);

    expect(start).toEqual(expected);
  });

  test.each(['', 'r', '{"a": 1}', '<', '< r>', '<!-- never closed', '<?xml', '<!DOCTYPE r [ <!ENTITY a "b">', '</r>'])(
    'finds none in %j',
    (text) => {
      const start = xmlStart(text);

      expect(start).toBeUndefined();
    },
  );
});
