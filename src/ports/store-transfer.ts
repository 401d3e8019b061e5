import type { AuditEvent } from '../core/audit/event.ts';
import type { RecordTableName } from './store.ts';

export type TransferTable = RecordTableName | 'audit';

/** A row as it stands: all its columns, texts unchanged, `seq` a number. */
export type StoredRow = Readonly<Record<string, string | number>>;

/** What a table holds: two tables with the same digest hold the same rows in the same order. */
export interface TableDigest {
  readonly table: TransferTable;
  readonly rows: number;
  /** SHA-256, lower-case hex, over one line a row in the order of `seq`: a JSON array of its columns. */
  readonly sha256: string;
}

export interface SchemaState {
  /** 0 for a database without our tables. */
  readonly version: number;
  /** What this program brings it to. */
  readonly latest: number;
}

/** A state database as a whole, all of one moment. */
export interface StoreContents {
  digests(): Promise<readonly TableDigest[]>;
  /** Rows behind `after` (0: all) in the order of `seq`, some at a time; an empty list is the end. */
  rows(table: TransferTable, after: number): Promise<readonly StoredRow[]>;
  /** Integrity as the database itself sees it, seals of all records, and the audit log; an empty list is good. */
  check(): Promise<readonly string[]>;
}

/** A state database while it is being filled. */
export interface StoreTarget extends StoreContents {
  /** Adds rows just as they are, numbers included. */
  add(table: TransferTable, rows: readonly StoredRow[]): Promise<void>;
  /** Adds an entry to the end of the audit log. */
  log(event: AuditEvent): Promise<void>;
}

/**
 * A state database to be looked at, brought up to date or moved as a whole: below the store, which writes an audit entry
 * with everything it adds.
 * @throws AqeError 6xxx.
 */
export interface StoreTransfer {
  readonly product: 'SQLite' | 'PostgreSQL';
  /** What messages call it: a path, or a URL without password. */
  readonly place: string;
  /** The tables, in the order in which they are filled. */
  readonly tables: readonly TransferTable[];
  /** Changes nothing. @throws AqeError AQE6004 for a version that only a later release knows. */
  schema(): Promise<SchemaState>;
  /** Brings the schema up to date; makes the database if there is none. */
  migrate(): Promise<void>;
  /** Brings an older schema up to date. Null if there is no database. */
  read<T>(work: (contents: StoreContents) => Promise<T>): Promise<T | null>;
  /** One transaction: if `work` throws, nothing of it stands. May run `work` again, in a new one. */
  fill<T>(work: (target: StoreTarget) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens a state database by the path of its file or by URL; the one that is in use if nothing is named. @throws AqeError AQE1009. */
export type OpenTransfer = (place?: string) => Promise<StoreTransfer>;
