import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { genesis, linkFaults, readEntry } from '../../src/core/audit/chain.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/event.ts';
import type { NewRecords, RecordTableName, Store } from '../../src/ports/store.ts';
import { assessmentOf, attestationOf, debtOf, eventOf, oneOfEach, outcomeOf, recordOf } from './stored-records.ts';

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

const tables = Object.keys(recordOf) as readonly RecordTableName[];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is wrong with a chain that should be the whole log. */
function faultsOf(entries: readonly AuditEntry[]): readonly string[] {
  return entries.flatMap((entry, index) => linkFaults(entries[index - 1] ?? genesis(sha256), entry, sha256));
}

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

    let events = 0;
    const event = (over: Partial<AuditEvent> = {}): AuditEvent => eventOf(`e${(events += 1)}`, over);
    const save = (records: NewRecords, to: Store = store): Promise<readonly AuditEntry[]> =>
      to.commit(records, [event()]);
    const ids = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id);

    test('an empty database has no records, no log and no faults', async () => {
      const found = await Promise.all(tables.map((table) => store.find(table, { service: 'shop' })));

      expect(found.flat()).toEqual([]);
      expect([await store.auditLog(), await store.auditHead(), await store.check()]).toEqual([[], null, []]);
    });

    test.each(tables)('records of %s are read back as they were saved', async (table) => {
      await save({ [table]: [recordOf[table]('r1'), recordOf[table]('r2')] });

      expect(await store.find(table, { service: 'shop' })).toEqual([recordOf[table]('r1'), recordOf[table]('r2')]);
      expect(await store.check()).toEqual([]);
    });

    test('records come oldest first, or newest first if asked; of one instant in the order of saving', async () => {
      await save({ assessments: [assessmentOf('noon')] });
      await save({ assessments: [assessmentOf('morning', { createdAt: '2026-03-01T08:00:00.000Z' })] });
      await save({ assessments: [assessmentOf('noon-again')] });

      const oldest = await store.find('assessments', { service: 'shop' });
      const newest = await store.find('assessments', { service: 'shop', order: 'newest' });

      expect(ids(oldest)).toEqual(['morning', 'noon', 'noon-again']);
      expect(ids(newest)).toEqual(['noon-again', 'noon', 'morning']);
    });

    test('a limit keeps the first in the order that was asked for', async () => {
      await save({ debts: Array.from({ length: 120 }, (_, i) => debtOf(`d${i}`)) });

      const oldest = await store.find('debts', { service: 'shop', limit: 2 });
      const newest = await store.find('debts', { service: 'shop', limit: 2, order: 'newest' });
      const all = await store.find('debts', { service: 'shop' });

      expect([ids(oldest), ids(newest), all.length]).toEqual([['d0', 'd1'], ['d119', 'd118'], 120]);
    });

    test('pages go on behind a record, in either order, also within one instant', async () => {
      const instants = ['2026-03-02T12:00:00.000Z', '2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'];
      const made = Array.from({ length: 9 }, (_, i) => outcomeOf(`o${i}`, { createdAt: instants[i % 3]! }));
      await save({ outcomes: [...made, outcomeOf('other', { service: 'Shop' })] });

      for (const order of ['oldest', 'newest'] as const) {
        const all = ids(await store.find('outcomes', { service: 'shop', order }));
        const paged: string[] = [];
        for (;;) {
          const after = paged.at(-1);
          const query = { service: 'shop', environment: 'production', order, limit: 2 };
          const page = ids(await store.find('outcomes', { ...query, ...(after !== undefined && { after }) }));
          if (page.length === 0) break;
          paged.push(...page);
        }
        expect(paged).toEqual(all);
      }
      expect(await store.find('outcomes', { service: 'shop', after: 'nobody' })).toEqual([]);
    });

    test('thousands of records of one commit are kept in their order', async () => {
      const made = Array.from({ length: 2_500 }, (_, i) => outcomeOf(`o${i}`));

      await save({ outcomes: made, debts: [debtOf('d1')] });

      expect(await store.find('outcomes', { service: 'shop' })).toEqual(made);
      expect(await store.check()).toEqual([]);
    });

    test('a database from before outcomes and models is brought up to date, and what it holds stays', async () => {
      const { outcomes: _, models: __, ...older } = oneOfEach('r1');
      const [entry] = await save(older);
      await store.close();
      for (const table of ['outcomes', 'models']) await place.execute(`drop table ${table}`);
      await place.execute('delete from schema_version where version > 2');

      store = await place.open();
      await save({ outcomes: [outcomeOf('o1')] });

      expect((await store.auditLog())[0]).toEqual(entry);
      expect(await store.find('assessments', { service: 'shop' })).toEqual(older.assessments);
      expect(await store.find('outcomes', { service: 'shop' })).toEqual([outcomeOf('o1')]);
      expect(await store.find('models', { service: 'shop' })).toEqual([]);
      expect(await store.check()).toEqual([]);
    });

    test('a query returns only the service, version and environment that it names', async () => {
      await save({
        assessments: [
          assessmentOf('wanted'),
          assessmentOf('service', { service: 'Shop' }),
          assessmentOf('version', { version: 'v2.5.0-rc.1' }),
          assessmentOf('environment', { environment: 'staging' }),
        ],
        debts: [debtOf('d1'), debtOf('d2', { service: 'Shop' })],
        attestations: [attestationOf('t1'), attestationOf('t2', { version: 'v2.5.1' })],
      });

      const all = await store.find('assessments', { service: 'shop' });
      const ofVersion = await store.find('assessments', { service: 'shop', version: 'v2.5.0' });
      const query = { service: 'shop', version: 'v2.5.0', environment: 'production' };

      expect(ids(all)).toEqual(['wanted', 'version', 'environment']);
      expect(ids(ofVersion)).toEqual(['wanted', 'environment']);
      expect(ids(await store.find('assessments', query))).toEqual(['wanted']);
      expect(ids(await store.find('debts', { service: 'shop' }))).toEqual(['d1']);
      expect(ids(await store.find('attestations', { service: 'shop', version: 'v2.5.0' }))).toEqual(['t1']);
    });

    test('asking a table for a field that it has not is a mistake, not an empty answer', async () => {
      await save(oneOfEach('r1'));

      const asking = [
        store.find('deliveries', { service: 'shop', version: 'v2.5.0' }),
        store.find('debts', { service: 'shop', environment: 'production' }),
      ];

      const refused = asking.map((answer) => expect(answer).rejects.toThrow(/have no (version|environment)/));
      await Promise.all(refused);
    });

    test.each(tables)('an id of %s is taken once, and the first record of it stays', async (table) => {
      await save({ [table]: [recordOf[table]('r1')] });

      const second = save({ [table]: [recordOf[table]('r1', { createdAt: '2026-04-01T00:00:00.000Z' })] });

      await expect(second).rejects.toMatchObject({ code: 'AQE6005' });
      expect(await store.find(table, { service: 'shop' })).toEqual([recordOf[table]('r1')]);
    });

    test('a record that cannot be saved undoes everything that was to be saved with it, the log too', async () => {
      await save({ assessments: [assessmentOf('a1')], debts: [debtOf('d1')] });

      const saving = store.commit({ assessments: [assessmentOf('a2')], debts: [debtOf('d2'), debtOf('d1')] }, [
        event(),
        event(),
      ]);

      await expect(saving).rejects.toMatchObject({ code: 'AQE6005' });
      expect(ids(await store.find('assessments', { service: 'shop' }))).toEqual(['a1']);
      expect(ids(await store.find('debts', { service: 'shop' }))).toEqual(['d1']);
      expect(await store.auditLog()).toHaveLength(1);
      expect(await store.check()).toEqual([]);
    });

    test.each(hostile)('text of %s comes back unchanged', async (_, text) => {
      const [entry] = await store.commit(
        {
          assessments: [assessmentOf('a1', { service: text, body: text })],
          attestations: [attestationOf('t1', { note: text, by: text })],
        },
        [event({ reason: text, service: text, details: { [text]: text } })],
      );

      const other = await place.open();
      const [assessment] = await other.find('assessments', { service: text });
      const [attestation] = await other.find('attestations', { service: 'shop', version: 'v2.5.0' });
      const [logged] = await other.auditLog();
      await other.close();

      expect([assessment?.body === text, attestation?.note === text, attestation?.by === text]).toEqual([
        true,
        true,
        true,
      ]);
      expect(logged).toEqual(entry);
      expect(readEntry(logged!)).toMatchObject({ reason: text, service: text, details: { [text]: text } });
      expect(await store.check()).toEqual([]);
    });

    test.each([
      ['a NUL', 'a\0b'],
      ['half a surrogate pair', 'a\ud83d'],
    ])('a record with %s is refused with all beside it', async (_, text) => {
      const saves = await Promise.allSettled([
        save({ assessments: [assessmentOf('a1')], debts: [debtOf('d1', { reason: text })] }),
        save({ attestations: [attestationOf('t1', { note: text })] }),
      ]);

      expect(saves).toMatchObject([{ reason: { code: 'AQE6005' } }, { reason: { code: 'AQE6005' } }]);
      expect(await store.find('assessments', { service: 'shop' })).toEqual([]);
      expect(await store.find('attestations', { service: 'shop' })).toEqual([]);
      expect(await store.auditLog()).toEqual([]);
    });

    test.each([
      ['a NUL', 'a\0b'],
      ['half a surrogate pair', 'a\ud83d'],
    ])('an event with %s is logged, and read back as it was', async (_, text) => {
      await store.commit({}, [event({ reason: text })]);

      const [entry] = await store.auditLog();

      expect(readEntry(entry!)?.reason === text).toBe(true);
      expect(await store.check()).toEqual([]);
    });

    test('two connections that write at the same time lose nothing and share one chain', async () => {
      const other = await place.open();
      const saves = Array.from({ length: 200 }, (_, i) => [
        save({ assessments: [assessmentOf(`x${i}`)], debts: [debtOf(`x${i}`)] }),
        save({ assessments: [assessmentOf(`y${i}`)], debts: [debtOf(`y${i}`)] }, other),
      ]);

      const given = await Promise.all(saves.flat());
      await other.close();
      const log = await store.auditLog();

      expect(await store.find('assessments', { service: 'shop' })).toHaveLength(400);
      expect(await store.find('debts', { service: 'shop' })).toHaveLength(400);
      expect(given.flat().toSorted((a, b) => a.seq - b.seq)).toEqual(log);
      expect([log.length, faultsOf(log)]).toEqual([400, []]);
      expect(await store.check()).toEqual([]);
    }, 30_000);

    test.each([...tables, 'audit'] as const)('rows of %s can be neither changed nor deleted', async (table) => {
      await save(oneOfEach('r1'));
      const column = table === 'audit' ? 'body' : 'service';
      const log = await store.auditLog();

      await expect(place.execute(`update ${table} set ${column} = 'x'`)).rejects.toThrow(/only added/);
      await expect(place.execute(`delete from ${table}`)).rejects.toThrow(/only added/);

      if (table !== 'audit') expect(ids(await store.find(table, { service: 'shop' }))).toEqual(['r1']);
      expect(await store.auditLog()).toEqual(log);
      expect(await store.check()).toEqual([]);
    });

    test('records outlive the connection that wrote them', async () => {
      const entries = await save({ assessments: [assessmentOf('a1')], debts: [debtOf('d1')] });
      await store.close();

      store = await place.open();

      expect(await store.find('assessments', { service: 'shop' })).toEqual([assessmentOf('a1')]);
      expect(await store.find('debts', { service: 'shop' })).toEqual([debtOf('d1')]);
      expect(await store.auditLog()).toEqual(entries);
    });

    test('closing waits for calls that run, may be repeated, and ends the store', async () => {
      const saving = save({ assessments: [assessmentOf('a1')] });

      await store.close();
      await store.close();

      await expect(saving).resolves.toHaveLength(1);
      await expect(store.find('assessments', { service: 'shop' })).rejects.toMatchObject({ code: 'AQE6001' });
    });

    describe('the audit log', () => {
      test('has an entry for each event, numbered from 1, each with the hash of the one before', async () => {
        const first = await store.commit(oneOfEach('r1'), [event(), event()]);
        const second = await store.commit({}, [event()]);

        const log = await store.auditLog();

        expect(log).toEqual([...first, ...second]);
        expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3]);
        expect(faultsOf(log)).toEqual([]);
        expect(log[0]?.prev).toBe(sha256('aqe-audit-v1'));
        expect(log[2]?.hash).toBe(sha256(`aqe-audit-v1\n${log[1]?.hash}\n${log[2]?.body}`));
        expect(await store.auditHead()).toEqual(log[2]);
      });

      test('names the records with the first event that they were written with', async () => {
        await store.commit(oneOfEach('r1'), [event(), event()]);

        const [first, second] = (await store.auditLog()).map(readEntry);

        expect(first?.rows.map(({ table, id }) => [table, id])).toEqual(tables.map((table) => [table, 'r1']));
        expect(first?.rows.every(({ seal }) => /^[0-9a-f]{64}$/.test(seal))).toBe(true);
        expect(second?.rows).toEqual([]);
      });

      test('is read in pages', async () => {
        for (let i = 0; i < 5; i++) await save({});

        const page = await store.auditLog({ after: 1, limit: 2 });
        const rest = await store.auditLog({ after: 3 });

        expect([page, rest].map((entries) => entries.map(({ seq }) => seq))).toEqual([[2, 3], [4, 5]]); // prettier-ignore
      });

      test('takes an event once', async () => {
        await store.commit({}, [eventOf('same')]);

        const again = store.commit({ debts: [debtOf('d1')] }, [eventOf('same', { reason: 'other' })]);

        await expect(again).rejects.toMatchObject({ code: 'AQE6005' });
        expect(await store.auditLog()).toHaveLength(1);
        expect(await store.find('debts', { service: 'shop' })).toEqual([]);
      });
    });
  });
}
