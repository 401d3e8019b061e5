import type { ColumnType } from 'kysely';
import type { RecordTableName, StoreRecords } from '../../ports/store.ts';

type Written<T> = ColumnType<T, T, never>;

/** A table of records: one text column for each property, under the name of the property. */
type RecordTable<R> = { readonly [K in keyof R]: Written<R[K]> } & {
  /** Order of insertion, given by the database. */
  readonly seq: ColumnType<number, never, never>;
  /** See `seal.ts`. */
  readonly seal: Written<string>;
};

/** The audit log. */
interface AuditTable {
  readonly seq: Written<number>;
  /** Id of the event, so that none is logged twice. The body has it too. */
  readonly event: Written<string>;
  readonly body: Written<string>;
  readonly prev: Written<string>;
  readonly hash: Written<string>;
}

/** Tables of the state database, the same on every SQL database. Rows are added and read, never changed. */
export type StoreSchema = { readonly [T in RecordTableName]: RecordTable<StoreRecords[T]> } & {
  /** One row for each migration that ran; the highest is the version of the schema. */
  readonly schema_version: { readonly version: Written<number> };
  readonly audit: AuditTable;
};

/** Columns that hold the record itself. The seal covers them in this order, so the order is permanent. */
export const recordColumns = {
  assessments: ['id', 'service', 'version', 'environment', 'decision', 'status', 'decisionDigest', 'createdAt', 'body'],
  attestations: ['id', 'service', 'version', 'item', 'by', 'identity', 'note', 'createdAt'],
  debts: ['id', 'service', 'version', 'gate', 'reason', 'createdAt'],
  requests: [
    'id',
    'service',
    'version',
    'environment',
    'decisionDigest',
    'requestedBy',
    'identity',
    'recipients',
    'comment',
    'expiresAt',
    'createdAt',
  ],
  approvals: [
    'id',
    'service',
    'version',
    'environment',
    'decisionDigest',
    'kind',
    'target',
    'person',
    'identity',
    'comment',
    'expiresAt',
    'createdAt',
    'envelope',
  ],
  reviews: [
    'id',
    'service',
    'version',
    'environment',
    'approval',
    'state',
    'dueAt',
    'by',
    'identity',
    'note',
    'createdAt',
  ],
  messages: ['id', 'service', 'version', 'environment', 'kind', 'recipients', 'subject', 'text', 'data', 'createdAt'],
  deliveries: ['id', 'service', 'message', 'notifier', 'outcome', 'detail', 'createdAt'],
  envelopes: ['id', 'service', 'version', 'environment', 'decisionDigest', 'createdAt', 'envelope'],
  outcomes: [
    'id',
    'service',
    'version',
    'environment',
    'deployment',
    'outcome',
    'deployedAt',
    'basis',
    'source',
    'reason',
    'by',
    'identity',
    'facts',
    'createdAt',
  ],
  models: ['id', 'service', 'environment', 'trainingDigest', 'newestOutcome', 'createdAt', 'body'],
} as const satisfies { readonly [T in RecordTableName]: readonly (keyof StoreRecords[T])[] };

export const recordTables = Object.keys(recordColumns) as readonly RecordTableName[];

/** A record of any table as the code sees it that serves them all. */
export interface AnyRecord {
  readonly id: string;
  readonly service: string;
  readonly createdAt: string;
  readonly version?: string;
  readonly environment?: string;
}

/** What all tables of records have in common, under one name; `version` and `environment` are not in all of them. */
export interface AnyRecordSchema {
  readonly records: RecordTable<Required<AnyRecord>>;
}
