import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Kysely, sql } from 'kysely';
import { assessmentOf, attestationOf, debtOf, eventOf } from '../../../../test/support/stored-records.ts';
import { readEntry } from '../../../core/audit/chain.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Store } from '../../../ports/store.ts';
import { migrate, migrations } from '../migrations.ts';
import type { StoreSchema } from '../schema.ts';
import { sealOf } from '../seal.ts';
import { openDatabase } from './database.ts';
import { NodeSqliteDialect } from './driver.ts';
import { sqliteEngine } from './engine.ts';
import { openSqliteStore } from './open.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqe-sqlite-'));
  file = join(folder, 'deploy.db');
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

/** Opens, calls, closes. */
async function withStore<T>(path: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqliteStore(path);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const save = (path: string, id = 'a1', body = '{}'): Promise<unknown> =>
  withStore(path, (store) =>
    store.commit({ assessments: [assessmentOf(id, { body })], debts: [debtOf(id)] }, [eventOf(`e-${id}`)]),
  );

const read = (path: string): Promise<readonly string[]> =>
  withStore(path, async (store) =>
    (await store.find('assessments', { service: 'shop', order: 'newest' })).map(({ id }) => id),
  );

function shell(statements: string): void {
  const raw = new DatabaseSync(file);
  raw.exec(statements);
  raw.close();
}

describe('a file that does not exist', () => {
  test('reads as empty and is not made', async () => {
    const path = join(folder, 'none', 'deploy.db');

    const found = await withStore(path, async (store) => [
      ...(await store.find('assessments', { service: 'shop' })),
      ...(await store.find('attestations', { service: 'shop', version: 'v1' })),
      ...(await store.find('debts', { service: 'shop' })),
      ...(await store.auditLog()),
      ...(await store.check()),
    ]);

    expect(found).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is made with its folder by the first save, for its owner only', async () => {
    const path = join(folder, 'a', 'b', 'deploy.db');

    await save(path);

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['deploy.db']);
  });

  test('is seen by a store that read it as empty before', async () => {
    const store = await openSqliteStore(file);
    const before = await store.find('assessments', { service: 'shop' });

    await save(file);
    const after = await store.find('assessments', { service: 'shop' });
    await store.close();

    expect([before.length, after.length]).toEqual([0, 1]);
  });
});

test('opening a path that can never be a database fails at the first call only', async () => {
  const store = await openSqliteStore(folder);

  await expect(store.find('assessments', { service: 'shop' })).rejects.toMatchObject({
    code: 'AQE6001',
    context: { path: folder },
  });
  await store.close();
});

test('journal files are readable by the owner only', async () => {
  const store = await openSqliteStore(file);
  await store.commit({ attestations: [attestationOf('t1')] }, [eventOf('e1')]);

  const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
  await store.close();

  expect(modes).toEqual([['deploy.db', 0o600], ['deploy.db-shm', 0o600], ['deploy.db-wal', 0o600]]); // prettier-ignore
});

test('the database is in WAL mode, also after a copy by VACUUM INTO took its place', async () => {
  await save(file);
  shell(`vacuum into '${file}.copy'`);
  rmSync(file);

  await save(`${file}.copy`, 'a2');

  // Bytes 18 and 19 of the header: 2 stands for WAL. https://www.sqlite.org/fileformat.html
  expect([...readFileSync(`${file}.copy`).subarray(18, 20)]).toEqual([2, 2]);
  expect(await read(`${file}.copy`)).toEqual(['a2', 'a1']);
});

