import { sql } from 'kysely';
import type { SqlEngine } from '../migrations.ts';

export const sqliteEngine: SqlEngine = {
  // Not AUTOINCREMENT: rows are never deleted, so the highest number is never given twice.
  sequence: { type: 'integer', build: (column) => column.primaryKey() },
  text: 'text',
  async indexByService(db, table) {
    await db.schema.createIndex(`${table}_by_service`).on(table).columns(['service', 'createdAt', 'seq']).execute();
  },
  async tables(db) {
    const { rows } = await sql<{ name: string }>`
      select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'`.execute(db);
    return rows.map(({ name }) => name);
  },
  async forbidChanges(db, table) {
    for (const change of ['update', 'delete']) {
      await sql`
        create trigger ${sql.id(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.table(table)}
        begin select raise(abort, ${sql.lit(`rows of ${table} are only added`)}); end`.execute(db);
    }
  },
};
