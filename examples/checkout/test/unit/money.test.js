import { describe, expect, test } from 'vitest';
import { allocate, assertCents, formatCents, MAX_CENTS, partOf, sumOf } from '../../src/money.js';

describe('an amount', () => {
  test.each([0, 1, MAX_CENTS])('may be %d cents', (cents) => {
    expect(assertCents(cents)).toBe(cents);
  });

  test.each([-1, 0.5, Number.NaN, Infinity, MAX_CENTS + 1, '100', null])('is never %s', (value) => {
    expect(() => assertCents(value)).toThrow(new RangeError(`not an amount of cents: ${value}`));
  });
});

describe('a sum', () => {
  test('of nothing is zero', () => {
    expect(sumOf([])).toBe(0);
  });

  test('adds every amount', () => {
    expect(sumOf([1490, 895, 5])).toBe(2390);
  });

  test('refuses a negative amount even when the total would be fine', () => {
    expect(() => sumOf([100, -1])).toThrow(RangeError);
  });

  test('refuses a total over the cap', () => {
    expect(() => sumOf([MAX_CENTS, 1])).toThrow(RangeError);
  });
});

describe('a part', () => {
  test.each([
    [1000, 1900, 190],
    [50, 100, 1],
    [49, 100, 0],
    [1050, 700, 74],
    [1049, 700, 73],
    [999, 0, 0],
    [999, 10_000, 999],
  ])('of %d cents at %d basis points is %d', (cents, rate, expected) => {
    expect(partOf(cents, rate)).toBe(expected);
  });
});

describe('an allocation', () => {
  test('follows the weights', () => {
    expect(allocate(300, [1000, 2000, 3000])).toEqual([50, 100, 150]);
  });

  test('gives left-over cents to the largest remainders', () => {
    expect(allocate(100, [100, 250, 150])).toEqual([20, 50, 30]);
    expect(allocate(5, [10, 11, 13])).toEqual([1, 2, 2]);
  });

  test('gives a tied cent to the earlier line', () => {
    expect(allocate(100, [333, 333, 333])).toEqual([34, 33, 33]);
  });

  test('adds up to the amount for every split of a basket', () => {
    for (let cents = 0; cents <= 97; cents += 1) {
      const parts = allocate(cents, [13, 29, 0, 55]);

      expect(sumOf(parts)).toBe(cents);
      expect(parts[2]).toBe(0);
    }
  });

  test('of nothing over nothing is nothing', () => {
    expect(allocate(0, [])).toEqual([]);
    expect(allocate(0, [0, 0])).toEqual([0, 0]);
  });

  test('may take everything, but not more than there is', () => {
    expect(allocate(30, [10, 20])).toEqual([10, 20]);
    expect(() => allocate(31, [10, 20])).toThrow(new RangeError('cannot take 31 from 30'));
  });
});

describe('an amount for people', () => {
  test.each([
    [0, '0.00'],
    [5, '0.05'],
    [70, '0.70'],
    [6430, '64.30'],
    [1_234_567, '12345.67'],
  ])('of %d cents reads %s', (cents, text) => {
    expect(formatCents(cents)).toBe(text);
  });

  test('is not made of a fraction of a cent', () => {
    expect(() => formatCents(10.5)).toThrow(RangeError);
  });
});
