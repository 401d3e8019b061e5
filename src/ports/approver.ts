import type { UnsignedWord } from '../core/approval/word.ts';
import type { Person } from '../core/policy/people.ts';

/** Somebody of whom it is certain who they are. */
export interface VerifiedSpeaker {
  /** Id of the person in the policy. */
  readonly person: string;
  /** As records keep it: `ed25519:<key id>`. */
  readonly identity: string;
  readonly keyId: string;
  /** Envelope (core/approval/word-signature.ts) that ties a word to this person. */
  sign(word: UnsignedWord): string;
}

/** Who speaks now. */
export interface Speaker {
  /** What the surroundings say of them without any proof: `os user ada`. */
  readonly claim: string;
  /** null: nothing verifies who it is. */
  readonly verified: VerifiedSpeaker | null;
  /** Why nothing does, in words; empty if something does. */
  readonly doubt: string;
  /** Key id of a key that is there and belongs to nobody, or to several; else null. */
  readonly strangeKey: string | null;
}

/** How it is known who speaks: a key here; a session, where there is a server. */
export interface Approver {
  /** @throws AqeError AQE3010 for a key that is there and cannot be used. */
  speaker(people: readonly Person[]): Promise<Speaker>;
}
