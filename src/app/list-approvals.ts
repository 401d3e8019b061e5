import { askedSince, type ReachedStep } from '../core/approval/escalation.ts';
import type { Sanctions } from '../core/approval/sanctions.ts';
import { decisionAtHand, type DecisionAtHand } from './decision-at-hand.ts';
import { escalate } from './escalate.ts';
import type { ApprovalDeps } from './record-word.ts';
import { sanctionsNow } from './sanctions-now.ts';

export interface ApprovalList {
  readonly hand: DecisionAtHand;
  readonly sanctions: Sanctions;
  /** When it was first asked for; null while nobody asks. */
  readonly since: string | null;
  readonly escalated: readonly ReachedStep[];
  readonly now: string;
}

/** What is asked for, who agreed and who is waited for. Queues the messages of escalation steps that are reached. @throws AqeError AQE3030, 6xxx. */
export async function listApprovals(deps: ApprovalDeps, version: string): Promise<ApprovalList> {
  const hand = await decisionAtHand(deps, version);
  const now = deps.clock.now().toISOString();
  const sanctions = sanctionsNow(deps, { decided: hand.decided, policy: deps.policy, said: hand.said, now });
  const since = askedSince(hand.said.requests, hand.decided.decisionDigest, now);
  return { hand, sanctions, since, escalated: await escalate(deps, hand, sanctions), now };
}

/** Whether somebody has to say something before it can go on. */
export function isWaiting({ requirements, overrides, emergency }: Sanctions): boolean {
  if (emergency?.opened) return false;
  return [...requirements, ...overrides, ...(emergency ? [emergency] : [])].some(({ missing }) => missing > 0);
}
