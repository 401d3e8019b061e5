import type { Verdicts } from './verdicts.ts';

/** What blocking by a forecast would have cost. The unit is one good release held back; a failure let through costs `costRatio`. */
export interface Costs {
  readonly costRatio: number;
  readonly cost: number;
  readonly alwaysApprove: number;
  readonly alwaysBlock: number;
  /** The cheaper of the two, known in hindsight only, which the forecasts are not. */
  readonly better: 'always-approve' | 'always-block';
  /** Against the better one; below 0: the forecasts cost more than it. */
  readonly saved: number;
  /** Of what the better one costs, at most 1; null where that costs nothing. */
  readonly savedShare: number | null;
}

/** Chance of failure above which holding a release back is expected to cost less: p·r > 1 − p. A ratio of 4 gives .2. */
export function thresholdOf(costRatio: number): number {
  return 1 / (1 + costRatio);
}

/**
 * Of 2 failures and 8 good releases at a ratio of 5, always approving costs 10 and always blocking 8. Blocks of 1 failure and 1 good
 * release cost 1·5 + 1 = 6, which saves 2 of 8.
 */
export function costsOf({ trueBlocks, falseBlocks, truePasses, falsePasses }: Verdicts, costRatio: number): Costs {
  const cost = costRatio * falsePasses + falseBlocks;
  const alwaysApprove = costRatio * (trueBlocks + falsePasses);
  const alwaysBlock = falseBlocks + truePasses;
  const least = Math.min(alwaysApprove, alwaysBlock);
  return {
    costRatio,
    cost,
    alwaysApprove,
    alwaysBlock,
    better: alwaysApprove <= alwaysBlock ? 'always-approve' : 'always-block',
    saved: least - cost,
    savedShare: least === 0 ? null : (least - cost) / least,
  };
}
