import { productOf } from './catalog.js';
import { discountFor } from './discounts.js';
import { allocate, sumOf } from './money.js';
import { taxOn } from './tax.js';

/**
 * The full price of a basket. A discount is spread over the lines first, because every line is taxed at its own rate
 * on what is really paid for it.
 */
export function priceBasket({ lines, country, code }, today) {
  const products = lines.map(({ sku }) => productOf(sku));
  const nets = lines.map(({ quantity }, index) => products[index].unitCents * quantity);
  const subtotalCents = sumOf(nets);
  const discountCents = code === null ? 0 : discountFor(code, subtotalCents, today);
  const cuts = allocate(discountCents, nets);
  const pricedLines = lines.map(({ sku, quantity }, index) => {
    const { name, unitCents, taxClass } = products[index];
    const netCents = nets[index] - cuts[index];
    const taxCents = taxOn(netCents, country, taxClass);
    return { sku, name, quantity, unitCents, discountCents: cuts[index], netCents, taxCents };
  });
  const taxCents = sumOf(pricedLines.map((line) => line.taxCents));
  const totalCents = subtotalCents - discountCents + taxCents;
  return { currency: 'EUR', country, code, lines: pricedLines, subtotalCents, discountCents, taxCents, totalCents };
}
