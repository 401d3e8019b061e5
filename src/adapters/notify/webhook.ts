import { createHmac } from 'node:crypto';
import { DeliveryError } from '../../core/error/delivery-error.ts';
import { reveal, type Secret } from '../../core/secret/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { OutboundHttp } from '../../ports/outbound-http.ts';
import type { OutboxMessage } from '../../ports/store.ts';

export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly secret: Secret;
  readonly timeoutMs: number;
}

/**
 * A signed POST of JSON. The signature covers the time and the bytes of the body, so that neither can be exchanged; the id is
 * the same in every attempt, so that the receiver can drop what it has.
 */
export function webhook(settings: WebhookSettings, http: OutboundHttp, clock: Clock): Notifier {
  const { name, url, secret, timeoutMs } = settings;
  return {
    id: `webhook:${name}`,
    takes: () => true,
    async deliver(message, signal) {
      const body = bodyOf(message);
      const timestamp = String(Math.floor(clock.now().getTime() / 1000));
      const { status } = await http.send({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'aqe-deploy',
          'x-aqe-id': message.id,
          'x-aqe-timestamp': timestamp,
          'x-aqe-signature': `sha256=${createHmac('sha256', reveal(secret)).update(`${timestamp}.${body}`).digest('hex')}`,
        },
        body,
        timeoutMs,
        signal,
      });
      if (status >= 200 && status < 300) return;
      throw new DeliveryError('AQE7002', `the receiver answered ${status}`, {
        retryable: status === 429 || status >= 500,
        context: { notifier: `webhook:${name}`, host: new URL(url).host },
      });
    },
  };
}

function bodyOf(message: OutboxMessage): string {
  const { id, kind, service, version, environment, subject, text, data, createdAt } = message;
  return JSON.stringify({
    schemaVersion: '1',
    id,
    kind,
    service,
    version,
    environment,
    subject,
    text,
    data: machineData(data),
    createdAt,
  });
}

/** @throws DeliveryError for data that is no JSON: no attempt will change that. */
function machineData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeliveryError('AQE7002', 'the data of the message is not JSON', { retryable: false, cause });
  }
}
