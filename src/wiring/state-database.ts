import { resolve } from 'node:path';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Store } from '../ports/store.ts';
import type { OpenTransfer } from '../ports/store-transfer.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The state database that AQE_DATABASE_URL names, else the file. The drivers are loaded when something is first asked of
 * it. A variable that is set and cannot be used is an error: what one job keeps elsewhere than the next is not kept.
 * @throws AqeError AQE1009.
 */
export async function stateDatabase(file: string, env: Environment): Promise<Store> {
  const url = databaseUrl(env);
  if (url === undefined)
    return lazyStore(() => import('../adapters/stores/sqlite/open.ts').then((sqlite) => sqlite.openSqliteStore(file)));
  const postgres = await import('../adapters/stores/postgres/open.ts');
  return postgres.openPostgresStore(url);
}

/** Opens state databases by path (from `cwd`) or URL, and without one that of `stateDatabase`. */
export function stateTransfers(file: string, cwd: string, env: Environment): OpenTransfer {
  return async (place = databaseUrl(env) ?? file) => {
    const { sqlTransfer } = await import('../adapters/stores/sql-transfer.ts');
    if (isUrl(place)) {
      const { postgresSource } = await import('../adapters/stores/postgres/open.ts');
      return sqlTransfer(postgresSource(place));
    }
    const { sqliteSource } = await import('../adapters/stores/sqlite/open.ts');
    return sqlTransfer(sqliteSource(resolve(cwd, place)));
  };
}

function databaseUrl({ AQE_DATABASE_URL: url }: Environment): string | undefined {
  if (url?.trim() === '') throw new AqeError('AQE1009', 'AQE_DATABASE_URL is set and empty');
  return url;
}

/** `C:\state.db` has no scheme: those have more than one letter. */
function isUrl(place: string): boolean {
  return /^[a-z][a-z\d+.-]+:/i.test(place);
}

function lazyStore(load: () => Promise<Store>): Store {
  let opened: Promise<Store> | null = null;
  const open = (): Promise<Store> => (opened ??= load());
  return {
    commit: async (...args) => (await open()).commit(...args),
    find: async (...args) => (await open()).find(...args),
    auditLog: async (...args) => (await open()).auditLog(...args),
    auditHead: async () => (await open()).auditHead(),
    check: async () => (await open()).check(),
    close: async () => (opened === null ? undefined : (await opened).close()),
  };
}
