import { describe, expect, test } from 'vitest';
import { assertCode, discountFor } from '../../src/discounts.js';

describe('a discount code', () => {
  test.each([
    ['WELCOME10', 2985, 299],
    ['WELCOME10', 0, 0],
    ['TAKE5', 3000, 500],
    ['TAKE5', 9000, 500],
    ['SPRING20', 2985, 597],
  ])('%s on %d cents takes off %d', (code, subtotal, expected) => {
    expect(discountFor(code, subtotal, '2026-05-01')).toBe(expected);
  });

  test('counts on its last day', () => {
    expect(discountFor('SPRING20', 1000, '2026-05-31')).toBe(200);
  });

  test('is refused from the day after its last', () => {
    expect(() => discountFor('SPRING20', 1000, '2026-06-01')).toThrow(
      expect.objectContaining({
        status: 422,
        code: 'discount-ended',
        message: 'The discount code "SPRING20" ended on 2026-05-31.',
      }),
    );
  });

  test('without a last day never ends', () => {
    expect(discountFor('TAKE5', 3000, '2099-12-31')).toBe(500);
  });

  test('is refused one cent below its minimum', () => {
    expect(() => discountFor('TAKE5', 2999, '2026-05-01')).toThrow(
      expect.objectContaining({
        status: 422,
        code: 'discount-minimum',
        message: 'The discount code "TAKE5" needs a subtotal of EUR 30.00.',
      }),
    );
  });

  test('nobody issued is refused, not ignored', () => {
    const refusal = { status: 422, code: 'unknown-discount', message: 'There is no discount code "FREE".' };

    expect(() => discountFor('FREE', 1000, '2026-05-01')).toThrow(expect.objectContaining(refusal));
    expect(() => assertCode('FREE')).toThrow(expect.objectContaining(refusal));
  });

  test('that was issued is given back as it is', () => {
    expect(assertCode('TAKE5')).toBe('TAKE5');
  });
});
