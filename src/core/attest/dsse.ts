import { AqeError } from '../error/aqe-error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import type { Envelope } from './envelope.ts';
import { encodeUtf8 } from './utf8.ts';

// Dead Simple Signing Envelope 1.0: https://github.com/secure-systems-lab/dsse

/** Longest text of an envelope, in characters, and most signatures of one. */
export const envelopeLimits = { text: 16_000_000, signatures: 16, payloadType: 255 } as const;

/** What signs. `keyId` is the SHA-256 of the public key, hex. */
export interface SigningKey {
  readonly keyId: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** A public key (SPKI DER, base64) that is trusted, and its id. */
export interface TrustedKey {
  readonly keyId: string;
  readonly publicKey: string;
}

/** Whether the signature over the bytes is one of this public key. Never throws. */
export type VerifySignature = (publicKey: string, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** What an envelope holds, and the keys that signed it. */
export interface Opened {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** In the order of the signatures; at least one. */
  readonly keyIds: readonly string[];
}

/** The bytes that are signed: type and payload, each with its length, so that neither can run into the other. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = encodeUtf8(payloadType);
  const start = encodeUtf8(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(start.length + payload.length);
  bytes.set(start);
  bytes.set(payload, start.length);
  return bytes;
}

/** Signs with each of the keys. @throws RangeError for a payload whose envelope could not be opened. */
export function signEnvelope(
  payloadType: string,
  payload: Uint8Array,
  keys: readonly [SigningKey, ...SigningKey[]],
): Envelope {
  // Base64 takes four characters for three bytes; the rest is ample for type and signatures.
  if (payload.length > (envelopeLimits.text - 10_000) * 0.75)
    throw new RangeError('the payload is too long to be signed');
  const bytes = preAuthEncoding(payloadType, payload);
  return {
    payloadType,
    payload: encodeBase64(payload),
    signatures: keys.map((key) => ({ keyid: key.keyId, sig: encodeBase64(key.sign(bytes)) })),
  };
}

/** The one text that stands for the envelope: one line of JSON without spaces, keys in this order. */
export function envelopeText({ payloadType, payload, signatures }: Envelope): string {
  return JSON.stringify({ payloadType, payload, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) });
}

/**
 * Reads the text that `envelopeText` gives, with or without one line feed at its end. Every other spelling of the same
 * values is refused (spaces, escapes, other or repeated keys, base64 of another kind), so that no change of a stored
 * text goes unseen.
 * @throws AqeError AQE3011.
 */
export function parseEnvelope(text: string): Envelope {
  if (text.length > envelopeLimits.text) throw unreadable(`it is longer than ${envelopeLimits.text} characters`);
  const line = text.endsWith('\n') ? text.slice(0, -1) : text;
  const envelope = shapeOf(valueOf(line));
  if (envelopeText(envelope) !== line)
    throw unreadable(
      'the JSON is not in the form in which it is written: one line, no spaces, every key once and in order',
    );
  return envelope;
}

/**
 * Opens an envelope: every signature in it has to be a valid one by a trusted key, and there is at least one. A signature
 * by a key that is not trusted cannot be checked and is refused too: nobody could tell whether it was changed.
 * @throws AqeError AQE3012.
 */
export function openEnvelope(envelope: Envelope, trusted: readonly TrustedKey[], verify: VerifySignature): Opened {
  const payload = decodeBase64(envelope.payload);
  if (payload === null) throw unreadable('the payload is not base64');
  const bytes = preAuthEncoding(envelope.payloadType, payload);
  const keyIds = envelope.signatures.map(({ keyid }) => keyid);
  if (keyIds.length === 0) throw refused('it is not signed');
  if (new Set(keyIds).size < keyIds.length) throw refused('one key signed it twice');
  for (const { keyid, sig } of envelope.signatures) {
    const key = trusted.find(({ keyId }) => keyId === keyid);
    if (key === undefined) throw refused(`it is signed by ${keyid.slice(0, 64)}, which is no key that is trusted here`);
    const signature = decodeBase64(sig);
    if (signature === null || !verify(key.publicKey, bytes, signature))
      throw refused(`the signature of ${keyid.slice(0, 64)} is not one over this content`);
  }
  return { payloadType: envelope.payloadType, payload, keyIds };
}

/** `parseEnvelope` and `openEnvelope` in one. @throws AqeError AQE3011, AQE3012. */
export function openText(text: string, trusted: readonly TrustedKey[], verify: VerifySignature): Opened {
  return openEnvelope(parseEnvelope(text), trusted, verify);
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new AqeError('AQE3011', 'it is not JSON', {}, cause);
  }
}

function shapeOf(value: unknown): Envelope {
  const { payloadType, payload, signatures } = fieldsOf(
    value,
    ['payload', 'payloadType', 'signatures'],
    'the envelope',
  );
  if (typeof payloadType !== 'string' || payloadType === '' || payloadType.length > envelopeLimits.payloadType)
    throw unreadable(`payloadType is not a text of 1 to ${envelopeLimits.payloadType} characters`);
  if (!payloadType.isWellFormed()) throw unreadable('payloadType has half a surrogate pair');
  if (typeof payload !== 'string' || decodeBase64(payload) === null)
    throw unreadable('payload is not base64 of the standard alphabet with padding');
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > envelopeLimits.signatures)
    throw unreadable(`signatures is not a list of 1 to ${envelopeLimits.signatures}`);
  return { payloadType, payload, signatures: signatures.map(signatureOf) };
}

function signatureOf(value: unknown): Envelope['signatures'][number] {
  const { keyid, sig } = fieldsOf(value, ['keyid', 'sig'], 'a signature');
  if (typeof keyid !== 'string' || !/^[0-9a-f]{64}$/.test(keyid)) throw unreadable('keyid is not 64 hex digits');
  if (typeof sig !== 'string' || decodeBase64(sig)?.length !== 64) throw unreadable('sig is not 64 bytes in base64');
  return { keyid, sig };
}

/** @throws AqeError AQE3011 unless it is an object with exactly these keys, given in the order of the alphabet. */
function fieldsOf<K extends string>(value: unknown, keys: readonly K[], what: string): Readonly<Record<K, unknown>> {
  const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).sort() : [];
  if (found.join() !== keys.join()) throw unreadable(`${what} has not exactly the keys ${keys.join(', ')}`);
  return value as Readonly<Record<K, unknown>>;
}

function unreadable(detail: string): AqeError {
  return new AqeError('AQE3011', detail);
}

function refused(detail: string): AqeError {
  return new AqeError('AQE3012', detail);
}
