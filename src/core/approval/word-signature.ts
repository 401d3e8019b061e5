import { openText, envelopeText, signEnvelope, type SigningKey, type VerifySignature } from '../attest/dsse.ts';
import { encodeUtf8 } from '../attest/utf8.ts';
import { canonicalJson } from '../canonical-json.ts';
import { AqeError } from '../error/aqe-error.ts';
import { keyOfIdentity, type UnsignedWord, type Word } from './word.ts';

const wordPayloadType = 'application/vnd.aqe-deploy.approval+json';

export interface SignatureRules {
  readonly verify: VerifySignature;
  /** Key id of a public key; null if it is none. */
  keyIdOf(publicKey: string): string | null;
}

/** Text of the envelope that makes a word its speaker's: signed over every field. */
export function signWord(word: UnsignedWord, key: SigningKey): string {
  return envelopeText(signEnvelope(wordPayloadType, signedBytes(word), [key]));
}

/** That one of these public keys which signed exactly this word; null if none did. Never throws. */
export function keyThatSigned(word: Word, publicKeys: readonly string[], rules: SignatureRules): string | null {
  const keyId = keyOfIdentity(word.identity);
  const publicKey = publicKeys.find((each) => rules.keyIdOf(each) === keyId);
  if (keyId === null || publicKey === undefined) return null;
  try {
    const { payloadType, payload } = openText(word.envelope, [{ keyId, publicKey }], rules.verify);
    return payloadType === wordPayloadType && isEqual(payload, signedBytes(word)) ? publicKey : null;
  } catch (error) {
    // An envelope that is none or does not hold: null says so.
    if (error instanceof AqeError) return null;
    throw error;
  }
}

function signedBytes(word: UnsignedWord): Uint8Array {
  const { id, service, version, environment, decisionDigest, kind } = word;
  const { target, person, identity, comment, expiresAt, createdAt } = word;
  const release = { service, version, environment, decisionDigest };
  return encodeUtf8(canonicalJson({ id, ...release, kind, target, person, identity, comment, expiresAt, createdAt }));
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
