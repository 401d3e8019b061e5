/** A refusal the caller can act on: an HTTP status, a stable code and one sentence. Anything else thrown is a bug. */
export class CheckoutError extends Error {
  constructor(status, code, message, headers = {}) {
    super(message);
    this.name = 'CheckoutError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
