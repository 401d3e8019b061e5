import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

test('every text is encoded as the platform encodes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
      expect(decodeUtf8(encodeUtf8(text))).toBe(text.toWellFormed());
    }),
    { numRuns: 500 },
  );
});

test('half a surrogate pair is encoded as the replacement character', () => {
  expect([...encodeUtf8('a\ud800b')]).toEqual([0x61, 0xef, 0xbf, 0xbd, 0x62]);
});

test('bytes are text exactly if the platform says so', () => {
  const interesting = fc.constantFrom(
    0,
    0x41,
    0x7f,
    0x80,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xa0,
    0x9f,
    0xed,
    0xef,
    0xf0,
    0x90,
    0x8f,
    0xf4,
    0xf5,
    0xff,
  );
  const bytes = fc.array(fc.oneof(interesting, fc.nat(255)), { maxLength: 8 }).map((all) => Uint8Array.from(all));
  fc.assert(
    fc.property(bytes, (all) => {
      expect(decodeUtf8(all)).toBe(decoded(all));
    }),
    { numRuns: 1000 },
  );
});

test('a long text comes back', () => {
  const text = 'aé漢🎈'.repeat(5000);

  expect(decodeUtf8(encodeUtf8(text))).toBe(text);
});
