import { DeliveryError } from '../../src/core/error/delivery-error.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import type { OutboxMessage, Store } from '../../src/ports/store.ts';

export const messageOf = (id: string, over: Partial<OutboxMessage> = {}): OutboxMessage => ({
  id,
  service: 'shop',
  version: 'v2.5.0',
  environment: 'production',
  kind: 'approval-request',
  recipients: '["ada@example.test"]',
  subject: `Approve shop v2.5.0 (${id})`,
  text: 'Ada asks for approval.\n',
  data: '{}',
  createdAt: '2026-11-23T12:00:00.000Z',
  ...over,
});

/** Puts messages into the outbox as a use case does. */
export async function queue(store: Store, ...messages: readonly OutboxMessage[]): Promise<void> {
  for (const message of messages)
    await store.commit({ messages: [message] }, [
      {
        id: `queued-${message.id}`,
        at: message.createdAt,
        action: 'message.queued',
        outcome: 'done',
        actor: { id: 'ada', method: 'os-user', key: null },
        service: message.service,
        version: message.version,
        environment: message.environment,
        target: message.id,
        decisionDigest: null,
        reason: '',
        details: {},
      },
    ]);
}

type Answer = 'takes it' | 'is down' | 'refuses' | 'has no address';

/** A notifier whose behaviour a test sets; what it was given is kept. */
export class Scripted implements Notifier {
  readonly id: string;
  readonly seen: string[] = [];
  answer: (message: OutboxMessage) => Answer = () => 'takes it';

  constructor(id: string, answer?: Answer) {
    this.id = id;
    if (answer !== undefined) this.answer = () => answer;
  }

  takes({ recipients }: OutboxMessage): boolean {
    return recipients !== '[]';
  }

  async deliver(message: OutboxMessage): Promise<void> {
    this.seen.push(message.id);
    const answer = this.answer(message);
    if (answer === 'takes it') return;
    throw new DeliveryError(answer === 'has no address' ? 'AQE7003' : 'AQE7002', answer, {
      retryable: answer === 'is down',
      context: { host: 'mail.example.test:587' },
    });
  }
}
