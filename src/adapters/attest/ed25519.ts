import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignatureCheck, Signer } from '../../ports/signer.ts';

/** Ed25519 signatures (RFC 8032), by the crypto library of the runtime. */
export const ed25519: SignatureCheck = {
  verify(publicKey, bytes, signature) {
    const key = publicKeyOf(publicKey);
    // For a signature of another length or kind OpenSSL says no; there is nothing it throws for.
    return key !== null && signature.length === 64 && verify(null, bytes, key, signature);
  },
  keyIdOf(publicKey) {
    return publicKeyOf(publicKey) === null ? null : sha256(Buffer.from(publicKey, 'base64'));
  },
};

/**
 * The signer of a private key in PKCS#8 PEM. `path` names its origin in errors, which never quote the text.
 * @throws AqeError AQE3010 for anything else, also for a key that a passphrase protects.
 */
export function signerFromPem(pem: string, path: string): Signer {
  if (pem.includes('ENCRYPTED'))
    throw new AqeError('AQE3010', 'a passphrase protects it, which is not supported', { path });
  const key = privateKeyOf(pem, path);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    keyId: sha256(spki),
    publicKey: spki.toString('base64'),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}

/** A new private key in PKCS#8 PEM. */
export function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public key (SPKI DER, base64) of a PEM text; null if it holds none of this kind, or a private key. */
export function publicKeyFromPem(pem: string): string | null {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return null;
  try {
    const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
    return ed25519.keyIdOf(spki) === null ? null : spki;
  } catch {
    // Not a key: null says so.
    return null;
  }
}

function privateKeyOf(pem: string, path: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause is left out: a parser's message may quote what it could not read.
    throw new AqeError('AQE3010', 'it is not a private key in PKCS#8 PEM', { path });
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new AqeError('AQE3010', `it is a key of type ${key.asymmetricKeyType ?? 'unknown'}, not ed25519`, { path });
  return key;
}

/** Null unless it is an Ed25519 key in the one base64 of its one DER form. */
function publicKeyOf(base64: string): KeyObject | null {
  const der = Buffer.from(base64, 'base64');
  if (der.length !== 44 || der.toString('base64') !== base64) return null;
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    // Not a key: null says so.
    return null;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
