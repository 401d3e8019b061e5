import { directoryOf } from '../core/approval/directory.ts';
import type { Sanctions } from '../core/approval/sanctions.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { ApprovalRequest, OutboxMessage } from '../ports/store.ts';
import { decisionAtHand, type DecisionAtHand } from './decision-at-hand.ts';
import { escalate } from './escalate.ts';
import { commentOf, eventOf, refuse, type ApprovalDeps } from './record-word.ts';
import { sanctionsNow } from './sanctions-now.ts';
import { voiceOf } from './voice.ts';

export interface RequestInput {
  readonly version: string;
  /** Empty: everybody who could give what is missing. */
  readonly recipients: readonly string[];
  readonly comment: string;
  /** ISO-8601 UTC; null: as long as an approval holds. */
  readonly expiresAt: string | null;
}

export interface Requested {
  readonly hand: DecisionAtHand;
  readonly request: ApprovalRequest;
  readonly recipients: readonly string[];
  /** Recipients who could not give what is missing. */
  readonly cannot: readonly string[];
  readonly sanctions: Sanctions;
}

/**
 * Asks for approval of the latest decision on a release: the request and a message to its recipients, in one transaction.
 * Whoever asks has no say in it from then on.
 * @throws AqeError AQE1002, AQE3030, AQE3032, 6xxx.
 */
export async function requestApproval(deps: ApprovalDeps, input: RequestInput): Promise<Requested> {
  const { policy, store, clock, identity } = deps;
  const hand = await decisionAtHand(deps, input.version);
  const directory = directoryOf(policy);
  const voice = await voiceOf(deps, directory, undefined);
  const now = clock.now().toISOString();
  if (voice.refusal !== null)
    await refuse(deps, hand, { action: 'approval.refused', voice, target: '', reason: voice.refusal, at: now });

  const { service, version, environment } = hand;
  const release = { service, version, environment };
  const comment = commentOf(deps, input.comment);
  const before = { decided: hand.decided, policy, said: hand.said, now };
  const recipients = input.recipients.length > 0 ? input.recipients : waitedFor(sanctionsNow(deps, before));
  if (recipients.length === 0)
    throw new AqeError('AQE1002', '--recipients is missing, and there is nobody in the policy who is waited for');
  const request: ApprovalRequest = {
    id: identity.newId(),
    ...release,
    decisionDigest: hand.decided.decisionDigest,
    requestedBy: voice.person,
    identity: voice.identity,
    recipients: JSON.stringify(recipients),
    comment,
    expiresAt: input.expiresAt ?? new Date(Date.parse(now) + policy.approvals.expiresAfter).toISOString(),
    createdAt: now,
  };
  const said = { ...hand.said, requests: [...hand.said.requests, request] };
  const sanctions = sanctionsNow(deps, { ...before, said });
  const message = messageOf(identity.newId(), request, recipients, sanctions);
  await store.commit({ requests: [request], messages: [message] }, [
    eventOf(deps, hand, { action: 'approval.requested', voice, target: request.id, reason: comment, at: now }),
    eventOf(deps, hand, { action: 'message.queued', voice, target: message.id, reason: message.kind, at: now }),
  ]);
  await escalate(deps, { ...hand, said }, sanctions);
  const waited = new Set(waitedFor(sanctions));
  const cannot = recipients.filter((each) => !waited.has(directory.find(each)?.id ?? ''));
  return { hand: { ...hand, said }, request, recipients, cannot, sanctions };
}

/** Everybody who could give something that is missing, sorted. */
function waitedFor({ requirements, overrides, emergency }: Sanctions): readonly string[] {
  const all = [...requirements, ...overrides, ...(emergency ? [emergency] : [])];
  return [...new Set(all.flatMap(({ waitingFor }) => waitingFor))].sort();
}

function messageOf(
  id: string,
  request: ApprovalRequest,
  recipients: readonly string[],
  { requirements }: Sanctions,
): OutboxMessage {
  const { service, version, environment, requestedBy, identity, comment, decisionDigest, expiresAt, createdAt } =
    request;
  const asked = requirements.map(({ requirement, missing }) => `- ${requirement.name}: ${missing} missing`);
  const lines = [
    `${requestedBy} (${identity}) asks for approval of ${service} ${version} to ${environment}.`,
    ...(comment === '' ? [] : [comment]),
    ...(asked.length > 0 ? asked : ['This decision asks for no approval.']),
    `Decision ${decisionDigest}, until ${expiresAt}.`,
    commandLine({
      '--version': version,
      '--service': service,
      '--environment': environment,
      '--digest': decisionDigest,
    }),
  ];
  return {
    id,
    service,
    version,
    environment,
    kind: 'approval-request',
    recipients: JSON.stringify(recipients),
    subject: `Approval asked for: ${service} ${version} to ${environment}`,
    text: `${lines.join('\n')}\n`,
    data: JSON.stringify({ request: request.id, decisionDigest, requestedBy, expiresAt }),
    createdAt,
  };
}

/** A command line to copy: names are text of others, and a shell would obey some. */
function commandLine(flags: Readonly<Record<string, string>>): string {
  const words = Object.entries(flags).map(([flag, value]) => `${flag}=${shellWord(value)}`);
  return `aqe deploy approve ${words.join(' ')}`;
}

function shellWord(text: string): string {
  return /^[\w.:@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
