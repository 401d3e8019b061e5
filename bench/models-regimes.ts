import {
  fitReleaseLearner,
  releaseScorer,
  trackIntercept,
  type LearnerSettings,
  type ReleaseLearner,
  type ReleaseScorer,
} from '../src/core/learn/release-learner.ts';
import type { LearnerSchema } from '../src/core/learn/preparation.ts';
import { fitLogistic } from '../src/core/learn/bayes-logistic.ts';
import { linesAddedColumn, part, type Project } from './models-data.ts';

/** Predictions for the rows from a cut on, and what they cost. */
export interface Run {
  readonly probabilities: readonly number[];
  readonly trainMs: number;
  readonly predictUs: number;
}

const delay = 30 * 86_400_000;
const refits = 10;
const stepsPerRefit = 20;
const newest = 1_000;

/** Trained once on all before the cut, with all of its labels known. */
export function frozen(project: Project, cut: number, schema: LearnerSchema, settings: LearnerSettings): Run {
  const started = performance.now();
  const scorer = releaseScorer(fitReleaseLearner(schema, part(project, 0, cut), settings));
  const trained = performance.now();
  const probabilities = predicted(scorer, project, cut, project.rows.length);
  const predictUs = ((performance.now() - trained) * 1_000) / probabilities.length;
  return { probabilities, trainMs: trained - started, predictUs };
}

/**
 * Trained anew ten times over the part from the cut on, each time on what is older than 30 days then: younger labels are not known yet.
 * Between two trainings the intercept moves twenty times, by the newest labels that are known at that moment.
 */
export function walkForward(project: Project, cut: number, schema: LearnerSchema, settings: LearnerSettings): Run {
  const { times, rows } = project;
  const known = (row: number): number => countBelow(times, times[row]! - delay);
  const probabilities: number[] = [];
  let trainMs = 0;
  let predictMs = 0;
  const steps = refits * stepsPerRefit;
  const placeOf = (step: number): number => cut + Math.floor(((rows.length - cut) * step) / steps);
  let learner: ReleaseLearner | null = null;
  for (let step = 0; step < steps; step += 1) {
    const [start, end] = [placeOf(step), placeOf(step + 1)];
    if (start === end) continue;
    const labelled = known(start);
    const started = performance.now();
    if (learner === null || step % stepsPerRefit === 0)
      learner = fitReleaseLearner(schema, part(project, 0, labelled), settings);
    learner = trackIntercept(learner, part(project, Math.max(0, labelled - newest), labelled), newest);
    const scorer = releaseScorer(learner);
    const ready = performance.now();
    probabilities.push(...predicted(scorer, project, start, end));
    trainMs += ready - started;
    predictMs += performance.now() - ready;
  }
  return { probabilities, trainMs, predictUs: (predictMs * 1_000) / probabilities.length };
}

/** The usual low bar: a logistic regression on the number of lines added, nothing else. */
export function linesAdded({ rows, labels }: Project, cut: number): Run {
  const started = performance.now();
  const values = rows.map((row) => row[linesAddedColumn] ?? null);
  const known = values.slice(0, cut).filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
  const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(known.length, 1)) || 1;
  const x = values.map((value) => [1, ((value ?? mean) - mean) / spread]);
  const posterior = fitLogistic(x.slice(0, cut), labels.slice(0, cut), { mean: [0, 0], sd: [10, 10] });
  const trained = performance.now();
  const [intercept = 0, slope = 0] = posterior.mean;
  const probabilities = x.slice(cut).map(([, value = 0]) => 1 / (1 + Math.exp(-intercept - slope * value)));
  const predictUs = ((performance.now() - trained) * 1_000) / probabilities.length;
  return { probabilities, trainMs: trained - started, predictUs };
}

function predicted(scorer: ReleaseScorer, { rows }: Project, start: number, end: number): readonly number[] {
  return rows.slice(start, end).map((row) => scorer.predict(row).probability);
}

/** Times ascend. */
function countBelow(times: readonly number[], limit: number): number {
  const at = times.findIndex((time) => time > limit);
  return at < 0 ? times.length : at;
}
