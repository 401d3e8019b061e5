import type { DeploymentFacts } from '../history/outcome.ts';

/** What is needed of an assessment to find the one that a deployment went out with. */
export interface Candidate {
  readonly version: string;
  readonly createdAt: string;
  readonly decisionDigest: string;
}

interface Deployed {
  readonly version: string;
  readonly deployedAt: string;
  readonly facts: Pick<DeploymentFacts, 'decisionDigest'>;
}

export type Match<C> =
  { readonly assessment: C; readonly reason: null } | { readonly assessment: null; readonly reason: string };

/**
 * Finds the assessment of a deployment among `candidates`, the newest first: the one that its digest names, else the newest of its
 * version from before it was deployed. What was assessed afterwards is no evidence that anybody had.
 */
export function matcher<C extends Candidate>(candidates: readonly C[]): (deployed: Deployed) => Match<C> {
  const byVersion = Map.groupBy(candidates, ({ version }) => version);
  return ({ version, deployedAt, facts: { decisionDigest } }) => {
    const all = byVersion.get(version) ?? [];
    if (all.length === 0) return none('no assessment is kept');
    const before = all.filter(({ createdAt }) => Date.parse(createdAt) <= Date.parse(deployedAt));
    if (before.length === 0) return none('assessed only after the deployment');
    const found =
      decisionDigest === undefined ? before[0] : before.find((each) => each.decisionDigest === decisionDigest);
    return found === undefined
      ? none('the assessment of the decision is not kept')
      : { assessment: found, reason: null };
  };
}

function none(reason: string): { readonly assessment: null; readonly reason: string } {
  return { assessment: null, reason };
}
