import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/git-repository.ts';
import { historyPage, importTexts, storedDeployments } from '../../test/support/histories.ts';
import { hasPostgres, postgresServer } from '../../test/support/postgres-server.ts';
import { eventOf, outcomeOf } from '../../test/support/stored-records.ts';
import { openPostgresStore } from '../adapters/stores/postgres/open.ts';
import { openSqliteStore } from '../adapters/stores/sqlite/open.ts';
import { readEntry } from '../core/audit/chain.ts';
import type { Store } from '../ports/store.ts';

vi.setConfig({ testTimeout: 30_000 });
afterAll(removeTemporaryFolders);

const sqlite = (): Promise<Store> => openSqliteStore(join(temporaryFolder(), 'deploy.db'));

const header = 'version,deployed_at,outcome';
const csv = (...lines: readonly string[]): string =>
  `${header},deployment\n${lines.map((line) => `${line}\n`).join('')}`;
/** A deployment of a version on a day of January, under a name of its own. */
const on = (day: number, version: string, outcome = 'success'): string =>
  `${version},2026-01-${String(day).padStart(2, '0')}T10:00:00Z,${outcome},d${day}`;

const statements = async (store: Store): Promise<number> => (await store.find('outcomes', { service: 'shop' })).length;
const outcomesOf = async (store: Store): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries((await storedDeployments(store)).map(({ deployment, outcome }) => [deployment, outcome]));

describe.each([
  ['SQLite', sqlite, true],
  ['PostgreSQL', async () => openPostgresStore(await (await postgresServer()).freshSchema()), hasPostgres],
] as const)('an import into %s', (_, open, isThere) => {
  test.runIf(isThere)('keeps what files say, once', async () => {
    const store = await open();
    const texts = [historyPage('github/deployments'), historyPage('github/statuses')];

    const first = await importTexts(store, texts);
    const again = await importTexts(store, texts, { at: '2026-06-02T12:00:00.000Z' });
    const kept = await storedDeployments(store);
    const faults = await store.check();
    await store.close();

    expect(first).toMatchObject({ rows: 6, added: 6, amended: 0, unchanged: 0, rolledBack: 1 });
    expect(again).toMatchObject({ rows: 6, added: 0, amended: 0, unchanged: 6, rolledBack: 1 });
    expect(kept.map(({ deployment, outcome }) => [deployment, outcome])).toEqual([
      ['github/101', 'success'],
      ['github/103', 'rolled-back'],
      ['github/104', 'success'],
      ['github/105', 'failed'],
      ['github/106', 'pending'],
    ]);
    expect(kept[1]?.facts).toEqual({ commit: 'b'.repeat(40), recoveredAt: '2026-02-03T10:01:00.000Z' });
    expect(kept[2]?.facts).toEqual({ commit: 'a'.repeat(40), unplanned: true, features: {} });
    expect(faults).toEqual([]);
  });

  test.runIf(isThere)('reads more statements than a page holds, and adds one row of them', async () => {
    const store = await open();
    const lines = Array.from({ length: 21_000 }, (__, i) => `v${i},2026-01-01T10:00:00Z,success\n`);

    await importTexts(store, [`${header}\n${lines.join('')}`]);
    const again = await importTexts(store, [`${header}\n${lines.join('')}v,2026-01-02T10:00:00Z,failed\n`]);
    const log = (await store.auditLog()).map(readEntry);
    await store.close();

    expect(again).toMatchObject({ added: 1, amended: 0, unchanged: 21_000 });
    // Some thousand statements an entry.
    expect(log.map((entry) => entry?.rows.length)).toEqual([5000, 5000, 5000, 5000, 1000, 1]);
    expect(log[0]).toMatchObject({ action: 'outcomes.imported', details: { batch: '1', added: '5000', amended: '0' } });
  });
});

test('a statement that changed amends, and the first stays', async () => {
  const store = await sqlite();
  await importTexts(store, [csv(on(1, 'v1', 'pending'))]);

  const changed = await importTexts(store, [csv(on(1, 'v1', 'failed'))], { at: '2026-06-02T12:00:00.000Z' });

  expect(changed).toMatchObject({ added: 0, amended: 1 });
  expect((await store.find('outcomes', { service: 'shop' })).map(({ outcome }) => outcome)).toEqual([
    'pending',
    'failed',
  ]);
  expect(await outcomesOf(store)).toEqual({ d1: 'failed' });
});

test('a clock that was set back does not make the newer statement the older one', async () => {
  const store = await sqlite();
  await importTexts(store, [csv(on(1, 'v1', 'pending'))]);

  await importTexts(store, [csv(on(1, 'v1', 'failed'))], { at: '2026-05-01T12:00:00.000Z' });
  const again = await importTexts(store, [csv(on(1, 'v1', 'failed'))], { at: '2026-05-01T12:00:00.000Z' });

  expect(await outcomesOf(store)).toEqual({ d1: 'failed' });
  expect(again.unchanged).toBe(1);
});

