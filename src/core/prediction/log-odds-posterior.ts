import { meanProbability } from '../learn/bayes-logistic.ts';
import type { LogOdds } from './release-model.ts';

/** Outcomes of two kinds; parts of one count as such. */
export interface Counts {
  readonly failures: number;
  readonly successes: number;
}

/** Steps per standard deviation of the integral. */
const fine = 8;

/** Log-odds of a share after some outcomes, from a normal prior. The integral is a sum over nine standard deviations to either side. */
export function logOddsAfter({ failures, successes }: Counts, prior: LogOdds): LogOdds {
  if (failures + successes === 0) return prior;
  const density = (f: number): number =>
    failures * logSigmoid(f) + successes * logSigmoid(-f) - 0.5 * ((f - prior.mean) / prior.sd) ** 2;
  const mode = modeOf({ failures, successes }, prior);
  const p = 1 / (1 + Math.exp(-mode));
  const narrow = 1 / Math.sqrt(1 / (prior.sd * prior.sd) + (failures + successes) * p * (1 - p));
  const peak = density(mode);
  let [mass, first, second] = [0, 0, 0];
  for (let step = -12 * fine; step <= 12 * fine; step += 1) {
    const away = (step / fine) * narrow;
    const weight = Math.exp(density(mode + away) - peak);
    mass += weight;
    first += weight * away;
    second += weight * away * away;
  }
  const mean = first / mass;
  return { mean: mode + mean, sd: Math.sqrt(second / mass - mean * mean) };
}

/** The derivative falls all the way, so that halving finds where it is 0. */
function modeOf({ failures, successes }: Counts, { mean, sd }: LogOdds): number {
  const variance = sd * sd;
  let low = mean - successes * variance;
  let high = mean + failures * variance;
  for (let round = 0; round < 80 && high - low > 1e-9; round += 1) {
    const middle = (low + high) / 2;
    const slope = failures - (failures + successes) / (1 + Math.exp(-middle)) - (middle - mean) / variance;
    if (slope > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Center of the normal of log-odds, of this standard deviation, whose mean probability is `share` (above 0 and below 1). */
export function centerFor(share: number, sd: number): number {
  let [low, high] = [-60, 60];
  for (let round = 0; round < 80; round += 1) {
    const middle = (low + high) / 2;
    if (meanProbability(middle, sd) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * A share of which `hits` of `hits + misses` were seen, from a uniform prior: mean and 95 % interval of the Beta(hits + 1, misses + 1).
 */
export function shareAfter(hits: number, misses: number): { mean: number; interval: readonly [number, number] } {
  const [a, b] = [hits + 1, misses + 1];
  const center = Math.log(a / b);
  const spread = Math.sqrt(1 / a + 1 / b);
  // In log-odds; the tails fall as exp(a·f) and exp(−b·f).
  const from = center - 8 * spread - 25 / a;
  const to = center + 8 * spread + 25 / b;
  const steps = 4_000;
  const peak = a * logSigmoid(center) + b * logSigmoid(-center);
  const at = (step: number): number => from + ((to - from) * step) / steps;
  const mass = Array.from({ length: steps + 1 }, (_, step) =>
    Math.exp(a * logSigmoid(at(step)) + b * logSigmoid(-at(step)) - peak),
  );
  const total = mass.reduce((sum, each) => sum + each, 0);
  // Each step holds what lies half a step to either side of it.
  const quantile = (share: number): number => {
    let sum = 0;
    const step = mass.findIndex((each) => (sum += each) >= share * total);
    const place = step + 0.5 - (sum - share * total) / mass[step]!;
    return 1 / (1 + Math.exp(-at(place)));
  };
  return { mean: a / (a + b), interval: [quantile(0.025), quantile(0.975)] };
}

function logSigmoid(f: number): number {
  return Math.min(f, 0) - Math.log1p(Math.exp(-Math.abs(f)));
}
