import { AqeError } from '../core/error/aqe-error.ts';
import { decisionAtHand, type DecisionAtHand } from './decision-at-hand.ts';
import { recordWord, type ApprovalDeps, type Recorded } from './record-word.ts';

/** A person's word and the decision that it is about. */
export interface Given extends Recorded {
  readonly hand: DecisionAtHand;
}

export interface ApprovalInput {
  readonly version: string;
  /** Decision that is meant; absent: the latest. */
  readonly digest: string | undefined;
  readonly comment: string;
  /** ISO-8601 UTC; null: as long as the policy lets it hold. */
  readonly expiresAt: string | null;
  readonly approver: string | undefined;
}

/** A yes or a no to the latest decision on a release. @throws AqeError AQE3030, AQE3031, AQE3032, AQE3033, 6xxx. */
export async function giveApproval(
  deps: ApprovalDeps,
  kind: 'approve' | 'reject',
  input: ApprovalInput,
): Promise<Given> {
  const hand = await decisionAtHand(deps, input.version, input.digest);
  return { hand, ...(await recordWord(deps, hand, { kind, target: '', ...input })) };
}

/** Takes back what the same person said about a release. @throws AqeError AQE3030, AQE3032, AQE3036, 6xxx. */
export async function withdrawWord(
  deps: ApprovalDeps,
  { id, ...input }: ApprovalInput & { readonly id: string },
): Promise<Given> {
  const hand = await decisionAtHand(deps, input.version, input.digest);
  const { records } = hand.said;
  if (!records.some((each) => each.id === id && each.kind !== 'withdraw'))
    throw new AqeError('AQE3036', `${JSON.stringify(id.slice(0, 60))} is nothing that was said about this release`);
  const given = await recordWord(deps, hand, { kind: 'withdraw', target: id, ...input });
  const isGone = given.sanctions.void.some((each) => each.id === id);
  return { hand, ...given, trouble: given.trouble ?? (isGone ? null : 'what a key signed is taken back with a key') };
}
