import { hasFailed } from '../history/outcome.ts';
import type { Label } from '../learn/measures.ts';
import type { Forecast } from '../prediction/walk-forward.ts';
import { tooFewWords } from './figure.ts';
import { qualityOf, type Quality } from './quality.ts';

/** Who forecasts: the trained model, what a user was shown, and the share of failures until then for every release alike. */
export const forecasters = ['model', 'shown', 'baseRate'] as const;
export type Forecaster = (typeof forecasters)[number];

/** How the forecasts of known outcomes did. */
export interface ForecastRecord {
  readonly n: number;
  readonly failures: number;
  /** Deployment times of the first and the last of them, ISO-8601 UTC; null of none. */
  readonly from: string | null;
  readonly to: string | null;
  /** Set with fewer than ten outcomes, or where all ended alike: figures that need more are null. */
  readonly notEnough: string | null;
  readonly model: Quality;
  readonly shown: Quality;
  readonly baseRate: Quality;
}

export function recordOf(forecasts: readonly Forecast[], costRatio: number): ForecastRecord {
  const labels = forecasts.map((each): Label => (hasFailed(each) ? 1 : 0));
  const failures = labels.filter((label) => label === 1).length;
  const baseRates = forecasts.map(({ baseRate }) => baseRate);
  const of = (probabilities: readonly number[]): Quality => qualityOf({ probabilities, baseRates, labels, costRatio });
  const times = forecasts.map(({ deployedAt }) => deployedAt).sort();
  return {
    n: forecasts.length,
    failures,
    from: times[0] ?? null,
    to: times.at(-1) ?? null,
    notEnough: tooFewWords({ n: forecasts.length, failures }),
    model: of(forecasts.map(({ probability }) => probability)),
    shown: of(forecasts.map(({ shown }) => shown)),
    baseRate: of(baseRates),
  };
}
