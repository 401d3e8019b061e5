import { asBasket, asCents, asQuantity, asText } from './input.js';
import { priceBasket } from './pricing.js';

const ok = (body) => ({ status: 200, body });
const created = (body) => ({ status: 201, body });

/** `:name` in a path stands for one segment. Ids and product numbers need no decoding, so nothing else matches. */
function route(method, path, handle) {
  const pattern = new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[\\w-]+)')}$`);
  return { method, pattern, handle };
}

/** What the service answers to, as data: each handler takes { params, body, headers } and returns { status, body }. */
export function checkoutRoutes({ carts, payments, now, version, log }) {
  const priceToday = (basket) => priceBasket(basket, now().toISOString().slice(0, 10));

  function payCart({ params, body, headers }) {
    const key = asText(headers['idempotency-key'], 'Idempotency-Key');
    const amountCents = asCents(body.amountCents, 'amountCents');
    const cardToken = asText(body.cardToken, 'cardToken');
    const earlier = payments.replay(key, params.id);
    if (earlier !== undefined) return ok(earlier);
    const price = priceToday(carts.findUnpaid(params.id));
    const receipt = payments.pay({ key, cartId: params.id, price, amountCents, cardToken });
    carts.markPaid(params.id);
    log({ event: 'paid', receipt: receipt.id, totalCents: price.totalCents });
    return created(receipt);
  }

  return [
    route('GET', '/healthz', () => ok({ status: 'ok', version })),
    route('POST', '/quotes', ({ body }) => ok(priceToday(asBasket(body)))),
    route('POST', '/carts', ({ body }) => created(carts.open(asText(body.country, 'country')))),
    route('GET', '/carts/:id', ({ params }) => ok(carts.find(params.id))),
    route('PUT', '/carts/:id/lines/:sku', ({ params, body }) =>
      ok(carts.setLine(params.id, params.sku, asQuantity(body.quantity))),
    ),
    route('DELETE', '/carts/:id/lines/:sku', ({ params }) => ok(carts.removeLine(params.id, params.sku))),
    route('PUT', '/carts/:id/discount', ({ params, body }) =>
      ok(carts.applyCode(params.id, asText(body.code, 'code'))),
    ),
    route('GET', '/carts/:id/price', ({ params }) => ok(priceToday(carts.find(params.id)))),
    route('POST', '/carts/:id/payments', payCart),
    route('GET', '/receipts/:id', ({ params }) => ok(payments.receipt(params.id))),
  ];
}
