import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckout } from './start-checkout.js';

let checkout;
beforeAll(async () => {
  checkout = await startCheckout();
});
afterAll(() => checkout.stop());

async function openCart(country = 'DE') {
  const { body } = await checkout.call('POST', '/carts', { country });
  return `/carts/${body.id}`;
}

describe('over HTTP, a cart', () => {
  test('is created with an id of its own', async () => {
    const first = await checkout.call('POST', '/carts', { country: 'DE' });
    const second = await checkout.call('POST', '/carts', { country: 'DE' });

    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ country: 'DE', lines: [], paid: false });
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('is filled, emptied and read', async () => {
    const cart = await openCart();
    await checkout.call('PUT', `${cart}/lines/MUG-01`, { quantity: 2 });
    const filled = await checkout.call('PUT', `${cart}/lines/TEA-EG`, { quantity: 1 });
    const emptied = await checkout.call('DELETE', `${cart}/lines/MUG-01`);

    const read = await checkout.call('GET', cart);

    expect([filled.status, emptied.status, read.status]).toEqual([200, 200, 200]);
    expect(filled.body.lines).toHaveLength(2);
    expect(read.body.lines).toEqual([{ sku: 'TEA-EG', quantity: 1 }]);
  });

  test('is priced with its discount, to the end of its last day', async () => {
    const cart = await openCart();
    await checkout.call('PUT', `${cart}/lines/POT-12`, { quantity: 1 });
    const applied = await checkout.call('PUT', `${cart}/discount`, { code: 'SPRING20' });

    const price = await checkout.call('GET', `${cart}/price`);

    expect(applied.body.code).toBe('SPRING20');
    expect(price.status).toBe(200);
    expect(price.body).toMatchObject({ subtotalCents: 5900, discountCents: 1180, taxCents: 897, totalCents: 5617 });
  });

  test('refuses a quantity, product, code or country that makes no sense', async () => {
    const cart = await openCart();

    const refusals = await Promise.all([
      checkout.call('PUT', `${cart}/lines/MUG-01`, { quantity: 0 }),
      checkout.call('PUT', `${cart}/lines/CUP-99`, { quantity: 1 }),
      checkout.call('PUT', `${cart}/discount`, { code: 'FREE' }),
      checkout.call('PUT', `${cart}/discount`, {}),
      checkout.call('POST', '/carts', { country: 'XX' }),
      checkout.call('POST', '/carts', {}),
    ]);

    expect(refusals.map(({ status }) => status)).toEqual([400, 422, 422, 400, 422, 400]);
    expect(refusals[3].body.error.message).toContain('"code"');
    expect(refusals[5].body.error.message).toContain('"country"');
  });

  test('that does not exist is not found, whatever is asked of it', async () => {
    const cart = '/carts/0b9f2c1e-0000-4000-8000-000000000000';

    const answers = await Promise.all([
      checkout.call('GET', cart),
      checkout.call('GET', `${cart}/price`),
      checkout.call('DELETE', `${cart}/lines/MUG-01`),
    ]);

    expect(answers.map(({ body }) => body.error.code)).toEqual(['unknown-cart', 'unknown-cart', 'unknown-cart']);
  });
});

describe('a quote', () => {
  test('prices a basket without opening a cart', async () => {
    const lines = [{ sku: 'BOOK-1', quantity: 2 }];

    const quote = await checkout.call('POST', '/quotes', { country: 'AT', code: 'WELCOME10', lines });

    expect(quote.status).toBe(200);
    expect(quote.body).toMatchObject({ subtotalCents: 4900, discountCents: 490, taxCents: 441, totalCents: 4851 });
    expect(quote.body).not.toHaveProperty('id');
  });
});
