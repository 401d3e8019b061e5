import { CheckoutError } from './errors.js';
import { formatCents } from './money.js';

/** The stand-in for a card processor: it declines what says so. */
const isDeclined = (cardToken) => cardToken.startsWith('tok_declined');

/** Payments and their receipts, in memory. One idempotency key pays once, however often the request is sent. */
export function createPayments({ newId, now }) {
  const receipts = new Map();
  const receiptsByKey = new Map();

  return {
    /**
     * The receipt that a key has already paid for, or undefined.
     * @throws CheckoutError 409 when the key was used for another cart.
     */
    replay(key, cartId) {
      const receipt = receiptsByKey.get(key);
      if (receipt !== undefined && receipt.cartId !== cartId) {
        throw new CheckoutError(409, 'key-reused', 'This Idempotency-Key belongs to the payment of another cart.');
      }
      return receipt;
    },
    /** @throws CheckoutError when there is nothing to pay, the amount is not today's total, or the card is declined. */
    pay({ key, cartId, price, amountCents, cardToken }) {
      if (price.totalCents === 0) throw new CheckoutError(422, 'nothing-to-pay', 'The cart is empty.');
      if (amountCents !== price.totalCents) {
        const total = formatCents(price.totalCents);
        throw new CheckoutError(409, 'price-changed', `The total is EUR ${total}. Nothing was charged.`);
      }
      if (isDeclined(cardToken)) throw new CheckoutError(402, 'card-declined', 'The card was declined.');
      const receipt = { id: newId(), cartId, paidAt: now().toISOString(), total: formatCents(amountCents), price };
      receipts.set(receipt.id, receipt);
      receiptsByKey.set(key, receipt);
      return receipt;
    },
    receipt(id) {
      const receipt = receipts.get(id);
      if (receipt === undefined) throw new CheckoutError(404, 'unknown-receipt', 'There is no such receipt.');
      return receipt;
    },
  };
}
