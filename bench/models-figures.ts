import { auc, brier, captureAt, ece, logLoss, prAuc } from '../src/core/learn/measures.ts';
import type { Run } from './models-regimes.ts';

export const measureNames = [
  'auc',
  'prauc',
  'brier',
  'logloss',
  'ece',
  'top5',
  'top10',
  'trainMs',
  'predictUs',
] as const;
type Measure = (typeof measureNames)[number];

/** How one model did on one project, or on the mean of all. */
export interface ModelFigures extends Readonly<Record<Measure, number>> {
  readonly project: string;
  readonly model: string;
  readonly regime: 'frozen' | 'walk-forward';
}

/** Difference of AUC, mean over the projects, with its 95 % interval. */
export interface AucDifference {
  readonly dAuc: number;
  readonly lower: number;
  readonly upper: number;
}

/** Labels of both kinds. */
export function figuresOf(
  of: Pick<ModelFigures, 'project' | 'model' | 'regime'>,
  run: Run,
  labels: readonly (0 | 1)[],
): ModelFigures {
  const { probabilities, trainMs, predictUs } = run;
  return {
    ...of,
    auc: auc(probabilities, labels)!,
    prauc: prAuc(probabilities, labels)!,
    brier: brier(probabilities, labels)!,
    logloss: logLoss(probabilities, labels)!,
    ece: ece(probabilities, labels)!,
    top5: captureAt(probabilities, labels, 0.05)!,
    top10: captureAt(probabilities, labels, 0.1)!,
    trainMs,
    predictUs,
  };
}

/** The plain mean over projects, one a model and regime, in the order they come. */
export function meansOf(all: readonly ModelFigures[]): readonly ModelFigures[] {
  return [...Map.groupBy(all, ({ model, regime }) => `${regime} ${model}`).values()].map((own) => {
    const mean = (name: Measure): number => own.reduce((sum, figures) => sum + figures[name], 0) / own.length;
    const measures = Object.fromEntries(measureNames.map((name) => [name, mean(name)])) as Record<Measure, number>;
    return { ...own[0]!, ...measures, project: 'mean' };
  });
}

/** What both of a pair predicted for the same rows. */
export interface Paired {
  readonly labels: readonly (0 | 1)[];
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/**
 * Rows of each project drawn again with replacement, the same rows for both, `draws` times: the 2.5th and the 97.5th percentile of the mean
 * difference (Efron and Tibshirani 1993). `chance` gives 0 … n − 1.
 */
export function bootstrapAuc(projects: readonly Paired[], draws: number, chance: (n: number) => number): AucDifference {
  const ready = projects.map(({ labels, ours, theirs }) => ({ labels, ours: ranked(ours), theirs: ranked(theirs) }));
  const mean = (differences: readonly number[]): number => differences.reduce((a, b) => a + b, 0) / differences.length;
  const once = ready.map(({ labels, ours, theirs }) => {
    const counts = new Uint32Array(labels.length).fill(1);
    return weightedAuc(ours, labels, counts) - weightedAuc(theirs, labels, counts);
  });
  const drawn = Array.from({ length: draws }, () =>
    mean(
      ready.map(({ labels, ours, theirs }) => {
        const counts = new Uint32Array(labels.length);
        for (let draw = 0; draw < labels.length; draw += 1) counts[chance(labels.length)]! += 1;
        return weightedAuc(ours, labels, counts) - weightedAuc(theirs, labels, counts);
      }),
    ),
  ).toSorted((a, b) => a - b);
  const at = (share: number): number => drawn[Math.round(share * (draws - 1))]!;
  return { dAuc: mean(once), lower: at(0.025), upper: at(0.975) };
}

interface Ranked {
  readonly order: Uint32Array;
  /** Whether the row at this place has the score of the one before. */
  readonly ties: Uint8Array;
}

function ranked(scores: readonly number[]): Ranked {
  const order = Uint32Array.from(scores, (_, index) => index).sort((a, b) => scores[a]! - scores[b]!);
  const ties = Uint8Array.from(order, (row, at) => (at > 0 && scores[order[at - 1]!] === scores[row] ? 1 : 0));
  return { order, ties };
}

/** The area under the ROC curve where each row counts as often as it was drawn. */
function weightedAuc({ order, ties }: Ranked, labels: readonly (0 | 1)[], counts: Uint32Array): number {
  let failures = 0;
  let others = 0;
  let below = 0;
  let wins = 0;
  let tiedFailures = 0;
  let tiedOthers = 0;
  const close = (): void => {
    wins += tiedFailures * (below + tiedOthers / 2);
    below += tiedOthers;
    failures += tiedFailures;
    others += tiedOthers;
    tiedFailures = 0;
    tiedOthers = 0;
  };
  order.forEach((row, at) => {
    if (ties[at] === 0) close();
    if (labels[row] === 1) tiedFailures += counts[row]!;
    else tiedOthers += counts[row]!;
  });
  close();
  return wins / (failures * others);
}
