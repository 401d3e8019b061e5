import { fitCoefficients, rowOf } from './fit-coefficients.ts';
import { momentsOf } from './regression-bounds.ts';
import type { Coefficients, LogOdds } from './release-model.ts';
import type { Trial } from './training-set.ts';
import { percentText } from './words.ts';

/** How often the warning is given although nothing changed, at most. */
export const driftAlarmRate = 0.01;

/** The newest quarter of the outcomes is looked at, at least and at most so many; as many as the least must lie before it. */
const fewest = 20;
const most = 100;
/** Outcomes before them that the prediction is made from, the newest. */
const mostBefore = 10_000;

/**
 * Whether the newest outcomes fit what the regression predicted for them from all before, in words; null when they do, or when there are too few. The
 * number of failures has a Poisson-binomial distribution around the predictions, mixed over what is not known of the intercept; the test is
 * two-sided.
 */
export function driftOf(trials: readonly Trial[], expected: LogOdds): string | null {
  const length = Math.min(Math.max(trials.length >> 2, fewest), most);
  if (trials.length - length < fewest) return null;
  const newest = trials.slice(-length);
  const before = fitCoefficients(trials.slice(-length - mostBefore, -length), expected);
  const failures = newest.reduce((sum, { failed }) => sum + failed, 0);
  const shares = failureShares(before, newest);
  const atMost = sumOf(shares.slice(0, failures + 1));
  const atLeast = sumOf(shares.slice(failures));
  if (2 * Math.min(atMost, atLeast) > driftAlarmRate) return null;
  const predicted = shares.reduce((sum, share, count) => sum + share * count, 0);
  return (
    `the newest ${length} outcomes do not fit what was predicted for them: ${failures} failed, about ${predicted.toFixed(1)} were expected ` +
    `(so far off by chance in less than ${percentText(driftAlarmRate)} of all cases)`
  );
}

/** Chance of each number of failures. */
function failureShares(model: Coefficients, trials: readonly Trial[]): readonly number[] {
  const rows = trials.map(({ features }) => rowOf(model, features));
  const moments = rows.map((row) => momentsOf(model, row));
  const middle = model.mean.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
  const sd = Math.sqrt(momentsOf(model, middle).variance);
  const mixed = new Float64Array(trials.length + 1);
  // A normal in steps of half a standard deviation.
  const steps = Array.from({ length: 17 }, (_, index) => (index - 8) / 2);
  const total = sumOf(steps.map((step) => Math.exp(-0.5 * step * step)));
  for (const step of steps) {
    const share = Math.exp(-0.5 * step * step) / total;
    poissonBinomial(moments.map(({ logit }) => 1 / (1 + Math.exp(-logit - step * sd)))).forEach((each, count) => {
      mixed[count] = mixed[count]! + share * each;
    });
  }
  return [...mixed];
}

/** Chance of each number of hits of independent trials. */
function poissonBinomial(probabilities: readonly number[]): Float64Array {
  const shares = new Float64Array(probabilities.length + 1);
  shares[0] = 1;
  probabilities.forEach((probability, n) => {
    for (let count = n + 1; count >= 0; count -= 1)
      shares[count] = shares[count]! * (1 - probability) + (count > 0 ? shares[count - 1]! * probability : 0);
  });
  return shares;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