test('what somebody recorded stays, unless it was pending', async () => {
  const store = await sqlite();
  const recorded = (deployment: string, outcome: string) =>
    outcomeOf(deployment, { version: deployment, deployment, outcome, deployedAt: '2026-01-01T10:00:00.000Z' });
  await store.commit({ outcomes: [recorded('v1', 'failed'), recorded('v2', 'pending')] }, [eventOf('e')]);
  const rows = `${header}\nv1,2026-01-01T10:00:00Z,success\nv2,2026-01-01T10:00:00Z,success\n`;

  const imported = await importTexts(store, [rows]);

  expect(imported).toMatchObject({ left: 1, amended: 1, added: 0 });
  expect(await outcomesOf(store)).toEqual({ v1: 'failed', v2: 'success' });
});

test('a deployment that was recorded by its version and imported by its id is one', async () => {
  const store = await sqlite();
  const over = { version: 'v1.2.1', deployment: 'v1.2.1', deployedAt: '2026-02-04T10:05:00.000Z', outcome: 'hotfixed' };
  await store.commit({ outcomes: [outcomeOf('o1', over)] }, [eventOf('e')]);
  const texts = [historyPage('github/deployments'), historyPage('github/statuses')];

  const imported = await importTexts(store, texts);
  const again = await importTexts(store, texts);

  expect([imported.left, imported.added, again.left, again.added]).toEqual([1, 5, 1, 0]);
  expect(await outcomesOf(store)).toMatchObject({ 'v1.2.1': 'hotfixed' });
  expect(Object.keys(await outcomesOf(store))).not.toContain('github/105');
});

test('an export without its statuses takes back nothing of what they said', async () => {
  const store = await sqlite();
  const pages = [historyPage('github/deployments'), historyPage('github/statuses')];
  await importTexts(store, pages);
  const before = await storedDeployments(store);

  const without = await importTexts(store, pages.slice(0, 1));
  const again = await importTexts(store, pages);

  expect(without).toMatchObject({ added: 0, amended: 0 });
  expect(again).toMatchObject({ added: 0, amended: 0 });
  expect(await storedDeployments(store)).toEqual(before);
  expect(before.some(({ outcome }) => outcome !== 'pending')).toBe(true);
});

test('what is inferred adds to what was observed, and never takes its place', async () => {
  const store = await sqlite();
  await importTexts(store, [csv(on(1, 'v1', 'failed'))]);
  const guesses = csv('v1,2026-01-01T10:00:00Z,success,v1', 'v2,2026-01-02T10:00:00Z,success,v2');

  const inferred = await importTexts(store, [guesses], { basis: 'inferred' });
  const observed = await importTexts(store, [csv('v2,2026-01-02T10:00:00Z,hotfixed,v2')]);
  const later = await importTexts(store, [guesses], { basis: 'inferred' });

  expect(inferred).toMatchObject({ added: 1, left: 1 });
  expect(observed).toMatchObject({ amended: 1 });
  expect(later).toMatchObject({ added: 0, amended: 0, left: 2 });
  expect(await outcomesOf(store)).toEqual({ d1: 'failed', v2: 'hotfixed' });
});

test.each([
  ['a row that cannot be', [csv(on(1, 'v1'), on(2, 'v2')), csv('v3,2026-01-03T10:00:00Z,great,d3')], 'AQE2013', 2],
  ['a deployment twice', [csv(on(1, 'v1'), on(1, 'v1'))], 'AQE2013', 3],
  ['a deployment twice, in two files', [csv(on(1, 'v1')), csv(on(2, 'v2'), on(1, 'v1', 'failed'))], 'AQE2013', 3],
  ['a time in the future', [csv(on(1, 'v1'), 'v2,2026-06-01T12:05:01Z,success,d2')], 'AQE2013', 3],
  [
    'a recovery before the failure',
    [`${header},recovered_at\nv1,2026-01-01T10:00:00Z,failed,2026-01-01T09:00:00Z\n`],
    'AQE2013',
    2,
  ],
  ['a file that is cut short', [csv(on(1, 'v1')), csv(on(2, 'v2')).slice(0, -3)], 'AQE2014', undefined],
  ['a file of nobody', [csv(on(1, 'v1')), '{"a":1}'], 'AQE2015', undefined],
])('of a run with %s nothing is kept', async (_, texts, code, line) => {
  const store = await sqlite();

  const importing = importTexts(store, texts);

  await expect(importing).rejects.toMatchObject({ code, exit: 2, ...(line && { context: { line } }) });
  expect(await statements(store)).toBe(0);
  expect(await store.auditLog()).toEqual([]);
});

