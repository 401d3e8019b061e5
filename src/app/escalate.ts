import { askedSince, reachedSteps, type ReachedStep } from '../core/approval/escalation.ts';
import type { Sanctions } from '../core/approval/sanctions.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { OutboxMessage } from '../ports/store.ts';
import type { DecisionAtHand } from './decision-at-hand.ts';
import type { ApprovalDeps } from './record-word.ts';

/** Queues a message for every step of the escalation list that is reached, each step of a decision once. @throws AqeError 6xxx. */
export async function escalate(
  deps: ApprovalDeps,
  hand: DecisionAtHand,
  sanctions: Sanctions,
): Promise<readonly ReachedStep[]> {
  const { policy, store, clock } = deps;
  const now = clock.now().toISOString();
  const { decisionDigest } = hand.decided;
  const since = askedSince(hand.said.requests, decisionDigest, now);
  const steps = reachedSteps(policy.approvals, sanctions, since, now);
  for (const step of steps) {
    const message = messageOf(deps, hand, sanctions, step, now);
    if (await isQueued(deps, message)) continue;
    try {
      await store.commit({ messages: [message] }, [eventOf(deps, message, decisionDigest)]);
    } catch (error) {
      // Another process may have been faster with the same id.
      if (!(error instanceof AqeError) || !(await isQueued(deps, message))) throw error;
    }
  }
  return steps;
}

async function isQueued(
  { store }: ApprovalDeps,
  { id, service, version, environment }: OutboxMessage,
): Promise<boolean> {
  return (await store.find('messages', { service, version, environment })).some((each) => each.id === id);
}

function messageOf(
  { identity }: ApprovalDeps,
  { service, version, environment, decided: { decisionDigest } }: DecisionAtHand,
  { requirements }: Sanctions,
  { after, to, since }: ReachedStep,
  createdAt: string,
): OutboxMessage {
  const missing = requirements.filter((each) => each.missing > 0);
  const lines = [
    `${service} ${version} to ${environment} waits for approval since ${since}.`,
    ...missing.map(
      ({ requirement, missing: count, waitingFor }) =>
        `- ${requirement.name}: ${count} missing, ${waitingFor.length > 0 ? `could be given by ${waitingFor.join(', ')}` : 'nobody can give it'}`,
    ),
  ];
  return {
    // The same step of the same decision has the same id, whoever notices it.
    id: `escalation-${identity.sha256(JSON.stringify([decisionDigest, since, after, to]))}`,
    service,
    version,
    environment,
    kind: 'approval-escalation',
    recipients: JSON.stringify(to),
    subject: `Approval still missing: ${service} ${version} to ${environment}`,
    text: `${lines.join('\n')}\n`,
    data: JSON.stringify({ decisionDigest, since, afterMs: after }),
    createdAt,
  };
}

function eventOf({ identity }: ApprovalDeps, message: OutboxMessage, decisionDigest: string): AuditEvent {
  const { service, version, environment, kind, id, createdAt } = message;
  return {
    id: identity.newId(),
    at: createdAt,
    action: 'message.queued',
    outcome: 'done',
    actor: { id: 'aqe-deploy', method: 'program', key: null },
    service,
    version,
    environment,
    target: id,
    decisionDigest,
    reason: kind,
    details: {},
  };
}
