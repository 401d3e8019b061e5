import type { Deployment, Outcome } from '../history/outcome.ts';
import { knownBefore } from './own-record.ts';
import { predictedInTurn, type Predicted } from './predicted-in-turn.ts';
import { runningRecord } from './running-record.ts';
import type { PredictionSettings } from './settings.ts';
import { trainingSet } from './training-set.ts';

/** One deployment as it would have been predicted from the deployments before it. */
export interface Forecast {
  readonly version: string;
  readonly deployment: string;
  readonly deployedAt: string;
  readonly outcome: Outcome;
  /** Of failure, by the model: the regression, or its average with trees where that had been better until then. */
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

/** Of up to 100,000 deployments each is predicted from at most so many outcomes, the newest before it. */
const most = 20_000;

/**
 * Every deployment with an observed outcome, oldest first, predicted from those before it. The regression is fitted again at most fifty
 * times, the trees at most ten: often while little is known, seldom later. Outcomes count as known once the deployment happened; how late
 * they were recorded is not looked at.
 */
export function walkForward({ deployments, settings }: WalkForwardInput): readonly Forecast[] {
  const all = trainingSet(deployments, { window: null }, Infinity);
  const record = runningRecord();
  const waiting: Predicted[] = [];
  return predictedInTurn(all, settings, { from: 0, refits: 50, treeFits: 10, most }).map((predicted) => {
    while (waiting[0] && waiting[0].trial.at < predicted.trial.at) record.add(waiting.shift()!);
    const { trial, baseRate, rolledBackShare, known } = predicted;
    const { version, deployment, deployedAt, outcome } = trial;
    const probability = record.model(predicted);
    const shown = record.shown(predicted);
    if (known >= knownBefore) waiting.push(predicted);
    return { version, deployment, deployedAt, outcome, probability, baseRate, rollbackProbability: shown * rolledBackShare, shown, known }; // prettier-ignore
  });
}
