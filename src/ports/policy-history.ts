import type { Policy } from '../core/policy/policy.ts';

/** The policy as the config of a commit says it. */
export interface PolicyThen {
  readonly policy: Policy;
  /** False: the commit has no config file, and the defaults held. */
  readonly present: boolean;
  /** Its `policy.ref`, where one counts. */
  readonly ref: string | null;
}

/** The policy in force and what it was at other times, for the same project, environment and service. */
export interface PolicyHistory {
  /** Paths, relative to the project, of the files and folders that a policy is read from; empty outside a repository. */
  readonly places: readonly string[];
  /** Files of the work tree that the policy in force was read from; null: it was read from a revision. */
  readonly files: readonly string[] | null;
  /** `policy.ref` of the config in force; null also where the revision was named outside of the project, and no `policy.ref` counts. */
  readonly ref: string | null;
  /** @throws AqeError for a config or key that cannot be used, and for an unknown revision. */
  at(revision: string): Promise<PolicyThen>;
}
