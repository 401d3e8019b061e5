import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ed25519, newPrivateKey, signerFromPem } from '../../src/adapters/attest/ed25519.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { drainSpool } from '../../src/app/drain-spool.ts';
import { recordUrgently } from '../../src/app/record-urgently.ts';
import { readEntry, type LoggedEvent } from '../../src/core/audit/chain.ts';
import { openCheckpoint, signedCheckpoint } from '../../src/core/audit/checkpoint.ts';
import { drainedLine, readSpool } from '../../src/core/audit/spool.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import type { AuditSpool } from '../../src/ports/audit-spool.ts';
import type { Store } from '../../src/ports/store.ts';
import { auditedFolder, steppingClock, type AuditedFolder } from '../support/audited.ts';
import { assessmentOf, debtOf, eventOf } from '../support/stored-records.ts';

let place: AuditedFolder;

beforeEach(() => {
  place = auditedFolder();
});

afterEach(() => place.remove());

const save = (id: string): Promise<unknown> =>
  place.withStore((store) => store.commit({ assessments: [assessmentOf(id)] }, [eventOf(`e-${id}`)]));

/** What the store holds now. */
async function held(): Promise<{
  readonly events: readonly (LoggedEvent | null)[];
  readonly assessments: readonly string[];
}> {
  const store = await openSqliteStore(place.file);
  const events = (await store.auditLog()).map(readEntry);
  const assessments = (await store.find('assessments', { service: 'shop' })).map(({ id }) => id);
  await store.close();
  return { events, assessments };
}

const idsOf = (events: readonly (LoggedEvent | null)[]): readonly string[] =>
  events.map((event) => (event?.action === 'spool.recovered' ? 'recovered' : (event?.id ?? '?')));

const full = (): never => {
  throw new AqeError('AQE6008', 'no space left', { path: 'spool' });
};

describe('checkpoints', () => {
  test('one is signed after each write, for the end of the log', async () => {
    await save('a1');
    await place.withStore((store) => store.commit({}, [eventOf('e2'), eventOf('e3')]));

    const lines = await place.audit.checkpoints.read();
    const checkpoints = lines.map((line) => openCheckpoint(line, [place.signer], ed25519.verify));

    expect(checkpoints.map(({ origin, seq }) => [origin, seq])).toEqual([['shop', 1], ['shop', 3]]); // prettier-ignore
    expect(await place.verify()).toMatchObject({
      whole: true,
      entries: 3,
      checkpoints: { matching: 2, newest: checkpoints[1] },
    });
  });

  test('one that cannot be written is AQE6007 which says that the change is kept, and the next write covers both', async () => {
    const checkpoints = {
      ...place.audit.checkpoints,
      append: async () => Promise.reject(new AqeError('AQE6007', 'EROFS')),
    };
    const saving = place.withStore((store) => store.commit({ assessments: [assessmentOf('a1')] }, [eventOf('e1')]), {
      checkpoints,
    });

    await expect(saving).rejects.toMatchObject({
      code: 'AQE6007',
      detail: 'EROFS; the change itself is kept, as entry 1 of the audit log',
    });
    const before = await place.verify();
    await save('a2');

    expect((await held()).assessments).toEqual(['a1', 'a2']);
    expect(before.faults.map(({ kind }) => kind)).toEqual(['uncovered']);
    expect(await place.verify()).toMatchObject({
      whole: true,
      notices: [
        'entries 1 to 1 had no checkpoint before others followed: a crash, or somebody added them past the program',
      ],
    });
  });

  test('a key that cannot be used is the same', async () => {
    const signer = async () => Promise.reject(new AqeError('AQE3010', 'others may use it', { path: 'system.pem' }));
    const saving = place.withStore((store) => store.commit({}, [eventOf('e1')]), { signer });

    await expect(saving).rejects.toMatchObject({ code: 'AQE6007', context: { path: 'system.pem' } });
    expect(idsOf((await held()).events)).toEqual(['e1']);
  });

  test('a line that a crash cut short is a notice; one by another key, or for another entry, is a fault', async () => {
    await save('a1');
    const file = join(place.folder, 'audit-checkpoints.jsonl');
    const stranger = signerFromPem(newPrivateKey(), 'test');
    const [line = ''] = await place.audit.checkpoints.read();
    const { seq, hash, time } = openCheckpoint(line, [place.signer], ed25519.verify);
    appendFileSync(file, line.slice(0, 50));
    const cut = await place.verify();
    appendFileSync(file, `\n${signedCheckpoint({ origin: 'shop', from: 1, seq, hash, time }, stranger)}\n`);
    appendFileSync(
      file,
      `${signedCheckpoint({ origin: 'shop', from: 1, seq, hash: '0'.repeat(64), time }, place.signer)}\n`,
    );

    const { whole, faults } = await place.verify();

    expect(cut).toMatchObject({
      whole: true,
      notices: ['the checkpoints beside the log, line 2 was cut short, as by a crash'],
    });
    expect(whole).toBe(false);
    expect(
      faults.map(({ kind, detail }) => [kind, detail.replace(/[0-9a-f]{64}/, 'KEY').replace(/at 2026.*/, 'at …')]),
    ).toEqual([
      [
        'checkpoint',
        'the checkpoints beside the log, line 3: it is signed by KEY, which is no key that is trusted here',
      ],
      ['checkpoint', 'entry 1 is another one than at …'],
    ]);
  });
});