test('a dry run says what would change and keeps nothing', async () => {
  const store = await sqlite();

  const dry = await importTexts(store, [csv(on(1, 'v1'), on(2, 'v2'), on(3, 'v1'))], { dryRun: true });

  expect(dry).toMatchObject({ rows: 3, added: 3, rolledBack: 1, outcomes: { success: 2, 'rolled-back': 1 } });
  expect(await statements(store)).toBe(0);
});

test('a run that was interrupted between two transactions is completed by the same run', async () => {
  const store = await sqlite();
  const lines = Array.from({ length: 12_000 }, (_, i) => `v${i},2026-01-01T10:00:00Z,success\n`).join('');
  let commits = 0;
  const failing: Store = {
    ...store,
    commit: (...args) => {
      commits += 1;
      return commits === 2 ? Promise.reject(new Error('gone')) : store.commit(...args);
    },
  };

  await expect(importTexts(failing, [`${header}\n${lines}`])).rejects.toThrow('gone');
  const between = await statements(store);
  const completed = await importTexts(store, [`${header}\n${lines}`]);

  expect(between).toBe(5_000);
  expect(completed).toMatchObject({ added: 7_000, amended: 0, unchanged: 5_000 });
  expect(await statements(store)).toBe(12_000);
});

test('only the environment and the service that are asked for are imported, whatever the case of their names', async () => {
  const store = await sqlite();
  const lines = [
    'v1,2026-01-01T10:00:00Z,success,Production,',
    'v2,2026-01-02T10:00:00Z,success,staging,',
    'v3,2026-01-03T10:00:00Z,success,,other',
  ];
  const text = `${header},environment,service\n${lines.join('\n')}\n`;

  const one = await importTexts(store, [text], { only: { environment: true, service: true } });
  const all = await importTexts(store, [text]);

  expect(one).toMatchObject({ rows: 1, elsewhere: 2 });
  expect(all.scopes).toEqual([
    { service: 'shop', environment: 'production', rows: 1 },
    { service: 'shop', environment: 'staging', rows: 1 },
    { service: 'other', environment: 'production', rows: 1 },
  ]);
});

describe('laws', () => {
  const words = fc.array(
    fc.record({
      version: fc.constantFrom('v1', 'v2', 'v3'),
      outcome: fc.constantFrom('success', 'success', 'success', 'failed', 'pending'),
    }),
    { minLength: 1, maxLength: 10 },
  );
  const lines = words.map((made) => made.map(({ version, outcome }, day) => on(day + 1, version, outcome)));

  /** A service that nobody has used before: as good as a store of its own, and quicker to make. */
  let services = 0;
  const fresh = (): string => `service-${(services += 1)}`;

  test('the order of files and rows does not matter', async () => {
    const store = await sqlite();
    await fc.assert(
      fc.asyncProperty(lines, fc.nat({ max: 10 }), async (all, at) => {
        const [one, other] = [fresh(), fresh()];

        await importTexts(store, [csv(...all)], { service: one });
        const turned = [csv(...all.slice(at).toReversed()), csv(...all.slice(0, at))];
        await importTexts(store, turned, { service: other });

        expect(await storedDeployments(store, other)).toEqual(await storedDeployments(store, one));
      }),
      { numRuns: 100 },
    );
    await store.close();
  });

  test('runs in the order of time end where one run of all does', async () => {
    const store = await sqlite();
    await fc.assert(
      fc.asyncProperty(lines, fc.nat({ max: 10 }), async (all, at) => {
        const [one, parts] = [fresh(), fresh()];

        await importTexts(store, [csv(...all)], { service: one });
        for (const text of [csv(...all.slice(0, at)), csv(...all.slice(at))])
          await importTexts(store, [text], { service: parts });

        expect(await storedDeployments(store, parts)).toEqual(await storedDeployments(store, one));
      }),
      { numRuns: 100 },
    );
    await store.close();
  });

  test('after runs in any order one of all ends where it would have without them, and a second one adds nothing', async () => {
    const store = await sqlite();
    const told = async (service: string) =>
      (await storedDeployments(store, service)).map(({ deployment, outcome, facts }) => ({
        deployment,
        outcome,
        unplanned: facts?.unplanned ?? false,
        recoveredAt: outcome === 'rolled-back' ? facts?.recoveredAt : null,
      }));
    await fc.assert(
      fc.asyncProperty(lines, fc.nat({ max: 10 }), async (all, at) => {
        const [one, back] = [fresh(), fresh()];
        await importTexts(store, [csv(...all)], { service: one });
        for (const text of [csv(...all.slice(at)), csv(...all.slice(0, at)), csv(...all)])
          await importTexts(store, [text], { service: back });

        const again = await importTexts(store, [csv(...all)], { service: back });

        expect(await told(back)).toEqual(await told(one));
        expect([again.added, again.amended]).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
    await store.close();
  });
});
