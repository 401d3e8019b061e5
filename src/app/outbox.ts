import type { Notifier } from '../ports/notifier.ts';
import type { Delivery, OutboxMessage, Store } from '../ports/store.ts';

/** Attempts of one notifier for one message before it is given up. */
export const mostAttempts = 5;
/** Time after the first, second … failed attempt. Nothing sleeps: a later run looks whether it is over. */
const waitMinutes = [1, 5, 30, 120];
/** Begins the detail of an attempt after which another one cannot help. */
export const final = 'final: ';

/** Where one message stands with one notifier. `failed`: given up. */
export interface Way {
  readonly notifier: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  /** ISO-8601 UTC; null before the first attempt. */
  readonly lastAt: string | null;
  /** When the next attempt is due; null unless waiting. */
  readonly nextAt: string | null;
  /** Why the last attempt failed; empty if it did not. */
  readonly detail: string;
}

export interface OutboxEntry {
  readonly message: OutboxMessage;
  /** `waiting` also for a message that no notifier takes. */
  readonly state: Way['state'];
  readonly ways: readonly Way[];
}

/** The messages of a service, oldest first, each with what became of it. @throws AqeError 6xxx. */
export async function outboxOf(
  store: Store,
  service: string,
  notifiers: readonly Pick<Notifier, 'id' | 'takes'>[],
): Promise<readonly OutboxEntry[]> {
  const [messages, deliveries] = await Promise.all([
    store.find('messages', { service }),
    store.find('deliveries', { service }),
  ]);
  const byMessage = Map.groupBy(deliveries, ({ message }) => message);
  return messages.map((message) => entryOf(message, byMessage.get(message.id) ?? [], notifiers));
}

function entryOf(
  message: OutboxMessage,
  deliveries: readonly Delivery[],
  notifiers: readonly Pick<Notifier, 'id' | 'takes'>[],
): OutboxEntry {
  const takers = notifiers.filter((notifier) => notifier.takes(message)).map(({ id }) => id);
  // A notifier that is no longer configured counts where it did its work.
  const done = deliveries.filter(({ outcome }) => outcome === 'delivered').map(({ notifier }) => notifier);
  const ways = [...new Set([...takers, ...done])].map((id) =>
    wayOf(
      id,
      message,
      deliveries.filter(({ notifier }) => notifier === id),
    ),
  );
  return { message, state: stateOf(ways), ways };
}

function stateOf(ways: readonly Way[]): Way['state'] {
  if (ways.some(({ state }) => state === 'failed')) return 'failed';
  return ways.length > 0 && ways.every(({ state }) => state === 'delivered') ? 'delivered' : 'waiting';
}

function wayOf(notifier: string, { createdAt }: OutboxMessage, attempts: readonly Delivery[]): Way {
  const last = attempts.at(-1);
  const base = { notifier, attempts: attempts.length, lastAt: last?.createdAt ?? null };
  if (attempts.some(({ outcome }) => outcome === 'delivered'))
    return { ...base, state: 'delivered', nextAt: null, detail: '' };
  if (last === undefined) return { ...base, state: 'waiting', nextAt: createdAt, detail: '' };
  const { detail } = last;
  if (attempts.length >= mostAttempts || detail.startsWith(final))
    return { ...base, state: 'failed', nextAt: null, detail: detail.replace(final, '') };
  const wait = (waitMinutes[attempts.length - 1] ?? waitMinutes.at(-1)!) * 60_000;
  return { ...base, state: 'waiting', nextAt: new Date(Date.parse(last.createdAt) + wait).toISOString(), detail };
}
