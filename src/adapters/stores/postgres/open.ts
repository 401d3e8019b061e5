import type { Store } from '../../../ports/store.ts';
import { type SqlSource, sqlStore } from '../sql-store.ts';
import { postgresAddress } from './address.ts';
import type { PostgresDatabase } from './database.ts';
import { postgresFailure } from './failure.ts';

export interface PostgresOptions {
  /** Milliseconds to wait for a lock, and for a server that went away; 10,000 if absent. */
  readonly patience?: number;
}

/**
 * The store in one schema of a PostgreSQL database: the one in which the session makes tables. Nothing is loaded and nobody
 * is connected to before the first call. A database without our tables reads as empty; the first call that writes makes
 * them. A write whose confirmation was lost is looked for when the server is back: it is reported as it was.
 * @throws AqeError AQE1009 for a URL that cannot be used.
 */
export function openPostgresStore(url: string, options: PostgresOptions = {}): Store {
  return sqlStore(postgresSource(url, options));
}

export function postgresSource(url: string, { patience = 10_000 }: PostgresOptions = {}): SqlSource {
  const address = postgresAddress(url);
  let opened: Promise<PostgresDatabase> | undefined;
  const database = (): Promise<PostgresDatabase> =>
    (opened ??= import('./database.ts').then(({ openDatabase }) => openDatabase(address, patience)));
  return {
    product: 'PostgreSQL',
    place: address.place,
    schemaVersion: async () => (await database()).version(),
    async reader() {
      const { db, prepare } = await database();
      return (await prepare('read')) ? db : null;
    },
    async write(work) {
      const { prepare, write } = await database();
      await prepare('write');
      await write(work);
    },
    // Every transaction of `write` begins with the lock.
    lockHead: async () => undefined,
    continueSequence: async (...args) => (await database()).continueSequence(...args),
    integrity: async () => (await database()).integrity(),
    failure: (error, purpose) => postgresFailure(error, purpose, address.place),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}
