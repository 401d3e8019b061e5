import { CheckoutError } from './errors.js';
import { partOf } from './money.js';

/** Rates in basis points. */
const ratesByCountry = new Map([
  ['AT', { standard: 2000, reduced: 1000, zero: 0 }],
  ['DE', { standard: 1900, reduced: 700, zero: 0 }],
  ['FR', { standard: 2000, reduced: 550, zero: 0 }],
]);

/** @throws CheckoutError 422 when we do not sell to the country. */
export function assertCountry(country) {
  if (ratesByCountry.has(country)) return country;
  const known = [...ratesByCountry.keys()].join(', ');
  throw new CheckoutError(422, 'unknown-country', `We sell to ${known}, not to "${country}".`);
}

/** Tax to add to a net amount that already has its discount taken off. */
export function taxOn(netCents, country, taxClass) {
  return partOf(netCents, ratesByCountry.get(assertCountry(country))[taxClass]);
}
