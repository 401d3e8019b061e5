import { describe, expect, test } from 'vitest';
import { createPayments } from '../../src/payments.js';

const price = { currency: 'EUR', totalCents: 6430 };
const request = { key: 'key-1', cartId: 'cart-1', price, amountCents: 6430, cardToken: 'tok_visa' };

const open = () => createPayments({ newId: () => 'receipt-1', now: () => new Date('2026-05-01T10:00:00Z') });

describe('a payment', () => {
  test('gives a receipt that can be read again', () => {
    const payments = open();

    const receipt = payments.pay(request);

    expect(receipt).toEqual({
      id: 'receipt-1',
      cartId: 'cart-1',
      paidAt: '2026-05-01T10:00:00.000Z',
      total: '64.30',
      price,
    });
    expect(payments.receipt('receipt-1')).toEqual(receipt);
  });

  test('is found again by its key', () => {
    const payments = open();
    const receipt = payments.pay(request);

    expect(payments.replay('key-1', 'cart-1')).toBe(receipt);
    expect(payments.replay('key-2', 'cart-1')).toBeUndefined();
  });

  test('does not lend its key to another cart', () => {
    const payments = open();
    payments.pay(request);

    expect(() => payments.replay('key-1', 'cart-2')).toThrow(
      expect.objectContaining({
        status: 409,
        code: 'key-reused',
        message: 'This Idempotency-Key belongs to the payment of another cart.',
      }),
    );
  });

  test.each([
    [
      'of an amount that is not the total',
      { amountCents: 6429 },
      { status: 409, code: 'price-changed', message: 'The total is EUR 64.30. Nothing was charged.' },
    ],
    [
      'with a declined card',
      { cardToken: 'tok_declined_funds' },
      { status: 402, code: 'card-declined', message: 'The card was declined.' },
    ],
    [
      'of an empty cart',
      { price: { totalCents: 0 }, amountCents: 0 },
      { status: 422, code: 'nothing-to-pay', message: 'The cart is empty.' },
    ],
  ])('%s is refused and leaves its key free', (_name, change, refusal) => {
    const payments = open();

    expect(() => payments.pay({ ...request, ...change })).toThrow(expect.objectContaining(refusal));
    expect(payments.replay('key-1', 'cart-1')).toBeUndefined();
  });

  test('is declined by how its token starts, not by what stands in it', () => {
    expect(open().pay({ ...request, cardToken: 'tok_never_declined' }).id).toBe('receipt-1');
    expect(open().pay({ ...request, cardToken: 'x_tok_declined' }).id).toBe('receipt-1');
  });

  test('that was never made has no receipt', () => {
    expect(() => open().receipt('receipt-1')).toThrow(
      expect.objectContaining({ status: 404, code: 'unknown-receipt', message: 'There is no such receipt.' }),
    );
  });
});
