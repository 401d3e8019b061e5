import { describe, expect, test } from 'vitest';
import { asBasket, asCents, asQuantity, asText } from '../../src/input.js';

const refusal = (message) => expect.objectContaining({ status: 400, code: 'invalid-input', message });

describe('a text', () => {
  test.each(['x', 'x'.repeat(100)])('of 1 to 100 characters is taken', (text) => {
    expect(asText(text, 'code')).toBe(text);
  });

  test.each(['', 'x'.repeat(101), 5, null, undefined, ['a']])('is not %j', (value) => {
    expect(() => asText(value, 'code')).toThrow(refusal('"code" is not a text of 1 to 100 characters.'));
  });
});

describe('an amount', () => {
  test.each([0, 6430])('of %d cents is taken', (cents) => {
    expect(asCents(cents, 'amountCents')).toBe(cents);
  });

  test.each([-1, 0.5, 2 ** 53, '100', null])('is not %j', (value) => {
    expect(() => asCents(value, 'amountCents')).toThrow(refusal('"amountCents" is not a whole number of cents.'));
  });
});

describe('a quantity', () => {
  test.each([1, 99])('of %d is taken', (quantity) => {
    expect(asQuantity(quantity)).toBe(quantity);
  });

  test.each([0, 100, 1.5, '1', null])('is not %j', (value) => {
    expect(() => asQuantity(value)).toThrow(refusal('"quantity" is not a whole number from 1 to 99.'));
  });
});

describe('a basket', () => {
  const line = { sku: 'MUG-01', quantity: 1 };

  test('needs no discount code', () => {
    expect(asBasket({ country: 'DE', lines: [line] })).toEqual({ country: 'DE', code: null, lines: [line] });
  });

  test('keeps only the fields it knows', () => {
    const basket = asBasket({ country: 'DE', code: 'TAKE5', lines: [{ ...line, unitCents: 1 }], total: 0 });

    expect(basket).toEqual({ country: 'DE', code: 'TAKE5', lines: [line] });
  });

  test('may have 20 lines', () => {
    expect(asBasket({ country: 'DE', lines: Array(20).fill(line) }).lines).toHaveLength(20);
  });

  test.each([[undefined], ['MUG-01'], [[]], [Array(21).fill(line)]])('has no lines of %j', (lines) => {
    expect(() => asBasket({ country: 'DE', lines })).toThrow(refusal('"lines" is not a list of 1 to 20 lines.'));
  });

  test.each([
    [{ lines: [line] }, '"country" is not a text of 1 to 100 characters.'],
    [{ country: 'DE', code: 7, lines: [line] }, '"code" is not a text of 1 to 100 characters.'],
    [{ country: 'DE', lines: [null] }, 'A line is not an object.'],
    [{ country: 'DE', lines: [{ quantity: 1 }] }, '"sku" is not a text of 1 to 100 characters.'],
    [{ country: 'DE', lines: [{ sku: 'MUG-01' }] }, '"quantity" is not a whole number from 1 to 99.'],
  ])('like %j says what is wrong with it', (body, message) => {
    expect(() => asBasket(body)).toThrow(refusal(message));
  });
});
