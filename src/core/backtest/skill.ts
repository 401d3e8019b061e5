import type { Figure } from './figure.ts';
import { z95 } from '../learn/wilson.ts';

/** How much of the loss of a reference is saved: 1 all of it, 0 none; below 0 it is worse. */
export interface Skill {
  readonly skill: Figure;
  /** 95 %; null without a figure, and with fewer than two of the rarer outcome. It takes releases as independent of each other. */
  readonly interval: readonly [number, number] | null;
}

/**
 * 1 − mean(losses) / mean(reference), both over the same releases, of which `rarer` ended in the way that fewer did. The interval is
 * that of a ratio of paired means by linearisation (Cochran 1977, §6.4), se = sd(lossᵢ − ratio · referenceᵢ) / (√n · mean(reference)),
 * with Student's quantile for `rarer` − 1 degrees of freedom: the spread is known from the rarer outcomes, however many releases
 * there are. Losses 1 0 0 … against 1 1 0 … of ten: 1 − .1/.2 = .5.
 */
export function skillOf(losses: readonly number[], reference: readonly number[], rarer: number): Skill {
  const n = losses.length;
  const mean = meanOf(reference);
  if (mean === 0) return noSkill('the running base rate was never wrong');
  const ratio = meanOf(losses) / mean;
  const skill = { value: 1 - ratio, reason: null };
  if (rarer < 2) return { skill, interval: null };
  const squares = losses.reduce((sum, loss, index) => sum + (loss - ratio * reference[index]!) ** 2, 0);
  const half = (student95(rarer - 1) * Math.sqrt(squares / (n - 1))) / (Math.sqrt(n) * mean);
  return { skill, interval: [1 - ratio - half, 1 - ratio + half] };
}

export function noSkill(reason: string): Skill {
  return { skill: { value: null, reason }, interval: null };
}

/** 97.5 % quantile of Student's t: exact for 1 and 2 degrees, else by expansion (Abramowitz and Stegun 26.7.5), within 1 %. */
export function student95(degrees: number): number {
  if (degrees <= 2) return degrees === 1 ? 12.7062 : 4.30265;
  const z = z95;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
