import type { OpenedBy } from '../gate/evaluate-gate.ts';
import type { ApprovalRequirement } from '../policy/people.ts';

/** One person's agreement that counts. */
export interface Agreement {
  /** Id of the record. */
  readonly id: string;
  readonly person: string;
  /** Role under which it counts; null where no role is asked for. */
  readonly role: string | null;
  /** `ed25519:<key id>`, or `unverified (…)`. */
  readonly identity: string;
  readonly comment: string;
  readonly at: string;
  readonly until: string;
}

/** A requirement of the policy and how far it is met for one decision. */
export interface RequirementState {
  readonly requirement: ApprovalRequirement;
  readonly agreed: readonly Agreement[];
  /** Agreements that are lacking; 0 when it is met. */
  readonly missing: number;
  /** People who could give one, sorted. Empty although some are missing: nobody can. */
  readonly waitingFor: readonly string[];
}

export interface OverrideState {
  readonly gate: string;
  readonly agreed: readonly Agreement[];
  readonly missing: number;
  readonly waitingFor: readonly string[];
  /** Set when it holds. */
  readonly opened: OpenedBy | null;
}

export interface EmergencyState {
  readonly agreed: readonly Agreement[];
  readonly missing: number;
  readonly waitingFor: readonly string[];
  /** Set when it holds. */
  readonly opened: OpenedBy | null;
}

/** A record that does not count, and why: another decision, expired, withdrawn, not allowed, not verified. */
export interface VoidRecord {
  readonly id: string;
  readonly kind: string;
  readonly person: string;
  readonly reason: string;
}

/** A review that an emergency approval owes. */
export interface OwedReview {
  readonly approval: string;
  readonly version: string;
  readonly dueAt: string;
  readonly overdue: boolean;
}

/** What people said about one decision, and what it is worth now. */
export interface Sanctions {
  readonly requirements: readonly RequirementState[];
  readonly overrides: readonly OverrideState[];
  /** null when nobody spoke of an emergency. */
  readonly emergency: EmergencyState | null;
  readonly rejections: readonly Agreement[];
  readonly void: readonly VoidRecord[];
  readonly reviews: readonly OwedReview[];
}

/** Nobody said anything, and nothing is asked for. */
export const noSanctions: Sanctions = {
  requirements: [],
  overrides: [],
  emergency: null,
  rejections: [],
  void: [],
  reviews: [],
};
