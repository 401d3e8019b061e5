import { hash } from 'node:crypto';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { chained, type NamedRow } from '../../core/audit/chain.ts';
import type { AuditEntry, AuditEvent } from '../../core/audit/event.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { NewRecords, RecordTableName, Store } from '../../ports/store.ts';
import { recordColumns, recordTables, type AnyRecord, type AnyRecordSchema, type StoreSchema } from './schema.ts';
import { refuseUnkeepableText, sealOf, unsealed } from './seal.ts';
import { brokenRecords } from './sql-check.ts';

/** A database for a store: how it is reached and what its failures mean. */
export interface SqlSource {
  readonly product: 'SQLite' | 'PostgreSQL';
  /** What errors call the database: a path, or a URL without password. */
  readonly place: string;
  /** As it stands; nothing is brought up to date. 0 for a database that does not exist or has no tables of ours. */
  schemaVersion(): Promise<number>;
  /** The database with the present schema; null if there is none yet, and none is made. */
  reader(): Promise<Kysely<StoreSchema> | null>;
  /**
   * Runs `work` in one transaction that holds the lock for writing from its start; makes the database if there is none.
   * May run it again, in a new transaction, if nothing of the first one stands.
   */
  write(work: (transaction: Transaction<StoreSchema>) => Promise<void>): Promise<void>;
  /**
   * Called first in that transaction: keeps every other writer from reading the end of the audit log until this
   * transaction has ended. Nothing to do where the lock for writing is the only one there is.
   */
  lockHead(transaction: Transaction<StoreSchema>): Promise<void>;
  /** After rows were added with numbers of their own: makes the database count on from there. */
  continueSequence(transaction: Transaction<StoreSchema>, table: RecordTableName): Promise<void>;
  /** What the database finds wrong with itself. */
  integrity(): Promise<readonly string[]>;
  /** The AqeError for a failure of the database; anything else is a bug and is returned as it came. */
  failure(error: unknown, purpose: 'read' | 'write'): unknown;
  close(): Promise<void>;
}

const sha256 = (text: string): string => hash('sha256', text);

/**
 * The store over any SQL database that kysely speaks to. Text that a database cannot keep unchanged is refused with
 * AQE6005, a second row of one id and a second entry for one event too; a row that is not as it was written is AQE6002; a
 * call after `close` is AQE6001.
 */
export function sqlStore(source: SqlSource): Store {
  const { place } = source;
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function call<T>(purpose: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new AqeError('AQE6001', 'the store was closed', { path: place });
    const task = work();
    running.add(task);
    try {
      return await task;
    } catch (error) {
      throw source.failure(error, purpose);
    } finally {
      running.delete(task);
    }
  }

  const read = <T>(none: T, query: (db: Kysely<StoreSchema>) => Promise<T>): Promise<T> =>
    call('read', async () => {
      const db = await source.reader();
      return db === null ? none : query(db);
    });

  const close = async (): Promise<void> => {
    await Promise.allSettled(running);
    await source.close();
  };

  return {
    commit: (records, events) =>
      call('write', async () => {
        const added = listed(records);
        for (const { record } of added) refuseUnkeepableText(record, place);
        let entries: readonly AuditEntry[] = [];
        await source.write(async (transaction) => {
          await source.lockHead(transaction);
          const rows = added.map(({ table, record }) => ({ table, id: record.id, seal: sealOf(table, record) }));
          entries = await logEvents(transaction, events, rows);
          for (const table of recordTables) await insert(transaction, table, records[table] ?? []);
        });
        return entries;
      }),
    find: (table, query) =>
      read([], async (db) => {
        for (const filter of ['version', 'environment'] as const)
          if (query[filter] !== undefined && !columnsOf(table).includes(filter))
            throw new Error(`${table} have no ${filter}`);
        const direction = query.order === 'newest' ? 'desc' : 'asc';
        let selection = anyRecord(db).selectFrom(named(table)).selectAll().where('service', '=', query.service);
        if (query.version !== undefined) selection = selection.where('version', '=', query.version);
        if (query.environment !== undefined) selection = selection.where('environment', '=', query.environment);
        selection = selection.orderBy('createdAt', direction).orderBy('seq', direction);
        if (query.after !== undefined) selection = selection.where(behind(table, query.after, direction));
        if (query.limit !== undefined) selection = selection.limit(query.limit);
        return (await selection.execute()).map((row) => unsealed(table, row, place));
      }),
    auditLog: ({ after, limit = 1_000 } = {}) =>
      read([], async (db) => {
        let query = db.selectFrom('audit').select(['seq', 'body', 'prev', 'hash']);
        if (after !== undefined) query = query.where('seq', '>', after);
        return (await query.orderBy('seq').limit(limit).execute()).map(entryOf);
      }),
    auditHead: () => read(null, headOf),
    async check() {
      try {
        return await read([], async (db) => [...(await source.integrity()), ...(await brokenRecords(db))]);
      } catch (error) {
        // Too damaged to be examined is a finding as well.
        if (error instanceof AqeError && error.code === 'AQE6002') return [error.detail];
        throw error;
      }
    },
    close: () => (closing ??= close()),
  };
}

