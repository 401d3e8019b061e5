import type { OutboxMessage } from './store.ts';

/** A way to reach people or programs. */
export interface Notifier {
  /** Unique among the configured ones: `smtp`, `webhook:<name>`. Deliveries are recorded under it. */
  readonly id: string;
  /** Whether there is anybody for this message; mail without recipients has nobody. */
  takes(message: OutboxMessage): boolean;
  /**
   * Returns when the other side has taken the message over for all of its recipients. The message goes out under the same id
   * in every attempt, so that a receiver can drop what it has.
   * @throws DeliveryError AQE7001, AQE7002 or AQE7003, without a secret in it; `retryable` tells whether another attempt can help.
   */
  deliver(message: OutboxMessage, signal: AbortSignal): Promise<void>;
}
