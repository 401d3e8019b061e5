import { createHash } from 'node:crypto';
import { ed25519, signerFromPem } from '../../src/adapters/attest/ed25519.ts';
import { sanctionsFor, type SanctionsInput } from '../../src/core/approval/sanctions-for.ts';
import type { Sanctions } from '../../src/core/approval/sanctions.ts';
import { keyThatSigned, signWord } from '../../src/core/approval/word-signature.ts';
import { keyIdentity, unverifiedIdentity, type UnsignedWord, type Word } from '../../src/core/approval/word.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import type { Person } from '../../src/core/policy/people.ts';
import type { Signer } from '../../src/ports/signer.ts';

export const digest = 'd'.repeat(64);
export const now = '2026-03-02T12:00:00.000Z';
const hour = 3_600_000;

/** A time so many hours from `now`. */
export function at(hours: number): string {
  return new Date(Date.parse(now) + hours * hour).toISOString();
}

const signers = new Map<string, Signer>();

/** The key that belongs to a name: the same in every run, and used by nobody. */
export function keyOf(name: string): Signer {
  const known = signers.get(name);
  if (known) return known;
  const signer = signerFromPem(pemOf(name), name);
  signers.set(name, signer);
  return signer;
}

export function pemOf(name: string): string {
  const seed = createHash('sha256').update(`test key of ${name}`).digest('hex');
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

export const names = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'] as const;
export type Name = (typeof names)[number];

export function address(name: string): string {
  return `${name}@example.com`;
}

export function person(name: Name): Person {
  const aliases = [`${name}@home.example`, `${name[0]!.toUpperCase()}.${name}@example.com`];
  return { id: address(name), name: null, aliases, keys: [keyOf(name).publicKey, keyOf(`${name} again`).publicKey] };
}

export type Rules = SanctionsInput['policy'];

export const rules: Rules = {
  people: names.map(person),
  roles: [
    { name: 'CTO', people: [address('ada')] },
    { name: 'VP Engineering', people: [address('bob'), address('cyd')] },
    { name: 'QA', people: [address('cyd'), address('dan'), address('eve')] },
  ],
  approvals: {
    required: [
      { name: 'two of QA', when: 'always', roles: ['QA'], count: 2 },
      { name: 'anybody', when: 'high-risk', roles: [], count: 1 },
    ],
    allowAuthor: false,
    allowUnverified: false,
    expiresAfter: 24 * hour,
    escalation: [],
  },
  overrides: {
    enabled: true,
    requiresApprovalFrom: ['VP Engineering', 'CTO'],
    count: 2,
    justificationRequired: true,
    auditLog: true,
    maxDuration: 7 * 24 * hour,
  },
  emergency: { roles: ['CTO'], count: 1, reviewWithin: 72 * hour, expiresAfter: 4 * hour },
};

let count = 0;

export interface Said extends Partial<UnsignedWord> {
  readonly from: string;
  /** Name of the key; null: none. Else that of `from`. */
  readonly key?: string | null;
}

/** A word as the program writes it, one hour old. */
export function word({ from, key = from, ...over }: Said): Word {
  const unsigned: UnsignedWord = {
    id: `w${(count += 1)}`,
    service: 'shop',
    version: 'v2.5.0',
    environment: 'production',
    decisionDigest: digest,
    kind: 'approve',
    target: '',
    person: address(from),
    identity: key === null ? unverifiedIdentity(`os user ${from}`) : keyIdentity(keyOf(key).keyId),
    comment: 'looked at it and it is fine',
    createdAt: at(-1),
    expiresAt: at(23),
    ...over,
  };
  return { ...unsigned, envelope: key === null ? '' : signWord(unsigned, keyOf(key)) };
}

/** The same with a signature that is quick to make, and worth nothing outside of a test. */
export function quickWord({ key, ...said }: Said): Word {
  const signer = key === undefined ? said.from : key;
  const unsigned = { ...word({ ...said, key: null }), ...said };
  const identity = signer === null ? unsigned.identity : keyIdentity(keyOf(signer).keyId);
  const { from: _, ...whole } = { ...unsigned, identity: said.identity ?? identity, envelope: '' };
  return { ...whole, envelope: signer === null ? '' : quickEnvelope(whole, keyOf(signer).publicKey) };
}

function quickEnvelope(whole: Word, publicKey: string): string {
  return `${publicKey} ${canonicalJson({ ...whole, envelope: '' })}`;
}

/** `sanctions` of words with quick signatures. */
export function quickSanctions(records: readonly Word[], over: Partial<SanctionsInput> = {}): Sanctions {
  const signedBy: SanctionsInput['signedBy'] = (each, keys) =>
    keys.find((key) => quickEnvelope(each, key) === each.envelope) ?? null;
  return sanctions(records, { signedBy, ...over });
}

/** The review that a word of emergency owes. */
export function reviewOf({ id, person: by, identity }: Word, dueAt = at(70)) {
  return { id: `review of ${id}`, version: 'v2.5.0', approval: id, state: 'open', dueAt, by, identity };
}

/** What the words are worth for the decision `digest` at `now`, in which the gate tests is closed. */
export function sanctions(records: readonly Word[], over: Partial<SanctionsInput> = {}): Sanctions {
  return sanctionsFor({
    policy: rules,
    decisionDigest: digest,
    kinds: ['always', 'high-risk'],
    closedGates: ['tests'],
    authors: [],
    requests: [],
    records,
    reviews: records.filter(({ kind }) => kind === 'emergency').map((each) => reviewOf(each)),
    now,
    signedBy: (each, keys) => keyThatSigned(each, keys, ed25519),
    ...over,
  });
}

/** What decides, without what is only shown. */
export function outcomeOf({ requirements, overrides, emergency, rejections, reviews }: Sanctions) {
  return { requirements, overrides, emergency, rejections, reviews };
}
