import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { AqeError } from '../../core/error/aqe-error.ts';
import type {
  StoreContents,
  StoredRow,
  StoreTransfer,
  TableDigest,
  TransferTable,
} from '../../ports/store-transfer.ts';
import { migrations, refuseNewer } from './migrations.ts';
import { recordColumns, recordTables, type StoreSchema } from './schema.ts';
import { brokenRecords } from './sql-check.ts';
import { logEvents, type SqlSource } from './sql-store.ts';

const tables: readonly TransferTable[] = [...recordTables, 'audit'];
/** Bodies may be large. */
const pageSize = 50;

/** The whole of any SQL database that kysely speaks to. */
export function sqlTransfer(source: SqlSource): StoreTransfer {
  async function call<T>(purpose: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw source.failure(error, purpose);
    }
  }

  return {
    product: source.product,
    place: source.place,
    tables,
    schema: () =>
      call('read', async () => {
        const version = await source.schemaVersion();
        refuseNewer(version, source.place);
        return { version, latest: migrations.length };
      }),
    // What is to be written to is brought up to date first.
    migrate: () => call('write', () => source.write(async () => undefined)),
    read: (work) =>
      call('read', async () => {
        const db = await source.reader();
        if (db === null) return null;
        // One moment: what others add meanwhile is not seen. SQLite knows only one level of isolation, which is that.
        const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
        return snapshot.execute((transaction) => work(contentsOf(transaction, source)));
      }),
    async fill<T>(work: Parameters<StoreTransfer['fill']>[0]): Promise<T> {
      let result: { readonly value: unknown } | undefined;
      await call('write', () =>
        source.write(async (transaction) => {
          await source.lockHead(transaction);
          const value = await work({
            ...contentsOf(transaction, source),
            add: (table, rows) => addRows(transaction, table, rows),
            log: async (event) => void (await logEvents(transaction, [event], [])),
          });
          for (const table of recordTables) await source.continueSequence(transaction, table);
          result = { value };
        }),
      );
      return result?.value as T;
    },
    close: () => source.close(),
  };
}

function contentsOf(db: Kysely<StoreSchema>, source: SqlSource): StoreContents {
  const rows = (table: TransferTable, after: number) => pageOf(db, table, after, source.place);
  return {
    rows,
    async digests() {
      const digests: TableDigest[] = [];
      for (const table of tables) digests.push(await digestOf(table, rows));
      return digests;
    },
    check: async () => [...(await source.integrity()), ...(await brokenRecords(db))],
  };
}

function columnsOf(table: TransferTable): readonly string[] {
  return table === 'audit' ? ['seq', 'event', 'body', 'prev', 'hash'] : ['seq', ...recordColumns[table], 'seal'];
}

/** The tables under the type of one of them, for code that serves them all. */
function anyTable(table: TransferTable): 'audit' {
  return table as 'audit';
}

async function pageOf(
  db: Kysely<StoreSchema>,
  table: TransferTable,
  after: number,
  place: string,
): Promise<readonly StoredRow[]> {
  const query = db.selectFrom(anyTable(table)).selectAll().where('seq', '>', after).orderBy('seq').limit(pageSize);
  const rows = (await query.execute()) as unknown as readonly StoredRow[];
  let last = after;
  for (const row of rows) {
    const seq = Number(row['seq']);
    const isOurs = columnsOf(table).every((column) => column === 'seq' || typeof row[column] === 'string');
    if (!isOurs || seq <= last)
      throw new AqeError('AQE6002', `a row of ${table} is not as it was written`, { path: place });
    last = seq;
  }
  return rows;
}

async function digestOf(table: TransferTable, rows: StoreContents['rows']): Promise<TableDigest> {
  const digest = createHash('sha256');
  let count = 0;
  let after = 0;
  for (;;) {
    const page = await rows(table, after);
    for (const row of page) digest.update(`${JSON.stringify(columnsOf(table).map((column) => row[column]))}\n`);
    count += page.length;
    if (page.length === 0) return { table, rows: count, sha256: digest.digest('hex') };
    after = Number(page.at(-1)?.['seq']);
  }
}

async function addRows(db: Kysely<StoreSchema>, table: TransferTable, rows: readonly StoredRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(table);
  const values = rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
  await db
    .insertInto(anyTable(table))
    .values(values as never)
    .execute();
}
