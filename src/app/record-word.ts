import { directoryOf, type Directory } from '../core/approval/directory.ts';
import { rolesAsked } from '../core/approval/sanctions-for.ts';
import type { Sanctions } from '../core/approval/sanctions.ts';
import { barredBy } from '../core/approval/standing.ts';
import type { WordKind } from '../core/approval/word.ts';
import type { AuditAction, AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { ApprovalRecord, NewRecords } from '../ports/store.ts';
import type { DecisionAtHand, Release } from './decision-at-hand.ts';
import { recordUrgently } from './record-urgently.ts';
import { judgedBy, sanctionsNow, type Decided } from './sanctions-now.ts';
import { voiceOf, type Voice } from './voice.ts';
import type { Workspace } from './workspace.ts';

/** Most characters of what a person writes. */
const longestComment = 2000;

export type ApprovalDeps = Pick<
  Workspace,
  'policy' | 'store' | 'audit' | 'clock' | 'identity' | 'signatures' | 'approver' | 'redact'
>;

/** What somebody wants to say. */
export interface Draft {
  readonly kind: WordKind;
  readonly target: string;
  readonly comment: string;
  /** ISO-8601 UTC; null: as long as the policy lets it hold. */
  readonly expiresAt: string | null;
  /** Who says it, where no key does: a claim. */
  readonly approver: string | undefined;
}

/** What was recorded, and what it is worth now. */
export interface Recorded {
  readonly record: ApprovalRecord;
  /** Why the record does not count; null if it does. */
  readonly trouble: string | null;
  /** What to do so that it counts; empty if there is nothing. */
  readonly doubt: string;
  readonly sanctions: Sanctions;
}

/** What is kept in the same transaction. */
export interface Along {
  readonly records: NewRecords;
  readonly events: readonly AuditEvent[];
}

const actions: Readonly<Record<WordKind, readonly [done: AuditAction, refused: AuditAction]>> = {
  approve: ['approval.given', 'approval.refused'],
  reject: ['approval.rejected', 'approval.refused'],
  withdraw: ['approval.withdrawn', 'approval.refused'],
  override: ['override.given', 'override.refused'],
  emergency: ['emergency.approved', 'emergency.refused'],
};

/**
 * Keeps a person's word on the decision at hand together with an entry in the audit log, and tells what it is worth. A word that
 * nothing verifies is kept, and counts only where the policy says so.
 * @throws AqeError AQE3032 for whoever must not say it, which is logged too; AQE3033; 3010; 6xxx.
 */
export async function recordWord(
  deps: ApprovalDeps,
  hand: DecisionAtHand,
  draft: Draft,
  along: (
    record: ApprovalRecord,
    voice: Voice,
  ) => { readonly records: NewRecords; readonly events: readonly AuditEvent[] } = () => ({
    records: {},
    events: [],
  }),
): Promise<Recorded> {
  const { policy, clock, identity } = deps;
  const now = clock.now().toISOString();
  const comment = commentOf(deps, draft.comment);
  const expiresAt = expiryOf(deps, draft, now);
  const directory = directoryOf(policy);
  const voice = await voiceOf(deps, directory, draft.approver);
  const bar = voice.refusal ?? trespass(deps, directory, hand, draft, voice);
  if (bar !== null) {
    const action = actions[draft.kind][1];
    return refuse(deps, hand, { action, voice, target: draft.target, reason: bar, at: now });
  }

  const { decisionDigest } = hand.decided;
  const { service, version, environment } = hand;
  const { kind, target } = draft;
  const { person, identity: by } = voice;
  const unsigned = {
    id: identity.newId(),
    service,
    version,
    environment,
    decisionDigest,
    kind,
    target,
    person,
    identity: by,
    comment,
    expiresAt,
    createdAt: now,
  };
  const record = { ...unsigned, envelope: voice.verified?.sign(unsigned) ?? '' };
  const more = along(record, voice);
  await deps.store.commit({ approvals: [record], ...more.records }, [
    eventOf(deps, hand, { action: actions[kind][0], voice, target: target || record.id, reason: comment, at: now }),
    ...more.events,
  ]);
  const said = {
    ...hand.said,
    records: [...hand.said.records, record],
    reviews: [...hand.said.reviews, ...(more.records.reviews ?? [])],
  };
  const sanctions = sanctionsNow(deps, { decided: hand.decided, policy, said, now });
  const trouble = sanctions.void.find(({ id }) => id === record.id)?.reason ?? null;
  return { record, trouble, doubt: trouble === null ? '' : voice.doubt, sanctions };
}

/** A release, and the decision on it if it is about one. */
export type About = Release & { readonly decided: Pick<Decided, 'decisionDigest'> | null };

interface EventParts {
  readonly action: AuditAction;
  readonly voice: Voice;
  readonly target: string;
  readonly reason: string;
  readonly at: string;
}

/** Logs that something was not allowed, also where the store cannot, and says so. @throws AqeError AQE3032. */
export async function refuse(deps: ApprovalDeps, hand: About, parts: EventParts): Promise<never> {
  const { store, identity, audit, redact } = deps;
  const event = { ...eventOf(deps, hand, parts), outcome: 'refused' } as const;
  await recordUrgently({ store, spool: audit.spool, identity, redact }, {}, [event]);
  throw new AqeError('AQE3032', parts.reason, { person: parts.voice.person });
}

export function eventOf(
  { identity }: Pick<ApprovalDeps, 'identity'>,
  { service, version, environment, decided }: About,
  { action, voice, target, reason, at }: EventParts,
): AuditEvent {
  return {
    id: identity.newId(),
    at,
    action,
    outcome: 'done',
    actor: voice.actor,
    service,
    version,
    environment,
    target,
    decisionDigest: decided?.decisionDigest ?? null,
    reason,
    details: { person: voice.person, identity: voice.identity },
  };
}

/** Why the policy does not let the person say this; null if it does. Whoever is not known has no rights to exceed. */
function trespass(
  deps: ApprovalDeps,
  directory: Directory,
  hand: DecisionAtHand,
  { kind, target }: Draft,
  { known, identity, person }: Voice,
): string | null {
  const judged = judgedBy(hand.decided, deps.policy, hand.said);
  const isAgreement = kind === 'approve' || kind === 'override' || kind === 'emergency';
  const { decisionDigest } = judged;
  const taken = kind === 'withdraw' ? hand.said.records.find(({ id }) => id === target) : undefined;
  const isOwn = (of: string): boolean => (known === null ? of === person : directory.isOneOf(known, [of]));
  if (taken && !isOwn(taken.person)) return `it was said by ${taken.person}, who alone can take it back`;
  if (known === null) {
    const own = judged.requests.some((each) => each.decisionDigest === decisionDigest && each.identity === identity);
    return isAgreement && own && !deps.policy.approvals.allowAuthor ? `${person} asked for it` : null;
  }
  const bar = isAgreement ? barredBy(known, identity, judged, directory) : null;
  if (bar !== null) return bar === 'author' ? `${known.id} is an author of the release` : `${known.id} asked for it`;
  const roles = rolesAsked(kind, judged);
  if (roles === null || directory.hasOneOf(known, roles)) return null;
  return `${known.id} has none of the roles that are asked: ${roles.join(', ')}`;
}

/** @throws AqeError AQE3033. */
function expiryOf({ policy }: ApprovalDeps, { kind, expiresAt }: Draft, now: string): string {
  const longest =
    kind === 'override'
      ? policy.overrides.maxDuration
      : kind === 'emergency'
        ? policy.emergency.expiresAfter
        : policy.approvals.expiresAfter;
  const last = new Date(Date.parse(now) + longest).toISOString();
  if (expiresAt === null) return last;
  if (Date.parse(expiresAt) > Date.parse(last))
    throw new AqeError('AQE3033', `${expiresAt} is after ${last}`, { kind });
  return expiresAt;
}

/** The comment without secrets: it is signed as it stands here. @throws AqeError AQE1002. */
export function commentOf({ redact }: Pick<ApprovalDeps, 'redact'>, text: string): string {
  if (text.length > longestComment) throw new AqeError('AQE1002', `a comment has at most ${longestComment} characters`);
  return redact(text.trim());
}
