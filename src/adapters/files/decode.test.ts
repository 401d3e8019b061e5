import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compressionOf, decoderFor, encodingOf, InvalidBytes, withoutUtf8 } from './decode.ts';

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
const swapped = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16();

test.each([
  ['UTF-8 mark', bytes([0xef, 0xbb, 0xbf], '<a/>'), 'utf-8', 3],
  ['UTF-16 LE mark', bytes([0xff, 0xfe], [...utf16('<a/>')]), 'utf-16le', 2],
  ['UTF-16 BE mark', bytes([0xfe, 0xff], [...swapped('<a/>')]), 'utf-16be', 2],
  ['zero bytes of UTF-16 LE', utf16('{"a":1}'), 'utf-16le', 0],
  ['zero bytes of UTF-16 BE', swapped('<a/>'), 'utf-16be', 0],
  ['declaration', bytes(`<?xml version='1.0' encoding='ISO-8859-15'?><a/>`), 'iso-8859-15', 0],
  ['declaration with a rare label', bytes('<?xml version="1.0" encoding="ANSI_X3.4-1968"?><a/>'), 'windows-1252', 0],
  ['no declaration', bytes('<?xml version="1.0"?><a encoding="latin1"/>'), 'utf-8', 0],
  ['text that is not XML', bytes('encoding="latin1"'), 'utf-8', 0],
  ['nothing', bytes(), 'utf-8', 0],
  ['a mark against a declaration', bytes([0xef, 0xbb, 0xbf], '<?xml version="1.0" encoding="latin1"?>'), 'utf-8', 3],
])('%s decides the encoding', (_, start, label, skip) => {
  const encoding = encodingOf('a.xml', start);

  expect(encoding).toEqual({ label, skip, notices: [] });
});

test('a declaration of UTF-16 in single bytes is not believed, and said so', () => {
  const encoding = encodingOf('a.trx', bytes('<?xml version="1.0" encoding="utf-16"?><a/>'));

  expect(encoding).toEqual({ label: 'utf-8', skip: 0, notices: [expect.stringContaining('utf-16')] });
});

test.each([
  ['an unknown label', bytes('<?xml version="1.0" encoding="EBCDIC-CP-DK"?>'), 'EBCDIC-CP-DK'],
  ['a label that is no name', bytes('<?xml version="1.0" encoding="\u001b[31m secret"?>'), 'an encoding that'],
  ['UTF-7, which hides markup', bytes('<?xml version="1.0" encoding="UTF-7"?>'), 'UTF-7'],
  ['the UTF-32 LE mark', bytes([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'UTF-32'],
  ['the UTF-32 BE mark', bytes([0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c]), 'UTF-32'],
  ['UTF-32 without mark', bytes([0x3c, 0, 0, 0]), 'UTF-32'],
])('%s is refused', (_, start, detail) => {
  const choose = (): unknown => encodingOf('a.xml', start);

  expect(choose).toThrow(expect.objectContaining({ code: 'AQE2009', detail: expect.stringContaining(detail) }));
  expect(choose).not.toThrow('secret');
});

test.each(['utf-8', 'utf-16le', 'utf-16be'])('%s text comes out the same however the bytes are cut', (label) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (text, size) => {
      const all = label === 'utf-8' ? Buffer.from(text) : label === 'utf-16le' ? utf16(text) : swapped(text);
      const decoder = decoderFor({ label, skip: 0, notices: [] });
      let decoded = '';
      for (let at = 0; at < all.length; at += size) decoded += decoder.push(all.subarray(at, at + size));

      decoded += decoder.end();

      expect(decoded).toBe(text);
    }),
  );
});

test('a byte order mark is dropped once', () => {
  const decoder = decoderFor({ label: 'utf-8', skip: 3, notices: [] });

  const text = decoder.push(bytes([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], 'a')) + decoder.end();

  expect(text).toBe('\ufeffa');
});

test.each([
  ['utf-8', [0x61, 0xff]],
  ['utf-8', [0x61, 0xc3]],
  ['utf-8', [0xed, 0xa0, 0x80]],
  ['utf-8', [0xc0, 0xaf]],
  ['utf-16le', [0x61, 0, 0x62]],
  ['utf-16le', [0, 0xd8, 0x61, 0]],
  ['shift_jis', [0x80]],
])('wrong %s bytes %j are found, not replaced', (label, wrong) => {
  const decoder = decoderFor({ label, skip: 0, notices: [] });

  const decode = (): string => decoder.push(bytes(wrong)) + decoder.end();

  expect(decode).toThrow(InvalidBytes);
});

test('windows-1252 stands in for UTF-8 only, and with a notice', () => {
  const fromUtf8 = withoutUtf8({ label: 'utf-8', skip: 3, notices: ['first'] });
  const fromOther = withoutUtf8({ label: 'utf-16le', skip: 0, notices: [] });

  expect(fromUtf8).toEqual({ label: 'windows-1252', skip: 3, notices: ['first', expect.stringContaining('UTF-8')] });
  expect(fromOther).toBe(null);
});

test('windows-1252 gives every byte a character', () => {
  const decoder = decoderFor({ label: 'windows-1252', skip: 0, notices: [] });

  const text = decoder.push(Uint8Array.from({ length: 256 }, (_, byte) => byte)) + decoder.end();

  expect(text).toHaveLength(256);
  expect(text[0x80]).toBe('€');
  expect(text[0xe4]).toBe('ä');
});

test.each([
  ['gzip', [0x1f, 0x8b, 8, 0]],
  ['zip', [0x50, 0x4b, 3, 4, 20]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['bzip2', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  [null, [0x50, 0x4b, 0x20, 0x20]],
  [null, []],
])('the mark of %s is known', (name, start) => {
  const compression = compressionOf(bytes(start));

  expect(compression).toBe(name);
});
