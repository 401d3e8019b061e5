/** A program that did not run to an end of its own. A non-zero exit status is not a failure but a result. */
export class ProcessFailure extends Error {
  override readonly name = 'ProcessFailure';
  readonly reason: 'not-found' | 'not-started' | 'timeout' | 'too-much-output' | 'killed';

  constructor(reason: ProcessFailure['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
