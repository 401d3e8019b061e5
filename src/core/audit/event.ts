/** Who did something, and how that is known. `ed25519`: a key that the policy ties to the person; `os-user`: a claim. */
export interface Actor {
  readonly id: string;
  readonly method: 'ed25519' | 'os-user' | 'program';
  /** Key id of the signature, hex; null without one. */
  readonly key: string | null;
}

export const auditActions = [
  'assessment.recorded',
  'attestation.recorded',
  'approval.requested',
  'approval.given',
  'approval.rejected',
  'approval.withdrawn',
  'approval.refused',
  'override.given',
  'override.refused',
  'emergency.approved',
  'emergency.refused',
  'review.opened',
  'review.done',
  'message.queued',
  'message.delivered',
  'message.failed',
  'bundle.written',
  'key.rotated',
  'spool.recovered',
  'store.copied',
  'outcome.recorded',
  'outcome.amended',
  'outcomes.imported',
  'model.trained',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Something that happened and must not be forgotten. Free of secrets: text passes the redactor before it comes here. */
export interface AuditEvent {
  readonly id: string;
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly action: AuditAction;
  /** `intent` stands before an effect on the outside, `done` or `failed` after it; `refused` for what was not allowed. */
  readonly outcome: 'done' | 'refused' | 'intent' | 'failed';
  readonly actor: Actor;
  readonly service: string;
  /** Empty where the event is about no release. */
  readonly version: string;
  readonly environment: string;
  /** What it was done to: a gate, an approval, a message; empty if the release itself. */
  readonly target: string;
  readonly decisionDigest: string | null;
  /** Justification or cause, in the words of whoever gave it. */
  readonly reason: string;
  /** Further facts an auditor samples (authors, approvers, evidence times), as text. */
  readonly details: Readonly<Record<string, string>>;
}

/** An event in the log: `hash` covers `prev` and `body`, so no entry can be changed, moved or left out unseen. */
export interface AuditEntry {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** Canonical JSON of the event and of `rows`, the records that were written with it (table, id, seal). */
  readonly body: string;
  /** Hash of the entry before; of nothing, `genesis`. */
  readonly prev: string;
  /** Lower-case hex. */
  readonly hash: string;
}
