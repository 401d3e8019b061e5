import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckout } from './start-checkout.js';

let checkout;
beforeAll(async () => {
  checkout = await startCheckout();
});
afterAll(() => checkout.stop());

async function cartWithMug() {
  const { body } = await checkout.call('POST', '/carts', { country: 'DE' });
  await checkout.call('PUT', `/carts/${body.id}/lines/MUG-01`, { quantity: 1 });
  return body.id;
}

const card = { amountCents: 1773, cardToken: 'tok_visa' };

const pay = (cart, key, body = card) =>
  checkout.call('POST', `/carts/${cart}/payments`, body, key === undefined ? {} : { 'idempotency-key': key });

describe('over HTTP, a payment', () => {
  test('gives a receipt, closes the cart and is logged', async () => {
    const cart = await cartWithMug();

    const paid = await pay(cart, 'pays-1');
    const receipt = await checkout.call('GET', `/receipts/${paid.body.id}`);
    const { body: closed } = await checkout.call('GET', `/carts/${cart}`);

    expect(paid.status).toBe(201);
    expect(paid.body).toMatchObject({ cartId: cart, paidAt: '2026-05-31T20:00:00.000Z', total: '17.73' });
    expect(receipt).toMatchObject({ status: 200, body: paid.body });
    expect(closed.paid).toBe(true);
    expect(checkout.events).toContainEqual({ event: 'paid', receipt: paid.body.id, totalCents: 1773 });
  });

  test('sent twice with one key charges once', async () => {
    const cart = await cartWithMug();
    const first = await pay(cart, 'twice-1');

    const second = await pay(cart, 'twice-1');

    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(checkout.events.filter(({ receipt }) => receipt === first.body.id)).toHaveLength(1);
  });

  test('with a new key does not charge a paid cart again', async () => {
    const cart = await cartWithMug();
    await pay(cart, 'again-1');

    const second = await pay(cart, 'again-2');

    expect(second).toMatchObject({ status: 409, body: { error: { code: 'cart-paid' } } });
  });

  test('cannot use the key of another cart', async () => {
    await pay(await cartWithMug(), 'shared-1');

    const second = await pay(await cartWithMug(), 'shared-1');

    expect(second).toMatchObject({ status: 409, body: { error: { code: 'key-reused' } } });
  });

  test('that fails leaves the cart open, to be paid with the right card and amount', async () => {
    const cart = await cartWithMug();
    const declined = await pay(cart, 'open-1', { ...card, cardToken: 'tok_declined' });
    const tooLittle = await pay(cart, 'open-1', { ...card, amountCents: 1 });

    const paid = await pay(cart, 'open-1');

    expect([declined.status, tooLittle.status, paid.status]).toEqual([402, 409, 201]);
  });

  test('needs a key, an amount and a card', async () => {
    const cart = await cartWithMug();

    const answers = await Promise.all([
      pay(cart, undefined),
      pay(cart, 'needs-1', { cardToken: 'tok_visa' }),
      pay(cart, 'needs-1', { amountCents: 1773 }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(answers[0].body.error.message).toContain('"Idempotency-Key"');
    expect(answers[1].body.error.message).toContain('"amountCents"');
    expect(answers[2].body.error.message).toContain('"cardToken"');
  });

  test('of an empty cart is refused', async () => {
    const { body } = await checkout.call('POST', '/carts', { country: 'DE' });

    const answer = await pay(body.id, 'empty-1', { ...card, amountCents: 0 });

    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'nothing-to-pay' } } });
  });
});

test('a receipt that was never given is not found', async () => {
  const answer = await checkout.call('GET', '/receipts/none');

  expect(answer).toMatchObject({ status: 404, body: { error: { code: 'unknown-receipt' } } });
});
