import type { Deployment } from './outcome.ts';

/** The last `days` days before `now` (ISO-8601), both ends included. */
export interface TimeWindow {
  readonly now: string;
  readonly days: number;
}

/** Deployments by where they lie; each list in the order that was given. What is older than the window is in none of them. */
export interface WindowedDeployments {
  /** First instant of the window, ISO-8601 UTC. */
  readonly from: string;
  readonly inside: readonly Deployment[];
  /** After now: somebody's clock is wrong, or they are plans. They count nowhere. */
  readonly future: readonly Deployment[];
}

/** The shares of fewer deployments than this say more about chance than about the team, so none is worked out. */
export const fewestForShare = 5;

const dayMs = 86_400_000;

export function windowed(deployments: readonly Deployment[], { now, days }: TimeWindow): WindowedDeployments {
  const end = Date.parse(now);
  // A window of any length ends where dates do.
  const start = Math.max(end - days * dayMs, -8.64e15);
  const inside: Deployment[] = [];
  const future: Deployment[] = [];
  for (const deployment of deployments) {
    const at = Date.parse(deployment.deployedAt);
    if (at > end) future.push(deployment);
    else if (at >= start) inside.push(deployment);
  }
  return { from: new Date(start).toISOString(), inside, future };
}

/** How much a deployment may be counted: `observed` outcomes only, in shares and in everything that is compared. */
export type Weight = 'observed' | 'inferred' | 'pending';

export function weightOf({ outcome, basis }: Pick<Deployment, 'outcome' | 'basis'>): Weight {
  return outcome === 'pending' ? 'pending' : basis;
}