describe('the spool', () => {
  const urgentDeps = {
    identity: systemIdentity,
    redact: (text: string) => text.replaceAll('hunter2', '***'),
    get spool() {
      return place.audit.spool;
    },
  };

  /** What must not wait, while the database is held by another process. */
  async function urgent(id: string, spool: AuditSpool = place.audit.spool) {
    const store: Store = await openSqliteStore(place.file);
    const broken = { ...store, commit: async () => Promise.reject(new AqeError('AQE6003', 'it is locked')) };
    return recordUrgently({ store: broken, ...urgentDeps, spool }, { assessments: [assessmentOf(id)] }, [
      eventOf(`e-${id}`),
    ]);
  }

  test('is not touched while the store works', async () => {
    const record = await place.withStore((store) => recordUrgently({ store, ...urgentDeps }, {}, [eventOf('e1')]));

    expect(record).toMatchObject({ device: 'store', entries: [{ seq: 1 }], trouble: null });
    expect(await place.audit.spool.read()).toEqual([]);
  });

  test('is not used for what the store has kept although its checkpoint failed', async () => {
    const checkpoints = {
      ...place.audit.checkpoints,
      append: async () => Promise.reject(new AqeError('AQE6007', 'EROFS')),
    };
    const record = await place.withStore((store) => recordUrgently({ store, ...urgentDeps }, {}, [eventOf('e1')]), {
      checkpoints,
    });

    expect(record).toMatchObject({ device: 'store', trouble: { code: 'AQE6007' } });
    expect(await place.audit.spool.read()).toEqual([]);
  });

  test('takes what the store cannot, and the next write takes it into the log, word for word, under a checkpoint', async () => {
    const record = await urgent('a1');
    const [line] = await place.audit.spool.read();
    const waiting = await place.verify();

    await save('a2');
    const { events, assessments } = await held();

    expect(record).toMatchObject({ device: 'spool', trouble: { code: 'AQE6003' } });
    expect(waiting.notices).toEqual(['lines that wait in the spool for the next write: 1']);
    expect(assessments).toEqual(['a2', 'a1']);
    expect(idsOf(events)).toEqual(['e-a2', 'e-a1', 'recovered']);
    expect(events[2]).toMatchObject({ reason: 'AQE6003 it is locked', details: { line } });
    expect(await place.verify()).toMatchObject({
      whole: true,
      faults: [],
      notices: [],
      checkpoints: { newest: { seq: 3 } },
    });
  });

  test('keeps no secret', async () => {
    await urgent('hunter2');

    expect((await place.audit.spool.read()).join('')).toMatch(/^(?!.*hunter2).*\*\*\*/);
  });

  test('that takes nothing either is an error', async () => {
    await expect(urgent('a1', { ...place.audit.spool, append: async () => full() })).rejects.toMatchObject({
      code: 'AQE6008',
    });
  });

  test('is taken in once, however often and at how many places a crash interrupts it', async () => {
    await urgent('a1');
    await urgent('a2');
    const { spool } = place.audit;
    /** Drains until it has written so often, then fails at everything. */
    async function drainUntil(writes: number): Promise<number> {
      let left = writes;
      const tick = <T>(work: () => Promise<T>): Promise<T> =>
        left-- > 0 ? work() : Promise.reject(new AqeError('AQE6008', 'killed'));
      const store = await openSqliteStore(place.file);
      const dying = { ...store, commit: (...args: Parameters<Store['commit']>) => tick(() => store.commit(...args)) };
      const deps = { clock: steppingClock(), identity: systemIdentity };
      await drainSpool({
        ...deps,
        store: dying,
        spool: { read: () => spool.read(), append: (line) => tick(() => spool.append(line)) },
      }).catch(() => undefined);
      await store.close();
      return idsOf((await held()).events).filter((id) => id === 'recovered').length;
    }

    const taken: number[] = [];
    for (const writes of [0, 1, 1, 0, 1]) taken.push(await drainUntil(writes));
    await save('a3');
    const { events, assessments } = await held();

    expect(taken).toEqual([0, 1, 2, 2, 2]);
    expect(idsOf(events)).toEqual(['e-a1', 'recovered', 'e-a2', 'recovered', 'e-a3']);
    expect(assessments.toSorted()).toEqual(['a1', 'a2', 'a3']);
    expect(await place.verify()).toMatchObject({
      whole: true,
      notices: [expect.stringMatching(/^entries 1 to 4 had no/)],
    });
  });

  test('is taken in once by writers that come at the same time', async () => {
    await urgent('a1');

    await Promise.all(['a2', 'a3', 'a4'].map(save));
    const { events, assessments } = await held();

    expect(assessments.toSorted()).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(idsOf(events).filter((id) => id === 'recovered')).toHaveLength(1);
    expect(await place.verify()).toMatchObject({ whole: true, faults: [] });
  });

  test('that holds what the store had taken after all adds no second entry for it', async () => {
    await urgent('a1');
    const raw = await openSqliteStore(place.file);
    await raw.commit({ assessments: [assessmentOf('a1')] }, [eventOf('e-a1')]);
    await raw.close();

    await save('a2');

    expect(idsOf((await held()).events)).toEqual(['e-a1', 'e-a2', 'recovered']);
    expect((await place.verify()).whole).toBe(true);
  });

  test('whose records cannot be saved any more keeps them in the log, marked as failed', async () => {
    await place.withStore((store) =>
      store.commit({ assessments: [assessmentOf('a1')], debts: [debtOf('d')] }, [eventOf('e0')]),
    );
    await urgent('a1');

    await save('a2');
    const recovered = (await held()).events.at(-1);

    expect(recovered).toMatchObject({
      action: 'spool.recovered',
      outcome: 'failed',
      details: { failure: expect.stringMatching(/^AQE6005 /) },
    });
    expect((await place.verify()).whole).toBe(true);
  });

  test('that cannot be marked is AQE6008, which says that the change is kept, and has a checkpoint', async () => {
    await urgent('a1');
    const spool = { ...place.audit.spool, append: async () => full() };

    const saving = place.withStore((store) => store.commit({}, [eventOf('e2')]), { spool });

    await expect(saving).rejects.toMatchObject({
      code: 'AQE6008',
      detail: expect.stringContaining('the change itself is kept, as entry 1'),
    });
    expect(await place.verify()).toMatchObject({ whole: true, checkpoints: { newest: { seq: 3 } } });
  });

  test('that says of a line that it is in the log, when it is not, is a fault', async () => {
    await urgent('a1');
    await save('a2');
    await urgent('a3');
    const state = readSpool(await place.audit.spool.read(), (text) => systemIdentity.sha256(text));
    await place.audit.spool.append(drainedLine([state.lines.at(-1)!.hash]));

    expect((await place.verify()).faults).toEqual([
      { kind: 'spool', detail: 'the spool says of a line that it is in the log, which is not so' },
    ]);
  });
});

