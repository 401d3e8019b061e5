import { CheckoutError } from './errors.js';

const products = new Map([
  ['MUG-01', { name: 'Stoneware mug', unitCents: 1490, taxClass: 'standard' }],
  ['POT-12', { name: 'Cast iron teapot, 1.2 l', unitCents: 5900, taxClass: 'standard' }],
  ['TEA-EG', { name: 'Earl Grey, 100 g', unitCents: 895, taxClass: 'reduced' }],
  ['BOOK-1', { name: 'The tea handbook', unitCents: 2450, taxClass: 'reduced' }],
  ['GIFT-25', { name: 'Gift card', unitCents: 2500, taxClass: 'zero' }],
]);

/** @throws CheckoutError 422 when nothing is sold under this number. */
export function productOf(sku) {
  const product = products.get(sku);
  if (product === undefined) throw new CheckoutError(422, 'unknown-product', `There is no product "${sku}".`);
  return product;
}
