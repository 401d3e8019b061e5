import type { ColumnBuilderCallback, CreateTableBuilder, Kysely, RawBuilder } from 'kysely';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { RecordTableName } from '../../ports/store.ts';
import { recordColumns, type StoreSchema } from './schema.ts';

/** What SQL databases do not say alike. */
export interface SqlEngine {
  /** Tables in the database, those of the database itself left out. */
  tables(db: Kysely<StoreSchema>): Promise<readonly string[]>;
  /** A primary key that the database counts up with each row. */
  readonly sequence: { readonly type: 'integer' | 'bigint'; readonly build: ColumnBuilderCallback };
  /** Text that is compared by its bytes. */
  readonly text: 'text' | RawBuilder<unknown>;
  /** An index for the records of a service, whose name may be of any length. */
  indexByService(db: Kysely<StoreSchema>, table: RecordTableName): Promise<void>;
  /** Makes every UPDATE and DELETE on the table fail, for whoever tries. */
  forbidChanges(db: Kysely<StoreSchema>, table: RecordTableName | 'audit'): Promise<void>;
}

export type Migration = (db: Kysely<StoreSchema>, engine: SqlEngine) => Promise<void>;

/** Schema changes in order; the one at index n leads from version n to n + 1. Released ones are never edited. */
export const migrations: readonly Migration[] = [firstTables, approvalsAndAudit, outcomesAndModels];

async function firstTables(db: Kysely<StoreSchema>, engine: SqlEngine): Promise<void> {
  await db.schema
    .createTable('schema_version')
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .execute();
  await createRecordTables(db, engine, ['assessments', 'attestations', 'debts']);
}

async function approvalsAndAudit(db: Kysely<StoreSchema>, engine: SqlEngine): Promise<void> {
  await createRecordTables(db, engine, ['requests', 'approvals', 'reviews', 'messages', 'deliveries', 'envelopes']);
  await db.schema
    .createTable('audit')
    .addColumn('seq', engine.sequence.type, (column) => column.primaryKey())
    .addColumn('event', engine.text, (column) => column.notNull().unique())
    .addColumn('body', engine.text, (column) => column.notNull())
    .addColumn('prev', engine.text, (column) => column.notNull())
    .addColumn('hash', engine.text, (column) => column.notNull())
    .execute();
  await engine.forbidChanges(db, 'audit');
}

async function outcomesAndModels(db: Kysely<StoreSchema>, engine: SqlEngine): Promise<void> {
  await createRecordTables(db, engine, ['outcomes', 'models']);
}

async function createRecordTables(
  db: Kysely<StoreSchema>,
  engine: SqlEngine,
  tables: readonly RecordTableName[],
): Promise<void> {
  for (const table of tables) {
    let creation: CreateTableBuilder<string, string> = db.schema
      .createTable(table)
      .addColumn('seq', engine.sequence.type, engine.sequence.build);
    for (const name of recordColumns[table]) {
      creation = creation.addColumn(name, engine.text, (column) =>
        name === 'id' ? column.notNull().unique() : column.notNull(),
      );
    }
    await creation.addColumn('seal', engine.text, (column) => column.notNull()).execute();
    await engine.indexByService(db, table);
    await engine.forbidChanges(db, table);
  }
}

/** 0 for a database without our tables. */
export async function schemaVersion(db: Kysely<StoreSchema>, engine: SqlEngine): Promise<number> {
  if (!(await engine.tables(db)).includes('schema_version')) return 0;
  const row = await db
    .selectFrom('schema_version')
    .select(({ fn }) => fn.max('version').as('version'))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}

/** @throws AqeError AQE6004 for a version that only a later release knows. */
export function refuseNewer(version: number, place: string): void {
  if (version <= migrations.length) return;
  const detail = `its schema has version ${version}, this program knows versions up to ${migrations.length}`;
  throw new AqeError('AQE6004', detail, { path: place });
}

/** Brings the schema to version `target` in one transaction. Two processes may do so at the same time. */
export async function migrate(db: Kysely<StoreSchema>, engine: SqlEngine, target = migrations.length): Promise<void> {
  await db.transaction().execute((transaction) => runMigrations(transaction, engine, target));
}

/** The same within a transaction that holds the lock for writing. */
export async function runMigrations(
  transaction: Kysely<StoreSchema>,
  engine: SqlEngine,
  target = migrations.length,
): Promise<void> {
  const present = await schemaVersion(transaction, engine);
  for (const [index, step] of migrations.entries()) {
    if (index < present || index >= target) continue;
    await step(transaction, engine);
    await transaction
      .insertInto('schema_version')
      .values({ version: index + 1 })
      .execute();
  }
}
