import type { FeatureValues } from '../prediction/features.ts';
import type { Confidence, SimilarRelease } from '../prediction/prediction.ts';
import type { ReleaseModel } from '../prediction/release-model.ts';
import { scoreRelease } from '../prediction/score-release.ts';
import { recommendationFor } from './recommendation.ts';

/** Lower ends in percent, of the unrounded score; below the last one it is VERY_LOW. */
export const confidenceLevels = [
  ['VERY_HIGH', 94],
  ['HIGH', 85],
  ['MEDIUM', 70],
  ['LOW', 50],
] as const;

/** The interval may be so wide (percentage points), and so many failures must have been seen. */
export const certainties = [
  { certainty: 'HIGH', widest: 15, failures: 10 },
  { certainty: 'MEDIUM', widest: 30, failures: 3 },
] as const;

const dayMs = 86_400_000;

/** The chance that a release succeeds. `similar` is what `similarReleases` gave, all of them. */
export function confidenceOf(
  model: ReleaseModel,
  features: FeatureValues,
  similar: readonly SimilarRelease[],
): Confidence {
  const { probability, interval, base, contributions } = scoreRelease(model, features);
  const { learnedFrom } = model;
  const { deployments, failures } = learnedFrom;
  const score = 100 * (1 - probability);
  const known = {
    score,
    level: confidenceLevels.find(([, from]) => score >= from)?.[0] ?? 'VERY_LOW',
    confidenceInterval: [100 * (1 - interval[1]), 100 * (1 - interval[0])],
    certainty: certaintyOf(100 * (interval[1] - interval[0]), failures),
    comparisonToBaseline: deployments === 0 ? null : baselineOf(score, 100 * (1 - failures / deployments)),
  } as const;
  return {
    ...known,
    basedOn: {
      historicalDeployments: deployments,
      failures,
      similarReleases: similar.length,
      timeWindow: deployments === 0 ? null : windowText(model.window),
    },
    recommendation: recommendationFor(known, learnedFrom),
    base,
    contributions,
    learnedFrom,
  };
}

function certaintyOf(width: number, failures: number): Confidence['certainty'] {
  return certainties.find((each) => width <= each.widest && failures >= each.failures)?.certainty ?? 'LOW';
}

function baselineOf(thisReleaseProjection: number, averageSuccessRate: number) {
  return {
    averageSuccessRate,
    thisReleaseProjection,
    percentageImprovement: thisReleaseProjection - averageSuccessRate,
  };
}

/** `last_180_days`, `last_12_hours`, `all_time`. */
function windowText(window: number | null): string {
  if (window === null) return 'all_time';
  return window < dayMs ? `last_${Math.ceil(window / 3_600_000)}_hours` : `last_${Math.round(window / dayMs)}_days`;
}
