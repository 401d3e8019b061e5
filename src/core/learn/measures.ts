/** How good predicted probabilities and scores are. Labels: 1 failed, 0 did not. Without what a measure needs the answer is null, never NaN. */

export type Label = 0 | 1;

/** One bin of predicted probabilities: [from, to), the last one with its end. Means are null for an empty bin. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly meanPredicted: number | null;
  readonly observed: number | null;
}

/**
 * Area under the ROC curve: the chance that a failure has a higher score than a non-failure, ties count one half
 * (Mann-Whitney U; Hanley and McNeil 1982). Scores .1 .4 .35 .8 with labels 0 0 1 1: 3 of 4 pairs are right, .75.
 * Null without both kinds of label.
 */
export function auc(scores: ArrayLike<number>, labels: ArrayLike<Label>): number | null {
  const { groups, failures, n } = tiedGroups(scores, labels);
  if (failures === 0 || failures === n) return null;
  let above = 0;
  let wins = 0;
  for (const group of groups) {
    const others = group.n - group.failures;
    wins += others * (above + group.failures / 2);
    above += group.failures;
  }
  return wins / (failures * (n - failures));
}

/**
 * Average precision: Σ (Rₖ − Rₖ₋₁)·Pₖ over the cuts between different scores, from the highest down (the non-interpolated area
 * under the precision-recall curve; Davis and Goadrich 2006 on why it is not interpolated). Scores .1 .4 .35 .8 with labels
 * 0 0 1 1: ½·1 + ½·⅔ = .8333. Null without a failure.
 */
export function prAuc(scores: ArrayLike<number>, labels: ArrayLike<Label>): number | null {
  const { groups, failures } = tiedGroups(scores, labels);
  if (failures === 0) return null;
  let seen = 0;
  let caught = 0;
  let sum = 0;
  for (const group of groups) {
    seen += group.n;
    caught += group.failures;
    sum += (group.failures / failures) * (caught / seen);
  }
  return sum;
}

/** Mean of (p − y)² (Brier 1950). Probabilities .1 and .6 with labels 0 and 1: (.01 + .16) / 2 = .085. Null without rows. */
export function brier(probabilities: ArrayLike<number>, labels: ArrayLike<Label>): number | null {
  const n = sameLength(probabilities, labels);
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += (probabilities[i]! - labels[i]!) ** 2;
  return n === 0 ? null : sum / n;
}

/**
 * Mean of −ln of the probability given to what happened. Probabilities are clipped to [1e-15, 1 − 1e-15], so one sure and wrong
 * answer costs at most 34.5. Probabilities .5 and .8 with labels 1 and 1: (.6931 + .2231) / 2 = .4581. Null without rows.
 */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<Label>): number | null {
  const n = sameLength(probabilities, labels);
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    const p = Math.min(Math.max(probabilities[i]!, 1e-15), 1 - 1e-15);
    sum -= Math.log(labels[i] === 1 ? p : 1 - p);
  }
  return n === 0 ? null : sum / n;
}

/**
 * Rows by predicted probability in bins of equal width, each with the mean prediction and the share that failed (DeGroot and
 * Fienberg 1983). Probabilities .1 .12 .9 with labels 0 1 1 in ten bins: the bin from .1 has n 2, mean .11, observed .5.
 */
export function reliability(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<Label>,
  bins = 10,
): readonly ReliabilityBin[] {
  const n = sameLength(probabilities, labels);
  const sums = Array.from({ length: bins }, () => ({ n: 0, predicted: 0, failures: 0 }));
  for (let i = 0; i < n; i += 1) {
    const p = probabilities[i]!;
    const bin = sums[Math.min(Math.max(Math.floor(p * bins), 0), bins - 1)]!;
    bin.n += 1;
    bin.predicted += p;
    bin.failures += labels[i]!;
  }
  return sums.map((bin, index) => ({
    from: index / bins,
    to: (index + 1) / bins,
    n: bin.n,
    meanPredicted: bin.n === 0 ? null : bin.predicted / bin.n,
    observed: bin.n === 0 ? null : bin.failures / bin.n,
  }));
}

/**
 * Expected calibration error: Σ n_bin / n · |mean prediction − share that failed| over ten bins of equal width (Naeini et al. 2015).
 * Probabilities .1 .12 .9 with labels 0 1 1: ⅔·|.11 − .5| + ⅓·|.9 − 1| = .2933. A perfectly calibrated model is above 0 too when rows
 * are few. Null without rows.
 */
export function ece(probabilities: ArrayLike<number>, labels: ArrayLike<Label>): number | null {
  const n = sameLength(probabilities, labels);
  if (n === 0) return null;
  return reliability(probabilities, labels, 10).reduce(
    (sum, bin) => sum + (bin.n === 0 ? 0 : (bin.n / n) * Math.abs(bin.meanPredicted! - bin.observed!)),
    0,
  );
}

/**
 * Share of all failures among the `share` of rows with the highest scores. Rows that tie at the cut count with the fair share of their
 * group, and a cut that is no whole row takes that part of one: what a random order among ties catches on average. Scores 4 3 2 1 with
 * labels 1 0 1 0: the top half catches .5; with all scores equal the top tenth catches .1. Null without a failure.
 */
export function captureAt(scores: ArrayLike<number>, labels: ArrayLike<Label>, share: number): number | null {
  const { groups, failures, n } = tiedGroups(scores, labels);
  if (failures === 0) return null;
  let left = Math.min(Math.max(share, 0), 1) * n;
  let caught = 0;
  for (const group of groups) {
    const taken = Math.min(left, group.n);
    caught += group.failures * (taken / group.n);
    left -= taken;
  }
  return caught / failures;
}

interface Tied {
  readonly n: number;
  readonly failures: number;
}

/** Rows of the same score together, the highest first. */
function tiedGroups(scores: ArrayLike<number>, labels: ArrayLike<Label>) {
  const n = sameLength(scores, labels);
  const order = Uint32Array.from({ length: n }, (_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
  const groups: Tied[] = [];
  let failures = 0;
  for (let start = 0; start < n;) {
    const score = scores[order[start]!];
    let end = start;
    let failed = 0;
    for (; end < n && scores[order[end]!] === score; end += 1) failed += labels[order[end]!]!;
    groups.push({ n: end - start, failures: failed });
    failures += failed;
    start = end;
  }
  return { groups, failures, n };
}

function sameLength(values: ArrayLike<number>, labels: ArrayLike<number>): number {
  if (values.length !== labels.length) throw new RangeError(`${values.length} values for ${labels.length} labels`);
  for (let i = 0; i < values.length; i += 1) if (Number.isNaN(values[i])) throw new RangeError(`value ${i} is NaN`);
  return values.length;
}
