const hidden = '[secret]';

/**
 * A value that must not be seen. It cannot be printed, joined into a text or serialised: all of that gives `[secret]`.
 * The only way to the value is `reveal`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself, for the one place that hands it to a server or a signature. */
  static reveal(secret: Secret): string {
    return secret.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): string {
    return hidden;
  }

  /** What `console.log` and error dumps of Node ask for. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

export const reveal = (secret: Secret): string => Secret.reveal(secret);
