import { AqeError } from '../core/error/aqe-error.ts';
import type { ApprovalRecord, OutboxMessage, ReviewRecord } from '../ports/store.ts';
import { decisionAtHand, type DecisionAtHand } from './decision-at-hand.ts';
import type { ApprovalInput, Given } from './give-approval.ts';
import { requireJustification } from './override-gate.ts';
import { eventOf, recordWord, type Along, type ApprovalDeps } from './record-word.ts';
import type { Voice } from './voice.ts';

export interface EmergencyGiven extends Given {
  /** When the review that it owes is due; null for a claim that opens nothing. */
  readonly reviewDueAt: string | null;
}

/**
 * Lets a release through whatever speaks against it. Needs no network; owes a review, and somebody is told. What nothing
 * verifies is recorded as a claim and opens nothing, unless the policy says otherwise.
 * @throws AqeError AQE1002, AQE3030 to AQE3034, 6xxx.
 */
export async function emergencyApprove(deps: ApprovalDeps, input: ApprovalInput): Promise<EmergencyGiven> {
  const { policy, approver } = deps;
  requireJustification(input.comment);
  if (input.approver === undefined) {
    const { verified, doubt } = await approver.speaker(policy.people);
    if (verified === null) throw new AqeError('AQE1002', `--approver is missing, and no key says who it is: ${doubt}`);
  }
  const hand = await decisionAtHand(deps, input.version, input.digest);
  const given = await recordWord(deps, hand, { kind: 'emergency', target: '', ...input }, (record, voice) =>
    along(deps, hand, record, voice),
  );
  return { hand, ...given, reviewDueAt: reviewDueAt(deps, given.record) };
}

/** null for a claim that opens nothing. */
function reviewDueAt({ policy }: ApprovalDeps, { envelope, createdAt }: ApprovalRecord): string | null {
  if (envelope === '' && !policy.approvals.allowUnverified) return null;
  return new Date(Date.parse(createdAt) + policy.emergency.reviewWithin).toISOString();
}

function reviewOf(deps: ApprovalDeps, record: ApprovalRecord): ReviewRecord | null {
  const dueAt = reviewDueAt(deps, record);
  if (dueAt === null) return null;
  const { id: approval, service, version, environment, person: by, identity, comment: note, createdAt } = record;
  const release = { service, version, environment };
  return { id: deps.identity.newId(), ...release, approval, state: 'open', dueAt, by, identity, note, createdAt };
}

function along(deps: ApprovalDeps, hand: DecisionAtHand, record: ApprovalRecord, voice: Voice): Along {
  const review = reviewOf(deps, record);
  const message = messageOf(deps, record, review);
  const at = record.createdAt;
  const opened =
    review && eventOf(deps, hand, { action: 'review.opened', voice, target: review.id, reason: review.dueAt, at });
  const queued = eventOf(deps, hand, { action: 'message.queued', voice, target: message.id, reason: message.kind, at });
  return {
    records: { messages: [message], ...(review && { reviews: [review] }) },
    events: [...(opened ? [opened] : []), queued],
  };
}

function messageOf({ identity }: ApprovalDeps, record: ApprovalRecord, review: ReviewRecord | null): OutboxMessage {
  const { service, version, environment, person, identity: how, comment, createdAt, decisionDigest } = record;
  const what = review === null ? 'EMERGENCY approval claimed' : 'EMERGENCY approval';
  const lines = [
    `${what} of ${service} ${version} to ${environment} in the name of ${person} (${how}).`,
    `Reason: ${comment}`,
    review === null
      ? 'Nothing verifies who it was. It opens nothing until that person runs the command with their key.'
      : `A review is due ${review.dueAt}: aqe deploy review --version ${version} --note "…"`,
  ];
  return {
    id: identity.newId(),
    service,
    version,
    environment,
    kind: 'emergency-approval',
    recipients: '[]',
    subject: `${what}: ${service} ${version} to ${environment}`,
    text: `${lines.join('\n')}\n`,
    data: JSON.stringify({
      approval: record.id,
      person,
      identity: how,
      decisionDigest,
      reviewDueAt: review?.dueAt ?? null,
    }),
    createdAt,
  };
}
