import { isComparable } from './average-record.ts';
import { beatsBaseRate, isEnough } from './own-record.ts';
import type { Predicted } from './predicted-in-turn.ts';

/** Sums over releases that were predicted. */
interface Sums {
  releases: number;
  failures: number;
  brier: number;
  baseRateBrier: number;
  logLoss: number;
  baseRateLogLoss: number;
}

/** What was to be shown at a time, going by the releases before it. */
interface RunningRecord {
  add(predicted: Predicted): void;
  /** The average where it had the lower log-loss, else the regression. */
  model(predicted: Predicted): number;
  /** That, or the base rate where the model had not beaten it. */
  shown(predicted: Predicted): number;
}

export function runningRecord(): RunningRecord {
  const regression = nothing();
  const average = nothing();
  const regressionBeside = nothing();
  const averages = (): boolean =>
    isComparable(average.releases, average.failures) && average.logLoss < regressionBeside.logLoss;
  const model = (predicted: Predicted): number =>
    predicted.average !== null && averages() ? predicted.average : predicted.regression;
  return {
    model,
    shown(predicted) {
      const record = predicted.average !== null && averages() ? average : regression;
      const lost = isEnough(record.releases, record.failures) && !beatsBaseRate(record);
      return lost ? predicted.baseRate : model(predicted);
    },
    add(predicted) {
      addTo(regression, predicted, predicted.regression);
      if (predicted.average === null) return;
      addTo(average, predicted, predicted.average);
      addTo(regressionBeside, predicted, predicted.regression);
    },
  };
}

function nothing(): Sums {
  return { releases: 0, failures: 0, brier: 0, baseRateBrier: 0, logLoss: 0, baseRateLogLoss: 0 };
}

function addTo(sums: Sums, { trial: { failed }, baseRate }: Predicted, probability: number): void {
  sums.releases += 1;
  sums.failures += failed;
  sums.brier += (probability - failed) ** 2;
  sums.baseRateBrier += (baseRate - failed) ** 2;
  sums.logLoss -= Math.log(failed ? probability : 1 - probability);
  sums.baseRateLogLoss -= Math.log(failed ? baseRate : 1 - baseRate);
}
