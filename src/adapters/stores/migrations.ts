import type { ColumnBuilderCallback, CreateTableBuilder, Kysely } from 'kysely';
import { AqeError } from '../../core/error/aqe-error.ts';
import { recordColumns, type RecordTableName, type StoreSchema } from './schema.ts';

/** What SQL databases do not say alike. */
export interface SqlEngine {
  /** Tables in the database, those of the database itself left out. */
  tables(db: Kysely<StoreSchema>): Promise<readonly string[]>;
  /** A primary key that the database counts up with each row. */
  readonly sequence: { readonly type: 'integer' | 'bigint'; readonly build: ColumnBuilderCallback };
  /** Makes every UPDATE and DELETE on the table fail, for whoever tries. */
  forbidChanges(db: Kysely<StoreSchema>, table: RecordTableName): Promise<void>;
}

export type Migration = (db: Kysely<StoreSchema>, engine: SqlEngine) => Promise<void>;

/** Schema changes in order; the one at index n leads from version n to n + 1. Released ones are never edited. */
export const migrations: readonly Migration[] = [firstTables];

async function firstTables(db: Kysely<StoreSchema>, engine: SqlEngine): Promise<void> {
  await db.schema
    .createTable('schema_version')
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .execute();
  for (const table of ['assessments', 'attestations', 'debts'] as const) {
    let creation: CreateTableBuilder<string, string> = db.schema
      .createTable(table)
      .addColumn('seq', engine.sequence.type, engine.sequence.build);
    for (const name of recordColumns[table]) {
      creation = creation.addColumn(name, 'text', (column) =>
        name === 'id' ? column.notNull().unique() : column.notNull(),
      );
    }
    await creation.addColumn('seal', 'text', (column) => column.notNull()).execute();
    await db.schema.createIndex(`${table}_by_service`).on(table).columns(['service', 'createdAt', 'seq']).execute();
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
  await db.transaction().execute(async (transaction) => {
    const present = await schemaVersion(transaction, engine);
    for (const [index, step] of migrations.entries()) {
      if (index < present || index >= target) continue;
      await step(transaction, engine);
      await transaction
        .insertInto('schema_version')
        .values({ version: index + 1 })
        .execute();
    }
  });
}
