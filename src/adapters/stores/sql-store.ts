import type { Kysely, Transaction } from 'kysely';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { GateDebt, ItemAttestation, Store, StoredAssessment } from '../../ports/store.ts';
import { recordColumns, type RecordTableName, type StoreSchema } from './schema.ts';
import { refuseUnkeepableText, type Seal, sealed, sealOf, unsealed } from './seal.ts';

/** A database for a store: how it is reached and what its failures mean. */
export interface SqlSource {
  /** What errors call the database: a path, or a URL without password. */
  readonly place: string;
  /** The database with the present schema; null if there is none yet, and none is made. */
  reader(): Promise<Kysely<StoreSchema> | null>;
  /** Runs `work` in one transaction that holds the lock for writing from its start; makes the database if there is none. */
  write(work: (transaction: Transaction<StoreSchema>) => Promise<void>): Promise<void>;
  /** What the database finds wrong with itself. */
  integrity(): Promise<readonly string[]>;
  /** The AqeError for a failure of the database; anything else is a bug and is returned as it came. */
  failure(error: unknown, purpose: 'read' | 'write'): unknown;
  close(): Promise<void>;
}

/**
 * The store over any SQL database that kysely speaks to. Text that a database cannot keep unchanged is refused with
 * AQE6005, a second row of one id too; a row that is not as it was written is AQE6002; a call after `close` is AQE6001.
 */
export function sqlStore(source: SqlSource): Store {
  const { place } = source;
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function call<T>(purpose: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new AqeError('AQE6001', 'the store was closed', { path: place });
    const task = work();
    running.add(task);
    try {
      return await task;
    } catch (error) {
      throw source.failure(error, purpose);
    } finally {
      running.delete(task);
    }
  }

  const read = <R extends object>(table: RecordTableName, query: (db: Kysely<StoreSchema>) => Promise<(R & Seal)[]>) =>
    call('read', async (): Promise<readonly R[]> => {
      const db = await source.reader();
      return db === null ? [] : (await query(db)).map((row) => unsealed<R>(table, row, place));
    });

  const write = (records: readonly object[], work: (transaction: Transaction<StoreSchema>) => Promise<void>) =>
    call('write', async () => {
      for (const record of records) refuseUnkeepableText(record, place);
      await source.write(work);
    });

  const close = async (): Promise<void> => {
    await Promise.allSettled(running);
    await source.close();
  };

  return {
    saveAssessment: (assessment, debts) =>
      write([assessment, ...debts], async (transaction) => {
        await transaction.insertInto('assessments').values(sealed('assessments', assessment)).execute();
        for (const debt of debts) await transaction.insertInto('debts').values(sealed('debts', debt)).execute();
      }),
    assessments: ({ service, version, environment, limit = 100 }) =>
      read<StoredAssessment>('assessments', (db) => {
        let query = db
          .selectFrom('assessments')
          .select([...recordColumns.assessments, 'seal'])
          .where('service', '=', service);
        if (version !== undefined) query = query.where('version', '=', version);
        if (environment !== undefined) query = query.where('environment', '=', environment);
        return query.orderBy('createdAt', 'desc').orderBy('seq', 'desc').limit(limit).execute();
      }),
    saveAttestation: (attestation) =>
      write([attestation], async (transaction) => {
        await transaction.insertInto('attestations').values(sealed('attestations', attestation)).execute();
      }),
    attestations: (service, version) =>
      read<ItemAttestation>('attestations', (db) => {
        const query = db.selectFrom('attestations').select([...recordColumns.attestations, 'seal']);
        const ofRelease = query.where('service', '=', service).where('version', '=', version);
        return ofRelease.orderBy('createdAt').orderBy('seq').execute();
      }),
    debts: (service) =>
      read<GateDebt>('debts', (db) => {
        const query = db
          .selectFrom('debts')
          .select([...recordColumns.debts, 'seal'])
          .where('service', '=', service);
        return query.orderBy('createdAt').orderBy('seq').execute();
      }),
    async check() {
      try {
        return await call('read', async () => {
          const db = await source.reader();
          return db === null ? [] : [...(await source.integrity()), ...(await brokenSeals(db))];
        });
      } catch (error) {
        // Too damaged to be examined is a finding as well.
        if (error instanceof AqeError && error.code === 'AQE6002') return [error.detail];
        throw error;
      }
    },
    close: () => (closing ??= close()),
  };
}

/** Goes through all records, one in memory at a time: bodies may be large. */
async function brokenSeals(db: Kysely<StoreSchema>): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const table of ['assessments', 'attestations', 'debts'] as const) {
    let after = 0;
    for (;;) {
      const row = await db
        .selectFrom(table)
        .selectAll()
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) break;
      if (row.seq <= after) {
        // A damaged tree can lead in a circle.
        broken.push(`rows of ${table} are out of order`);
        break;
      }
      if (row.seal !== sealOf(table, row)) broken.push(`row ${row.seq} of ${table} is not as it was written`);
      after = row.seq;
    }
  }
  return broken;
}
