import type { Deployment } from './outcome.ts';
import { weightOf, type Weight } from './time-window.ts';

/** A kept assessment, as far as it is compared with what became of the release. Percentages are 0–100; null: it has none. */
export interface PastAssessment {
  readonly version: string;
  readonly createdAt: string;
  readonly decision: string;
  /** In shadow mode: what the decision would have been. */
  readonly wouldBe: string | null;
  readonly riskScore: number | null;
  readonly failureProbability: number | null;
  readonly rollbackProbability: number | null;
  /** Closed gates that people opened. */
  readonly overridden: readonly string[];
  /** An emergency approval held. */
  readonly emergency: boolean;
}

/**
 * How a release stood when it went out. `opened`: it was approved although a gate was closed, by an override or an emergency
 * approval. `undecided`: inconclusive or waiting. `unknown`: nobody assessed it before, as far as is known.
 */
export const standings = ['approved', 'opened', 'blocked', 'undecided', 'unknown'] as const;
export type DeploymentStanding = (typeof standings)[number];

/** A deployment beside the decision that was in force when it happened. */
export interface DecidedDeployment {
  readonly deployment: string;
  readonly version: string;
  readonly deployedAt: string;
  readonly outcome: Deployment['outcome'];
  readonly basis: Deployment['basis'];
  readonly reason: string;
  readonly weight: Weight;
  readonly decision: string | null;
  readonly standing: DeploymentStanding;
  /** Newest assessment of the version that is not newer than the deployment. */
  readonly assessment: PastAssessment | null;
}

/** `assessments` are those of the version, the newest first. */
export function decidedDeployment(
  deployment: Deployment,
  assessments: readonly PastAssessment[] = [],
): DecidedDeployment {
  const at = Date.parse(deployment.deployedAt);
  const assessment = assessments.find(({ createdAt }) => Date.parse(createdAt) <= at) ?? null;
  // Who recorded the deployment knows what was in force; the newest assessment may have been about another question.
  const decision = deployment.facts.decision ?? assessment?.decision ?? null;
  return {
    deployment: deployment.deployment,
    version: deployment.version,
    deployedAt: deployment.deployedAt,
    outcome: deployment.outcome,
    basis: deployment.basis,
    reason: deployment.reason,
    weight: weightOf(deployment),
    decision,
    standing: standingOf(decision, assessment),
    assessment,
  };
}

/** In shadow mode nothing was blocked: what would have been decided is what is compared. */
export function standingOf(decision: string | null, assessment: PastAssessment | null): DeploymentStanding {
  const judged = assessment?.decision === decision ? (assessment?.wouldBe ?? decision) : decision;
  switch (judged) {
    case 'APPROVED':
    case 'APPROVED_WITH_WARNINGS':
      return assessment !== null && isOpened(assessment) ? 'opened' : 'approved';
    case 'BLOCKED':
      return 'blocked';
    case 'INCONCLUSIVE':
    case 'PENDING_APPROVAL':
      return 'undecided';
    default:
      return 'unknown';
  }
}

export function isOpened({ overridden, emergency }: PastAssessment): boolean {
  return emergency || overridden.length > 0;
}
