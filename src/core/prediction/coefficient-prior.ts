import type { FeatureId } from './features.ts';
import type { Reference } from './release-model.ts';
import { shippedPrior } from './shipped-prior.ts';

/** What is expected of a coefficient before a team's own outcomes: change of the log-odds of failure for one spread more. */
export interface CoefficientPrior {
  readonly mean: number;
  readonly sd: number;
  /** `data`: learned from other projects. `belief`: nobody measured it; small on purpose. */
  readonly from: 'data' | 'belief';
  /** Fixed reference that a feature is compared with until there are own releases; null: it waits for them. */
  readonly reference: Reference | null;
}

/** Standard deviation of the intercept around what the settings expect. */
export const interceptSd = 1;

/**
 * Added (as a standard deviation) to the spread between the projects of the shipped prior: they tell of commits and of a proxy for
 * failure, and the model is asked about releases.
 */
export const transferSd = 0.25;

const beliefSd = 0.25;
const log = Math.log1p;

export const coefficientPriors: Readonly<Record<FeatureId, CoefficientPrior>> = {
  change_size: shipped('change_size'),
  files_changed: shipped('files_changed'),
  complexity: belief(0.1, { center: log(4), scale: 0.5 }),
  test_coverage: belief(-0.15, { center: 80, scale: 10 }),
  // Both are counts of open findings, often of the same tools: they share what one alone would have, 0.2.
  critical_bugs: belief(0.1, { center: 0, scale: log(1) }),
  vulnerabilities: belief(0.1, { center: 0, scale: log(1) }),
  days_since_deployment: belief(0, { center: log(7), scale: 1 }),
  team_experience: shipped('team_experience'),
  // A weekend is both: they share 0.2 as well.
  off_hours: belief(0.1, { center: 0, scale: 1 }),
  end_of_week: belief(0.1, { center: 0, scale: 1 }),
  change_spread: shipped('change_spread'),
  fix_share: shipped('fix_share'),
  failed_tests: belief(0.15, { center: 0, scale: log(1) }),
};

function shipped(feature: keyof typeof shippedPrior.coefficients): CoefficientPrior {
  const { mean, sd } = shippedPrior.coefficients[feature];
  return { mean, sd: Math.hypot(sd, transferSd), from: 'data', reference: null };
}

function belief(mean: number, { center, scale }: Pick<Reference, 'center' | 'scale'>): CoefficientPrior {
  return { mean, sd: beliefSd, from: 'belief', reference: { center, scale, releases: 0 } };
}
