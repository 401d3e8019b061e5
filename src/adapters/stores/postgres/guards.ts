import { type Kysely, sql } from 'kysely';
import { recordTables, type StoreSchema } from '../schema.ts';

/**
 * What is missing of that which keeps rows as they are: triggers that were taken away or switched off, indexes that do
 * not hold. Damage to the files of the server is for its own tools to find.
 */
export async function guardFaults(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const { rows: triggers } = await sql<{ name: string }>`
    select c.relname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = to_regnamespace(current_schema()::text) and t.tgname = c.relname || '_only_added'
      and t.tgenabled in ('O', 'A')`.execute(db);
  const { rows: indexes } = await sql<{ name: string }>`
    select i.relname as name from pg_index x join pg_class i on i.oid = x.indexrelid
    where i.relnamespace = to_regnamespace(current_schema()::text) and not (x.indisvalid and x.indisready)`.execute(db);
  const guarded = new Set(triggers.map(({ name }) => name));
  const open = [...recordTables, 'audit'].filter((table) => !guarded.has(table));
  return [
    ...open.map(
      (table) => `rows of ${table} could be changed: its trigger ${table}_only_added is gone or switched off`,
    ),
    ...indexes.map(({ name }) => `index ${name} is not valid`),
  ];
}
