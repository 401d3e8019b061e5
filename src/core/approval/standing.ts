import type { Person } from '../policy/people.ts';
import type { Policy } from '../policy/policy.ts';
import { directoryOf, type Directory } from './directory.ts';
import {
  isUnverified,
  keyOfIdentity,
  shortestJustification,
  wordKinds,
  type Asked,
  type Word,
  type WordKind,
} from './word.ts';

export type ApprovalRules = Pick<Policy, 'people' | 'roles' | 'approvals' | 'overrides' | 'emergency'>;

/** What a word is judged by. */
export interface StandingInput {
  readonly policy: ApprovalRules;
  readonly decisionDigest: string;
  /** Gates that are closed in this decision. */
  readonly closedGates: readonly string[];
  /** Addresses of those who wrote the release. */
  readonly authors: readonly string[];
  readonly requests: readonly Asked[];
  /** Emergency words for which a review was opened. */
  readonly reviewed: readonly string[];
  /** ISO-8601 UTC. */
  readonly now: string;
  /** That one of the public keys which signed exactly this word, or null. */
  signedBy(word: Word, publicKeys: readonly string[]): string | null;
}

/** A word that may count. */
export interface Standing {
  readonly word: Word;
  readonly kind: WordKind;
  readonly person: Person;
  readonly isVerified: boolean;
  /** Instant from which it does not count any more. */
  readonly until: string;
}

/** Clocks of two machines differ by so much at most. */
const clockSkew = 5 * 60_000;

/** Judges words one by one: what stands, or the reason why it is void. */
export function standingOf(input: StandingInput): (word: Word) => Standing | string {
  const directory = directoryOf(input.policy);
  return (word) => {
    const kind = wordKinds.find((each) => each === word.kind);
    if (kind === undefined) return 'it is of a kind that is not known';
    const until = untilOf(word, kind, input.policy);
    const person = directory.find(word.person);
    const trouble =
      decisionTrouble(word, kind, input) ??
      timeTrouble(word, kind, until, input.now) ??
      aboutTrouble(word, kind, input) ??
      personTrouble(person, word, directory) ??
      ownWorkTrouble(person!, word, kind, input, directory) ??
      identityTrouble(person!, word, input, directory) ??
      (kind === 'emergency' && !input.reviewed.includes(word.id) ? 'no review was opened for it' : null);
    if (trouble !== null) return trouble;
    return { word, kind, person: person!, isVerified: keyOfIdentity(word.identity) !== null, until: until! };
  };
}

/** Whether the policy bars the person from agreeing to this decision, and why; null if it does not. */
export function barredBy(
  person: Person,
  identity: string,
  {
    policy,
    authors,
    requests,
    decisionDigest,
  }: Pick<StandingInput, 'policy' | 'authors' | 'requests' | 'decisionDigest'>,
  directory: Directory,
): 'author' | 'requester' | null {
  if (policy.approvals.allowAuthor) return null;
  if (directory.isOneOf(person, authors)) return 'author';
  const asked = requests.filter((request) => request.decisionDigest === decisionDigest);
  const isRequester = asked.some(
    (request) => request.identity === identity || directory.isOneOf(person, [request.requestedBy]),
  );
  return isRequester ? 'requester' : null;
}

/** Earliest of what the word itself says and what the policy allows; null if its times cannot be read. */
function untilOf(word: Word, kind: WordKind, { approvals, overrides, emergency }: ApprovalRules): string | null {
  const longest =
    kind === 'override'
      ? overrides.maxDuration
      : kind === 'emergency'
        ? emergency.expiresAfter
        : approvals.expiresAfter;
  const until = Math.min(timeOf(word.expiresAt), timeOf(word.createdAt) + longest);
  return Number.isFinite(until) && Math.abs(until) <= 8.64e15 ? new Date(until).toISOString() : null;
}

/** One spelling of a time: another could be read in two ways. */
function timeOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? Date.parse(text) : Number.NaN;
}

function decisionTrouble({ decisionDigest }: Word, kind: WordKind, input: StandingInput): string | null {
  if (kind === 'withdraw' || decisionDigest === input.decisionDigest) return null;
  return `it is about another decision (${decisionDigest.slice(0, 12)}…), this one is ${input.decisionDigest.slice(0, 12)}…`;
}

function timeTrouble({ createdAt }: Word, kind: WordKind, until: string | null, now: string): string | null {
  if (until === null) return 'its times cannot be read';
  if (timeOf(createdAt) > Date.parse(now) + clockSkew) return `it is dated in the future (${createdAt})`;
  // A no and a withdrawal hold until the same person says something else.
  if (kind === 'reject' || kind === 'withdraw') return null;
  return Date.parse(now) >= Date.parse(until) ? `it expired at ${until}` : null;
}

function aboutTrouble({ target, comment }: Word, kind: WordKind, input: StandingInput): string | null {
  const { overrides } = input.policy;
  const isShort = comment.trim().length < shortestJustification;
  if (kind === 'override') {
    if (!overrides.enabled) return 'the policy allows no overrides';
    if (!input.closedGates.includes(target)) return `gate ${target} is not closed in this decision`;
    if (overrides.justificationRequired && isShort) return 'it has no justification';
  }
  return kind === 'emergency' && isShort ? 'it has no justification' : null;
}

function personTrouble(person: Person | null, word: Word, directory: Directory): string | null {
  if (person !== null) return null;
  const several = directory.people.filter((each) => directory.isOneOf(each, [word.person])).length > 1;
  return several ? `${word.person} is an address of several people` : `${word.person} is nobody whom the policy knows`;
}

function ownWorkTrouble(
  person: Person,
  { identity }: Word,
  kind: WordKind,
  input: StandingInput,
  directory: Directory,
): string | null {
  if (kind === 'reject' || kind === 'withdraw') return null;
  const bar = barredBy(person, identity, input, directory);
  if (bar === null) return null;
  return bar === 'author' ? `${person.id} is an author of the release` : `${person.id} asked for it`;
}

function identityTrouble(person: Person, word: Word, { policy, signedBy }: StandingInput, directory: Directory) {
  const { identity, envelope } = word;
  if (keyOfIdentity(identity) === null) {
    if (!isUnverified(identity) || envelope !== '') return 'it is neither signed nor a claim';
    return policy.approvals.allowUnverified ? null : `nothing verifies that it is from ${person.id}: ${identity}`;
  }
  const publicKey = signedBy(word, person.keys);
  if (publicKey === null) return `no key that the policy has for ${person.id} signed it as it stands`;
  return directory.isShared(publicKey) ? 'its key is that of several people' : null;
}