/** Adds the entries for events to the end of the log. `rows` are to be added in the same transaction, after this. */
export async function logEvents(
  transaction: Transaction<StoreSchema>,
  events: readonly AuditEvent[],
  rows: readonly NamedRow[],
): Promise<readonly AuditEntry[]> {
  const head = await headOf(transaction);
  const before = head === null ? await recordsWithoutLog(transaction) : [];
  const entries = chained(head, events, [...before, ...rows], sha256);
  for (const [index, entry] of entries.entries()) {
    const event = events[index]?.id ?? '';
    await transaction
      .insertInto('audit')
      .values({ ...entry, event })
      .execute();
  }
  return entries;
}

interface Added {
  readonly table: RecordTableName;
  readonly record: AnyRecord;
}

function listed(records: NewRecords): readonly Added[] {
  return recordTables.flatMap((table) => (records[table] ?? []).map((record) => ({ table, record })));
}

/** The tables of records under one type, for code that serves them all: `anyRecord(db).selectFrom(named(table))`. */
function anyRecord(db: Kysely<StoreSchema>): Kysely<AnyRecordSchema> {
  return db as unknown as Kysely<AnyRecordSchema>;
}

function named(table: RecordTableName): 'records' {
  return table as 'records';
}

function columnsOf(table: RecordTableName): readonly string[] {
  return recordColumns[table];
}

/** Rows of one statement: a database takes 32,766 values or 65,535, and a table has at most 15 columns. */
const rowsTogether = 1_000;

async function insert(db: Kysely<StoreSchema>, table: RecordTableName, records: readonly AnyRecord[]): Promise<void> {
  for (let at = 0; at < records.length; at += rowsTogether) {
    const rows = records.slice(at, at + rowsTogether).map((record) => rowOf(table, record));
    await anyRecord(db).insertInto(named(table)).values(rows).execute();
  }
}

function rowOf(table: RecordTableName, record: AnyRecord): Required<AnyRecord> & { readonly seal: string } {
  // A record may be an object that has more than its columns.
  const columns = Object.fromEntries(columnsOf(table).map((column) => [column, Reflect.get(record, column)]));
  return { ...columns, seal: sealOf(table, record) } as unknown as Required<AnyRecord> & { readonly seal: string };
}

/** Records behind one in an order by time and, of one time, by number. */
function behind(table: RecordTableName, id: string, direction: 'asc' | 'desc'): RawBuilder<boolean> {
  const from = sql.table(table);
  const [createdAt, seq] = [sql.ref('createdAt'), sql.ref('seq')];
  const place = sql`(select ${createdAt}, ${seq} from ${from} where ${sql.ref('id')} = ${id})`;
  return sql<boolean>`(${createdAt}, ${seq}) ${direction === 'asc' ? sql`>` : sql`<`} ${place}`;
}

async function headOf(db: Kysely<StoreSchema>): Promise<AuditEntry | null> {
  const query = db.selectFrom('audit').select(['seq', 'body', 'prev', 'hash']);
  const row = await query.orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : entryOf(row);
}

/** A database that is older than the log holds records that no entry names. The first entry does. */
async function recordsWithoutLog(db: Kysely<StoreSchema>): Promise<readonly NamedRow[]> {
  const rows: NamedRow[] = [];
  for (const table of recordTables) {
    const found = await anyRecord(db).selectFrom(named(table)).select(['id', 'seal']).orderBy('seq').execute();
    for (const { id, seal } of found) rows.push({ table, id, seal });
  }
  return rows;
}

/** Whatever somebody put there, an entry has a number and three texts. */
function entryOf({ seq, body, prev, hash: own }: AuditEntry): AuditEntry {
  return { seq: Number(seq), body: String(body), prev: String(prev), hash: String(own) };
}
