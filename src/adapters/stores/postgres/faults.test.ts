import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { cuttingProxy, type Cut, type CuttingProxy } from '../../../../test/support/cutting-proxy.ts';
import { hasPostgres, ownPostgresServer, type PostgresServer } from '../../../../test/support/postgres-server.ts';
import { assessmentOf, eventOf } from '../../../../test/support/stored-records.ts';
import type { Store } from '../../../ports/store.ts';
import { openPostgresStore } from './open.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: PostgresServer;
let url: string;
let proxy: CuttingProxy;
/** Over the proxy. */
let store: Store;

const save = (id: string, to = store) => to.commit({ assessments: [assessmentOf(id)] }, [eventOf(`e-${id}`)]);

/** What the database holds, looked at without the proxy. */
async function held() {
  const direct = openPostgresStore(url);
  const ids = (await direct.find('assessments', { service: 'shop' })).map(({ id }) => id);
  const log = await direct.auditLog();
  const faults = await direct.check();
  await direct.close();
  return { ids, log, faults };
}

async function overProxy(patience: number, first = 'first'): Promise<Store> {
  const address = new URL(url);
  address.port = String(proxy.port);
  const opened = openPostgresStore(address.href, { patience });
  await save(first, opened);
  return opened;
}

describe.runIf(hasPostgres)('a connection that is lost', () => {
  beforeAll(async () => {
    server = await ownPostgresServer();
  });

  afterAll(() => server.end());

  beforeEach(async () => {
    url = await server.freshSchema();
    proxy = await cuttingProxy(server.port);
    store = await overProxy(5_000);
  });

  afterEach(async () => {
    await store.close();
    await proxy.close();
  });

  test.each<Cut>(['before', 'after'])(
    '%s the server carried out COMMIT: the records stand once, and the call says so',
    async (cut) => {
      proxy.cutNextCommit(cut);

      const entries = await save('a1');

      const { ids, log, faults } = await held();
      expect(proxy.cuts).toBe(1);
      expect(ids).toEqual(['first', 'a1']);
      expect(entries).toEqual([log[1]]);
      expect([log.length, faults]).toEqual([2, []]);
    },
  );

  test('while others write, many times and either way, loses and doubles nothing', async () => {
    const direct = openPostgresStore(url);
    for (let i = 0; i < 20; i++) {
      proxy.cutNextCommit(i % 2 === 0 ? 'before' : 'after');
      await Promise.all([save(`a${i}`), save(`b${i}`, direct)]);
    }
    await direct.close();

    const { ids, log, faults } = await held();
    expect(proxy.cuts).toBe(20);
    expect(ids.toSorted()).toEqual(
      ['first', ...Array.from({ length: 20 }, (_, i) => [`a${i}`, `b${i}`]).flat()].toSorted(),
    );
    expect([log.length, faults]).toEqual([41, []]);
  });

  test.each([
    ['a question', 'from "assessments"'],
    ['the question for the version', 'from "schema_version"'],
  ])('over %s is asked again on another connection', async (_, words) => {
    proxy.cutNext(words, 'before');

    const found = await store.find('assessments', { service: 'shop' });

    expect([proxy.cuts, found.map(({ id }) => id)]).toEqual([1, ['first']]);
  });

  test.each(['begin\0', 'pg_advisory_xact_lock', 'insert into "assessments"', 'insert into "audit"'])(
    'within a write, at %s, lets the write be done again in whole',
    async (words) => {
      proxy.cutNext(words, 'after');

      await save('a1');

      expect(proxy.cuts).toBe(1);
      expect(await held()).toMatchObject({ ids: ['first', 'a1'], log: { length: 2 }, faults: [] });
    },
  );

  test('with a server that does not come back says that the outcome is not known', async () => {
    await store.close();
    store = await overProxy(100, 'a1');
    proxy.cutNextCommit('after and for good');

    const saving = save('a2');

    await expect(saving).rejects.toMatchObject({
      code: 'AQE6009',
      detail: expect.stringContaining('whether it stands'),
    });
    expect((await held()).ids).toEqual(['first', 'a1', 'a2']);
  });

  test('while it is idle is replaced by another, for reading and for writing', async () => {
    await server.restartImmediately();

    const read = await store.find('assessments', { service: 'shop' });
    await server.restartImmediately();
    await save('a1');

    expect(read.map(({ id }) => id)).toEqual(['first']);
    expect(await held()).toMatchObject({ ids: ['first', 'a1'], faults: [] });
  });

  test('to a server that stays away is AQE6009, and nothing of the write stands', async () => {
    await store.close();
    store = openPostgresStore(url, { patience: 100 });
    await save('a1');
    await server.stopImmediately();
    try {
      await expect(save('a2')).rejects.toMatchObject({ code: 'AQE6009' });
      await expect(store.find('assessments', { service: 'shop' })).rejects.toMatchObject({ code: 'AQE6009' });
    } finally {
      await server.start();
    }

    await save('a3');
    expect((await held()).ids).toEqual(['first', 'a1', 'a3']);
  });
});
