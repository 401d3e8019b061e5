import { createHmac, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { DeliveryError } from '../../src/core/error/delivery-error.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import {
  certificate,
  hookTo,
  httpServer,
  mailServerFor,
  message,
  password,
  silentServer,
  smtpTo,
  stopServers,
  textOf,
} from '../support/notifiers.ts';
import { formsOf } from '../support/secrets.ts';

afterEach(stopServers);

/** What came in, as far as both products can tell. */
interface Arrival {
  readonly id: string;
  readonly text: string;
}

interface World {
  readonly notifier: Notifier;
  readonly arrivals: () => readonly Arrival[];
}

/** How the other side behaves. */
type Behaviour = 'takes all' | 'refuses' | 'is busy' | 'refuses us';

interface Product {
  readonly name: string;
  world(behaviour: Behaviour): Promise<World>;
  /** A notifier that talks to this port, whatever listens there. */
  to(port: number, timeoutMs?: number): Notifier;
  /** The first words of an answer that is never finished. */
  readonly halfAnswer: string;
}

const mail: Product = {
  name: 'smtp',
  async world(behaviour) {
    const refusal = { refuses: 550, 'is busy': 451 } as const;
    const server = await mailServerFor({
      ...certificate,
      onAuth({ username, password: given }, _, done) {
        if (behaviour !== 'refuses us' && username === 'aqe' && given === password) done(null, { user: username });
        else done(Object.assign(new Error(`no such login: ${given ?? ''}`), { responseCode: 535 }));
      },
      onRcptTo(address, _, done) {
        if (behaviour !== 'refuses' && behaviour !== 'is busy') return done();
        return done(
          Object.assign(new Error(`not for ${address.address} ${password}`), { responseCode: refusal[behaviour] }),
        );
      },
    });
    const arrivals = (): readonly Arrival[] =>
      server.received.map(({ raw }) => ({ id: /^X-Aqe-Id: (\S+)/im.exec(raw)?.[1] ?? '', text: raw }));
    return { notifier: smtpTo(server.port), arrivals };
  },
  to: (port, timeoutMs = 5000) => smtpTo(port, { timeoutMs }),
  halfAnswer: '220 mail.example.test ESMTP',
};

const hook: Product = {
  name: 'webhook',
  async world(behaviour) {
    const status = { 'takes all': 204, refuses: 410, 'is busy': 429, 'refuses us': 401 }[behaviour];
    const arrivals: Arrival[] = [];
    const port = await httpServer(async (request, response) => {
      const body = await textOf(request);
      const signature = Buffer.from(String(request.headers['x-aqe-signature']));
      const wanted = Buffer.from(
        `sha256=${createHmac('sha256', password)
          .update(`${String(request.headers['x-aqe-timestamp'])}.${body}`)
          .digest('hex')}`,
      );
      const genuine = signature.length === wanted.length && timingSafeEqual(signature, wanted);
      if (status === 204 && genuine) arrivals.push({ id: String(request.headers['x-aqe-id']), text: body });
      response.writeHead(genuine ? status : 400).end(`no: ${password}`);
    });
    return { notifier: hookTo(port), arrivals: () => arrivals };
  },
  to: hookTo,
  halfAnswer: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
};

describe.each([mail, hook])('$name', (product) => {
  const signal = new AbortController().signal;

  const failureOf = async (delivery: Promise<void>): Promise<DeliveryError> => {
    const error = await delivery.then(() => 'delivered').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeliveryError);
    return error as DeliveryError;
  };

  test('a message arrives once, with its id and its text', async () => {
    const { notifier, arrivals } = await product.world('takes all');

    await notifier.deliver(message(), signal);

    expect(arrivals().map(({ id }) => id)).toEqual([message().id]);
    expect(arrivals()[0]!.text).toContain('Ada asks for approval.');
  });

  test('a second attempt comes under the same id', async () => {
    const { notifier, arrivals } = await product.world('takes all');

    await notifier.deliver(message(), signal);
    await notifier.deliver(message(), signal);

    expect(arrivals().map(({ id }) => id)).toEqual([message().id, message().id]);
  });

  test.each([
    ['refuses', false],
    ['is busy', true],
    ['refuses us', false],
  ] as const)('another side that %s is a failure, retryable %s', async (behaviour, retryable) => {
    const { notifier, arrivals } = await product.world(behaviour);

    const error = await failureOf(notifier.deliver(message(), signal));

    expect(error).toMatchObject({ code: 'AQE7002', retryable });
    expect(arrivals()).toEqual([]);
    expectNoSecret(error);
  });

  test('nobody listening is retryable', async () => {
    const port = await silentServer(() => undefined);
    await stopServers();

    const error = await failureOf(product.to(port).deliver(message(), signal));

    expect(error).toMatchObject({ code: 'AQE7002', retryable: true });
    expectNoSecret(error);
  });

  test('a server that says nothing costs no more than the timeout', async () => {
    const port = await silentServer(() => undefined);
    const started = performance.now();

    const error = await failureOf(product.to(port, 300).deliver(message(), signal));

    expect(error).toMatchObject({ code: 'AQE7002', retryable: true });
    expect(error.detail).toContain('300 ms');
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('a server that sends a byte now and then costs no more than the timeout', async () => {
    const port = await silentServer((socket) => {
      const timer = setInterval(() => socket.write(product === mail ? '220-a\r\n' : ' '), 50);
      socket.on('close', () => clearInterval(timer));
    });

    const error = await failureOf(product.to(port, 400).deliver(message(), signal));

    expect(error).toMatchObject({ code: 'AQE7002', retryable: true });
  });

  test('a server that goes away in the middle of its answer is retryable', async () => {
    const port = await silentServer((socket) => {
      socket.once('data', () => socket.end(product.halfAnswer));
      if (product === mail) socket.end(product.halfAnswer);
    });

    const error = await failureOf(product.to(port).deliver(message(), signal));

    expect(error).toMatchObject({ code: 'AQE7002', retryable: true });
    expectNoSecret(error);
  });

  test('an interruption ends the attempt at once', async () => {
    const controller = new AbortController();
    const port = await silentServer(() => controller.abort());

    const error = await failureOf(product.to(port).deliver(message(), controller.signal));

    expect(error).toMatchObject({ code: 'AQE7002', retryable: true });
    expect(error.detail).toContain('interrupted');
  });

  test('an interruption that came before sends nothing', async () => {
    const { notifier, arrivals } = await product.world('takes all');

    await failureOf(notifier.deliver(message(), AbortSignal.abort()));

    expect(arrivals()).toEqual([]);
  });

  test('hostile text stays text', async () => {
    const { notifier, arrivals } = await product.world('takes all');
    const text = 'a\r\n.\r\nQUIT\r\nBcc: eve@example.test\r\n\u001b[31m</script>\u0000${x} \ud83d\ude80';

    await notifier.deliver(message({ text, data: '{"x":"</script>\\r\\nX: y"}' }), signal);

    expect(arrivals()).toHaveLength(1);
    expect(arrivals()[0]!.text.split(/\r?\n\r?\n/)[0]).not.toMatch(/^Bcc:/m);
  });
});

function expectNoSecret(error: Error): void {
  const shown = [
    inspect(error, { depth: 9, showHidden: true }),
    error.message,
    error.stack ?? '',
    JSON.stringify(error),
  ].join('\n');
  for (const form of formsOf(password)) expect(shown).not.toContain(form);
}
