import { Buffer } from 'node:buffer';
import { CheckoutError } from './errors.js';

const MAX_BODY_BYTES = 16_384;
const MAX_QUANTITY = 99;
const MAX_LINES = 20;

const invalid = (message) => new CheckoutError(400, 'invalid-input', message);

/**
 * The JSON object in a request's body. A body over the limit is read to its end but not kept, so that the caller gets
 * an answer instead of a broken connection.
 * @throws CheckoutError 400, 413 or 415.
 */
export async function readObject(request) {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json')) {
    throw new CheckoutError(415, 'not-json', 'Send the body as application/json.');
  }
  return parseObject(await readText(request));
}

async function readText(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) {
    throw new CheckoutError(413, 'too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  return asObject(value, 'The body');
}

function asObject(value, name) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} is not an object.`);
  return value;
}

export function asText(value, name) {
  if (typeof value !== 'string' || value === '' || value.length > 100) {
    throw invalid(`"${name}" is not a text of 1 to 100 characters.`);
  }
  return value;
}

export function asCents(value, name) {
  if (!Number.isSafeInteger(value) || value < 0) throw invalid(`"${name}" is not a whole number of cents.`);
  return value;
}

export function asQuantity(value) {
  if (!Number.isInteger(value) || value < 1 || value > MAX_QUANTITY) {
    throw invalid(`"quantity" is not a whole number from 1 to ${MAX_QUANTITY}.`);
  }
  return value;
}

/** A basket to quote: country, lines and, if there is one, a discount code. */
export function asBasket({ country, lines, code = null }) {
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > MAX_LINES) {
    throw invalid(`"lines" is not a list of 1 to ${MAX_LINES} lines.`);
  }
  return {
    country: asText(country, 'country'),
    code: code === null ? null : asText(code, 'code'),
    lines: lines.map((line) => {
      const { sku, quantity } = asObject(line, 'A line');
      return { sku: asText(sku, 'sku'), quantity: asQuantity(quantity) };
    }),
  };
}
