import {
  auc,
  brier,
  captureAt,
  ece,
  logLoss,
  prAuc,
  reliability,
  type Label,
  type ReliabilityBin,
} from '../learn/measures.ts';
import { costsOf, thresholdOf, type Costs } from './costs.ts';
import { fewestOutcomes, figure, tooFewWords, type Figure } from './figure.ts';
import { wilson } from '../learn/wilson.ts';
import { noSkill, skillOf, type Skill } from './skill.ts';
import { verdictsOf, type Verdicts } from './verdicts.ts';

/** What was said before each release, by whom, and what came of it; all in the same order. */
export interface Said {
  /** Chance of failure, 0–1. */
  readonly probabilities: readonly number[];
  /** What the share of failures until then would have said. */
  readonly baseRates: readonly number[];
  /** 1: failed. */
  readonly labels: readonly Label[];
  readonly costRatio: number;
}

/** A bin of the reliability table with the 95 % interval of what was observed in it. */
export interface Bin extends ReliabilityBin {
  readonly interval: readonly [number, number] | null;
}

/** How good the forecasts of one forecaster were. */
export interface Quality {
  readonly auc: Figure;
  readonly prAuc: Figure;
  readonly brier: Figure;
  readonly logLoss: Figure;
  readonly ece: Figure;
  readonly brierSkill: Skill;
  readonly logLossSkill: Skill;
  /** Share of all failures among the 5 % and 10 % of releases with the highest forecasts. */
  readonly captureTop5: Figure;
  readonly captureTop10: Figure;
  /** Ten bins of equal width, empty ones too. */
  readonly reliability: readonly Bin[];
  /** Chance of failure above which a release counts as held back here. */
  readonly threshold: number;
  readonly verdicts: Verdicts;
  readonly costs: Costs;
}

/** Figures about forecasts need ten outcomes; those that compare failures with successes need both. Counts stand without. */
export function qualityOf({ probabilities, baseRates, labels, costRatio }: Said): Quality {
  const n = labels.length;
  const failures = labels.reduce<number>((sum, label) => sum + label, 0);
  const reason = tooFewWords({ n, failures }) ?? '';
  const ofMany = (value: () => number | null): Figure => figure(n < fewestOutcomes ? null : value(), reason);
  const ofBoth = (value: () => number | null): Figure => figure(reason === '' ? value() : null, reason);
  const skillBy = (measure: typeof brier): Skill => {
    const [own, reference] = [losses(measure, probabilities, labels), losses(measure, baseRates, labels)];
    return n < fewestOutcomes ? noSkill(reason) : skillOf(own, reference, Math.min(failures, n - failures));
  };
  const threshold = thresholdOf(costRatio);
  const verdicts = verdictsOf(
    labels.map((label, index) => ({ blocked: probabilities[index]! > threshold, failed: label === 1 })),
  );
  return {
    auc: ofBoth(() => auc(probabilities, labels)),
    prAuc: ofBoth(() => prAuc(probabilities, labels)),
    brier: ofMany(() => brier(probabilities, labels)),
    logLoss: ofMany(() => logLoss(probabilities, labels)),
    ece: ofMany(() => ece(probabilities, labels)),
    brierSkill: skillBy(brier),
    logLossSkill: skillBy(logLoss),
    captureTop5: ofBoth(() => captureAt(probabilities, labels, 0.05)),
    captureTop10: ofBoth(() => captureAt(probabilities, labels, 0.1)),
    reliability: reliability(probabilities, labels, 10).map((bin) => ({
      ...bin,
      interval: wilson(Math.round((bin.observed ?? 0) * bin.n), bin.n),
    })),
    threshold,
    verdicts,
    costs: costsOf(verdicts, costRatio),
  };
}

/** The loss of each forecast by itself. */
function losses(measure: typeof brier, probabilities: readonly number[], labels: readonly Label[]): readonly number[] {
  return probabilities.map((probability, index) => measure([probability], [labels[index]!])!);
}
