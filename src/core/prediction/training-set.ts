import type { Deployment, Outcome } from '../history/outcome.ts';
import { weightOf } from '../history/time-window.ts';
import { featureIds, type FeatureValues } from './features.ts';
import type { Counts } from './log-odds-posterior.ts';
import type { PredictionSettings } from './settings.ts';

/** More than this many outcomes are not learned from: the newest are. */
export const mostOutcomes = 100_000;

/** One deployment with an observed outcome. */
export interface Trial {
  readonly deployment: string;
  readonly version: string;
  readonly deployedAt: string;
  readonly at: number;
  readonly outcome: Outcome;
  readonly failed: 0 | 1;
  readonly features: FeatureValues;
}

export interface TrainingSet {
  /** Oldest first; of one instant, by name. The order they were given in does not matter. */
  readonly trials: readonly Trial[];
  /** Outcomes that were guessed from the history of the code. */
  readonly inferred: Counts;
  /** Deployments after now, and outcomes older than the newest `mostOutcomes`: neither are learned from. */
  readonly future: number;
  readonly dropped: number;
}

/** What there is to learn from at an instant (milliseconds). */
export function trainingSet(
  deployments: readonly Deployment[],
  { window }: Pick<PredictionSettings, 'window'>,
  now: number,
): TrainingSet {
  const trials: Trial[] = [];
  const inferred = { failures: 0, successes: 0 };
  let future = 0;
  for (const deployment of deployments) {
    const at = Date.parse(deployment.deployedAt);
    const weight = weightOf(deployment);
    if (at > now) future += 1;
    else if (window !== null && at < now - window) continue;
    else if (weight === 'observed') trials.push(trialOf(deployment, at));
    else if (weight === 'inferred') inferred[deployment.outcome === 'success' ? 'successes' : 'failures'] += 1;
  }
  trials.sort(inOrder);
  return { trials: trials.slice(-mostOutcomes), inferred, future, dropped: Math.max(trials.length - mostOutcomes, 0) };
}

function trialOf({ deployment, version, deployedAt, outcome, facts }: Deployment, at: number): Trial {
  const given = facts.features ?? {};
  const known = featureIds.filter((id) => given[id] !== undefined && Number.isFinite(given[id]));
  const features = Object.fromEntries(known.map((id) => [id, given[id]!]));
  return {
    deployment,
    version,
    deployedAt,
    at,
    outcome: outcome as Outcome,
    failed: outcome === 'success' ? 0 : 1,
    features,
  };
}

function inOrder(one: Trial, other: Trial): number {
  return one.at - other.at || compare(one.deployment, other.deployment) || compare(textOf(one), textOf(other));
}

/** Only two deployments of one name at one instant are told apart by this. */
function textOf({ outcome, version, features }: Trial): string {
  return JSON.stringify([outcome, version, featureIds.map((id) => features[id] ?? null)]);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function countsOf(trials: readonly Pick<Trial, 'failed'>[]): Counts {
  const failures = trials.reduce((sum, { failed }) => sum + failed, 0);
  return { failures, successes: trials.length - failures };
}
