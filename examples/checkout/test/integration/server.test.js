import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCheckout } from '../../src/server.js';
import { startCheckout } from './start-checkout.js';

let checkout;
beforeAll(async () => {
  checkout = await startCheckout();
});
afterAll(() => checkout.stop());

describe('the server', () => {
  test('says which version it is', async () => {
    const answer = await checkout.call('GET', '/healthz');

    expect(answer).toMatchObject({ status: 200, body: { status: 'ok', version: '2.5.0' } });
  });

  test('answers JSON that nobody may cache', async () => {
    const { headers } = await checkout.call('GET', '/healthz?probe=1');

    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each(['/', '/healthz/more', '/v1/healthz', '/carts//price', '/carts/a%2Fb'])(
    'has nothing at %s',
    async (path) => {
      const answer = await checkout.call('GET', path);

      expect(answer.status).toBe(404);
      expect(answer.body.error).toEqual({ code: 'not-found', message: 'There is nothing at this address.' });
    },
  );

  test('names the methods an address takes', async () => {
    const answer = await checkout.call('POST', '/carts/a/lines/MUG-01', {});

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('PUT, DELETE');
    expect(answer.body.error).toEqual({ code: 'method-not-allowed', message: 'This address takes PUT, DELETE.' });
  });

  test.each([
    ['{"country":', 'The body is not valid JSON.'],
    ['[]', 'The body is not an object.'],
    ['null', 'The body is not an object.'],
    ['"DE"', 'The body is not an object.'],
  ])('refuses the body %s', async (body, message) => {
    const answer = await checkout.call('POST', '/carts', body);

    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid-input', message } } });
  });

  test.each([[{ 'content-type': 'text/plain' }], [{ 'content-type': 'x-application/json' }]])(
    'refuses a body sent as %j',
    async (headers) => {
      const answer = await checkout.call('POST', '/carts', '{"country":"DE"}', headers);

      expect(answer).toMatchObject({
        status: 415,
        body: { error: { code: 'not-json', message: 'Send the body as application/json.' } },
      });
    },
  );

  test('refuses a body without a type', async () => {
    const response = await fetch(`http://127.0.0.1:${checkout.port}/carts`, { method: 'POST' });

    expect(response.status).toBe(415);
  });

  test('takes a body of exactly 16 kB and answers a larger one without dropping the connection', async () => {
    const bodyOf = (bytes) => JSON.stringify({ country: 'DE' }).padEnd(bytes);

    const fits = await checkout.call('POST', '/carts', bodyOf(16_384));
    const over = await checkout.call('POST', '/carts', bodyOf(16_385));

    expect(fits.status).toBe(201);
    expect(over).toMatchObject({
      status: 413,
      body: { error: { code: 'too-large', message: 'The body is larger than 16384 bytes.' } },
    });
  });

  test('shrugs when the caller hangs up in the middle of a body', async () => {
    const socket = connect(checkout.port, '127.0.0.1');
    const arrived = once(checkout.server, 'request');
    socket.write('POST /carts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{');
    const [, response] = await arrived;

    socket.destroy();
    await once(response, 'close');
    const answer = await checkout.call('GET', '/healthz');

    expect(answer.status).toBe(200);
    expect(checkout.events.filter(({ event }) => event === 'failed')).toEqual([]);
  });

  test('logs a bug in full and tells the caller nothing of it', async () => {
    const events = [];
    const newId = () => {
      throw new TypeError('no more ids');
    };
    const broken = createCheckout({ version: '2.5.0', log: (event) => events.push(event), newId });
    broken.listen(0, '127.0.0.1');
    await once(broken, 'listening');

    const response = await fetch(`http://127.0.0.1:${broken.address().port}/carts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"country":"DE"}',
    });
    const body = await response.json();
    broken.close();
    broken.closeAllConnections();

    expect(response.status).toBe(500);
    expect(body).toEqual({ error: { code: 'internal', message: 'Something went wrong on our side.' } });
    expect(events).toEqual([{ event: 'failed', error: expect.stringContaining('TypeError: no more ids\n    at ') }]);
  });
});
