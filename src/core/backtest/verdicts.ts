import { rateOf, type Rate } from './rate.ts';

/** One release: whether it was held back (null: neither held back nor let through), and how it ended. */
export interface Verdict {
  readonly blocked: boolean | null;
  readonly failed: boolean;
}

/** What holding releases back came to. A true block would have failed, a false one succeeded; a false pass failed in production. */
export interface Verdicts {
  readonly n: number;
  readonly trueBlocks: number;
  readonly falseBlocks: number;
  readonly truePasses: number;
  readonly falsePasses: number;
  /** Neither blocked nor let through, by how they ended. They are in no share. */
  readonly undecided: { readonly succeeded: number; readonly failed: number };
  /** Blocks that failed and passes that did not. */
  readonly accuracy: Rate;
  /** What the same word for every release would have had right: its more common end, known in hindsight. */
  readonly accuracyOfOneWord: Rate;
  /** Two readings of one claim: of the releases that succeed, how many are blocked; of the blocks, how many were wrong. */
  readonly falseBlocksOfGood: Rate;
  readonly falseBlocksOfBlocks: Rate;
  /** Of the releases that fail, how many pass; of those that pass, how many fail. */
  readonly falsePassesOfFailed: Rate;
  readonly falsePassesOfPasses: Rate;
}

/** Example: of 2 blocks 1 failed, of 8 passes 1 did: accuracy 8 of 10, false blocks 1 of 8 good releases and 1 of 2 blocks. */
export function verdictsOf(verdicts: readonly Verdict[]): Verdicts {
  const count = (blocked: boolean | null, failed: boolean): number =>
    verdicts.reduce((sum, each) => sum + (each.blocked === blocked && each.failed === failed ? 1 : 0), 0);
  const [trueBlocks, falseBlocks] = [count(true, true), count(true, false)];
  const [falsePasses, truePasses] = [count(false, true), count(false, false)];
  const good = falseBlocks + truePasses;
  const bad = trueBlocks + falsePasses;
  return {
    n: verdicts.length,
    trueBlocks,
    falseBlocks,
    truePasses,
    falsePasses,
    undecided: { succeeded: count(null, false), failed: count(null, true) },
    accuracy: rateOf(trueBlocks + truePasses, good + bad),
    accuracyOfOneWord: rateOf(Math.max(good, bad), good + bad),
    falseBlocksOfGood: rateOf(falseBlocks, good),
    falseBlocksOfBlocks: rateOf(falseBlocks, trueBlocks + falseBlocks),
    falsePassesOfFailed: rateOf(falsePasses, bad),
    falsePassesOfPasses: rateOf(falsePasses, truePasses + falsePasses),
  };
}
