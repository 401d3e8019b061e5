import type { Directory } from '../core/approval/directory.ts';
import { unverifiedIdentity } from '../core/approval/word.ts';
import type { Actor } from '../core/audit/event.ts';
import type { Person } from '../core/policy/people.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Approver, Speaker } from '../ports/approver.ts';

/** Who it is that speaks, as records and the audit log name them. */
export interface Voice {
  /** Id in the policy, or a claim. */
  readonly person: string;
  readonly identity: string;
  /** null where the policy does not know the person. */
  readonly known: Person | null;
  /** null: nothing verifies who it is. */
  readonly verified: Speaker['verified'];
  /** Why nothing does; empty if something does. */
  readonly doubt: string;
  readonly actor: Actor;
  /** Why nothing at all is taken from them; null if something may be. */
  readonly refusal: string | null;
}

/** The person whom the key here names, or whom somebody claims to be. @throws AqeError AQE3010. */
export async function voiceOf(
  { approver, policy }: { readonly approver: Approver; readonly policy: Policy },
  directory: Directory,
  claimed: string | undefined,
): Promise<Voice> {
  const speaker = await approver.speaker(policy.people);
  const { verified, claim, doubt, strangeKey } = speaker;
  const own: Voice | null = verified && {
    person: verified.person,
    identity: verified.identity,
    known: directory.find(verified.person),
    verified,
    doubt: '',
    actor: { id: verified.person, method: 'ed25519', key: verified.keyId },
    refusal: null,
  };
  const stranger: Voice = {
    person: claim,
    identity: unverifiedIdentity(claim),
    known: null,
    verified: null,
    doubt: `${doubt}; --approver says who you are, as a claim`,
    actor: { id: claim, method: 'os-user', key: null },
    refusal: strangeKey === null ? null : `${doubt}; add it under \`people\` in the config`,
  };
  if (claimed === undefined) return own ?? stranger;
  const known = directory.find(claimed);
  if (known === null) return { ...(own ?? stranger), refusal: `${claimed} is nobody whom the policy knows` };
  if (own !== null && own.known === known) return own;
  const why = own === null ? doubt : `the key here is that of ${own.person}`;
  return { ...stranger, person: known.id, known, doubt: why, actor: (own ?? stranger).actor, refusal: null };
}
