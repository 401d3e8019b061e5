export const wordKinds = ['approve', 'reject', 'override', 'emergency', 'withdraw'] as const;
export type WordKind = (typeof wordKinds)[number];

/** What a person said on one decision, as it is kept. Every field is text of whoever wrote the row: nothing of it is taken on trust. */
export interface Word {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly decisionDigest: string;
  /** One of `wordKinds`. */
  readonly kind: string;
  /** The gate of an override, the id of the word that is withdrawn; else empty. */
  readonly target: string;
  /** Address under which the policy knows the person, or a claim. */
  readonly person: string;
  /** `ed25519:<key id>`, or `unverified (…)`. */
  readonly identity: string;
  readonly comment: string;
  readonly expiresAt: string;
  readonly createdAt: string;
  /** DSSE envelope over all the other fields; empty without a key. */
  readonly envelope: string;
}

export type UnsignedWord = Omit<Word, 'envelope'>;

/** That somebody asked for approval of a decision: whoever did has no say in it. */
export interface Asked {
  readonly decisionDigest: string;
  readonly requestedBy: string;
  readonly identity: string;
}

/** Fewest characters of a justification. */
export const shortestJustification = 10;

const keyPrefix = 'ed25519:';

export function keyIdentity(keyId: string): string {
  return `${keyPrefix}${keyId}`;
}

/** Identity of somebody whom no key confirms. `claim` says what is known: `os user ada`. */
export function unverifiedIdentity(claim: string): string {
  return `unverified (${claim})`;
}

export function isUnverified(identity: string): boolean {
  return /^unverified \(.+\)$/s.test(identity);
}

/** Key id that an identity names; null for a claim. */
export function keyOfIdentity(identity: string): string | null {
  return identity.startsWith(keyPrefix) ? identity.slice(keyPrefix.length) : null;
}
