import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/git-repository.ts';
import { predictionSettings } from '../../test/support/release-histories.ts';
import { eventOf, outcomeOf } from '../../test/support/stored-records.ts';
import { openSqliteStore } from '../adapters/stores/sqlite/open.ts';
import { systemIdentity } from '../adapters/system/identity.ts';
import type { PredictionSettings } from '../core/prediction/settings.ts';
import type { OutcomeRecord, Store } from '../ports/store.ts';
import { learned } from './learn.ts';
import { trainModel } from './train-model.ts';

afterAll(removeTemporaryFolders);

const sqlite = (): Promise<Store> => openSqliteStore(join(temporaryFolder(), 'deploy.db'));
const noon = '2026-06-01T12:00:00.000Z';

function teamOf(store: Store, settings: Partial<PredictionSettings> = {}) {
  const prediction = { ...predictionSettings, ...settings };
  const policy = { service: 'shop', environment: 'production', prediction };
  const depsAt = (now: string) => ({ store, identity: systemIdentity, clock: { now: () => new Date(now) } });
  let events = 0;
  return {
    async record(version: string, at: string, over: Partial<OutcomeRecord> = {}) {
      const said = { version, deployment: version, deployedAt: '2026-01-01T00:00:00.000Z', createdAt: at, facts: '{}' };
      await store.commit({ outcomes: [outcomeOf(version, { ...said, ...over })] }, [eventOf(`event ${(events += 1)}`)]);
    },
    train: (now: string) => trainModel(depsAt(now), policy),
    async knows(now: string) {
      const { model, trained } = await learned(depsAt(now), policy);
      return {
        deployments: model.learnedFrom.deployments,
        failures: model.learnedFrom.failures,
        anew: trained !== null,
      };
    },
  };
}

test('a kept model is used while nothing was added', async () => {
  const store = await sqlite();
  const { record, train, knows } = teamOf(store);
  await record('v1', noon, { outcome: 'success' });
  await train(noon);

  const again = await knows('2026-06-02T12:00:00.000Z');

  expect(again).toEqual({ deployments: 1, failures: 0, anew: false });
});

test('an outcome of a machine whose clock is behind is learned from', async () => {
  const store = await sqlite();
  const { record, train, knows } = teamOf(store);
  await record('v1', noon, { outcome: 'success' });
  await train(noon);

  await record('v2', '2026-06-01T11:00:00.000Z', { outcome: 'failed' });

  expect(await knows('2026-06-01T12:01:00.000Z')).toEqual({ deployments: 2, failures: 1, anew: true });
});

test('a model that was made after the clock was set back is the one that is used', async () => {
  const store = await sqlite();
  const { record, train, knows } = teamOf(store);
  await record('v1', noon, { outcome: 'success' });
  await train(noon);
  await record('v2', '2026-05-01T12:00:00.000Z', { outcome: 'failed' });

  await train('2026-05-01T12:00:00.000Z');

  expect(await knows('2026-05-01T12:01:00.000Z')).toEqual({ deployments: 2, failures: 1, anew: false });
});

test('what has left the window is not learned from, although nothing was added', async () => {
  const store = await sqlite();
  const { record, train, knows } = teamOf(store, { window: 10 * 86_400_000 });
  await record('v1', noon, { outcome: 'failed', deployedAt: '2026-05-25T12:00:00.000Z' });
  await record('v2', noon, { outcome: 'success', deployedAt: '2026-05-30T12:00:00.000Z' });
  await train(noon);

  expect(await knows('2026-06-04T12:00:00.000Z')).toEqual({ deployments: 2, failures: 1, anew: false });
  expect(await knows('2026-06-05T12:00:00.000Z')).toEqual({ deployments: 1, failures: 0, anew: true });
});

test('what lay in the future is learned from once it was', async () => {
  const store = await sqlite();
  const { record, train, knows } = teamOf(store);
  await record('v1', noon, { outcome: 'failed', deployedAt: '2026-06-01T12:04:00.000Z' });
  await train(noon);

  expect(await knows('2026-06-01T12:03:00.000Z')).toEqual({ deployments: 0, failures: 0, anew: false });
  expect(await knows('2026-06-01T12:05:00.000Z')).toEqual({ deployments: 1, failures: 1, anew: true });
});

test.each(['{}', '{"settingsDigest":"x","model":{}}', '{"model":null}', '{"__proto__":{"model":1}}'])(
  'a kept model that nobody here wrote is made again: %s',
  async (body) => {
    const store = await sqlite();
    const { record, knows } = teamOf(store);
    await record('v1', noon, { outcome: 'failed' });
    const model = { id: 'm', service: 'shop', environment: 'production', trainingDigest: '', newestOutcome: 'v1' };
    await store.commit({ models: [{ ...model, createdAt: noon, body }] }, [eventOf('model')]);

    expect(await knows(noon)).toEqual({ deployments: 1, failures: 1, anew: true });
  },
);

test.each([
  ['{"features":{"change_size":"1"}}', 'change_size'],
  ['{"features":{"change_size":1e999}}', 'change_size'],
  ['{"features":[1]}', 'features'],
  ['{"features":null}', 'features'],
  ['{"unplanned":"no"}', 'unplanned'],
  ['{"commit":{}}', 'commit'],
  ['{"recoveredAt":"soon"}', 'recoveredAt'],
  ['[]', 'something else'],
  ['{', 'something else'],
])('facts that nobody here wrote are damage: %s', async (facts, named) => {
  const store = await sqlite();
  const { record, knows } = teamOf(store);
  await record('v1', noon, { outcome: 'failed', facts });

  await expect(knows(noon)).rejects.toMatchObject({ code: 'AQE6002', message: expect.stringContaining(named) });
});

test.each([{ deployedAt: 'yesterday' }, { outcome: 'fine' }, { basis: 'dreamt' }])(
  'an outcome that nobody here wrote is damage: %j',
  async (over) => {
    const store = await sqlite();
    const { record, knows } = teamOf(store);
    await record('v1', noon, over as Partial<OutcomeRecord>);

    await expect(knows(noon)).rejects.toMatchObject({ code: 'AQE6002' });
  },
);

test('members that a later version wrote are left out', async () => {
  const store = await sqlite();
  const { record, knows } = teamOf(store);
  await record('v1', noon, { outcome: 'failed', facts: '{"weather":"fine","features":{"moon":4,"change_size":3}}' });

  expect(await knows(noon)).toMatchObject({ deployments: 1 });
});
