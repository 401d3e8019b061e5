import type { FeatureId } from './features.ts';

/** What a figure was learned from. */
export interface LearnedFrom {
  /** Deployments with a known outcome, and those of them that failed. */
  readonly deployments: number;
  readonly failures: number;
  /** Deployment times of the first and the last of them, ISO-8601 UTC; null without any. */
  readonly from: string | null;
  readonly to: string | null;
  /** Name of the method and of the shipped prior. */
  readonly modelVersion: string;
  /** Over the deployments and settings that it was learned from. */
  readonly trainingDigest: string;
  /**
   * `prior`: nobody's outcomes yet, only what the config and the shipped prior expect. `model`: features and outcomes. `base-rate`: the
   * model did not beat the share of failures on this team's own later releases, so that share is shown for every release alike.
   */
  readonly shows: 'prior' | 'model' | 'base-rate';
  /** Why that is shown, in words with the figures. */
  readonly because: string;
  /** Deployments whose outcome was guessed from the history of the code: they moved the expected rate and nothing else. */
  readonly inferred: number;
  /** Set when the newest outcomes do not fit what was predicted for them. */
  readonly drift: string | null;
}

/** What one feature does to the log-odds of failure. All of them and `base` add up to the log-odds that are shown. */
export interface Contribution {
  readonly feature: FeatureId;
  readonly title: string;
  /**
   * In the unit of the feature; null: not known, so the interval is wider. In the regression the usual value stands in, in boosted trees
   * what became of earlier releases without it.
   */
  readonly value: number | null;
  /**
   * Middle of this team's releases; null: there are too few to compare with. Then a fixed value that the docs name is compared with, or
   * nothing is and `logOdds` is 0.
   */
  readonly usual: number | null;
  /** In log-odds; above 0 makes failure more likely. */
  readonly logOdds: number;
}

/** The chance that a release succeeds. Percentages are 0–100 and neither of them. */
export interface Confidence {
  readonly score: number;
  readonly level: 'VERY_HIGH' | 'HIGH' | 'MEDIUM' | 'LOW' | 'VERY_LOW';
  /** 95 % credible. A feature that is not known counts at its worst in the lower bound and at its best in the upper. */
  readonly confidenceInterval: readonly [number, number];
  /** From the width of the interval and the failures seen, not from the number of releases alone. */
  readonly certainty: 'LOW' | 'MEDIUM' | 'HIGH';
  readonly basedOn: {
    readonly historicalDeployments: number;
    readonly failures: number;
    readonly similarReleases: number;
    /** `last_180_days`, `last_12_hours`, `all_time`, or null without history. */
    readonly timeWindow: string | null;
  };
  /** Null without history. Differences are in percentage points. */
  readonly comparisonToBaseline: {
    readonly averageSuccessRate: number;
    readonly thisReleaseProjection: number;
    readonly percentageImprovement: number;
  } | null;
  readonly recommendation: string;
  /** Log-odds of failure without any feature, with what comes from averaging over what is not known for sure. */
  readonly base: number;
  /** Largest first. Empty where the base rate or the prior is shown for every release alike. */
  readonly contributions: readonly Contribution[];
  readonly learnedFrom: LearnedFrom;
}

/** A past release that looked like this one: an explanation, and no second use of what the model already knows. */
export interface SimilarRelease {
  readonly version: string;
  readonly deployedAt: string;
  readonly outcome: string;
  /** Mean distance over the features that both have, in usual spreads; 0 is alike. */
  readonly distance: number;
}

/** The chance that a release is rolled back: that it fails, times the share of failures that were rolled back. */
export interface RollbackPrediction {
  /** Percent, 0–100 and neither of them. */
  readonly probability: number;
  readonly interval: readonly [number, number];
  readonly riskLevel: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  /** Share of the failures that were rolled back, percent, and what it was counted from. */
  readonly shareOfFailures: { readonly percent: number; readonly rolledBack: number; readonly failures: number };
  /** At most five that raise the chance most. */
  readonly topRiskFactors: readonly Contribution[];
  readonly base: number;
  readonly contributions: readonly Contribution[];
  /** At most five, nearest first, and how many of these failed. */
  readonly historicalComparison: {
    readonly similar: readonly SimilarRelease[];
    readonly failed: number;
  };
  /** What would lower the chance, tied to the factors above. */
  readonly mitigation: readonly { readonly feature: FeatureId | null; readonly action: string }[];
  readonly learnedFrom: LearnedFrom;
}
