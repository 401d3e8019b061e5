import { describe, expect, test } from 'vitest';
import { createCarts } from '../../src/cart.js';

function numbered(limit) {
  let last = 0;
  return createCarts({ newId: () => `cart-${(last += 1)}`, ...(limit && { limit }) });
}

describe('a cart', () => {
  test('opens empty, unpaid and without a discount', () => {
    const cart = numbered().open('DE');

    expect(cart).toEqual({ id: 'cart-1', country: 'DE', code: null, lines: [], paid: false });
  });

  test('does not open for a country we do not sell to', () => {
    expect(() => numbered().open('XX')).toThrow(expect.objectContaining({ code: 'unknown-country' }));
  });

  test('sets a quantity instead of adding to it, and keeps the order of its lines', () => {
    const carts = numbered();
    const { id } = carts.open('DE');
    carts.setLine(id, 'MUG-01', 2);
    carts.setLine(id, 'TEA-EG', 1);

    const cart = carts.setLine(id, 'MUG-01', 5);

    expect(cart.lines).toEqual([
      { sku: 'MUG-01', quantity: 5 },
      { sku: 'TEA-EG', quantity: 1 },
    ]);
    expect(carts.find(id)).toEqual(cart);
  });

  test('takes no product that nobody sells', () => {
    const carts = numbered();
    const { id } = carts.open('DE');

    expect(() => carts.setLine(id, 'CUP-99', 1)).toThrow(expect.objectContaining({ code: 'unknown-product' }));
    expect(carts.find(id).lines).toEqual([]);
  });

  test('loses only the line that is removed', () => {
    const carts = numbered();
    const { id } = carts.open('DE');
    carts.setLine(id, 'MUG-01', 2);
    carts.setLine(id, 'TEA-EG', 1);

    const cart = carts.removeLine(id, 'MUG-01');

    expect(cart.lines).toEqual([{ sku: 'TEA-EG', quantity: 1 }]);
  });

  test('holds the last code that was applied, and never an unknown one', () => {
    const carts = numbered();
    const { id } = carts.open('DE');
    carts.applyCode(id, 'WELCOME10');
    carts.applyCode(id, 'TAKE5');

    expect(() => carts.applyCode(id, 'FREE')).toThrow(expect.objectContaining({ code: 'unknown-discount' }));
    expect(carts.find(id).code).toBe('TAKE5');
  });

  test('that was handed out does not change under the hands that hold it', () => {
    const carts = numbered();
    const before = carts.open('DE');

    carts.setLine(before.id, 'MUG-01', 1);

    expect(before.lines).toEqual([]);
  });

  test('cannot be changed once it is paid', () => {
    const carts = numbered();
    const { id } = carts.open('DE');
    carts.setLine(id, 'MUG-01', 1);
    carts.markPaid(id);

    expect(() => carts.setLine(id, 'MUG-01', 2)).toThrow(
      expect.objectContaining({ status: 409, code: 'cart-paid', message: 'This cart is already paid.' }),
    );
    expect(carts.find(id)).toMatchObject({ paid: true, lines: [{ sku: 'MUG-01', quantity: 1 }] });
  });

  test('that nobody opened is not found', () => {
    expect(() => numbered().find('cart-9')).toThrow(
      expect.objectContaining({ status: 404, code: 'unknown-cart', message: 'There is no such cart.' }),
    );
  });

  test('opened first is dropped when there are too many', () => {
    const carts = numbered(2);
    for (const country of ['DE', 'AT', 'FR']) carts.open(country);

    expect(() => carts.find('cart-1')).toThrow(expect.objectContaining({ code: 'unknown-cart' }));
    expect(carts.find('cart-2').country).toBe('AT');
    expect(carts.find('cart-3').country).toBe('FR');
  });
});
