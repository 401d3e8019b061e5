import { readFileSync } from 'node:fs';
import { Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { migrations, refuseNewer, runMigrations, schemaVersion } from '../migrations.ts';
import type { RecordTableName } from '../../../ports/store.ts';
import type { StoreSchema } from '../schema.ts';
import type { PostgresAddress, TlsSettings } from './address.ts';
import { connections, pause } from './connections.ts';
import { postgresDialect } from './driver.ts';
import { postgresEngine } from './engine.ts';
import { isPassing } from './failure.ts';
import { guardFaults } from './guards.ts';
import { OutcomeUnknown, sqlState } from './lost.ts';

export interface PostgresDatabase {
  readonly db: Kysely<StoreSchema>;
  /** Brings the schema up to date. False, and nothing is written, if it is to be read and holds no tables yet. */
  prepare(purpose: 'read' | 'write'): Promise<boolean>;
  write(work: (transaction: Transaction<StoreSchema>) => Promise<void>): Promise<void>;
  /** Of the schema as it stands. */
  version(): Promise<number>;
  continueSequence(transaction: Transaction<StoreSchema>, table: RecordTableName): Promise<void>;
  integrity(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Milliseconds that a statement may take; and some more until a server that says nothing counts as lost. */
const statementTime = 30_000;
/** Milliseconds that a transaction may stand still: it holds up every other writer. */
const idleTime = 60_000;
/** Names our lock among the advisory locks of a database: "aqe" and a number. */
const writeLock = [0x617165, 1] as const;

/** Connects to nothing yet. `patience`: milliseconds to wait for a lock, and for a server that went away. */
export function openDatabase(address: PostgresAddress, patience: number): PostgresDatabase {
  const { place } = address;
  const db = new Kysely<StoreSchema>({ dialect: postgresDialect(connections(configOf(address, patience), patience)) });
  let writing: Promise<void> = Promise.resolve();

  async function prepare(purpose: 'read' | 'write'): Promise<boolean> {
    const version = (await isCurrent(db)) ? migrations.length : await schemaVersion(db, postgresEngine);
    refuseNewer(version, place);
    if (version === 0) {
      await refuseUnusable(db, place);
      if (purpose === 'read') return false;
    }
    if (version < migrations.length) await locked(async (transaction) => runMigrations(transaction, postgresEngine));
    return true;
  }

  /** Repeats a transaction of which nothing stands, as long as there is hope. */
  async function locked(work: (transaction: Transaction<StoreSchema>) => Promise<void>): Promise<void> {
    const deadline = performance.now() + patience;
    for (;;) {
      let end: EndOfLog = null;
      try {
        return await db.transaction().execute(async (transaction) => {
          await lock(transaction);
          await work(transaction);
          end = await endOfLog(transaction);
        });
      } catch (error) {
        if (error instanceof OutcomeUnknown) {
          if (await stands(db, end, error)) return;
        } else if (!isPassing(error)) throw error;
        if (performance.now() >= deadline) throw error instanceof OutcomeUnknown ? error.cause : error;
      }
      await pause();
    }
  }

  return {
    db,
    prepare,
    // One after the other: those that wait for the lock would take the connections away from those that read.
    write(work) {
      const mine = writing.then(() => locked(work));
      writing = mine.catch(() => undefined);
      return mine;
    },
    version: () => schemaVersion(db, postgresEngine),
    async continueSequence(transaction, table) {
      await sql`
        select setval(pg_get_serial_sequence(${table}, 'seq'), max(seq)) from ${sql.table(table)}
        having max(seq) is not null`.execute(transaction);
    },
    integrity: () => guardFaults(db),
    close: () => db.destroy(),
  };
}

/** A quick look for the usual answer; whatever else is the matter is found out, and told, by those who look closer. */
async function isCurrent(db: Kysely<StoreSchema>): Promise<boolean> {
  try {
    const query = db.selectFrom('schema_version').select(({ fn }) => fn.max('version').as('version'));
    return (await query.executeTakeFirst())?.version === migrations.length;
  } catch (error) {
    if (sqlState(error) === undefined) throw error;
    return false;
  }
}

/** Held until the transaction ends, however that happens. Everybody who writes takes it first, also to read what follows. */
async function lock(transaction: Transaction<StoreSchema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${writeLock[0]}::int, ${writeLock[1]}::int)`.execute(transaction);
}

type EndOfLog = { readonly seq: number; readonly hash: string } | null;

async function endOfLog(transaction: Transaction<StoreSchema>): Promise<EndOfLog> {
  const query = transaction.selectFrom('audit').select(['seq', 'hash']);
  return (await query.orderBy('seq', 'desc').limit(1).executeTakeFirst()) ?? null;
}

/**
 * Whether the transaction that ended the log so was committed. The hash covers the ids of all that it wrote. Its lock is
 * taken first: a server that lost only the connection may still be at work on it.
 */
async function stands(db: Kysely<StoreSchema>, end: EndOfLog, unknown: OutcomeUnknown): Promise<boolean> {
  try {
    return await db.transaction().execute(async (transaction) => {
      await lock(transaction);
      if (end === null) return false;
      const query = transaction.selectFrom('audit').select('seq');
      return (await query.where('seq', '=', end.seq).where('hash', '=', end.hash).executeTakeFirst()) !== undefined;
    });
  } catch (error) {
    throw new OutcomeUnknown(unknown.message, { cause: error });
  }
}

async function refuseUnusable(db: Kysely<StoreSchema>, path: string): Promise<void> {
  const { rows } = await sql<{ schema: string | null }>`select current_schema()::text as schema`.execute(db);
  if (rows[0]?.schema == null) throw new AqeError('AQE6001', 'its search_path names no schema that exists', { path });
  const tables = await postgresEngine.tables(db);
  // Somebody else may be making ours at this moment.
  if (tables[0] === undefined || tables.includes('schema_version')) return;
  const detail = `its schema ${JSON.stringify(rows[0].schema)} belongs to another program: it has a table ${JSON.stringify(tables[0])} and no schema_version`;
  throw new AqeError('AQE6001', detail, { path });
}

function configOf(
  { place, host, port, database, user, password, tls, options }: PostgresAddress,
  patience: number,
): pg.PoolConfig {
  return {
    host,
    port,
    database,
    user,
    password,
    options,
    ssl: tls === null ? false : sslOf(tls, place),
    application_name: 'aqe-deploy',
    max: 4,
    // A command that ends without closing the store does not wait for connections that nobody uses.
    allowExitOnIdle: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTime,
    query_timeout: statementTime + 5_000,
    lock_timeout: patience,
    idle_in_transaction_session_timeout: idleTime,
    keepAlive: true,
    types: { getTypeParser: parserOf },
  };
}

function sslOf({ verify, rootCertificate, certificate, key }: TlsSettings, place: string): pg.PoolConfig['ssl'] {
  const read = (file: string | undefined): string | undefined => {
    try {
      return file === undefined ? undefined : readFileSync(file, 'utf8');
    } catch (error) {
      throw new AqeError('AQE1009', `a certificate file cannot be read: ${String(file)}`, { path: place }, error);
    }
  };
  return { rejectUnauthorized: verify, ca: read(rootCertificate), cert: read(certificate), key: read(key) };
}

/** Counts and numbers of rows come as text otherwise. Ours are far below 2^53. */
function parserOf(type: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format as 'text');
}
