import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { recordColumns, recordTables } from '../../src/adapters/stores/schema.ts';
import { sealOf } from '../../src/adapters/stores/seal.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { chained, entryHash, readEntry } from '../../src/core/audit/chain.ts';
import type { AuditEntry } from '../../src/core/audit/event.ts';
import type { RecordTableName } from '../../src/ports/store.ts';
import { approvalOf, eventOf } from './stored-records.ts';

export interface Chance {
  /** 0 up to, not including, `count`. */
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
}

/** The same numbers for the same seed (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const below = (count: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
  return {
    below,
    pick: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

interface Row extends AuditEntry {
  readonly event: string;
}

interface RecordRow {
  readonly table: RecordTableName;
  readonly row: Readonly<Record<string, string | number>>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function entriesIn(db: DatabaseSync): readonly Row[] {
  return db.prepare('select seq, event, body, prev, hash from audit order by seq').all() as unknown as readonly Row[];
}

function recordsIn(db: DatabaseSync): readonly RecordRow[] {
  return recordTables.flatMap((table) => {
    const rows = db.prepare(`select * from ${table}`).all() as unknown as readonly RecordRow['row'][];
    return rows.map((row) => ({ table, row }));
  });
}

/** Writes the log anew. */
function replaceLog(db: DatabaseSync, rows: readonly Row[]): void {
  db.exec('delete from audit');
  for (const row of rows) insertEntry(db, row);
}

function insertEntry(db: DatabaseSync, { seq, event, body, prev, hash }: Row): void {
  db.prepare('insert into audit (seq, event, body, prev, hash) values (?, ?, ?, ?, ?)').run(
    seq,
    event,
    body,
    prev,
    hash,
  );
}

function insertRecord(db: DatabaseSync, table: RecordTableName, record: Readonly<Record<string, unknown>>): void {
  const columns = [...recordColumns[table], 'seal'];
  const values = columns.map((column) => (column === 'seal' ? sealOf(table, record) : String(record[column])));
  const names = columns.map((column) => `"${column}"`).join(', ');
  db.prepare(`insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`).run(...values);
}

/** Numbers and hashes that fit the bodies again, as whoever knows the format can make them. */
function rehashed(rows: readonly Row[]): readonly Row[] {
  let prev = sha256('aqe-audit-v1');
  return rows.map(({ event, body }, index) => {
    const hash = entryHash(prev, body, sha256);
    const row = { seq: index + 1, event, body, prev, hash };
    prev = hash;
    return row;
  });
}

function editedBody({ body }: AuditEntry, chance: Chance): string {
  const event = JSON.parse(body) as Record<string, unknown>;
  const field = chance.pick(['reason', 'at', 'service', 'version', 'outcome', 'target'] as const);
  return canonicalJson({ ...event, [field]: `${String(event[field])}x` });
}

const forgedHash = (chance: Chance): string => sha256(String(chance.below(2 ** 31)));
let forged = 0;
const forgedEvent = () => eventOf(`forged-${(forged += 1)}`, { action: 'approval.given', reason: 'all is well' });

function newEntry(before: AuditEntry, rows: readonly { table: string; id: string; seal: string }[] = []): Row {
  const event = forgedEvent();
  const [entry] = chained(before, [event], rows, sha256);
  if (entry === undefined) throw new Error('no entry');
  return { ...entry, event: event.id };
}

