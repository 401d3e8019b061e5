import { existsSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/open.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { aqe, databaseOf, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { hasPostgres, postgresPassword, postgresServer } from '../support/postgres-server.ts';
import { project } from '../support/project.ts';
import { debtOf, eventOf } from '../support/stored-records.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

afterAll(removeTemporaryFolders);

const printed: CliResult[] = [];

/** Runs a command; whatever it prints is searched for the password afterwards. */
async function run(root: string, argv: readonly string[], url?: string): Promise<CliResult> {
  const result = await aqe(root, argv, url === undefined ? {} : { env: { AQE_DATABASE_URL: url } });
  printed.push(result);
  return result;
}

afterEach(() => {
  const all = printed
    .splice(0)
    .map(({ out, err }) => out + err)
    .join('');
  expect(all).not.toContain(postgresPassword);
  expect(all).not.toContain(encodeURIComponent(postgresPassword));
});

interface Status {
  readonly product: string;
  readonly place: string;
  readonly schema: { readonly version: number; readonly latest: number };
  readonly contents: {
    readonly tables: readonly { readonly table: string; readonly rows: number; readonly sha256: string }[];
    readonly head: { readonly seq: number } | null;
    readonly faults: readonly string[];
  } | null;
}

const statusOf = async (root: string, url?: string): Promise<Status> =>
  json<Status & Record<string, unknown>>(await run(root, ['db', 'status', '--json'], url));

describe('the database of a project', () => {
  test('is a file in it, and none is made to look at it', async () => {
    const { root } = project();

    const { code, out } = await run(root, ['db', 'status']);

    expect(code).toBe(0);
    expect(out).toMatch(/^State database {7}SQLite, /);
    expect(out).toContain('none yet');
    expect(existsSync(databaseOf(root))).toBe(false);
  });

  test('is made by db migrate, which says so once', async () => {
    const { root } = project();

    const [first, second] = [await run(root, ['db', 'migrate']), await run(root, ['db', 'migrate'])];

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.out).toMatch(/deploy\.db: from version 0 to \d+\n$/);
    expect(second.out).toMatch(/deploy\.db: version \d+ already\n$/);
  });

  test('holds what an assessment leaves, and is sound', async () => {
    const { root } = project();
    await run(root, ['assess', '--version', 'v2.5.0']);

    const { code, out } = await run(root, ['db', 'status']);

    expect(code).toBe(0);
    expect(out).toMatch(/^assessments {10}1, sha256 [0-9a-f]{16}…$/m);
    expect(out).toMatch(/^End of the log {7}entry \d+, [0-9a-f]{16}…$/m);
    expect(out).toContain('✔ records, seals and audit log are sound');
  });

  test('that somebody changed is told, with status 2', async () => {
    const { root } = project();
    await run(root, ['assess', '--version', 'v2.5.0']);
    const { DatabaseSync } = await import('node:sqlite');
    const shell = new DatabaseSync(databaseOf(root));
    shell.exec(`drop trigger assessments_no_update; update assessments set status = '\u001b[2Jowned'`);
    shell.close();

    const { code, out } = await run(root, ['db', 'status']);

    expect(code).toBe(2);
    expect(out).toMatch(/✖ \d faults?\n/);
    expect(out).toContain('row 1 of assessments is not as it was written');
    expect(out).not.toContain('\u001b');
  });

  test.each([
    ['mysql://root:g3heim@h/d', 'its scheme is mysql:'],
    ['deploy.db', 'it is no URL'],
    ['', 'is set and empty'],
    ['postgres://u:g3heim@h/d?sslmode=prefer', 'sslmode is prefer'],
  ])('is never another one than AQE_DATABASE_URL=%s names', async (url, words) => {
    const { root } = project();

    const result = await run(root, ['assess', '--version', 'v2.5.0'], url);

    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain('error AQE1009');
    expect(result.err.replace(/\s+/g, ' ')).toContain(words);
    expect(result.err).not.toContain('g3heim');
    expect(existsSync(databaseOf(root))).toBe(false);
  });
});

describe.runIf(hasPostgres)('a project with AQE_DATABASE_URL', () => {
  test('keeps its assessments in PostgreSQL and makes no file', async () => {
    const { root } = project();
    const url = await (await postgresServer()).freshDatabase();

    const assessed = await run(root, ['assess', '--version', 'v2.5.0'], url);
    const status = await statusOf(root, url);

    expect([0, 4]).toContain(assessed.code);
    expect(status).toMatchObject({ product: 'PostgreSQL', contents: { faults: [] } });
    expect(status.place).toMatch(/^postgres:\/\/aqe@127\.0\.0\.1:\d+\/aqe_\d+$/);
    expect(status.contents?.tables.find(({ table }) => table === 'assessments')?.rows).toBe(1);
    expect(existsSync(databaseOf(root))).toBe(false);
  });

  test('takes over what the file held, digest by digest, and goes on from there', async () => {
    const { root } = project();
    const url = await (await postgresServer()).freshDatabase();
    await run(root, ['assess', '--version', 'v2.5.0']);
    const before = await statusOf(root);

    const copied = await run(root, ['db', 'copy'], url);
    const after = await statusOf(root, url);
    await run(root, ['assess', '--version', 'v2.5.0'], url);
    const later = await statusOf(root, url);

    expect(copied.code).toBe(0);
    expect(copied.out).toContain('the same digests on both sides');
    const records = ({ contents }: Status) => contents?.tables.filter(({ table }) => table !== 'audit');
    expect(records(after)).toEqual(records(before));
    expect([before, after].map(({ contents }) => contents?.head?.seq)).toEqual([1, 2]);
    expect(later.contents).toMatchObject({ head: { seq: 3 }, faults: [] });
    const again = await run(root, ['db', 'copy'], url);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('error AQE6010')]);
  });

  test('is told what is wrong when the server is away', async () => {
    const { root } = project();
    const away = Object.assign(new URL(await (await postgresServer()).freshSchema()), { port: '1' }).href;

    const assessed = await run(root, ['assess', '--version', 'v2.5.0'], away);
    const doctor = await run(root, ['doctor'], away);

    expect([assessed.code, doctor.code]).toEqual([2, 2]);
    expect(assessed.err).toContain('error AQE6009: State database cannot be reached');
    expect(doctor.out).toContain('AQE6009');
  });

  test('copies the other way too, into a file', async () => {
    const { root } = project();
    const url = await (await postgresServer()).freshSchema();
    const store = openPostgresStore(url);
    await store.commit({ debts: [debtOf('d1')] }, [eventOf('e1')]);
    await store.close();

    const { code } = await run(root, ['db', 'copy', '--from', url, '--to', 'kept.db']);

    const kept = await openSqliteStore(`${root}/kept.db`);
    expect([code, await kept.find('debts', { service: 'shop' })]).toEqual([0, [debtOf('d1')]]);
    await kept.close();
  });
});

test('db copy without a target names the ways to give one', async () => {
  const { root } = project();
  await run(root, ['db', 'migrate']);

  const { code, err } = await run(root, ['db', 'copy']);

  expect(code).toBe(2);
  expect(err.replace(/\s+/g, ' ')).toContain('name the target by --to or AQE_DATABASE_URL');
});
