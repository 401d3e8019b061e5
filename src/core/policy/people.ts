/** Somebody whom the policy knows, by e-mail address. Addresses compare without regard to case. */
export interface Person {
  readonly id: string;
  readonly name: string | null;
  /** Other addresses of theirs, such as those in commits. */
  readonly aliases: readonly string[];
  /** Ed25519 public keys: SPKI DER, base64. Empty: nothing can be verified. */
  readonly keys: readonly string[];
}

/** A role that policies name (`VP Engineering`), and the people who have it, groups resolved. */
export interface Role {
  readonly name: string;
  readonly people: readonly string[];
}

/** `always`: every release; `high-risk`: the risk is, or may be, HIGH; `policy-change`: the release changes its own policy. */
export const requirementKinds = ['always', 'high-risk', 'policy-change'] as const;
export type RequirementKind = (typeof requirementKinds)[number];

/** `count` distinct people out of these roles have to agree. */
export interface ApprovalRequirement {
  readonly name: string;
  readonly when: RequirementKind;
  /** Role names; empty: anybody whom the policy knows. */
  readonly roles: readonly string[];
  readonly count: number;
}

export interface ApprovalPolicy {
  readonly required: readonly ApprovalRequirement[];
  /** People who wrote commits of the release, or asked for approval, may approve it. */
  readonly allowAuthor: boolean;
  /** A word without a key counts. */
  readonly allowUnverified: boolean;
  /** Milliseconds after which an approval is void. */
  readonly expiresAfter: number;
  /** Whom to tell when a request waits for so many milliseconds. */
  readonly escalation: readonly { readonly after: number; readonly to: readonly string[] }[];
}

export interface OverridePolicy {
  readonly enabled: boolean;
  /** Every one of these roles has to agree, each by another person, unless `count` asks for fewer. */
  readonly requiresApprovalFrom: readonly string[];
  readonly count: number;
  readonly justificationRequired: boolean;
  readonly auditLog: boolean;
  /** Longest time that an override may hold, milliseconds. */
  readonly maxDuration: number;
}

export interface EmergencyPolicy {
  readonly roles: readonly string[];
  readonly count: number;
  /** Milliseconds until the review that it owes is due. */
  readonly reviewWithin: number;
  readonly expiresAfter: number;
}
