import { setTimeout } from 'node:timers/promises';
import pg, { type PoolClient } from 'pg';
import { asLost, ConnectionLost } from './lost.ts';

/** Connections to one server, made when they are needed. */
export interface Connections {
  /** One of them, made anew if the server was there before and comes back within the patience. */
  take(): Promise<PoolClient>;
  end(): Promise<void>;
}

/** @param patience Milliseconds to wait for a server that was reached before, or that says it is starting. */
export function connections(config: pg.PoolConfig, patience: number): Connections {
  const pool = new pg.Pool(config);
  let wasReached = false;
  // A connection that breaks while nobody asks it anything says so by an event, and an event without listener ends the
  // process. Whoever asks next gets the error, or another connection.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    wasReached = true;
    client.on('error', () => undefined);
  });
  return {
    async take() {
      const deadline = performance.now() + patience;
      for (;;) {
        try {
          return await pool.connect();
        } catch (error) {
          const failure = asLost(error);
          const maySucceed = failure instanceof ConnectionLost && (wasReached || failure.isBusy);
          if (!maySucceed || performance.now() >= deadline) throw failure;
        }
        await pause();
      }
    },
    end: () => pool.end(),
  };
}

/** Uneven waits keep many processes from coming back at the same time. */
export function pause(): Promise<void> {
  return setTimeout(20 + Math.random() * 80);
}
