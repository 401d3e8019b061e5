import { CheckoutError } from './errors.js';
import { formatCents, partOf } from './money.js';

const codes = new Map([
  ['WELCOME10', { amountOf: (subtotal) => partOf(subtotal, 1000), minimumCents: 0, lastDay: null }],
  ['TAKE5', { amountOf: () => 500, minimumCents: 3000, lastDay: null }],
  ['SPRING20', { amountOf: (subtotal) => partOf(subtotal, 2000), minimumCents: 0, lastDay: '2026-05-31' }],
]);

/** @throws CheckoutError 422 when there is no such code. */
export function assertCode(code) {
  if (!codes.has(code)) throw new CheckoutError(422, 'unknown-discount', `There is no discount code "${code}".`);
  return code;
}

/**
 * What a code takes off a subtotal, in cents and never more than the subtotal. `today` is a day as YYYY-MM-DD; a code
 * still counts on its last day.
 * @throws CheckoutError 422 when the code is unknown, has ended, or the subtotal is below its minimum.
 */
export function discountFor(code, subtotalCents, today) {
  const { amountOf, minimumCents, lastDay } = codes.get(assertCode(code));
  if (lastDay !== null && today > lastDay) {
    throw new CheckoutError(422, 'discount-ended', `The discount code "${code}" ended on ${lastDay}.`);
  }
  if (subtotalCents < minimumCents) {
    const least = formatCents(minimumCents);
    throw new CheckoutError(422, 'discount-minimum', `The discount code "${code}" needs a subtotal of EUR ${least}.`);
  }
  return amountOf(subtotalCents);
}
