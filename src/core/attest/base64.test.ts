import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

test('bytes are encoded as everybody encodes them, and come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = encodeBase64(bytes);

      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(text)).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test('a text that is not the one of its bytes is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQgwZ+/=-_ \n'), maxLength: 12 }), (text) => {
      const bytes = decodeBase64(text);

      expect(bytes === null || encodeBase64(bytes) === text).toBe(true);
      expect(bytes !== null).toBe(Buffer.from(text, 'base64').toString('base64') === text);
    }),
    { numRuns: 1000 },
  );
});

test.each(['A', 'AB', 'ABC', 'AAA=A', '====', 'A===', 'AB==AB==', 'AB==\n', 'AA-_', 'AB==', 'AAB=', 'AAÄ='])(
  '%j is no base64 of ours',
  (text) => {
    expect(decodeBase64(text)).toBeNull();
  },
);
