import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  hasOpenssl,
  hasPostgres,
  postgresPassword,
  postgresServer,
  type PostgresServer,
} from '../../../../test/support/postgres-server.ts';
import { assessmentOf, eventOf } from '../../../../test/support/stored-records.ts';
import type { Store } from '../../../ports/store.ts';
import { openPostgresStore } from './open.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let server: PostgresServer;
let url: string;
const opened: Store[] = [];

const open = (at: string, patience = 200): Store => {
  const store = openPostgresStore(at, { patience });
  opened.push(store);
  return store;
};
const save = (store: Store, id: string): Promise<unknown> =>
  store.commit({ assessments: [assessmentOf(id)] }, [eventOf(`e-${id}`)]);
const idsIn = async (store: Store): Promise<readonly string[]> =>
  (await store.find('assessments', { service: 'shop' })).map(({ id }) => id);

/** The address with another part. */
function changed(change: (url: URL) => void): string {
  const other = new URL(url);
  change(other);
  return other.href;
}

describe.runIf(hasPostgres)('a store on PostgreSQL', () => {
  beforeEach(async () => {
    server = await postgresServer();
    url = await server.freshSchema();
  });

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  test('reading an empty database makes nothing in it', async () => {
    expect(await idsIn(open(url))).toEqual([]);

    const tables = await server.execute(url, 'select 1 from pg_tables where schemaname = current_schema()');
    expect(tables).toEqual([]);
  });

  test('two schemas of one database are two stores', async () => {
    const other = await server.freshSchema();
    await save(open(url), 'a1');
    await save(open(other), 'b1');

    expect([await idsIn(open(url)), await idsIn(open(other))]).toEqual([['a1'], ['b1']]);
  });

  test.each([
    ['a wrong password', (to: URL) => (to.password = 'g3heim-too'), 'AQE6001', 'password authentication failed'],
    ['a database that is not there', (to: URL) => (to.pathname = '/nobody'), 'AQE6001', 'does not exist'],
    [
      'a schema that is not there',
      (to: URL) => (to.search = '?options=-c%20search_path%3Dnobody'),
      'AQE6001',
      'search_path',
    ],
    ['a port without server', (to: URL) => (to.port = '1'), 'AQE6009', 'ECONNREFUSED'],
    ['a server without encryption', (to: URL) => (to.search = '?sslmode=require'), 'AQE6009', 'does not support SSL'],
    [
      'a certificate that is not there',
      (to: URL) => (to.search = '?sslmode=require&sslrootcert=/no.pem'),
      'AQE1009',
      '/no.pem',
    ],
  ])('%s is told, without the password', async (_, change, code, words) => {
    const at = changed(change);

    const error: unknown = await save(open(at), 'a1').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
    const shown = inspect(error, { depth: null });
    for (const secret of [postgresPassword, encodeURIComponent(postgresPassword), 'g3heim'])
      expect(shown).not.toContain(secret);
  });

  test.runIf(hasOpenssl)('over TLS the certificate must be known and be good for the host', async () => {
    const file = await server.speakTls();
    const to = (host: string, settings: string): string =>
      changed((at) => {
        at.hostname = host;
        at.search += `&${settings}`;
      });
    const root = `sslrootcert=${encodeURIComponent(file)}`;
    const outcome = (at: string): Promise<unknown> =>
      open(at)
        .check()
        .catch(({ code, message }: { code: string; message: string }) => [code, message]);

    expect(await outcome(to('localhost', `sslmode=verify-full&${root}`))).toEqual([]);
    expect(await outcome(to('localhost', `sslmode=require&${root}`))).toEqual([]);
    expect(await outcome(to('localhost', 'sslmode=no-verify'))).toEqual([]);
    expect(await outcome(to('localhost', 'sslmode=require'))).toEqual([
      'AQE6009',
      expect.stringContaining('self-signed'),
    ]);
    expect(await outcome(to('127.0.0.1', `sslmode=require&${root}`))).toEqual([
      'AQE6009',
      expect.stringContaining('does not match'),
    ]);
  });

  test('tables of another program are left alone', async () => {
    await server.execute(url, 'create table customers (id int)');

    await expect(save(open(url), 'a1')).rejects.toMatchObject({
      code: 'AQE6001',
      detail: expect.stringContaining('"customers"'),
    });
  });

  test('a schema of a later release is AQE6004', async () => {
    await save(open(url), 'a1');
    await server.execute(url, 'insert into schema_version values (99)');

    await expect(idsIn(open(url))).rejects.toMatchObject({ code: 'AQE6004' });
    await expect(save(open(url), 'a2')).rejects.toMatchObject({ code: 'AQE6004' });
  });

  test('a table that was taken away is AQE6002', async () => {
    await save(open(url), 'a1');
    await server.execute(url, 'drop table assessments');

    await expect(idsIn(open(url))).rejects.toMatchObject({ code: 'AQE6002' });
    await expect(save(open(url), 'a2')).rejects.toMatchObject({ code: 'AQE6002' });
    expect(await open(url).check()).not.toEqual([]);
  });

  test('a role that may read and add is enough once the tables are there; one that may only read cannot save', async () => {
    await save(open(url), 'a1');
    const name = new URL(url).searchParams.get('options')?.split('=')[1] ?? '';
    for (const [role, rights] of [
      [`${name}_adds`, 'select, insert'],
      [`${name}_reads`, 'select'],
    ]) {
      await server.execute(url, `create role ${role} login password '${postgresPassword}'`);
      await server.execute(
        url,
        `grant usage on schema ${name} to ${role}; grant ${rights} on all tables in schema ${name} to ${role}`,
      );
    }
    const adds = open(changed((to) => (to.username = `${name}_adds`)));
    const reads = open(changed((to) => (to.username = `${name}_reads`)));

    await save(adds, 'a2');

    expect(await idsIn(reads)).toEqual(['a1', 'a2']);
    await expect(save(reads, 'a3')).rejects.toMatchObject({ code: 'AQE6005' });
    expect(await reads.check()).toEqual([]);
  });

  test('no row goes away by TRUNCATE, and an UPDATE that meets none is refused too', async () => {
    await save(open(url), 'a1');

    await expect(server.execute(url, 'truncate audit')).rejects.toThrow(/rows of audit are only added/);
    await expect(server.execute(url, `update debts set gate = 'x'`)).rejects.toThrow(/rows of debts are only added/);
  });

  test.each([
    [
      'a trigger that is switched off',
      'alter table approvals disable trigger all',
      'rows of approvals could be changed',
    ],
    ['a trigger that is gone', 'drop trigger audit_only_added on audit', 'rows of audit could be changed'],
  ])('%s is a fault', async (_, statement, fault) => {
    await save(open(url), 'a1');
    await server.execute(url, statement);

    expect(await open(url).check()).toEqual([expect.stringContaining(fault)]);
  });

  test('a row that was changed behind the triggers is found', async () => {
    await save(open(url), 'a1');
    await server.execute(
      url,
      `alter table assessments disable trigger all; update assessments set status = 'APPROVED'; alter table assessments enable trigger all`,
    );

    expect(await open(url).check()).toEqual(['row 1 of assessments is not as it was written']);
    await expect(idsIn(open(url))).rejects.toMatchObject({ code: 'AQE6002' });
  });

  test('while another session holds the lock, saving is AQE6003 and reading works', async () => {
    const store = open(url);
    await save(store, 'a1');
    const session = server.hold(url, 'begin; lock table audit in exclusive mode');
    await session.held;

    await expect(save(store, 'a2')).rejects.toMatchObject({ code: 'AQE6003' });
    expect(await idsIn(store)).toEqual(['a1']);
    await session.release();

    await save(store, 'a3');
    expect(await idsIn(store)).toEqual(['a1', 'a3']);
  });

  test('records sort by the bytes of their time, whatever the language of the database', async () => {
    await save(open(url), 'a1');
    const [row] = await server.execute(
      url,
      `select count(*)::int as texts, count(*) filter (where a.attcollation <> 'pg_catalog."C"'::regcollation)::int as other
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.atttypid = 'text'::regtype`,
    );

    expect(row).toEqual({ texts: expect.toSatisfy((texts: number) => texts > 80), other: 0 });
  });
});
