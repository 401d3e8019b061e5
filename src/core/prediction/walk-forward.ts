import type { Deployment, Outcome } from '../history/outcome.ts';
import { meanProbability } from '../learn/bayes-logistic.ts';
import { fitCoefficients, expectedRate } from './fit-coefficients.ts';
import { logOddsAfter } from './log-odds-posterior.ts';
import { beatsBaseRate, isEnough, knownBefore } from './own-record.ts';
import { probabilityOfFailure } from './score-release.ts';
import type { PredictionSettings } from './settings.ts';
import { countsOf, mostOutcomes, trainingSet, type TrainingSet, type Trial } from './training-set.ts';

/** One deployment as it would have been predicted from the deployments before it. */
export interface Forecast {
  readonly version: string;
  readonly deployment: string;
  readonly deployedAt: string;
  readonly outcome: Outcome;
  /** Of failure, by the model. */
  readonly probability: number;
  /** Of failure, from the share of failures among the own outcomes before it and what was expected. */
  readonly baseRate: number;
  /** Of a rollback, from what would have been shown. */
  readonly rollbackProbability: number;
  /** Of failure, what would have been shown: the model, or the base rate where the model had not beaten it. */
  readonly shown: number;
  /** Outcomes that were known before it. */
  readonly known: number;
}

export interface WalkForwardInput {
  readonly deployments: readonly Deployment[];
  readonly settings: PredictionSettings;
}

/**
 * Every deployment with an observed outcome, oldest first, predicted from those before it. The model is fitted again at most fifty times:
 * often while little is known, seldom later. Outcomes count as known once the deployment happened; how late they were recorded is not
 * looked at.
 */
export function walkForward({ deployments, settings }: WalkForwardInput): readonly Forecast[] {
  const all = trainingSet(deployments, { window: null }, Infinity);
  return forecasts(all, settings, { from: 0, refits: 50, most: mostOutcomes });
}

/** The same over what is there, from a trial on, with a number of refits, each on at most `most` outcomes. */
export function forecasts(
  { trials, inferred }: Pick<TrainingSet, 'trials' | 'inferred'>,
  settings: PredictionSettings,
  { from, refits, most }: { readonly from: number; readonly refits: number; readonly most: number },
): readonly Forecast[] {
  const expected = expectedRate(settings, inferred);
  const result: Forecast[] = [];
  const record = { releases: 0, failures: 0, brier: 0, baseRateBrier: 0, logLoss: 0, baseRateLogLoss: 0 };
  const points = refitPoints(from, trials.length, refits);
  points.forEach((start, index) => {
    const before = trials.slice(windowStart(trials, start, settings.window), start);
    const model = fitCoefficients(before.slice(-most), expected);
    let counts = countsOf(before);
    let rolledBack = before.filter(({ outcome }) => outcome === 'rolled-back').length;
    for (const trial of trials.slice(start, points[index + 1] ?? trials.length)) {
      const probability = probabilityOfFailure(model, trial.features);
      const { mean, sd } = logOddsAfter(counts, expected);
      const baseRate = meanProbability(mean, sd);
      const share = (rolledBack + 1) / (counts.failures + 2);
      const shown = isEnough(record.releases, record.failures) && !beatsBaseRate(record) ? baseRate : probability;
      const known = counts.failures + counts.successes;
      const { version, deployment, deployedAt, outcome } = trial;
      result.push({ version, deployment, deployedAt, outcome, probability, baseRate, rollbackProbability: shown * share, shown, known }); // prettier-ignore
      if (known >= knownBefore) addTo(record, trial, probability, baseRate);
      counts = addOutcome(counts, trial);
      if (trial.outcome === 'rolled-back') rolledBack += 1;
    }
  });
  return result;
}

/** Where to fit again: the first `refits` squares between the two ends, so that early ones lie close together. */
function refitPoints(from: number, to: number, refits: number): readonly number[] {
  if (from >= to) return [];
  const all = Array.from({ length: refits }, (_, index) => from + Math.floor((to - from) * (index / refits) ** 2));
  return [...new Set(all)];
}

function windowStart(trials: readonly Trial[], end: number, window: number | null): number {
  const oldest = trials[end]!.at - (window ?? Infinity);
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (trials[middle]!.at < oldest) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addOutcome({ failures, successes }: { failures: number; successes: number }, { failed }: Trial) {
  return { failures: failures + failed, successes: successes + 1 - failed };
}

function addTo(
  record: { releases: number; failures: number; brier: number; baseRateBrier: number; logLoss: number; baseRateLogLoss: number }, // prettier-ignore
  { failed }: Trial,
  probability: number,
  baseRate: number,
): void {
  record.releases += 1;
  record.failures += failed;
  record.brier += (probability - failed) ** 2;
  record.baseRateBrier += (baseRate - failed) ** 2;
  record.logLoss -= Math.log(failed ? probability : 1 - probability);
  record.baseRateLogLoss -= Math.log(failed ? baseRate : 1 - baseRate);
}
