/** A key that can sign. Its private half never leaves the adapter. */
export interface Signer {
  /** SHA-256 of the public key (SPKI, DER), lower-case hex. */
  readonly keyId: string;
  /** Public key: SPKI DER, base64. */
  readonly publicKey: string;
  /** Ed25519 signature over the bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** Checks signatures. Pure. */
export interface SignatureCheck {
  /** False for anything but a valid Ed25519 signature, also for a key that is none. Never throws. */
  verify(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean;
  /** Key id of a public key (SPKI DER, base64); null if it is no Ed25519 key. */
  keyIdOf(publicKey: string): string | null;
}
