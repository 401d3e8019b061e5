import { describe, expect, test } from 'vitest';
import { priceBasket } from '../../src/pricing.js';

const today = '2026-05-01';

describe('a price', () => {
  test('shows what every line costs and what all of them do', () => {
    const lines = [
      { sku: 'MUG-01', quantity: 2 },
      { sku: 'TEA-EG', quantity: 3 },
    ];

    const price = priceBasket({ lines, country: 'DE', code: null }, today);

    expect(price).toEqual({
      currency: 'EUR',
      country: 'DE',
      code: null,
      lines: [
        {
          sku: 'MUG-01',
          name: 'Stoneware mug',
          quantity: 2,
          unitCents: 1490,
          discountCents: 0,
          netCents: 2980,
          taxCents: 566,
        },
        {
          sku: 'TEA-EG',
          name: 'Earl Grey, 100 g',
          quantity: 3,
          unitCents: 895,
          discountCents: 0,
          netCents: 2685,
          taxCents: 188,
        },
      ],
      subtotalCents: 5665,
      discountCents: 0,
      taxCents: 754,
      totalCents: 6419,
    });
  });

  test('taxes each line on what is left after the discount', () => {
    const lines = [
      { sku: 'POT-12', quantity: 1 },
      { sku: 'BOOK-1', quantity: 1 },
    ];

    const price = priceBasket({ lines, country: 'DE', code: 'TAKE5' }, today);

    expect(price.lines.map((line) => line.discountCents)).toEqual([353, 147]);
    expect(price.lines.map((line) => line.netCents)).toEqual([5547, 2303]);
    expect(price.lines.map((line) => line.taxCents)).toEqual([1054, 161]);
    expect(price.totalCents).toBe(8350 - 500 + 1054 + 161);
  });

  test('adds no tax to a gift card', () => {
    const price = priceBasket({ lines: [{ sku: 'GIFT-25', quantity: 1 }], country: 'FR', code: null }, today);

    expect(price).toMatchObject({ subtotalCents: 2500, taxCents: 0, totalCents: 2500 });
  });

  test('of an empty basket is zero', () => {
    const price = priceBasket({ lines: [], country: 'AT', code: null }, today);

    expect(price).toMatchObject({ lines: [], subtotalCents: 0, discountCents: 0, taxCents: 0, totalCents: 0 });
  });

  test('is refused when the discount no longer counts', () => {
    const basket = { lines: [{ sku: 'MUG-01', quantity: 1 }], country: 'DE', code: 'SPRING20' };

    expect(() => priceBasket(basket, '2026-07-01')).toThrow(expect.objectContaining({ code: 'discount-ended' }));
  });

  test('is refused for a product nobody sells', () => {
    const basket = { lines: [{ sku: 'CUP-99', quantity: 1 }], country: 'DE', code: null };

    expect(() => priceBasket(basket, today)).toThrow(
      expect.objectContaining({ status: 422, code: 'unknown-product', message: 'There is no product "CUP-99".' }),
    );
  });

  test('is, line by line, net plus tax of the total for every pair of quantities', () => {
    for (let mugs = 1; mugs <= 9; mugs += 1) {
      const lines = [
        { sku: 'MUG-01', quantity: mugs },
        { sku: 'BOOK-1', quantity: 10 - mugs },
      ];

      const price = priceBasket({ lines, country: 'FR', code: 'WELCOME10' }, today);

      const paid = price.lines.reduce((total, line) => total + line.netCents + line.taxCents, 0);
      expect(price.totalCents).toBe(paid);
    }
  });
});
