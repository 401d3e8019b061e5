import { productOf } from './catalog.js';
import { assertCode } from './discounts.js';
import { CheckoutError } from './errors.js';
import { assertCountry } from './tax.js';

/**
 * Open carts, in memory. A cart is replaced, never changed, so a caller may keep what it was given. Beyond `limit` the
 * cart opened first is dropped.
 */
export function createCarts({ newId, limit = 10_000 }) {
  const carts = new Map();

  function find(id) {
    const cart = carts.get(id);
    if (cart === undefined) throw new CheckoutError(404, 'unknown-cart', 'There is no such cart.');
    return cart;
  }

  function findUnpaid(id) {
    const cart = find(id);
    if (cart.paid) throw new CheckoutError(409, 'cart-paid', 'This cart is already paid.');
    return cart;
  }

  function change(id, edit) {
    const cart = findUnpaid(id);
    const next = { ...cart, ...edit(cart) };
    carts.set(id, next);
    return next;
  }

  return {
    find,
    findUnpaid,
    open(country) {
      const cart = { id: newId(), country: assertCountry(country), code: null, lines: [], paid: false };
      carts.set(cart.id, cart);
      if (carts.size > limit) carts.delete(carts.keys().next().value);
      return cart;
    },
    /** Sets how many of a product are in the cart, whether or not it was there before. */
    setLine(id, sku, quantity) {
      productOf(sku);
      return change(id, ({ lines }) => {
        const known = lines.some((line) => line.sku === sku);
        if (!known) return { lines: [...lines, { sku, quantity }] };
        return { lines: lines.map((line) => (line.sku === sku ? { sku, quantity } : line)) };
      });
    },
    removeLine: (id, sku) => change(id, ({ lines }) => ({ lines: lines.filter((line) => line.sku !== sku) })),
    applyCode: (id, code) => change(id, () => ({ code: assertCode(code) })),
    markPaid: (id) => change(id, () => ({ paid: true })),
  };
}
