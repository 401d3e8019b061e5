import { AqeError, type ErrorContext } from './aqe-error.ts';

/** Something did not reach another system. `retryable`: the same attempt may succeed later. */
export class DeliveryError extends AqeError {
  readonly retryable: boolean;

  constructor(
    code: 'AQE7001' | 'AQE7002' | 'AQE7003',
    detail: string,
    options: { readonly retryable: boolean; readonly context?: ErrorContext; readonly cause?: unknown },
  ) {
    super(code, detail, options.context, options.cause);
    this.retryable = options.retryable;
  }
}
