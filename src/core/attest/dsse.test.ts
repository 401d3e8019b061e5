import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitFlips, first, second } from '../../../test/support/attest.ts';
import { ed25519 } from '../../adapters/attest/ed25519.ts';
import { AqeError } from '../error/aqe-error.ts';
import { envelopeLimits, envelopeText, openText, parseEnvelope, preAuthEncoding, signEnvelope } from './dsse.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const type = 'application/vnd.in-toto+json';
const body = encodeUtf8('{"_type":"https://in-toto.io/Statement/v1"}');
const text = envelopeText(signEnvelope(type, body, [first]));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AqeError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('the bytes that are signed', () => {
  test('are those of the example of the specification', () => {
    const bytes = preAuthEncoding('http://example.com/HelloWorld', encodeUtf8('hello world'));

    expect(decodeUtf8(bytes)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('count the bytes of the type, not its characters', () => {
    expect(decodeUtf8(preAuthEncoding('exämple', encodeUtf8('ü')))).toBe('DSSEv1 8 exämple 2 ü');
  });

  test('differ for any two pairs of type and payload', () => {
    const pair = fc.tuple(fc.string(), fc.uint8Array());
    fc.assert(
      fc.property(pair, pair, ([a, b], [c, d]) => {
        const same = a === c && Buffer.compare(b, d) === 0;

        expect(Buffer.compare(preAuthEncoding(a, b), preAuthEncoding(c, d)) === 0).toBe(same);
      }),
    );
  });
});

test('a signature is the one of the published test vector for key and content', () => {
  const { signatures } = signEnvelope(type, body, [first]);

  expect(signatures.map(({ sig }) => sig)).toEqual([
    '2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==',
  ]);
});

test('what was signed is opened, with the keys that signed it', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.uint8Array({ maxLength: 200 }),
      (payloadType, payload) => {
        const both = envelopeText(signEnvelope(payloadType, payload, [first, second]));

        const opened = openText(both, [second, first], ed25519.verify);

        expect(opened).toEqual({ payloadType, payload, keyIds: [first.keyId, second.keyId] });
      },
    ),
    { numRuns: 200 },
  );
});

test('a line feed at the end is no change', () => {
  expect(openText(`${text}\n`, [first], ed25519.verify).payload).toEqual(body);
});

test('of every single flipped bit, none is accepted', { timeout: 60_000 }, () => {
  let tried = 0;
  const accepted: string[] = [];
  for (const flipped of bitFlips(encodeUtf8(`${text}\n`))) {
    tried += 1;
    const read = decodeUtf8(flipped);
    if (read !== null && refusal(() => openText(read, [first], ed25519.verify)) === 'accepted') accepted.push(read);
  }

  expect(accepted).toEqual([]);
  expect(tried).toBe(8 * (text.length + 1));
});

test('of two signatures neither can be changed unseen', { timeout: 60_000 }, () => {
  const both = envelopeText(signEnvelope(type, encodeUtf8('1'), [first, second]));
  const results = new Set<string>();
  for (const flipped of bitFlips(encodeUtf8(both))) {
    const read = decodeUtf8(flipped);
    if (read !== null) results.add(refusal(() => openText(read, [first, second], ed25519.verify)));
  }

  expect([...results].sort()).toEqual(['AQE3011', 'AQE3012']);
});

const parts = JSON.parse(text) as {
  payloadType: string;
  payload: string;
  signatures: [{ keyid: string; sig: string }];
};
const [signature] = parts.signatures;

