import type { FeatureValues } from './features.ts';
import { mitigations, smallStart } from './mitigations.ts';
import type { RollbackPrediction, SimilarRelease } from './prediction.ts';
import type { ReleaseModel } from './release-model.ts';
import { scoreRelease } from './score-release.ts';
import { shownSimilar } from './similar-releases.ts';

const mostFactors = 5;

/** Lower ends in percent, of the unrounded probability; below the last one it is LOW. */
export const rollbackLevels = [
  ['CRITICAL', 50],
  ['HIGH', 30],
  ['MEDIUM', 15],
] as const;

/**
 * The chance that a release is rolled back: the chance that it fails, times the share of failures that were rolled back. `similar` is what
 * `similarReleases` gave.
 */
export function rollbackPredictionOf(
  model: ReleaseModel,
  features: FeatureValues,
  similar: readonly SimilarRelease[],
): RollbackPrediction {
  const { probability: failure, interval, base, contributions } = scoreRelease(model, features);
  const { rolledBackShare: share, rolledBack, failures, learnedFrom } = model;
  const probability = 100 * failure * share.mean;
  const riskLevel = levelOf(probability);
  const topRiskFactors = contributions.filter(({ logOdds }) => logOdds > 0).slice(0, mostFactors);
  const shown = similar.slice(0, shownSimilar);
  return {
    probability,
    interval: [100 * interval[0] * share.interval[0], 100 * interval[1] * share.interval[1]],
    riskLevel,
    shareOfFailures: { percent: 100 * share.mean, rolledBack, failures },
    topRiskFactors,
    base,
    contributions,
    historicalComparison: { similar: shown, failed: shown.filter(({ outcome }) => outcome !== 'success').length },
    mitigation: [
      ...topRiskFactors.map(({ feature }) => ({ feature, action: mitigations[feature] })),
      ...(riskLevel === 'LOW' ? [] : [{ feature: null, action: smallStart }]),
    ],
    learnedFrom,
  };
}

function levelOf(percent: number): RollbackPrediction['riskLevel'] {
  return rollbackLevels.find(([, from]) => percent >= from)?.[0] ?? 'LOW';
}
