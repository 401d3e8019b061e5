import { meanProbability } from '../learn/bayes-logistic.ts';
import { fitTrees, treesLogOdds } from './boosted-trees.ts';
import { expectedRate, fitCoefficients } from './fit-coefficients.ts';
import { logOddsAfter } from './log-odds-posterior.ts';
import type { BoostedTrees } from './release-model.ts';
import { averageWithTrees, regressionProbability } from './score-release.ts';
import type { PredictionSettings } from './settings.ts';
import { countsOf, type TrainingSet, type Trial } from './training-set.ts';

/** Chances of failure of one release from what was known before it. */
export interface Predicted {
  readonly trial: Trial;
  readonly regression: number;
  /** Of regression and trees; null: there was too little to grow trees from. */
  readonly average: number | null;
  readonly baseRate: number;
  /** Share of the failures before it that were rolled back. */
  readonly rolledBackShare: number;
  /** Outcomes that were known before it. */
  readonly known: number;
}

export interface Walk {
  /** First trial that is predicted. */
  readonly from: number;
  /** The regression is fitted at most so often, and with every few of these fits the trees, at most so often. */
  readonly refits: number;
  readonly treeFits: number;
  /** Each fit is on at most so many outcomes, the newest. */
  readonly most: number;
}

/** Trials from one on, each predicted from those before it: of one instant, none from another. */
export function predictedInTurn(
  { trials, inferred }: Pick<TrainingSet, 'trials' | 'inferred'>,
  settings: PredictionSettings,
  { from, refits, treeFits, most }: Walk,
): readonly Predicted[] {
  const result: Predicted[] = [];
  const points = refitPoints(from, trials.length, refits);
  const treesLast = Math.ceil(refits / treeFits);
  let trees: BoostedTrees | null = null;
  let treesSince = 0;
  points.forEach((start, index) => {
    const now = trials[start]!.at;
    const expected = expectedRate(settings, countsOf(inferred.filter(({ at }) => at < now)));
    let next = firstFrom(trials, now, start);
    const before = trials.slice(firstFrom(trials, now - (settings.window ?? Infinity), start), next);
    const model = fitCoefficients(before.slice(-most), expected);
    if (trees === null || index - treesSince >= treesLast) {
      trees = fitTrees(before.slice(-most));
      treesSince = index;
    }
    let counts = countsOf(before);
    let rolledBack = before.filter(({ outcome }) => outcome === 'rolled-back').length;
    for (const trial of trials.slice(start, points[index + 1] ?? trials.length)) {
      for (; trials[next]!.at < trial.at; next += 1) {
        counts = addOutcome(counts, trials[next]!);
        if (trials[next]!.outcome === 'rolled-back') rolledBack += 1;
      }
      const regression = regressionProbability(model, trial.features);
      const { mean, sd } = logOddsAfter(counts, expected);
      result.push({
        trial,
        regression,
        average: trees && averageWithTrees(regression, treesLogOdds(trees, trial.features).logit),
        baseRate: meanProbability(mean, sd),
        rolledBackShare: (rolledBack + 1) / (counts.failures + 2),
        known: counts.failures + counts.successes,
      });
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

/** The first of the trials before `end` that is not older than an instant; `end` without one. */
function firstFrom(trials: readonly Trial[], at: number, end: number): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (trials[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addOutcome({ failures, successes }: { failures: number; successes: number }, { failed }: Trial) {
  return { failures: failures + failed, successes: successes + 1 - failed };
}
