import type { AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { DeliveryError } from '../core/error/delivery-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { OutboxMessage, Store } from '../ports/store.ts';
import { final, mostAttempts, outboxOf, type OutboxEntry, type Way } from './outbox.ts';

/** Failed attempts in a row after which a notifier is left alone for the rest of the run: it is down, not the message bad. */
const patience = 2;

export interface DeliverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly notifiers: readonly Notifier[];
}

export interface DeliverInput {
  readonly service: string;
  /** `due`: what the growing waits allow. `waiting`: all that is not given up. `all`: given up or not. */
  readonly which: 'due' | 'waiting' | 'all';
  /** These messages only. */
  readonly messages?: readonly string[];
}

/** One attempt of this run. */
export interface Attempt {
  readonly message: string;
  readonly notifier: string;
  readonly outcome: 'delivered' | 'failed';
  /** Why it failed; empty if it did not. */
  readonly detail: string;
  /** Whether a later run tries again by itself. */
  readonly again: boolean;
}

/**
 * Tries to deliver the messages that wait, by each notifier that takes them, at least once: what is delivered and cannot be
 * recorded is delivered again under the same id. Each attempt is kept with an entry in the audit log. Never waits, and a
 * notifier that fails stops neither the others nor the caller.
 * @throws AqeError 6xxx when the store fails.
 */
export async function deliverMessages(
  deps: DeliverDeps,
  { service, which, messages }: DeliverInput,
  signal: AbortSignal,
): Promise<readonly Attempt[]> {
  const entries = await outboxOf(deps.store, service, deps.notifiers);
  const wanted = entries.filter(({ message }) => messages === undefined || messages.includes(message.id));
  const now = deps.clock.now().toISOString();
  const attempts: Attempt[] = [];
  for (const notifier of deps.notifiers) {
    let failures = 0;
    for (const { message, way } of openWays(wanted, notifier.id)) {
      if (signal.aborted || failures >= patience) break;
      if (!isWanted(way, which, now)) continue;
      const attempt = await attemptOne(deps, notifier, message, way.attempts, signal);
      attempts.push(attempt);
      failures = attempt.outcome === 'delivered' ? 0 : failures + (attempt.again ? 1 : 0);
    }
  }
  return attempts;
}

function openWays(entries: readonly OutboxEntry[], notifier: string) {
  return entries.flatMap(({ message, ways }) =>
    ways.filter((way) => way.notifier === notifier && way.state !== 'delivered').map((way) => ({ message, way })),
  );
}

function isWanted({ state, nextAt }: Way, which: DeliverInput['which'], now: string): boolean {
  if (state === 'failed') return which === 'all';
  return which !== 'due' || nextAt === null || nextAt <= now;
}

async function attemptOne(
  { store, clock, identity }: DeliverDeps,
  notifier: Notifier,
  message: OutboxMessage,
  earlier: number,
  signal: AbortSignal,
): Promise<Attempt> {
  const failure = await failureOf(notifier.deliver(message, signal));
  const again = failure !== null && failure.retryable && earlier + 1 < mostAttempts;
  const outcome = failure === null ? 'delivered' : 'failed';
  const detail = failure?.words ?? '';
  const { service, version, environment } = message;
  const at = clock.now().toISOString();
  const delivery = {
    id: identity.newId(),
    service,
    message: message.id,
    notifier: notifier.id,
    outcome,
    detail: failure === null || failure.retryable ? detail : `${final}${detail}`,
    createdAt: at,
  };
  const event: AuditEvent = {
    id: identity.newId(),
    at,
    action: failure === null ? 'message.delivered' : 'message.failed',
    outcome: failure === null ? 'done' : 'failed',
    actor: { id: 'aqe-deploy', method: 'program', key: null },
    service,
    version,
    environment,
    target: message.id,
    decisionDigest: null,
    reason: detail,
    details: { notifier: notifier.id, kind: message.kind, attempt: String(earlier + 1) },
  };
  await store.commit({ deliveries: [delivery] }, [event]);
  return { message: message.id, notifier: notifier.id, outcome, detail, again };
}

/** Why a delivery failed; null if it did not. What is no AqeError is a bug and goes on. */
async function failureOf(
  delivery: Promise<void>,
): Promise<{ readonly words: string; readonly retryable: boolean } | null> {
  try {
    await delivery;
    return null;
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    const place = error.context['host'];
    const words = `${error.code} ${error.detail}${place === undefined ? '' : ` (${place})`}`;
    return { words, retryable: error instanceof DeliveryError && error.retryable };
  }
}
