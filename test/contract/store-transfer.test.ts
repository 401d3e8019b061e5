import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openPostgresStore, postgresSource } from '../../src/adapters/stores/postgres/open.ts';
import { sqlTransfer } from '../../src/adapters/stores/sql-transfer.ts';
import { openSqliteStore, sqliteSource } from '../../src/adapters/stores/sqlite/open.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { copyDatabase } from '../../src/app/copy-database.ts';
import { databaseStatus } from '../../src/app/database-status.ts';
import { readEntry } from '../../src/core/audit/chain.ts';
import type { RecordTableName, Store } from '../../src/ports/store.ts';
import type { StoreTransfer, TransferTable } from '../../src/ports/store-transfer.ts';
import { defaultPolicy } from '../support/arbitraries.ts';
import { hasPostgres, postgresServer } from '../support/postgres-server.ts';
import { approvalOf, assessmentOf, eventOf, oneOfEach } from '../support/stored-records.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'aqe-transfer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const deps = { clock: systemClock, identity: systemIdentity, policy: defaultPolicy };
const hostile = [
  `'; drop table assessments; -- "\\" $1 ? :id %s`,
  '\u001b[2J\u001b]0;owned\u0007\r\n\t\b\u0085',
  '👩‍🚀🇨🇭 e\u0301 \u202egnp.exe \ufeff\u2028 zażółć 漢字',
  '{"a":[1,2,"\\u0000"]}',
  'aé漢🎈'.repeat(50_000),
];

interface Place {
  transfer(): StoreTransfer;
  open(): Promise<Store>;
}

async function sqlite(): Promise<Place> {
  const file = join(mkdtempSync(join(folder, 'db-')), 'deploy.db');
  return { transfer: () => sqlTransfer(sqliteSource(file)), open: () => openSqliteStore(file) };
}

async function postgres(): Promise<Place> {
  const url = await (await postgresServer()).freshSchema();
  return { transfer: () => sqlTransfer(postgresSource(url)), open: async () => openPostgresStore(url) };
}

async function using<T>(opening: StoreTransfer, work: (transfer: StoreTransfer) => Promise<T>): Promise<T> {
  return work(opening).finally(() => opening.close());
}

const copy = (from: Place, to: Place) =>
  using(from.transfer(), (source) => using(to.transfer(), (target) => copyDatabase(deps, source, target)));

/** A record of every table, hostile ones, and more approvals than a page holds. */
async function fill(place: Place): Promise<void> {
  const store = await place.open();
  await store.commit(oneOfEach('r'), [eventOf('e-r')]);
  for (const [i, text] of hostile.entries())
    await store.commit({ assessments: [assessmentOf(`h${i}`, { service: text, body: text })] }, [
      eventOf(`e-h${i}`, { reason: text, details: { [text]: text } }),
    ]);
  // One that is refused leaves a gap in the numbers of PostgreSQL.
  await expect(store.commit({ approvals: [approvalOf('r')] }, [eventOf('e-again')])).rejects.toThrow(
    /cannot be written/,
  );
  await store.commit({ approvals: Array.from({ length: 130 }, (_, i) => approvalOf(`p${i}`)) }, [eventOf('e-p')]);
  await store.close();
}

async function contentsOf(place: Place) {
  const store = await place.open();
  const tables = Object.keys(oneOfEach('r')) as readonly RecordTableName[];
  const records = [];
  for (const service of ['shop', ...hostile])
    for (const table of tables) records.push(...(await store.find(table, { service })));
  const found = { records, log: await store.auditLog(), faults: await store.check() };
  await store.close();
  return found;
}

const rowsIn = (place: Place): Promise<readonly number[]> =>
  using(place.transfer(), async (transfer) => {
    const { contents } = await databaseStatus(transfer);
    return (contents?.tables ?? []).map(({ rows }) => rows);
  });

