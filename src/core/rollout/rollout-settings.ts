/** How a release takes over from the one before. */
export const strategies = ['canary', 'blue-green', 'rolling', 'multi-region'] as const;
export type Strategy = (typeof strategies)[number];

/** What moves the traffic or the instances. */
export const routerKinds = ['haproxy', 'nginx', 'kubernetes', 'gateway-api', 'argo-rollouts'] as const;
export type RouterKind = (typeof routerKinds)[number];

/** The comparison that holds when the release is bad. */
export const comparisons = ['<', '<=', '>', '>='] as const;
export type Comparison = (typeof comparisons)[number];

/** A limit of a metric of the user's own, in the unit that was written; null: a plain number. */
export interface Threshold {
  readonly value: number;
  readonly unit: '%' | 'ms' | null;
}

/**
 * What rolls a release back when it holds for `forMs` milliseconds without a break. Shares are percent, 0–100, and latencies
 * milliseconds.
 */
export type Trigger =
  | { readonly kind: 'error-rate'; readonly above: number; readonly forMs: number }
  | { readonly kind: 'response-time'; readonly percentile: string; readonly above: number; readonly forMs: number }
  | { readonly kind: 'availability'; readonly below: number; readonly forMs: number }
  | {
      readonly kind: 'custom';
      readonly name: string;
      readonly comparison: Comparison;
      readonly threshold: Threshold;
      readonly forMs: number;
    };

/** One step of a rollout: the share of traffic of the new release, 1–100, and how long it is watched there; null: not said. */
export interface RolloutStep {
  readonly percent: number;
  readonly bakeMs: number | null;
}

/** A step of the team's own procedure. `automated` is what the team says; null: nothing is said. */
export interface RollbackStep {
  readonly action: string;
  readonly owner: string | null;
  readonly automated: boolean | null;
}

/** A copy of data that the team says there is. Nobody here has looked. */
export interface Backup {
  readonly what: string;
  readonly location: string;
  /** As it was written: a day, or a time. */
  readonly declaredAt: string | null;
}

export interface RollbackSettings {
  /** A person or a team. */
  readonly owner: string | null;
  /** In place of the steps of the strategy; empty: those hold. */
  readonly steps: readonly RollbackStep[];
  readonly backups: readonly Backup[];
  readonly cache: { readonly action: 'none' } | { readonly action: 'flush-prefix'; readonly prefix: string } | null;
  readonly communication: readonly { readonly notify: string; readonly when: string }[];
}

/** How the team rolls out and back, as configured: null and empty are what nobody said. It is no part of the policy. */
export interface RolloutSettings {
  readonly strategy: Strategy | null;
  /** Rising, the last of them 100; empty: not said. */
  readonly steps: readonly RolloutStep[];
  /** How long a step, or a rollback, is watched; null: not said. */
  readonly bakeMs: number | null;
  /** `name` is what the product calls it: a backend, an upstream, a deployment. */
  readonly router: { readonly kind: RouterKind; readonly name: string | null } | null;
  /** In the order of the rollout. */
  readonly regions: readonly string[];
  /** More failed regions than this roll all of them back; null: not said. */
  readonly maxFailedRegions: number | null;
  readonly triggers: readonly Trigger[];
  readonly rollback: RollbackSettings;
  /** Ids of the configured notifiers: `smtp`, `webhook:chat`. */
  readonly notifiers: readonly string[];
}
