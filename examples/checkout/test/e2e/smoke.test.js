import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

let service;
let address;
beforeAll(async () => {
  service = spawn(process.execPath, [main], { env: { PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: service.stdout }), 'line');
  address = `http://127.0.0.1:${JSON.parse(line).port}`;
});
afterAll(() => service.kill('SIGKILL'));

async function call(method, path, body, headers = {}) {
  const response = await fetch(address + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

describe('the service, started as in production,', () => {
  test('is up and says which version it is', async () => {
    const health = await call('GET', '/healthz');

    expect(health).toEqual({ status: 200, body: { status: 'ok', version: '2.5.0' } });
  });

  test('takes a customer from an empty cart to a receipt', async () => {
    const { body: cart } = await call('POST', '/carts', { country: 'DE' });
    await call('PUT', `/carts/${cart.id}/lines/POT-12`, { quantity: 1 });
    await call('PUT', `/carts/${cart.id}/lines/TEA-EG`, { quantity: 4 });
    await call('PUT', `/carts/${cart.id}/discount`, { code: 'TAKE5' });
    const { body: price } = await call('GET', `/carts/${cart.id}/price`);

    const paid = await call(
      'POST',
      `/carts/${cart.id}/payments`,
      { amountCents: price.totalCents, cardToken: 'tok_visa' },
      { 'idempotency-key': cart.id },
    );
    const receipt = await call('GET', `/receipts/${paid.body.id}`);

    expect(price).toMatchObject({ subtotalCents: 9480, discountCents: 500, totalCents: 10_279 });
    expect(paid.status).toBe(201);
    expect(receipt).toEqual({ status: 200, body: paid.body });
    expect(receipt.body.total).toBe('102.79');
  });

  test('does not charge a declined card', async () => {
    const { body: cart } = await call('POST', '/carts', { country: 'DE' });
    await call('PUT', `/carts/${cart.id}/lines/MUG-01`, { quantity: 1 });

    const declined = await call(
      'POST',
      `/carts/${cart.id}/payments`,
      { amountCents: 1773, cardToken: 'tok_declined' },
      { 'idempotency-key': cart.id },
    );

    expect(declined).toMatchObject({ status: 402, body: { error: { code: 'card-declined' } } });
  });

  test('stops by itself when it is asked to', async () => {
    service.kill('SIGTERM');

    const [exitCode] = await once(service, 'exit');

    expect(exitCode).toBe(0);
  });
});