test.each([
  ['nothing', '', 'AQE3011'],
  ['no JSON', 'hello', 'AQE3011'],
  ['a list', '[]', 'AQE3011'],
  ['null', 'null', 'AQE3011'],
  ['spaces', JSON.stringify(parts, null, 2), 'AQE3011'],
  ['a space at the end', `${text} `, 'AQE3011'],
  ['two line feeds', `${text}\n\n`, 'AQE3011'],
  ['a carriage return', `${text}\r\n`, 'AQE3011'],
  ['a byte order mark', `\ufeff${text}`, 'AQE3011'],
  [
    'another order of keys',
    JSON.stringify({ payload: parts.payload, payloadType: type, signatures: parts.signatures }),
    'AQE3011',
  ],
  ['a further key', JSON.stringify({ ...parts, note: 'x' }), 'AQE3011'],
  ['a key of all objects', text.replace('{', '{"__proto__":{},'), 'AQE3011'],
  ['a repeated type', text.replace('{', '{"payloadType":"x",'), 'AQE3011'],
  ['a repeated payload', text.replace('"payload":', '"payload":"","payload":'), 'AQE3011'],
  [
    'a repeated payload, first the right one',
    text.replace(',"signatures"', ',"payload":"e30=","signatures"'),
    'AQE3011',
  ],
  ['a repeated list of signatures', text.replace('"signatures":', '"signatures":[],"signatures":'), 'AQE3011'],
  ['a repeated signature text', text.replace('"sig":', '"sig":"","sig":'), 'AQE3011'],
  ['an escape', text.replace('application', '\\u0061pplication'), 'AQE3011'],
  ['an escaped slash', text.replace('application/', 'application\\/'), 'AQE3011'],
  ['no signatures', JSON.stringify({ ...parts, signatures: [] }), 'AQE3011'],
  ['signatures that are no list', JSON.stringify({ ...parts, signatures: signature }), 'AQE3011'],
  ['17 signatures', JSON.stringify({ ...parts, signatures: Array(17).fill(signature) }), 'AQE3011'],
  ['a signature without key id', JSON.stringify({ ...parts, signatures: [{ sig: signature.sig }] }), 'AQE3011'],
  ['a key id in capitals', text.replace(first.keyId, first.keyId.toUpperCase()), 'AQE3011'],
  ['a signature of 63 bytes', text.replace(signature.sig, Buffer.alloc(63).toString('base64')), 'AQE3011'],
  [
    'base64 for addresses',
    text.replace(signature.sig, signature.sig.replaceAll('+', '-').replaceAll('/', '_')),
    'AQE3011',
  ],
  ['base64 without padding', text.replace('==', ''), 'AQE3011'],
  ['base64 with stray bits', text.replace(signature.sig, signature.sig.replace(/A==$/, 'B==')), 'AQE3011'],
  ['a payload that is a number', JSON.stringify({ ...parts, payload: 1 }), 'AQE3011'],
  ['an empty type', JSON.stringify({ ...parts, payloadType: '' }), 'AQE3011'],
  ['a type with half a character', JSON.stringify({ ...parts, payloadType: '\ud800' }), 'AQE3011'],
  ['a type that is too long', JSON.stringify({ ...parts, payloadType: 'x'.repeat(256) }), 'AQE3011'],
  ['a text that is too long', ' '.repeat(envelopeLimits.text + 1), 'AQE3011'],
  ['another type', text.replace(type, 'application/vnd.in-toto+yaml'), 'AQE3012'],
  ['another payload', text.replace(parts.payload, 'e30='), 'AQE3012'],
  ['an empty payload', text.replace(parts.payload, ''), 'AQE3012'],
  ['the same signature twice', JSON.stringify({ ...parts, signatures: [signature, signature] }), 'AQE3012'],
  [
    'a further signature by an unknown key',
    JSON.stringify({ ...parts, signatures: [signature, { ...signature, keyid: second.keyId }] }),
    'AQE3012',
  ],
  ['a valid further signature by an unknown key', envelopeText(signEnvelope(type, body, [first, second])), 'AQE3012'],
  [
    'a signature of another key under the name of this one',
    text.replace(signature.sig, signEnvelope(type, body, [second]).signatures[0]!.sig),
    'AQE3012',
  ],
  [
    'a signature over the payload alone',
    text.replace(signature.sig, Buffer.from(first.sign(body)).toString('base64')),
    'AQE3012',
  ],
  ['a signature of zeros', text.replace(signature.sig, Buffer.alloc(64).toString('base64')), 'AQE3012'],
])('an envelope with %s is refused', (_, changed, code) => {
  expect(changed).not.toBe(text);
  expect(refusal(() => openText(changed, [first], ed25519.verify))).toBe(code);
});

test('nothing is opened without a trusted key', () => {
  expect(refusal(() => openText(text, [], ed25519.verify))).toBe('AQE3012');
  expect(refusal(() => openText(text, [second], ed25519.verify))).toBe('AQE3012');
});

test('a key under the id of another opens nothing', () => {
  const disguised = { keyId: first.keyId, publicKey: second.publicKey };

  expect(refusal(() => openText(text, [disguised], ed25519.verify))).toBe('AQE3012');
});

test('parsing gives the values as they stand', () => {
  expect(parseEnvelope(text)).toEqual(parts);
});

test('a payload is signed only if its envelope can be opened', () => {
  expect(() => signEnvelope(type, new Uint8Array(12_000_001), [first])).toThrow(RangeError);
});
