import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { first, pems, second } from '../../../test/support/attest.ts';
import { ed25519, newPrivateKey, publicKeyFromPem, signerFromPem } from './ed25519.ts';

const text = new TextEncoder();

test('the signature of the first test vector of RFC 8032 is made and accepted', () => {
  const signature = first.sign(new Uint8Array());

  expect(Buffer.from(signature).toString('hex')).toBe(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  expect(ed25519.verify(first.publicKey, new Uint8Array(), signature)).toBe(true);
});

test('the id of a key is the SHA-256 of its public half', () => {
  expect(first.keyId).toMatch(/^[0-9a-f]{64}$/);
  expect(ed25519.keyIdOf(first.publicKey)).toBe(first.keyId);
  expect(Buffer.from(first.publicKey, 'base64').subarray(12).toString('hex')).toBe(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
});

test('a signature holds for its own key and bytes only', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (bytes, others) => {
      const signature = first.sign(bytes);

      expect(ed25519.verify(first.publicKey, bytes, signature)).toBe(true);
      expect(ed25519.verify(second.publicKey, bytes, signature)).toBe(false);
      expect(ed25519.verify(first.publicKey, others, signature)).toBe(Buffer.compare(bytes, others) === 0);
    }),
    { numRuns: 200 },
  );
});

test('whatever it is given, it answers', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.base64String(), fc.constant(first.publicKey)),
      fc.uint8Array(),
      (key, bytes) => {
        expect(ed25519.verify(key, bytes, bytes)).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['a space', `${first.publicKey} `],
  ['no padding', first.publicKey.slice(0, -1)],
  ['stray bits', first.publicKey.replace(/o=$/, 'p=')],
  ['the bare 32 bytes', Buffer.from(first.publicKey, 'base64').subarray(12).toString('base64')],
  [
    'a key for agreement',
    generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  ],
  [
    'a key of a curve',
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ type: 'spki', format: 'der' })
      .toString('base64'),
  ],
])('a public key with %s is none', (_, key) => {
  expect(key).not.toBe(first.publicKey);
  expect(ed25519.keyIdOf(key)).toBeNull();
});

test('a new key signs, and is new', () => {
  const [one, other] = [signerFromPem(newPrivateKey(), 'one'), signerFromPem(newPrivateKey(), 'other')];

  expect(one.keyId).not.toBe(other.keyId);
  expect(ed25519.verify(one.publicKey, text.encode('x'), one.sign(text.encode('x')))).toBe(true);
});

const encrypted = generateKeyPairSync('ed25519').privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'secret',
});
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

test.each([
  ['nothing', '', 'not a private key'],
  ['no key', 'hello', 'not a private key'],
  ['a key cut short', pems.first.slice(0, 60), 'not a private key'],
  ['a public key', `-----BEGIN PUBLIC KEY-----\n${first.publicKey}\n-----END PUBLIC KEY-----\n`, 'not a private key'],
  ['a passphrase', encrypted.toString(), 'passphrase'],
  ['another kind of key', curve.toString(), 'type ec'],
])('%s is refused as a private key', (_, pem, reason) => {
  expect(() => signerFromPem(pem, 'key.pem')).toThrow(reason);
});

test('an error never quotes the text of a key', () => {
  const secret = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v';
  let shown = '';
  try {
    signerFromPem(`-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`, 'key.pem');
  } catch (error) {
    shown = inspect(error, { depth: 9 });
  }

  expect(shown).toContain('key.pem');
  expect(shown).not.toContain(secret);
});

test('the public half of a PEM file is read, a private one is not', () => {
  const pem = `-----BEGIN PUBLIC KEY-----\n${first.publicKey}\n-----END PUBLIC KEY-----\n`;

  expect(publicKeyFromPem(pem)).toBe(first.publicKey);
  expect(publicKeyFromPem(pems.first)).toBeNull();
  expect(publicKeyFromPem(pem.replace('MCow', 'MCox'))).toBeNull();
});