test('an intent without an end is shown until something was done to its target, or failed', async () => {
  const over = { action: 'message.delivered', target: 'm1' } as const;
  await place.withStore((store) => store.commit({}, [eventOf('e1', { ...over, outcome: 'intent' })]));
  const open = await place.verify();
  await place.withStore((store) =>
    store.commit({}, [eventOf('e2', { ...over, action: 'message.failed', outcome: 'failed' })]),
  );

  expect(open).toMatchObject({
    whole: true,
    notices: ['entry 1 of 2026-03-01T12:00:00.000Z: message.delivered was begun and has no end'],
  });
  expect((await place.verify()).notices).toEqual([]);
});

test('a log without an entry is whole, and one without a checkpoint is not covered', async () => {
  const empty = await place.verify();
  const raw = await openSqliteStore(place.file);
  await raw.commit({}, [eventOf('e1')]);
  await raw.close();

  expect(empty).toEqual({
    whole: true,
    entries: 0,
    head: null,
    checkpoints: { matching: 0, newest: null },
    faults: [],
    notices: [],
  });
  expect((await place.verify()).faults.map(({ kind }) => kind)).toEqual(['uncovered']);
});

test('in a database that others share, what they wrote is theirs to cover; in our own it is ours', async () => {
  await save('a1');
  const raw = await openSqliteStore(place.file);
  await raw.commit({}, [eventOf('e2', { service: 'stock' })]);
  const foreign = [await place.verify({ audit: { ...place.audit, shared: true } }), await place.verify()];
  await raw.close();
  const nothing = { ...place.audit.checkpoints, read: async () => [] };
  const unknown = await place.verify({ audit: { ...place.audit, shared: true, checkpoints: nothing } });

  expect(foreign.map(({ whole }) => whole)).toEqual([true, false]);
  expect(foreign[0]?.notices).toEqual([
    expect.stringMatching(/^the entries 2 to 2 came after the newest checkpoint here: give /),
  ]);
  expect(unknown.faults.map(({ kind }) => kind)).toEqual(['uncovered']);
});
