import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeliveryError } from '../../src/core/error/delivery-error.ts';
import { hookTo, httpServer, message, stopServers, textOf } from '../support/notifiers.ts';

afterEach(stopServers);

describe('a webhook', () => {
  const signal = new AbortController().signal;

  test('gets JSON with the time under the signature', async () => {
    const bodies: string[] = [];
    let headers: IncomingMessage['headers'] = {};
    const port = await httpServer(async (request, response) => {
      headers = request.headers;
      bodies.push(await textOf(request));
      response.end();
    });

    await hookTo(port).deliver(message(), signal);

    const { recipients: _, ...expected } = message();
    expect(JSON.parse(bodies[0]!)).toEqual({ schemaVersion: '1', ...expected, data: { risk: 42 } });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-aqe-id': message().id,
      'x-aqe-timestamp': '1795435200',
    });
  });

  test.each([
    [200, 'delivered'],
    [299, 'delivered'],
    [301, false],
    [307, false],
    [400, false],
    [404, false],
    [408, false],
    [429, true],
    [500, true],
    [503, true],
  ])('that answers %i is %s', async (status, outcome) => {
    const port = await httpServer((_, response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(),
    );

    const result = await hookTo(port)
      .deliver(message(), signal)
      .then(() => 'delivered')
      .catch((error: DeliveryError) => error.retryable);

    expect(result).toBe(outcome);
  });

  test('whose data is no JSON is refused for good', async () => {
    await expect(hookTo(1).deliver(message({ data: '{' }), signal)).rejects.toMatchObject({ retryable: false });
  });
});
