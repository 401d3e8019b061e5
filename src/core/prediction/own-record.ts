import { auc, brier, ece, logLoss, type Label } from '../learn/measures.ts';
import type { OwnRecord } from './release-model.ts';
import { percentText } from './words.ts';

/** A release as it was predicted from what was known before it: chances of failure, and what came. */
export interface Judged {
  readonly probability: number;
  readonly baseRate: number;
  readonly failed: Label;
}

/** So many later releases it takes to judge the model by, with so many of them failures and so many successes. */
export const fewestToJudge = { releases: 20, failures: 3, successes: 3 } as const;

/** A release counts as later once so many outcomes were known before it. */
export const knownBefore = 10;

/** null while there are too few to tell. */
export function ownRecordOf(judged: readonly Judged[]): OwnRecord | null {
  const labels = judged.map(({ failed }) => failed);
  const failures = labels.filter((label) => label === 1).length;
  if (!isEnough(labels.length, failures)) return null;
  const model = judged.map(({ probability }) => probability);
  const base = judged.map(({ baseRate }) => baseRate);
  return {
    releases: labels.length,
    failures,
    brier: brier(model, labels)!,
    baseRateBrier: brier(base, labels)!,
    logLoss: logLoss(model, labels)!,
    baseRateLogLoss: logLoss(base, labels)!,
    auc: auc(model, labels),
    ece: ece(model, labels)!,
  };
}

export function isEnough(releases: number, failures: number): boolean {
  return (
    releases >= fewestToJudge.releases &&
    failures >= fewestToJudge.failures &&
    releases - failures >= fewestToJudge.successes
  );
}

/** The model is shown while both its log-loss and its Brier score are below those of the base rate. */
export function beatsBaseRate(
  record: Pick<OwnRecord, 'brier' | 'baseRateBrier' | 'logLoss' | 'baseRateLogLoss'>,
): boolean {
  return record.logLoss < record.baseRateLogLoss && record.brier < record.baseRateBrier;
}

/** The figures of the comparison, in words. */
export function recordText(record: OwnRecord): string {
  const figures = `log-loss ${record.logLoss.toFixed(4)} against ${record.baseRateLogLoss.toFixed(4)}, Brier score ${record.brier.toFixed(4)} against ${record.baseRateBrier.toFixed(4)}`;
  const said = beatsBaseRate(record)
    ? 'the model beat the share of failures'
    : 'the model did not beat the share of failures';
  return `${said} on ${record.releases} later releases with ${record.failures} failures (${percentText(record.failures / record.releases)}): ${figures}`;
}
