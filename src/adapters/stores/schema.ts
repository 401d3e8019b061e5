import type { ColumnType } from 'kysely';
import type { GateDebt, ItemAttestation, StoredAssessment } from '../../ports/store.ts';

type Written<T> = ColumnType<T, T, never>;

/** A table of records: one text column for each property, under the name of the property. */
type RecordTable<R> = { readonly [K in keyof R]: Written<R[K]> } & {
  /** Order of insertion, given by the database. */
  readonly seq: ColumnType<number, never, never>;
  /** See `seal.ts`. */
  readonly seal: Written<string>;
};

/** Tables of the state database, the same on every SQL database. Rows are added and read, never changed. */
export interface StoreSchema {
  /** One row for each migration that ran; the highest is the version of the schema. */
  readonly schema_version: { readonly version: Written<number> };
  readonly assessments: RecordTable<StoredAssessment>;
  readonly attestations: RecordTable<ItemAttestation>;
  readonly debts: RecordTable<GateDebt>;
}

export type RecordTableName = Exclude<keyof StoreSchema, 'schema_version'>;

/** Columns that hold the record itself. The seal covers them in this order, so the order is permanent. */
export const recordColumns = {
  assessments: ['id', 'service', 'version', 'environment', 'decision', 'status', 'decisionDigest', 'createdAt', 'body'],
  attestations: ['id', 'service', 'version', 'item', 'by', 'identity', 'note', 'createdAt'],
  debts: ['id', 'service', 'version', 'gate', 'reason', 'createdAt'],
} as const satisfies {
  assessments: readonly (keyof StoredAssessment)[];
  attestations: readonly (keyof ItemAttestation)[];
  debts: readonly (keyof GateDebt)[];
};
