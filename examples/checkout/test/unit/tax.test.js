import { describe, expect, test } from 'vitest';
import { assertCountry, taxOn } from '../../src/tax.js';

describe('tax', () => {
  test.each([
    ['DE', 'standard', 190],
    ['DE', 'reduced', 70],
    ['DE', 'zero', 0],
    ['AT', 'standard', 200],
    ['AT', 'reduced', 100],
    ['AT', 'zero', 0],
    ['FR', 'standard', 200],
    ['FR', 'reduced', 55],
    ['FR', 'zero', 0],
  ])('in %s at the %s rate on 10 euros is %d cents', (country, taxClass, expected) => {
    expect(taxOn(1000, country, taxClass)).toBe(expected);
  });

  test('rounds half a cent up', () => {
    expect(taxOn(1050, 'DE', 'reduced')).toBe(74);
  });

  test('is not guessed for a country we do not sell to', () => {
    expect(() => taxOn(1000, 'XX', 'standard')).toThrow(
      expect.objectContaining({ status: 422, message: 'We sell to AT, DE, FR, not to "XX".' }),
    );
  });

  test('knows a country by its exact code', () => {
    expect(assertCountry('DE')).toBe('DE');
    expect(() => assertCountry('de')).toThrow(expect.objectContaining({ code: 'unknown-country' }));
  });
});
