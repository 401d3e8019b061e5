import { canonicalJson } from '../canonical-json.ts';
import type { Deployment } from '../history/outcome.ts';
import { meanProbability } from '../learn/bayes-logistic.ts';
import { averageRecordOf, averageText } from './average-record.ts';
import { fitTrees } from './boosted-trees.ts';
import { driftOf } from './drift.ts';
import { featureIds } from './features.ts';
import { expectedRate, fitCoefficients } from './fit-coefficients.ts';
import { logOddsAfter, shareAfter } from './log-odds-posterior.ts';
import { beatsBaseRate, fewestToJudge, knownBefore, ownRecordOf, recordText, type Judged } from './own-record.ts';
import { predictedInTurn, type Predicted } from './predicted-in-turn.ts';
import type { LearnedFrom } from './prediction.ts';
import { modelVersion, type AverageRecord, type LogOdds, type OwnRecord, type ReleaseModel } from './release-model.ts';
import type { PredictionSettings } from './settings.ts';
import { shippedPrior } from './shipped-prior.ts';
import { countsOf, mostOutcomes, trainingSet, type TrainingSet, type Trial } from './training-set.ts';
import { counted, percentText } from './words.ts';

export interface FitInput {
  /** In any order. */
  readonly deployments: readonly Deployment[];
  readonly settings: PredictionSettings;
  /** ISO-8601. What was deployed later is not learned from. */
  readonly now: string;
  readonly sha256: (text: string) => string;
}

/** Releases that the model is compared with the base rate on: the newest. */
const mostJudged = 2_000;
/** Outcomes that each of them is predicted from, at most: the newest before it. */
const mostBeforeJudged = 10_000;

/**
 * What the outcomes of one service in one environment teach. Works from no outcome on, for any finite history; the same outcomes, settings
 * and window give the same model whatever the order.
 */
export function fitReleaseModel({ deployments, settings, now, sha256 }: FitInput): ReleaseModel {
  const set = trainingSet(deployments, settings, Date.parse(now));
  const { trials } = set;
  const expected = expectedRate(settings, countsOf(set.inferred));
  const coefficients = fitCoefficients(trials, expected);
  const predicted = predictedLater(set, settings);
  const better = averageRecordOf(predicted);
  const grown = better && fitTrees(trials);
  const trees = grown && { ...grown, record: better };
  const ownRecord = ownRecordOf(predicted.flatMap((each) => judgedOf(each, trees !== null)));
  const { failures, successes } = countsOf(trials);
  const rolledBack = trials.filter(({ outcome }) => outcome === 'rolled-back').length;
  return {
    schemaVersion: '1',
    learnedFrom: {
      deployments: trials.length,
      failures,
      from: trials[0]?.deployedAt ?? null,
      to: trials.at(-1)?.deployedAt ?? null,
      modelVersion,
      trainingDigest: sha256(digestedText(set, settings)),
      ...shown(set, ownRecord, expected, trees && trees.record),
      inferred: set.inferred.length,
      drift: driftOf(trials, expected),
    },
    ...coefficients,
    trees,
    baseRate: logOddsAfter({ failures, successes }, expected),
    rolledBack,
    failures,
    rolledBackShare: shareAfter(rolledBack, failures - rolledBack),
    window: settings.window,
    ownRecord,
  };
}

/** The newest releases, each as it was predicted from what was known before it. The larger the history, the fewer refits. */
function predictedLater(set: TrainingSet, settings: PredictionSettings): readonly Predicted[] {
  const length = set.trials.length;
  const from = Math.max(knownBefore, length - mostJudged);
  if (length - from < fewestToJudge.releases) return [];
  const refits = Math.max(2, Math.min(12, Math.round((12 * mostJudged) / length)));
  return predictedInTurn(set, settings, { from, refits, treeFits: Math.ceil(refits / 4), most: mostBeforeJudged });
}

/** What is shown is judged: where trees are averaged in, the releases that there were trees for. */
function judgedOf({ trial, regression, average, baseRate }: Predicted, averages: boolean): readonly Judged[] {
  const probability = averages ? average : regression;
  return probability === null ? [] : [{ probability, baseRate, failed: trial.failed }];
}

function shown(
  { trials, inferred, future, dropped }: TrainingSet,
  record: OwnRecord | null,
  expected: LogOdds,
  average: AverageRecord | null,
): Pick<LearnedFrom, 'shows' | 'because'> {
  const guessed = inferred.length;
  const notes = [
    ...(average ? [averageText(average)] : []),
    ...(guessed > 0 && trials.length > 0 ? [`${counted(guessed, 'outcome')} guessed from the history of the code moved the expected share of failures to ${percentText(meanProbability(expected.mean, expected.sd))}`] : []), // prettier-ignore
    ...(future > 0
      ? [`${counted(future, 'deployment')} dated after now ${future === 1 ? 'was' : 'were'} left out`]
      : []),
    ...(dropped > 0 ? [`only the newest ${mostOutcomes.toLocaleString('en-US')} outcomes were learned from`] : []),
  ];
  const say = (shows: LearnedFrom['shows'], because: string) => ({ shows, because: [because, ...notes].join('; ') });
  if (trials.length === 0) {
    const share = percentText(meanProbability(expected.mean, expected.sd));
    const source = guessed > 0 ? `, moved by ${counted(guessed, 'outcome')} guessed from the history of the code` : '';
    return say('prior', `no outcome is known yet: ${share} of releases are expected to fail${source}`);
  }
  if (record) return say(beatsBaseRate(record) ? 'model' : 'base-rate', recordText(record));
  const { releases, failures, successes } = fewestToJudge;
  const later = Math.max(trials.length - knownBefore, 0);
  const wanted = `${releases} releases after the first ${knownBefore}, with ${failures} failures and ${successes} successes`;
  const there = later === 0 ? 'none yet' : `${later}, with ${counted(failuresAfter(trials), 'failure')}`;
  return say(
    'model',
    `not yet compared with the share of failures alone: that takes ${wanted} among them; so far there ${later === 1 ? 'is' : 'are'} ${there}`,
  );
}

function failuresAfter(trials: readonly Trial[]): number {
  return trials.slice(knownBefore).filter(({ failed }) => failed === 1).length;
}

/** Everything that the model follows from. */
function digestedText({ trials, inferred }: TrainingSet, settings: PredictionSettings): string {
  const rows = trials.map(({ deployment, deployedAt, outcome, features }) => [deployment, deployedAt, outcome, ...featureIds.map((id) => features[id] ?? null)]); // prettier-ignore
  return canonicalJson({ modelVersion, prior: shippedPrior, settings, inferred, features: featureIds, rows });
}
