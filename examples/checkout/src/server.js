import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createCarts } from './cart.js';
import { CheckoutError } from './errors.js';
import { readObject } from './input.js';
import { createPayments } from './payments.js';
import { checkoutRoutes } from './routes.js';

const METHODS_WITH_BODY = ['POST', 'PUT'];

/** The service as an HTTP server that does not listen yet. `log` takes one plain object for each event. */
export function createCheckout({ version, log, now = () => new Date(), newId = randomUUID }) {
  const carts = createCarts({ newId });
  const payments = createPayments({ newId, now });
  const routes = checkoutRoutes({ carts, payments, now, version, log });
  return createServer({ requestTimeout: 10_000 }, async (request, response) => {
    try {
      const { status, body } = await answer(routes, request);
      send(response, status, body);
    } catch (error) {
      sendError(response, error, log);
    }
  });
}

async function answer(routes, request) {
  const [path] = request.url.split('?', 1);
  const onPath = routes.filter(({ pattern }) => pattern.test(path));
  if (onPath.length === 0) throw new CheckoutError(404, 'not-found', 'There is nothing at this address.');
  const route = onPath.find(({ method }) => method === request.method);
  if (route === undefined) {
    const allowed = onPath.map(({ method }) => method).join(', ');
    throw new CheckoutError(405, 'method-not-allowed', `This address takes ${allowed}.`, { allow: allowed });
  }
  const params = { ...route.pattern.exec(path).groups };
  const body = METHODS_WITH_BODY.includes(request.method) ? await readObject(request) : {};
  return route.handle({ params, body, headers: request.headers });
}

function send(response, status, body, headers = {}) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

/** A bug is logged in full and told to the caller in one sentence: a stack is nobody else's business. */
function sendError(response, error, log) {
  // The caller hung up while sending: there is nobody to answer, and no bug.
  if (response.destroyed) return;
  if (error instanceof CheckoutError) {
    const { status, code, message, headers } = error;
    send(response, status, { error: { code, message } }, headers);
    return;
  }
  log({ event: 'failed', error: String(error?.stack ?? error) });
  send(response, 500, { error: { code: 'internal', message: 'Something went wrong on our side.' } });
}