describe.each([
  ['SQLite to PostgreSQL', sqlite, postgres, hasPostgres],
  ['PostgreSQL to SQLite', postgres, sqlite, hasPostgres],
  ['SQLite to SQLite', sqlite, sqlite, true],
] as const)('a copy from %s', (_, createSource, createTarget, isThere) => {
  test.runIf(isThere)('has every record and entry as it was, and an entry that tells of the copy', async () => {
    const [from, to] = [await createSource(), await createTarget()];
    await fill(from);

    const copied = await copy(from, to);

    const [before, after] = [await contentsOf(from), await contentsOf(to)];
    expect(after.records).toEqual(before.records);
    expect(after.log.slice(0, -1)).toEqual(before.log);
    expect(readEntry(after.log.at(-1)!)).toMatchObject({ action: 'store.copied', outcome: 'done' });
    expect([before.faults, after.faults]).toEqual([[], []]);
    expect(copied.map(({ table, rows }) => [table, rows])).toContainEqual(['approvals', 131]);
    expect(copied.reduce((sum, { rows }) => sum + rows, 0)).toBe(before.records.length + before.log.length);
  });

  test.runIf(isThere)('can be written to, and goes on where the source ended', async () => {
    const [from, to] = [await createSource(), await createTarget()];
    await fill(from);
    await copy(from, to);

    const store = await to.open();
    await store.commit({ approvals: [approvalOf('next')] }, [eventOf('e-next')]);
    const ids = (await store.find('approvals', { service: 'shop' })).map(({ id }) => id);
    const faults = await store.check();
    await store.close();

    expect([ids.at(-1), faults]).toEqual(['next', []]);
  });

  test.runIf(isThere)('into a database that holds something is refused, and changes nothing there', async () => {
    const [from, to] = [await createSource(), await createTarget()];
    await fill(from);
    const store = await to.open();
    await store.commit({}, [eventOf('e-there')]);
    await store.close();

    await expect(copy(from, to)).rejects.toMatchObject({ code: 'AQE6010', detail: expect.stringContaining('holds') });

    expect((await contentsOf(to)).log.map((entry) => readEntry(entry)?.id)).toEqual(['e-there']);
  });

  test.runIf(isThere).each<TransferTable>(['assessments', 'audit'])(
    'in which a byte of %s is lost is refused, and nothing of it stays',
    async (damaged) => {
      const [from, to] = [await createSource(), await createTarget()];
      await fill(from);
      const losing = (target: StoreTransfer): StoreTransfer => ({
        ...target,
        fill: (work) =>
          target.fill((into) =>
            work({
              ...into,
              add: (table, rows) =>
                into.add(
                  table,
                  rows.map((row, i) => (table === damaged && i === 0 ? { ...row, body: `${row['body']} ` } : row)),
                ),
            }),
          ),
      });

      const copying = using(from.transfer(), (source) =>
        using(to.transfer(), (target) => copyDatabase(deps, source, losing(target))),
      );

      await expect(copying).rejects.toMatchObject({ code: 'AQE6010', detail: `${damaged} came out different` });
      expect((await rowsIn(to)).every((rows) => rows === 0)).toBe(true);
    },
  );

  test.runIf(isThere)('of a database that is not there is refused', async () => {
    const [from, to] = [await createSource(), await createTarget()];

    await expect(copy(from, to)).rejects.toMatchObject({ code: 'AQE6010' });
  });
});

test('a database whose records were changed is not copied', async () => {
  const file = join(mkdtempSync(join(folder, 'db-')), 'deploy.db');
  const from: Place = { transfer: () => sqlTransfer(sqliteSource(file)), open: () => openSqliteStore(file) };
  await fill(from);
  const shell = new DatabaseSync(file);
  shell.exec(`drop trigger approvals_no_update; update approvals set kind = 'override' where id = 'p7'`);
  shell.close();
  const to = await sqlite();

  await expect(copy(from, to)).rejects.toMatchObject({
    code: 'AQE6010',
    detail: expect.stringContaining('not as it was written'),
  });
  expect((await rowsIn(to)).every((rows) => rows === 0)).toBe(true);
});

test('the digest of a table is what its documentation says', async () => {
  const place = await sqlite();
  const store = await place.open();
  await store.commit({}, [eventOf('e1'), eventOf('e2')]);
  const log = await store.auditLog();
  await store.close();

  const status = await using(place.transfer(), databaseStatus);

  const lines = log.map(({ seq, body, prev, hash }, i) => `${JSON.stringify([seq, `e${i + 1}`, body, prev, hash])}\n`);
  const sha256 = createHash('sha256').update(lines.join('')).digest('hex');
  expect(status.contents?.tables.at(-1)).toEqual({ table: 'audit', rows: 2, sha256 });
  expect(status.contents?.head).toEqual({ seq: 2, hash: log[1]?.hash });
});

test('looking at a database that is not there makes none', async () => {
  const file = join(mkdtempSync(join(folder, 'db-')), 'deploy.db');

  const status = await using(sqlTransfer(sqliteSource(file)), databaseStatus);

  expect(status).toMatchObject({ product: 'SQLite', schema: { version: 0 }, contents: null });
  expect(existsSync(file)).toBe(false);
});
