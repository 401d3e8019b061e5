import type { DeploymentFacts, OutcomeState } from './outcome.ts';

/** Clocks of two machines may differ by this much, in milliseconds. */
export const clockSkew = 300_000;

/** What one statement says of times and outcome. */
export interface Said {
  readonly outcome: OutcomeState;
  readonly deployedAt: string;
  readonly facts: Pick<DeploymentFacts, 'recoveredAt' | 'committedAt' | 'firstCommitAt'>;
}

/** Why a statement cannot be true, in words; null if it can. Times are ISO-8601 UTC, `now` is milliseconds. */
export function contradictionIn({ outcome, deployedAt, facts }: Said, now: number): string | null {
  const { recoveredAt, committedAt, firstCommitAt } = facts;
  const latest = now + clockSkew;
  const isLater = (one: string, other: string): boolean => Date.parse(one) > Date.parse(other) + clockSkew;
  if (Date.parse(deployedAt) > latest) return `it was deployed at ${deployedAt}, which lies in the future`;
  if (recoveredAt !== undefined) {
    if (outcome === 'success' || outcome === 'pending') return `it recovered although its outcome is ${outcome}`;
    if (Date.parse(recoveredAt) > latest) return `it recovered at ${recoveredAt}, which lies in the future`;
    if (Date.parse(recoveredAt) < Date.parse(deployedAt))
      return `it recovered at ${recoveredAt}, before it was deployed at ${deployedAt}`;
  }
  if (committedAt !== undefined && isLater(committedAt, deployedAt))
    return `it was deployed at ${deployedAt}, before its commit of ${committedAt} was made`;
  if (firstCommitAt !== undefined && isLater(firstCommitAt, committedAt ?? deployedAt))
    return `its first commit of ${firstCommitAt} is younger than its last`;
  return null;
}

/** Most characters of a version, an environment, a service or the name of a deployment, and of a reason. */
const longestName = 200;
const longestReason = 2000;

/** Why a text is no name; null if it is one. */
export function nameProblem(text: string): string | null {
  if (text.trim() === '') return 'is empty';
  if (text.length > longestName) return `is longer than ${longestName} characters`;
  return /\p{Cc}/u.test(text) || !text.isWellFormed() ? 'has a control character or half a character' : null;
}

/** Why a text is no reason; null if it is one. */
export function reasonProblem(text: string): string | null {
  if (text.length > longestReason) return `is longer than ${longestReason} characters`;
  return text.includes('\0') || !text.isWellFormed() ? 'has a NUL or half a character' : null;
}
