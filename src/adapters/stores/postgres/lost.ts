/** The server was not reached, or was lost. What ran on the connection and was not committed does not stand. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  /** Whether the server answered, and asked to come again: it is starting, or has no room for one more. */
  readonly isBusy: boolean;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.isBusy = /^(?:57P03|53300)$/.test(sqlState(cause) ?? '');
  }
}

/** COMMIT was sent and no answer came: the transaction stands, or nothing of it does. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** Ends of a connection that the server announces: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const announced = /^(?:08...|57P0[1235]|25P0[34]|53300)$/;

/** What the server says about a statement stays as it is; everything else that `pg` throws is about the connection. */
export function asLost(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return error;
  const state = sqlState(error);
  if (state !== undefined && !announced.test(state)) return error;
  return new ConnectionLost(wordsOf(error), error);
}

/** SQLSTATE of an error that the server sent. */
export function sqlState(error: unknown): string | undefined {
  const sent = error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
  return sent ? String(error.code) : undefined;
}

/** A name with several addresses gives an error for each, and none of its own. */
function wordsOf(error: Error): string {
  const each = error instanceof AggregateError ? error.errors.map((one) => String(one?.message ?? one)) : [];
  return [...new Set([error.message, ...each])].filter((text) => text !== '').join('; ');
}
