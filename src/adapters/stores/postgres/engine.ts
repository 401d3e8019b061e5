import { sql } from 'kysely';
import type { SqlEngine } from '../migrations.ts';

export const postgresEngine: SqlEngine = {
  sequence: { type: 'bigint', build: (column) => column.primaryKey().generatedByDefaultAsIdentity() },
  text: sql`text collate "C"`,
  async indexByService(db, table) {
    // An entry of the usual index has room for 2,700 bytes only.
    await db.schema.createIndex(`${table}_by_service`).on(table).using('hash').column('service').execute();
  },
  async tables(db) {
    // Those of the schema that names without one are looked up in; an extension's tables belong to the database.
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_class c
      where c.relnamespace = to_regnamespace(current_schema()::text) and c.relkind in ('r', 'p')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by c.relname`.execute(db);
    return rows.map(({ name }) => name);
  },
  async forbidChanges(db, table) {
    await sql`
      create or replace function aqe_only_added() returns trigger language plpgsql as
      $$ begin raise exception 'rows of % are only added', tg_table_name; end $$`.execute(db);
    await sql`
      create trigger ${sql.id(`${table}_only_added`)} before update or delete or truncate on ${sql.table(table)}
      for each statement execute function aqe_only_added()`.execute(db);
  },
};