test('a save reaches the disk before it returns: WAL with synchronous FULL, foreign keys on, five seconds for a lock', async () => {
  await save(file);
  const { db, close } = openDatabase(file, 5_000);
  const pragma = async (name: string): Promise<unknown> => {
    const { rows } = await sql<Record<string, unknown>>`${sql.raw(`pragma ${name}`)}`.execute(db);
    return Object.values(rows[0] ?? {})[0];
  };

  const settings = await Promise.all(['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map(pragma));
  await close();

  expect(settings).toEqual(['wal', 2, 1, 5_000]);
});

describe('schema', () => {
  async function makeVersion(version: number): Promise<void> {
    const db = new Kysely<StoreSchema>({ dialect: new NodeSqliteDialect(new DatabaseSync(file)) });
    await migrate(db, sqliteEngine, version);
    await db.destroy();
  }

  test.each(migrations.map((_, version) => version))('version %i is brought up to date by a save', async (version) => {
    await makeVersion(version);

    await save(file);

    expect(await read(file)).toEqual(['a1']);
    expect(await withStore(file, (store) => store.check())).toEqual([]);
  });

  test('records of version 1 stay readable, and the first entry of the log names them', async () => {
    await makeVersion(1);
    const old = [assessmentOf('old-1'), assessmentOf('old-2')];
    const raw = new DatabaseSync(file);
    for (const record of old) {
      const values = [...Object.values(record), sealOf('assessments', record)];
      raw.prepare(`insert into assessments values (null, ${values.map(() => '?').join(', ')})`).run(...values);
    }
    raw.close();

    const before = await withStore(file, (store) => store.check());
    await save(file, 'new');
    const [entry] = await withStore(file, (store) => store.auditLog());

    expect(before).toEqual([]);
    expect(await read(file)).toEqual(['new', 'old-2', 'old-1']);
    expect(readEntry(entry!)?.rows.map(({ table, id }) => `${table} ${id}`)).toEqual([
      'assessments old-1',
      'assessments old-2',
      'assessments new',
      'debts new',
    ]);
    expect(await withStore(file, (store) => store.check())).toEqual([]);
  });

  test('an empty file reads as empty and is not touched', async () => {
    writeFileSync(file, '');

    const found = await read(file);

    expect(found).toEqual([]);
    expect([statSync(file).size, readdirSync(folder)]).toEqual([0, ['deploy.db']]);
  });

  test('each migration leaves its number', async () => {
    await save(file);

    const raw = new DatabaseSync(file);
    const versions = raw.prepare('select version from schema_version order by version').all();
    raw.close();

    expect(versions.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  test('two first saves at the same time both arrive', async () => {
    const stores = [await openSqliteStore(file), await openSqliteStore(file)];

    await Promise.all(
      stores.map((store, i) => store.commit({ assessments: [assessmentOf(`a${i}`)] }, [eventOf(`e${i}`)])),
    );
    await Promise.all(stores.map((store) => store.close()));

    expect((await read(file)).toSorted()).toEqual(['a0', 'a1']);
  });

  test('a newer version is refused, for reading and for writing, and left alone', async () => {
    await save(file);
    shell(`insert into schema_version (version) values (${migrations.length + 1})`);
    const before = readFileSync(file);

    const outcomes = await Promise.allSettled([read(file), save(file, 'a2')]);

    expect(outcomes).toMatchObject([{ reason: { code: 'AQE6004' } }, { reason: { code: 'AQE6004' } }]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("another program's database is refused and left alone", async () => {
    shell(`create table kv_store (key text); insert into kv_store values ('x')`);
    const before = readFileSync(file);

    const outcomes = await Promise.allSettled([read(file), save(file)]);

    expect(outcomes).toMatchObject([{ reason: { code: 'AQE6001' } }, { reason: { code: 'AQE6001' } }]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a database without one of its tables is damaged', async () => {
    await save(file);
    shell('drop table assessments');

    await expect(read(file)).rejects.toMatchObject({ code: 'AQE6002' });
  });
});

describe('a damaged file', () => {
  async function fill(): Promise<void> {
    await withStore(file, async (store) => {
      for (let i = 0; i < 50; i++)
        await store.commit(
          { assessments: [assessmentOf(`a${i}`, { body: `${i}`.repeat(3_000) })], debts: [debtOf(`d${i}`)] },
          [eventOf(`e${i}`)],
        );
    });
  }

  function overwrite(from: number, bytes: Buffer): void {
    const content = readFileSync(file);
    bytes.copy(content, from);
    writeFileSync(file, content);
  }

  const damages = {
    'with pages overwritten in the middle': () => overwrite(statSync(file).size >> 1, Buffer.alloc(16_384, 0xa5)),
    'with one letter of one body changed': () => overwrite(readFileSync(file).indexOf('7777777777'), Buffer.from('8')),
    'with its schema overwritten': () => overwrite(100, Buffer.alloc(2_000, 0xff)),
    'with its header overwritten': () => overwrite(0, Buffer.from('not a database at all')),
    'cut in half': () => truncateSync(file, (statSync(file).size >> 13) << 12),
    'cut within a page': () => truncateSync(file, 5_000),
    'that is a text file': () => writeFileSync(file, 'key: value\n'.repeat(1_000)),
  };

  test.each(Object.entries(damages))(
    '%s is AQE6002 when read, is found by check and is not changed',
    async (_, damage) => {
      await fill();
      damage();
      const before = readFileSync(file);

      const reading = read(file);

      await expect(reading).rejects.toMatchObject({ code: 'AQE6002', context: { path: file } });
      expect(await withStore(file, (store) => store.check())).not.toEqual([]);
      expect(readFileSync(file).equals(before)).toBe(true);
    },
  );

  test.each([
    'with its schema overwritten',
    'with its header overwritten',
    'cut in half',
    'that is a text file',
  ] as const)('%s takes no row', async (name) => {
    await fill();
    damages[name]();
    const before = readFileSync(file);

    const saving = save(file, 'more');

    await expect(saving).rejects.toMatchObject({ code: 'AQE6002', context: { path: file } });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('rows that lead in a circle end a check instead of keeping it busy', async () => {
    await fill();
    // The number of a row stands before its header, which is ten bytes long for this one.
    overwrite(readFileSync(file).lastIndexOf('d40shop') - 11, Buffer.from([1]));

    const findings = await withStore(file, (store) => store.check());

    expect(findings).toContain('rows of debts are out of order');
  });

  test('no flipped bit goes unnoticed: either the rows are the same or check finds it, and reading fails with AQE6002 only', async () => {
    await fill();
    const good = readFileSync(file);
    const rowsOf = (): Promise<string> =>
      withStore(file, async (store) =>
        JSON.stringify([
          await store.find('assessments', { service: 'shop' }),
          await store.find('debts', { service: 'shop' }),
          await store.auditLog(),
        ]),
      );
    const rows = await rowsOf();
    const unnoticed: number[] = [];

    for (let round = 0; round < 150; round++) {
      const at = (round * 7_919 + 13) % good.length;
      writeFileSync(file, good);
      overwrite(at, Buffer.from([(good[at] ?? 0) ^ (1 << (round % 8))]));
      const outcome = await rowsOf().catch((error: unknown) =>
        error instanceof AqeError ? error.code : String(error),
      );
      const findings = await withStore(file, (store) => store.check());
      const noticed = outcome === rows || (findings.length > 0 && (outcome === 'AQE6002' || outcome.startsWith('[')));
      if (!noticed) unnoticed.push(at);
    }

    expect(unnoticed).toEqual([]);
  }, 30_000);
});

describe('a place that cannot be used', () => {
  test('a file where the folder should be is AQE6001', async () => {
    writeFileSync(join(folder, 'deploy'), 'x');
    const path = join(folder, 'deploy', 'deploy.db');

    const outcomes = await Promise.allSettled([read(path), save(path)]);

    expect(outcomes).toMatchObject([
      { reason: { code: 'AQE6001', context: { path }, cause: { code: 'ENOTDIR' } } },
      { reason: { code: 'AQE6001', context: { path } } },
    ]);
  });

  test('a folder where the file should be is AQE6001', async () => {
    mkdirSync(file);

    const outcomes = await Promise.allSettled([read(file), save(file)]);

    expect(outcomes).toMatchObject([{ reason: { code: 'AQE6001' } }, { reason: { code: 'AQE6001' } }]);
  });

  // Permissions do not bind root; faults.test.ts has a read-only mount for that case.
  test.skipIf(process.getuid?.() === 0)('a folder without permission to write can be read, not written', async () => {
    await save(file);
    chmodSync(folder, 0o500);

    const found = await read(file);
    const saving = save(file, 'a2');

    expect(found).toEqual(['a1']);
    await expect(saving).rejects.toMatchObject({ code: 'AQE6005' });
    expect(readdirSync(folder)).toEqual(['deploy.db']);
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may not be looked into is AQE6001, not empty', async () => {
    await save(file);
    chmodSync(folder, 0o000);

    const outcomes = await Promise.allSettled([read(file), save(file, 'a2')]);

    expect(outcomes).toMatchObject([{ reason: { code: 'AQE6001' } }, { reason: { code: 'AQE6001' } }]);
  });
});
