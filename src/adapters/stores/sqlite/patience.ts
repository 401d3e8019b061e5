import { setTimeout } from 'node:timers/promises';
import { SqliteResult, sqliteResult } from './failure.ts';

/**
 * Repeats an attempt while the database is locked, and once more when `milliseconds` are over. SQLite can wait by itself
 * but holds up the whole process meanwhile, and with it a connection of this process that is to release the lock.
 */
export async function patiently<T>(milliseconds: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const last = performance.now() >= deadline;
    try {
      return await attempt();
    } catch (error) {
      if (last || sqliteResult(error) !== SqliteResult.busy) throw error;
    }
    // Uneven waits keep two processes from meeting again and again.
    await setTimeout(1 + Math.random() * 20);
  }
}
