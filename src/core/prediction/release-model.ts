import type { FeatureId } from './features.ts';
import type { LearnedFrom } from './prediction.ts';

/** What the values of one feature are compared with. */
export interface Reference {
  /** Middle and spread on the scale of the model (counts as log(1 + n)). */
  readonly center: number;
  readonly scale: number;
  /** Least and greatest seen, on the same scale. */
  readonly low: number;
  readonly high: number;
  /** Releases it comes from; 0: a fixed reference that the docs name. */
  readonly releases: number;
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
export interface ReleaseModel {
  readonly schemaVersion: '1';
  readonly learnedFrom: LearnedFrom;
  /** Features in the order of `coefficients` behind the intercept. */
  readonly features: readonly FeatureId[];
  readonly references: Readonly<Partial<Record<FeatureId, Reference>>>;
  /** Posterior of intercept and coefficients of the log-odds of failure. */
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  /** Boosted trees that are averaged in for a long history; their form is theirs. */
  readonly trees: object | null;
  /** Posterior of the base rate alone, in log-odds of failure. */
  readonly baseRate: { readonly mean: number; readonly sd: number };
  readonly rolledBack: number;
  readonly failures: number;
  readonly ownRecord: OwnRecord | null;
}
