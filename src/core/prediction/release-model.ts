import type { Trees } from '../learn/trees.ts';
import type { FeatureId } from './features.ts';
import type { LearnedFrom } from './prediction.ts';
import { shippedPrior } from './shipped-prior.ts';

/** Name of the method and of the shipped prior. A kept model of another version is made again. */
export const modelVersion = `logistic-trees-2/jit-${shippedPrior.dataDigest.slice(0, 8)}`;

/** What the values of one feature are compared with. */
export interface Reference {
  /** Middle and spread on the scale of the model (counts as log(1 + n)). */
  readonly center: number;
  readonly scale: number;
  /** Releases it comes from; 0: a fixed reference that the docs name. */
  readonly releases: number;
}

/** A normal over intercept and coefficients of the log-odds of failure. */
export interface Coefficients {
  /** Features in the order of the coefficients behind the intercept. */
  readonly features: readonly FeatureId[];
  readonly references: Readonly<Partial<Record<FeatureId, Reference>>>;
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** Log-odds of a share: mean and standard deviation of what is known of them. */
export interface LogOdds {
  readonly mean: number;
  readonly sd: number;
}

/** Trees over these features, in this order; see `fitTrees`. */
export interface BoostedTrees {
  readonly features: readonly FeatureId[];
  readonly model: Trees;
}

/** What the average with the trees was chosen by: both on the same later releases, each predicted from what was known before it. */
export interface AverageRecord {
  readonly releases: number;
  readonly logLoss: number;
  readonly regressionLogLoss: number;
}

/** How the model did on this team's later releases, each predicted from what was known before it. */
export interface OwnRecord {
  readonly releases: number;
  readonly failures: number;
  readonly brier: number;
  readonly baseRateBrier: number;
  readonly logLoss: number;
  readonly baseRateLogLoss: number;
  /** null with one kind of outcome only. */
  readonly auc: number | null;
  readonly ece: number;
}

/** What was learned from the outcomes of one service in one environment. Plain data below 100 kB, kept as JSON. */
export interface ReleaseModel extends Coefficients {
  readonly schemaVersion: '1';
  readonly learnedFrom: LearnedFrom;
  /**
   * Boosted trees: the log-odds that are shown are the mean of theirs and those of the regression. null: there are too few outcomes for
   * them, or the average did not have a lower log-loss than the regression on the later releases.
   */
  readonly trees: (BoostedTrees & { readonly record: AverageRecord }) | null;
  /** Posterior of the base rate alone, in log-odds of failure. */
  readonly baseRate: LogOdds;
  readonly rolledBack: number;
  readonly failures: number;
  /** Share of the failures that were rolled back, 0–1: mean and 95 % interval. */
  readonly rolledBackShare: { readonly mean: number; readonly interval: readonly [number, number] };
  /** Milliseconds, as in the settings. */
  readonly window: number | null;
  /** null: there are too few later releases to tell. */
  readonly ownRecord: OwnRecord | null;
}
