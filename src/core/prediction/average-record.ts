import { logLoss } from '../learn/measures.ts';
import { isEnough } from './own-record.ts';
import type { Predicted } from './predicted-in-turn.ts';
import type { AverageRecord } from './release-model.ts';

/** The average with trees is compared with the regression from so many later releases on that both predicted. */
export const fewestToAverage = 200;

/** null where the average of regression and trees is not to be used: too few releases to tell, or its log-loss is not the lower one. */
export function averageRecordOf(predicted: readonly Predicted[]): AverageRecord | null {
  const both = predicted.flatMap(({ trial, regression, average }) =>
    average === null ? [] : [{ failed: trial.failed, regression, average }],
  );
  const labels = both.map(({ failed }) => failed);
  if (!isComparable(both.length, labels.filter((label) => label === 1).length)) return null;
  const averageLoss = logLoss(both.map(({ average }) => average), labels)!; // prettier-ignore
  const regressionLogLoss = logLoss(both.map(({ regression }) => regression), labels)!; // prettier-ignore
  return averageLoss < regressionLogLoss ? { releases: both.length, logLoss: averageLoss, regressionLogLoss } : null;
}

export function isComparable(releases: number, failures: number): boolean {
  return releases >= fewestToAverage && isEnough(releases, failures);
}

export function averageText({ releases, logLoss: lower, regressionLogLoss }: AverageRecord): string {
  return `averaged with boosted trees, which lowered the log-loss from ${regressionLogLoss.toFixed(4)} to ${lower.toFixed(4)} on ${releases} later releases`;
}