/** Things that one can do to a log of at least five entries and to its records. Each changes something. */
export const mutations: Readonly<Record<string, (db: DatabaseSync, chance: Chance) => void>> = {
  'one character of a body'(db, chance) {
    const { seq, body } = chance.pick(entriesIn(db));
    const at = chance.below(body.length);
    const other = body[at] === 'a' ? 'b' : 'a';
    db.prepare('update audit set body = ? where seq = ?').run(body.slice(0, at) + other + body.slice(at + 1), seq);
  },
  'a body whose own hash fits'(db, chance) {
    const entry = chance.pick(entriesIn(db));
    const body = editedBody(entry, chance);
    const hash = entryHash(entry.prev, body, sha256);
    db.prepare('update audit set body = ?, hash = ? where seq = ?').run(body, hash, entry.seq);
  },
  'a body, and all hashes from there on fit'(db, chance) {
    const rows = [...entriesIn(db)];
    const at = chance.below(rows.length);
    const row = chance.pick([rows[at]!]);
    rows[at] = { ...row, body: editedBody(row, chance) };
    replaceLog(db, rehashed(rows));
  },
  'a body that is bytes'(db, chance) {
    const { seq } = chance.pick(entriesIn(db));
    db.prepare('update audit set body = cast(body as blob) where seq = ?').run(seq);
  },
  'a hash'(db, chance) {
    db.prepare('update audit set hash = ? where seq = ?').run(forgedHash(chance), chance.pick(entriesIn(db)).seq);
  },
  'a prev'(db, chance) {
    db.prepare('update audit set prev = ? where seq = ?').run(forgedHash(chance), chance.pick(entriesIn(db)).seq);
  },
  'a number'(db, chance) {
    const rows = entriesIn(db);
    const to = chance.pick([0, -1 - chance.below(9), rows.length + 1 + chance.below(9), 2 ** 40]);
    db.prepare('update audit set seq = ? where seq = ?').run(to, chance.pick(rows).seq);
  },
  'the event that an entry is filed under'(db, chance) {
    const { seq, event } = chance.pick(entriesIn(db));
    db.prepare('update audit set event = ? where seq = ?').run(`${event}x`, seq);
  },
  'an entry deleted'(db, chance) {
    db.prepare('delete from audit where seq = ?').run(chance.pick(entriesIn(db)).seq);
  },
  'some entries deleted, and the rest numbered and hashed anew'(db, chance) {
    const rows = entriesIn(db);
    const from = chance.below(rows.length - 1);
    replaceLog(db, rehashed(rows.toSpliced(from, 1 + chance.below(3))));
  },
  'two entries swapped'(db, chance) {
    const rows = [...entriesIn(db)];
    const [a, b] = twoOf(rows.length, chance);
    const [first, second] = [rows[a]!, rows[b]!];
    rows[a] = { ...second, seq: first.seq };
    rows[b] = { ...first, seq: second.seq };
    replaceLog(db, rows);
  },
  'two entries swapped, and all hashes fit'(db, chance) {
    const rows = [...entriesIn(db)];
    const [a, b] = twoOf(rows.length, chance);
    [rows[a], rows[b]] = [rows[b]!, rows[a]!];
    replaceLog(db, rehashed(rows));
  },
  'an entry added at the end, and its hash fits'(db) {
    insertEntry(db, newEntry(entriesIn(db).at(-1)!));
  },
  'an entry added at the end with a record, and everything fits'(db) {
    const record = approvalOf(`forged-${(forged += 1)}`);
    const row = { table: 'approvals', id: record.id, seal: sealOf('approvals', record) };
    insertRecord(db, 'approvals', { ...record });
    insertEntry(db, newEntry(entriesIn(db).at(-1)!, [row]));
  },
  'an entry added in between, and all hashes fit'(db, chance) {
    const rows = entriesIn(db);
    const at = chance.below(rows.length);
    replaceLog(db, rehashed(rows.toSpliced(at, 0, newEntry(rows[at]!))));
  },
  'an entry added before the first'(db, chance) {
    const [first] = entriesIn(db);
    insertEntry(db, { ...newEntry(first!), seq: 0 - chance.below(5), prev: forgedHash(chance) });
  },
  'an entry copied to the end'(db, chance) {
    const rows = entriesIn(db);
    insertEntry(db, { ...chance.pick(rows), seq: rows.length + 1, event: `copy-${(forged += 1)}` });
  },
  'the last entries cut off'(db, chance) {
    const rows = entriesIn(db);
    db.prepare('delete from audit where seq > ?').run(rows.length - 1 - chance.below(rows.length));
  },
  'the last entries cut off with their records'(db, chance) {
    const rows = entriesIn(db);
    const keep = rows.length - 1 - chance.below(rows.length);
    for (const entry of rows.slice(keep))
      for (const { table, id } of readEntry(entry)?.rows ?? []) db.prepare(`delete from ${table} where id = ?`).run(id);
    db.prepare('delete from audit where seq > ?').run(keep);
  },
  'the last entries replaced by as many others, and all hashes fit'(db, chance) {
    const rows = entriesIn(db);
    const keep = rows.length - 1 - chance.below(rows.length - 1);
    const others = rows.slice(keep).map(({ event, ...row }) => ({ ...row, event, body: editedBody(row, chance) }));
    replaceLog(db, rehashed([...rows.slice(0, keep), ...others]));
  },
  'a field of a record'(db, chance) {
    const { table, row } = chance.pick(recordsIn(db));
    const field = chance.pick(recordColumns[table].filter((column) => column !== 'id'));
    db.prepare(`update ${table} set "${field}" = ? where seq = ?`).run(`${String(row[field])}x`, row['seq'] ?? 0);
  },
  'a field of a record, and its seal fits'(db, chance) {
    const { table, row } = chance.pick(recordsIn(db));
    const field = chance.pick(recordColumns[table].filter((column) => column !== 'id'));
    const seal = sealOf(table, { ...row, [field]: `${String(row[field])}x` });
    const statement = db.prepare(`update ${table} set "${field}" = ?, seal = ? where seq = ?`);
    statement.run(`${String(row[field])}x`, seal, row['seq'] ?? 0);
  },
  'a field of a record, its seal, the entry that names it and all hashes fit'(db, chance) {
    const { table, row } = chance.pick(recordsIn(db));
    const field = chance.pick(recordColumns[table].filter((column) => column !== 'id'));
    const seal = sealOf(table, { ...row, [field]: `${String(row[field])}x` });
    const statement = db.prepare(`update ${table} set "${field}" = ?, seal = ? where seq = ?`);
    statement.run(`${String(row[field])}x`, seal, row['seq'] ?? 0);
    const before = String(row['seal']);
    replaceLog(db, rehashed(entriesIn(db).map((entry) => ({ ...entry, body: entry.body.replace(before, seal) }))));
  },
  'the place of a record'(db, chance) {
    const { table, row } = chance.pick(recordsIn(db));
    const seq = row['seq'] ?? 0;
    const { last, rows } = db.prepare(`select max(seq) as last, count(*) as rows from ${table}`).get() ?? {};
    // Whichever end is not its own: else nothing changes that can be read. The only row is taken away instead.
    if (rows === 1) db.prepare(`delete from ${table} where seq = ?`).run(seq);
    else db.prepare(`update ${table} set seq = ? where seq = ?`).run(last === seq ? -7 : 100_009, seq);
  },
  'a record deleted'(db, chance) {
    const { table, row } = chance.pick(recordsIn(db));
    db.prepare(`delete from ${table} where seq = ?`).run(row['seq'] ?? 0);
  },
  'a record added'(db) {
    insertRecord(db, 'approvals', { ...approvalOf(`forged-${(forged += 1)}`) });
  },
  'a record added before the first'(db) {
    const id = `forged-${(forged += 1)}`;
    insertRecord(db, 'approvals', { ...approvalOf(id) });
    db.prepare('update approvals set seq = -5 where id = ?').run(id);
  },
};

function twoOf(count: number, chance: Chance): readonly [number, number] {
  const first = chance.below(count);
  return [first, (first + 1 + chance.below(count - 1)) % count];
}
