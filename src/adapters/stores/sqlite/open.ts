import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store } from '../../../ports/store.ts';
import { type SqlSource, sqlStore } from '../sql-store.ts';
import type { SqliteDatabase } from './database.ts';
import { sqliteFailure } from './failure.ts';

export interface SqliteOptions {
  /** Milliseconds to wait for a lock that another process holds; 5,000 if absent. */
  readonly busyTimeout?: number;
}

/**
 * The store in one SQLite file. Nothing is loaded and the disk is not touched before the first call. A file that does not
 * exist reads as empty; the first call that writes makes it (mode 0600) and its folder, which other tools may share
 * (default mode). Reading works where nothing can be written.
 */
export async function openSqliteStore(file: string, options: SqliteOptions = {}): Promise<Store> {
  return sqlStore(sqliteSource(file, options));
}

export function sqliteSource(file: string, options: SqliteOptions = {}): SqlSource {
  let opened: Promise<SqliteDatabase> | undefined;

  async function load(): Promise<SqliteDatabase> {
    const { openDatabase } = await import('./database.ts');
    return openDatabase(file, options.busyTimeout ?? 5_000);
  }

  const database = (): Promise<SqliteDatabase> =>
    (opened ??= load().catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));

  return {
    product: 'SQLite',
    place: file,
    schemaVersion: async () => (opened === undefined && !exists(file) ? 0 : (await database()).version()),
    async reader() {
      if (opened === undefined && !exists(file)) return null;
      const { db, prepare } = await database();
      return (await prepare('read')) ? db : null;
    },
    async write(work) {
      if (opened === undefined) create(file);
      const { prepare, write } = await database();
      await prepare('write');
      await write(work);
    },
    // BEGIN IMMEDIATE holds the only lock there is.
    lockHead: async () => undefined,
    // It counts on from the highest number by itself.
    continueSequence: async () => undefined,
    integrity: async () => (await database()).integrity(),
    failure: (error, purpose) => sqliteFailure(error, purpose, file),
    async close() {
      const open = await opened?.catch(() => undefined);
      await open?.close();
    },
  };
}

/** Only what is not there is absent: a folder that cannot be looked into, or is none, throws. */
function exists(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  try {
    // Exclusive, because opening and closing a database file by hand releases the locks this process holds on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
