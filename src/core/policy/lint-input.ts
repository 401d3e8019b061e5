import type { CriterionKey } from '../gate/criteria.ts';
import type { MetricId } from '../signal/metrics.ts';
import type { Policy } from './policy.ts';

export type ConfigPath = readonly string[];

export const lintLevels = ['error', 'warning', 'info'] as const;
export type LintLevel = (typeof lintLevels)[number];

/** Something in a policy that does not do what its writer must have meant. */
export interface LintFinding {
  /** `threshold-never-fails`: permanent. */
  readonly rule: string;
  readonly level: LintLevel;
  /** Where in the config; keys that are not written there stand for their default. */
  readonly path: ConfigPath;
  readonly message: string;
  readonly advice: string;
}

/** The policy of one service in one environment, and where its parts stand in the config. */
export interface LintScope {
  readonly service: string;
  readonly environment: string;
  readonly policy: Policy;
  gateAt(gate: string): ConfigPath;
  criterionAt(gate: string, key: CriterionKey): ConfigPath;
  /** Of a key that an environment or service may have of its own. */
  at(...path: ConfigPath): ConfigPath;
  /** By place in the policy's waivers. */
  readonly waiverAt: readonly ConfigPath[];
  /** Whether the config says anything of the path; else it is a default. */
  isWritten(path: ConfigPath): boolean;
}

/** A name that the config uses, and where. */
export interface Mention {
  readonly name: string;
  readonly path: ConfigPath;
}

export interface LintInput {
  /** ISO-8601 UTC. */
  readonly now: string;
  readonly scopes: readonly LintScope[];
  /** Metrics that some reader, version control, a person or a mapping of the config can give. */
  readonly givenMetrics: ReadonlySet<MetricId>;
  /** Environments that the config defines; null: none, and any name is good. */
  readonly environments: readonly string[] | null;
  readonly environmentsNamed: readonly Mention[];
  readonly groups: readonly string[];
  readonly groupsNamed: readonly Mention[];
  /** Gates that an environment or service leaves out. */
  readonly gatesLeftOut: readonly (Mention & { readonly known: readonly string[] })[];
  /** Whether the policy is read from a revision. */
  readonly isFromRevision: boolean;
  /** Files in the folder of public keys. */
  readonly keyFiles: number;
}
