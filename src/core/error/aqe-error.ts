import { catalog, type ErrorCode } from './catalog.ts';

/** What an error is about: `path` (with `line` and `column` where known) and any other named values. */
export type ErrorContext = Readonly<Record<string, string | number | undefined>>;

/**
 * An error that a user can act on: a permanent code, what happened, with which input, what to do next.
 * Any other exception is a bug of ours.
 */
export class AqeError extends Error {
  override readonly name = 'AqeError';
  readonly code: ErrorCode;
  /** One sentence on this very case, without the title. */
  readonly detail: string;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, detail: string, context: ErrorContext = {}, cause?: unknown) {
    super(`${catalog[code].title}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.context = context;
  }

  get exit(): 2 | 3 {
    return catalog[this.code].exit;
  }

  get hint(): string {
    return catalog[this.code].hint;
  }
}
