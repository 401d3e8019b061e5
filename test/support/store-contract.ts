import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { assessmentOf, attestationOf, debtOf } from './stored-records.ts';

/** One empty database. */
export interface StorePlace {
  /** A connection of its own to the database. */
  open(): Promise<Store>;
  /** Runs one statement past the store, as a person with a database shell would. */
  execute(statement: string): Promise<void>;
  remove(): Promise<void>;
}

const hostile = [
  ['quotes and statements', `'; drop table assessments; -- "\\" \`$(reboot)\` ? :id @id $1 %s`],
  ['terminal escapes', '\u001b[2J\u001b]0;owned\u0007\r\b\u0085\u009b31m'],
  ['emoji and combining marks', '👩‍🚀🇨🇭 e\u0301 \u202egnp.exe \ufeff\u2028 zażółć 漢字'],
  ['numbers and words that look like other types', '00123'],
  ['nothing', ''],
  ['white space at both ends', ' \n\t x \n'],
  ['a megabyte', 'aé漢🎈'.repeat(100_000)],
] as const;

/** What every store must do, whatever database it stands on. */
export function describeStore(name: string, create: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await create();
      store = await place.open();
    });

    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    test('an empty database has no rows and no faults', async () => {
      const found = [
        await store.assessments({ service: 'shop' }),
        await store.attestations('shop', 'v1'),
        await store.debts('shop'),
        await store.check(),
      ];

      expect(found).toEqual([[], [], [], []]);
    });

    test('what was saved is read back as it was', async () => {
      await store.saveAssessment(assessmentOf('a1'), [debtOf('d1'), debtOf('d2', { gate: 'security' })]);
      await store.saveAttestation(attestationOf('t1'));

      expect(await store.assessments({ service: 'shop' })).toEqual([assessmentOf('a1')]);
      expect(await store.debts('shop')).toEqual([debtOf('d1'), debtOf('d2', { gate: 'security' })]);
      expect(await store.attestations('shop', 'v2.5.0')).toEqual([attestationOf('t1')]);
      expect(await store.check()).toEqual([]);
    });

    test('assessments come newest first, and of one instant the one saved last', async () => {
      await store.saveAssessment(assessmentOf('noon'), []);
      await store.saveAssessment(assessmentOf('morning', { createdAt: '2026-03-01T08:00:00.000Z' }), []);
      await store.saveAssessment(assessmentOf('noon-again'), []);

      const found = await store.assessments({ service: 'shop' });

      expect(found.map(({ id }) => id)).toEqual(['noon-again', 'noon', 'morning']);
    });

    test('the limit cuts off the oldest, and is 100 unless told', async () => {
      for (let i = 0; i < 101; i++) await store.saveAssessment(assessmentOf(`a${i}`), []);

      const byDefault = await store.assessments({ service: 'shop' });
      const two = await store.assessments({ service: 'shop', limit: 2 });

      expect([byDefault.length, byDefault[0]?.id, byDefault.at(-1)?.id]).toEqual([100, 'a100', 'a1']);
      expect(two.map(({ id }) => id)).toEqual(['a100', 'a99']);
    });

    test('a query returns only the service, version and environment that it names', async () => {
      await store.saveAssessment(assessmentOf('wanted'), [debtOf('d1')]);
      await store.saveAssessment(assessmentOf('service', { service: 'Shop' }), [debtOf('d2', { service: 'Shop' })]);
      await store.saveAssessment(assessmentOf('version', { version: 'v2.5.0-rc.1' }), []);
      await store.saveAssessment(assessmentOf('environment', { environment: 'staging' }), []);
      await store.saveAttestation(attestationOf('t1'));
      await store.saveAttestation(attestationOf('t2', { version: 'v2.5.1' }));
      const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

      const all = await store.assessments({ service: 'shop' });
      const ofVersion = await store.assessments({ service: 'shop', version: 'v2.5.0' });
      const one = await store.assessments({ service: 'shop', version: 'v2.5.0', environment: 'production' });

      expect(ids(all)).toEqual(['environment', 'version', 'wanted']);
      expect(ids(ofVersion)).toEqual(['environment', 'wanted']);
      expect(ids(one)).toEqual(['wanted']);
      expect(ids(await store.debts('shop'))).toEqual(['d1']);
      expect(ids(await store.attestations('shop', 'v2.5.0'))).toEqual(['t1']);
    });

    test('attestations and debts come oldest first, and of one instant in the order of saving', async () => {
      for (const [id, hour] of [
        ['b', '09'],
        ['c', '09'],
        ['a', '08'],
      ] as const) {
        const createdAt = `2026-03-01T${hour}:00:00.000Z`;
        await store.saveAttestation(attestationOf(id, { createdAt }));
        await store.saveAssessment(assessmentOf(id, { createdAt }), [debtOf(id, { createdAt })]);
      }

      expect((await store.attestations('shop', 'v2.5.0')).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect((await store.debts('shop')).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });

    test('an id is taken once, and the first row of it stays', async () => {
      await store.saveAssessment(assessmentOf('a1'), []);
      await store.saveAttestation(attestationOf('t1'));

      const saves = await Promise.allSettled([
        store.saveAssessment(assessmentOf('a1', { body: 'other' }), []),
        store.saveAttestation(attestationOf('t1', { note: 'other' })),
      ]);

      expect(saves).toMatchObject([{ reason: { code: 'AQE6005' } }, { reason: { code: 'AQE6005' } }]);
      expect(await store.assessments({ service: 'shop' })).toEqual([assessmentOf('a1')]);
      expect(await store.attestations('shop', 'v2.5.0')).toEqual([attestationOf('t1')]);
    });

    test('a debt that cannot be saved undoes its assessment and the debts before it', async () => {
      await store.saveAssessment(assessmentOf('a1'), [debtOf('d1')]);

      const save = store.saveAssessment(assessmentOf('a2'), [debtOf('d2'), debtOf('d1')]);

      await expect(save).rejects.toMatchObject({ code: 'AQE6005' });
      expect((await store.assessments({ service: 'shop' })).map(({ id }) => id)).toEqual(['a1']);
      expect((await store.debts('shop')).map(({ id }) => id)).toEqual(['d1']);
    });

    test.each(hostile)('text of %s comes back unchanged', async (_, text) => {
      await store.saveAssessment(assessmentOf('a1', { service: text, body: text }), [debtOf('d1', { reason: text })]);
      await store.saveAttestation(attestationOf('t1', { note: text, by: text }));

      const other = await place.open();
      const [assessment] = await other.assessments({ service: text });
      const [debt] = await other.debts('shop');
      const [attestation] = await other.attestations('shop', 'v2.5.0');
      await other.close();

      expect([assessment?.body === text, debt?.reason === text, attestation?.note === text]).toEqual([
        true,
        true,
        true,
      ]);
      expect(await store.check()).toEqual([]);
    });

    test.each([
      ['a NUL', 'a\0b'],
      ['half a surrogate pair', 'a\ud83d'],
    ])('text with %s is refused whole', async (_, text) => {
      const saves = await Promise.allSettled([
        store.saveAssessment(assessmentOf('a1'), [debtOf('d1', { reason: text })]),
        store.saveAttestation(attestationOf('t1', { note: text })),
      ]);

      expect(saves).toMatchObject([{ reason: { code: 'AQE6005' } }, { reason: { code: 'AQE6005' } }]);
      expect(await store.assessments({ service: 'shop' })).toEqual([]);
      expect(await store.attestations('shop', 'v2.5.0')).toEqual([]);
    });

    test('two connections that write at the same time lose nothing', async () => {
      const other = await place.open();
      const saves = Array.from({ length: 200 }, (_, i) => [
        store.saveAssessment(assessmentOf(`x${i}`), [debtOf(`x${i}`)]),
        other.saveAssessment(assessmentOf(`y${i}`), [debtOf(`y${i}`)]),
      ]);

      await Promise.all(saves.flat());
      await other.close();

      expect(await store.assessments({ service: 'shop', limit: 1_000 })).toHaveLength(400);
      expect(await store.debts('shop')).toHaveLength(400);
      expect(await store.check()).toEqual([]);
    });

    test.each(['assessments', 'attestations', 'debts'])(
      'rows of %s can be neither changed nor deleted',
      async (table) => {
        await store.saveAssessment(assessmentOf('a1'), [debtOf('d1')]);
        await store.saveAttestation(attestationOf('t1'));

        await expect(place.execute(`update ${table} set service = 'x'`)).rejects.toThrow(/only added/);
        await expect(place.execute(`delete from ${table}`)).rejects.toThrow(/only added/);

        expect(await store.assessments({ service: 'shop' })).toEqual([assessmentOf('a1')]);
        expect(await store.attestations('shop', 'v2.5.0')).toEqual([attestationOf('t1')]);
        expect(await store.debts('shop')).toEqual([debtOf('d1')]);
      },
    );

    test('rows outlive the connection that wrote them', async () => {
      await store.saveAssessment(assessmentOf('a1'), [debtOf('d1')]);
      await store.close();

      store = await place.open();

      expect(await store.assessments({ service: 'shop' })).toEqual([assessmentOf('a1')]);
      expect(await store.debts('shop')).toEqual([debtOf('d1')]);
    });

    test('closing waits for calls that run, may be repeated, and ends the store', async () => {
      const save = store.saveAssessment(assessmentOf('a1'), []);

      await store.close();
      await store.close();

      await expect(save).resolves.toBeUndefined();
      await expect(store.assessments({ service: 'shop' })).rejects.toMatchObject({ code: 'AQE6001' });
    });
  });
}
