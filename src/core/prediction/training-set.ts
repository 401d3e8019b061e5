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
  /** Outcomes that were guessed from the history of the code, oldest first. */
  readonly inferred: readonly Pick<Trial, 'at' | 'failed'>[];
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
  const trials: (Trial & { readonly release: string })[] = [];
  const inferred: Pick<Trial, 'at' | 'failed'>[] = [];
  let future = 0;
  for (const deployment of deployments) {
    const at = Date.parse(deployment.deployedAt);
    const weight = weightOf(deployment);
    if (at > now) future += 1;
    else if (window !== null && at < now - window) continue;
    else if (weight === 'observed') trials.push(trialOf(deployment, at));
    else if (weight === 'inferred') inferred.push({ at, failed: deployment.outcome === 'success' ? 0 : 1 });
  }
  const first = firstOfEach(trials.sort(inOrder));
  inferred.sort((one, other) => one.at - other.at || one.failed - other.failed);
  return { trials: first.slice(-mostOutcomes), inferred, future, dropped: Math.max(first.length - mostOutcomes, 0) };
}

/**
 * What went out a second time tells nothing more of what it looks like: a release that was put back in place of a worse one would count as
 * another success. A release is its commit, or its version where that is not known. Oldest first.
 */
function firstOfEach(trials: readonly (Trial & { readonly release: string })[]): readonly Trial[] {
  const seen = new Set<string>();
  return trials.filter(({ release }) => !seen.has(release) && seen.add(release));
}

function trialOf({ deployment, version, deployedAt, outcome, facts }: Deployment, at: number) {
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
    release: facts.commit ?? version,
  } as const;
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
