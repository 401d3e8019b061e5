import type { FeatureValues } from '../prediction/features.ts';

/**
 * How a deployment ended. `success`: it stays in production and nobody had to intervene. `failed`: it did harm and was repaired in
 * another way than the two that follow. `rolled-back`: the release before it was put back. `hotfixed`: a new release was rushed out to repair it.
 */
export const outcomes = ['success', 'failed', 'rolled-back', 'hotfixed'] as const;
export type Outcome = (typeof outcomes)[number];

/** `pending`: deployed, and nobody has said yet how it went. It counts neither as success nor as failure. */
export const outcomeStates = [...outcomes, 'pending'] as const;
export type OutcomeState = (typeof outcomeStates)[number];

/** `observed`: somebody or something saw it. `inferred`: guessed from the history of the code; good for a base rate and nothing else. */
export type OutcomeBasis = 'observed' | 'inferred';

/** One statement about one deployment. A later statement about the same deployment amends the earlier one, which stays. */
export interface OutcomeStatement {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** Which deployment it is about; statements of one service and environment with the same name are about the same one. */
  readonly deployment: string;
  readonly outcome: OutcomeState;
  /** When the deployment reached the environment, ISO-8601 UTC. */
  readonly deployedAt: string;
  readonly basis: OutcomeBasis;
  /** Where it was learned: `recorded`, `rollout`, `github`, `gitlab`, `ndjson`, `csv`, `git-tags`. */
  readonly source: string;
  readonly reason: string;
  /** When it was stated, ISO-8601 UTC. */
  readonly createdAt: string;
  readonly facts: DeploymentFacts;
}

/** What else is known about a deployment; absent: not known. Times are ISO-8601 UTC. */
export interface DeploymentFacts {
  readonly commit?: string;
  /** Oldest and newest commit of the change: lead time counts from there. */
  readonly firstCommitAt?: string;
  readonly committedAt?: string;
  /** When the service was well again after a failure. */
  readonly recoveredAt?: string;
  /** An unplanned deployment that was made to repair something. */
  readonly unplanned?: boolean;
  /** What the release looked like before it went out. */
  readonly features?: FeatureValues;
  /** Decision that was in force. */
  readonly decision?: string;
  readonly decisionDigest?: string;
}

/** A deployment with the newest statement about it, and all statements, oldest first. */
export interface Deployment extends OutcomeStatement {
  readonly statements: readonly OutcomeStatement[];
}

/**
 * The deployments that statements are about, oldest deployment first; of one instant, by name. The newest statement counts (of one
 * instant the later in `statements`); facts that it leaves out are kept from the ones before.
 */
export function deploymentsOf(statements: readonly OutcomeStatement[]): readonly Deployment[] {
  const byName = new Map<string, OutcomeStatement[]>();
  for (const statement of statements) {
    const known = byName.get(statement.deployment);
    if (known) known.push(statement);
    else byName.set(statement.deployment, [statement]);
  }
  return [...byName.values()].map(deploymentOf).sort(inTime);
}

function deploymentOf(said: readonly OutcomeStatement[]): Deployment {
  if (said.length === 1) return { ...said[0]!, statements: said };
  const statements = [...said].sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  const facts = Object.assign({}, ...statements.map((statement) => statement.facts)) as DeploymentFacts;
  return { ...statements.at(-1)!, facts, statements };
}

function inTime(a: Deployment, b: Deployment): number {
  if (a.deployedAt !== b.deployedAt) return a.deployedAt < b.deployedAt ? -1 : 1;
  return a.deployment < b.deployment ? -1 : a.deployment > b.deployment ? 1 : 0;
}

/** Whether the deployment needed somebody to intervene; null while nobody knows. */
export function hasFailed({ outcome }: Pick<Deployment, 'outcome'>): boolean | null {
  return outcome === 'pending' ? null : outcome !== 'success';
}
