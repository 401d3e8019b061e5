import { AqeError } from '../core/error/aqe-error.ts';
import type { SchemaState, StoreContents, StoreTransfer, TableDigest } from '../ports/store-transfer.ts';

export interface DatabaseStatus {
  readonly product: StoreTransfer['product'];
  readonly place: string;
  readonly schema: SchemaState;
  /** Null if the schema is not up to date, or there is none: then nothing is read. */
  readonly contents: {
    readonly tables: readonly TableDigest[];
    /** The newest entry of the audit log; null for an empty one. */
    readonly head: { readonly seq: number; readonly hash: string } | null;
    /** What is wrong; an empty list is good. */
    readonly faults: readonly string[];
  } | null;
}

/** Looks at a state database without changing it. @throws AqeError 6xxx. */
export async function databaseStatus(database: StoreTransfer): Promise<DatabaseStatus> {
  const { product, place } = database;
  const schema = await database.schema();
  const contents = schema.version === schema.latest ? await database.read(contentsOf) : null;
  return { product, place, schema, contents };
}

async function contentsOf(contents: StoreContents): Promise<NonNullable<DatabaseStatus['contents']>> {
  try {
    const tables = await contents.digests();
    const entries = tables.find(({ table }) => table === 'audit')?.rows ?? 0;
    const last = (await contents.rows('audit', Math.max(0, entries - 1))).at(-1);
    const head = last === undefined ? null : { seq: Number(last['seq']), hash: String(last['hash']) };
    return { tables, head, faults: await contents.check() };
  } catch (error) {
    // Too damaged to be examined is a finding as well.
    if (error instanceof AqeError && error.code === 'AQE6002')
      return { tables: [], head: null, faults: [error.detail] };
    throw error;
  }
}
