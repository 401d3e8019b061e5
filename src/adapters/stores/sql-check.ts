import { hash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { examined, genesis, type ChainPoint } from '../../core/audit/chain.ts';
import type { RecordTableName } from '../../ports/store.ts';
import { recordTables, type StoreSchema } from './schema.ts';
import { sealOf } from './seal.ts';

/** Smallest number of a row; ours begin with 1, so what lies below was put there. */
const lowest = Number.MIN_SAFE_INTEGER;
const pageSize = 500;
const sha256 = (text: string): string => hash('sha256', text);

/** Records by table and id, in the order in which the log names them. */
type Named = ReadonlyMap<string, Map<string, { readonly seal: string; readonly place: number }>>;

/**
 * Whether the audit log is one whole chain, all records carry the right seal, and the log and the tables agree: every
 * record that an entry names is there as it was, in the same order, and every record is named. A log that has no entry yet
 * names nothing. Bodies may be large: of the records one is in memory at a time, of the log their ids and seals.
 */
export async function brokenRecords(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const named: Named = new Map(recordTables.map((table) => [table, new Map()]));
  const broken: string[] = [];
  let last = await readLog(db, genesis(sha256), named, broken);
  const unnamed: { readonly table: RecordTableName; readonly id: string; readonly fault: string }[] = [];
  for (const table of recordTables) {
    const expected = named.get(table) ?? new Map();
    const seen = new Set<string>();
    let place = 0;
    await forEachRecord(db, table, broken, (row) => {
      if (row.seal !== sealOf(table, row)) broken.push(`row ${row.seq} of ${table} is not as it was written`);
      const entry = expected.get(row.id);
      if (entry === undefined) {
        unnamed.push({ table, id: row.id, fault: `row ${row.seq} of ${table} was added past the audit log` });
        return;
      }
      seen.add(row.id);
      if (entry.seal !== row.seal) broken.push(`row ${row.seq} of ${table} is not the one that the audit log names`);
      if (entry.place < place) broken.push(`row ${row.seq} of ${table} stands in another place than in the audit log`);
      place = Math.max(place, entry.place);
    });
    for (const id of expected.keys())
      if (!seen.has(id)) broken.push(`a row of ${table} that the audit log names is gone: ${id}`);
  }
  if (last.seq === 0) return broken;
  // Whoever wrote while this ran has named the records of that time since.
  last = await readLog(db, last, named, broken);
  const added = unnamed.filter(({ table, id }) => named.get(table)?.has(id) !== true);
  return [...broken, ...added.map(({ fault }) => fault)];
}

/** Follows the log from a point to its end, and collects what it names. */
async function readLog(db: Kysely<StoreSchema>, from: ChainPoint, named: Named, broken: string[]): Promise<ChainPoint> {
  let last = from;
  let after = from.seq === 0 ? lowest : from.seq;
  for (;;) {
    const page = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    for (const row of page) {
      const entry = { seq: Number(row.seq), body: String(row.body), prev: String(row.prev), hash: String(row.hash) };
      if (entry.seq <= after) {
        // A damaged tree can lead in a circle.
        broken.push('entries of the audit log are out of order');
        return last;
      }
      const { faults, event } = examined(last, entry, sha256);
      broken.push(...faults.map((fault) => `audit log: ${fault}`));
      if (event !== null && event.id !== row.event)
        broken.push(`audit log: entry ${entry.seq} is filed under another event`);
      for (const { table, id, seal } of event?.rows ?? []) {
        const known = named.get(table);
        if (known === undefined) broken.push(`audit log: entry ${entry.seq} names a table that does not exist`);
        else if (known.has(id)) broken.push(`audit log: entry ${entry.seq} names a row of ${table} again`);
        else known.set(id, { seal, place: known.size });
      }
      last = entry;
      after = entry.seq;
    }
    if (page.length < pageSize) return last;
  }
}

async function forEachRecord(
  db: Kysely<StoreSchema>,
  table: RecordTableName,
  broken: string[],
  look: (row: { readonly seq: number; readonly id: string; readonly seal: string }) => void,
): Promise<void> {
  let after = lowest;
  for (;;) {
    const row = await db
      .selectFrom(table)
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return;
    const seq = Number(row.seq);
    if (seq <= after) {
      // A damaged tree can lead in a circle.
      broken.push(`rows of ${table} are out of order`);
      return;
    }
    look({ ...row, seq });
    after = seq;
  }
}
