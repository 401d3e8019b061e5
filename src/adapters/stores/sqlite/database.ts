import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Kysely, type Transaction } from 'kysely';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { migrate, migrations, refuseNewer, schemaVersion } from '../migrations.ts';
import type { StoreSchema } from '../schema.ts';
import { NodeSqliteDialect } from './driver.ts';
import { sqliteEngine } from './engine.ts';
import { SqliteResult, sqliteResult } from './failure.ts';
import { patiently } from './patience.ts';

export interface SqliteDatabase {
  readonly db: Kysely<StoreSchema>;
  /** Brings the schema up to date. False, and nothing is written, if it is to be read and holds no tables yet. */
  prepare(purpose: 'read' | 'write'): Promise<boolean>;
  write(work: (transaction: Transaction<StoreSchema>) => Promise<void>): Promise<void>;
  /** Of the schema as it stands. */
  version(): Promise<number>;
  integrity(): readonly string[];
  close(): Promise<void>;
}

/** Opens a file that exists. Throws what SQLite throws. */
export function openDatabase(file: string, busyTimeout: number): SqliteDatabase {
  const raw = connect(file, busyTimeout);
  const db = new Kysely<StoreSchema>({ dialect: new NodeSqliteDialect(raw) });
  return {
    db,
    async prepare(purpose) {
      const version = isCurrent(raw) ? migrations.length : await schemaVersion(db, sqliteEngine);
      refuseNewer(version, file);
      if (version === 0) {
        await refuseForeign(db, file);
        if (purpose === 'read') return false;
      }
      if (version < migrations.length || purpose === 'write') {
        // A copy made by VACUUM INTO has left this mode; setting it again costs nothing. Within a transaction it is set.
        if (!raw.isTransaction) await patiently(busyTimeout, async () => raw.exec('pragma journal_mode = wal'));
      }
      if (version < migrations.length) await patiently(busyTimeout, () => migrate(db, sqliteEngine));
      return true;
    },
    write: (work) => patiently(busyTimeout, () => db.transaction().execute(work)),
    version: () => schemaVersion(db, sqliteEngine),
    integrity() {
      const rows = raw.prepare('pragma integrity_check').all();
      return rows.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok');
    },
    async close() {
      await db.destroy();
      // kysely closes nothing that it has not used.
      if (raw.isOpen) raw.close();
    },
  };
}

/** A quick look for the usual answer; whatever else is the matter is found out, and told, by those who look closer. */
function isCurrent(raw: DatabaseSync): boolean {
  try {
    return raw.prepare('select max(version) as version from schema_version').get()?.['version'] === migrations.length;
  } catch {
    return false;
  }
}

function connect(file: string, busyTimeout: number): DatabaseSync {
  try {
    return configured(new DatabaseSync(file, { timeout: busyTimeout }));
  } catch (error) {
    // WAL mode wants a file of its own beside the database, even to read. Where none can be made and no journal lies
    // there, nobody is writing and the file is complete: it is read as a snapshot.
    const result = sqliteResult(error);
    const notWritable = result === SqliteResult.cantopen || result === SqliteResult.readonly;
    if (!notWritable || !isCompleteFile(file)) throw error;
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return configured(new DatabaseSync(url, { readOnly: true }));
  }
}

function configured(raw: DatabaseSync): DatabaseSync {
  try {
    raw.exec(
      'pragma synchronous = full; pragma foreign_keys = on; pragma cell_size_check = on; pragma trusted_schema = off; pragma cache_size = -65536',
    );
    // SQLite looks at the file at the first query only.
    raw.exec('select count(*) from sqlite_master');
    return raw;
  } catch (error) {
    raw.close();
    throw error;
  }
}

function isCompleteFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true && !existsSync(`${file}-wal`);
}

async function refuseForeign(db: Kysely<StoreSchema>, path: string): Promise<void> {
  const tables = await sqliteEngine.tables(db);
  // Somebody else may be making ours at this moment.
  if (tables[0] === undefined || tables.includes('schema_version')) return;
  throw new AqeError(
    'AQE6001',
    `it belongs to another program: it has a table ${JSON.stringify(tables[0])} and no schema_version`,
    { path },
  );
}
