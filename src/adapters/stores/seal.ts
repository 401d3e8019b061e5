import { hash } from 'node:crypto';
import { AqeError } from '../../core/error/aqe-error.ts';
import { recordColumns, type RecordTableName } from './schema.ts';

/**
 * A database notices damage to its own structure but not to the text in it. The seal, a SHA-256 over table name and
 * record, makes a changed byte of a record visible. It is no protection against a person, who can compute it too.
 */
export interface Seal {
  readonly seal: string;
}

export function sealed<R extends object>(table: RecordTableName, record: R): R & Seal {
  return { ...record, seal: sealOf(table, record) };
}

/** The record without its seal. @throws AqeError AQE6002 if it is not as it was written. */
export function unsealed<R extends object>(table: RecordTableName, row: R & Seal, place: string): R {
  const { seal, ...record } = row;
  if (seal === sealOf(table, record)) return record as unknown as R;
  throw new AqeError('AQE6002', `a row of ${table} is not as it was written`, { path: place });
}

export function sealOf(table: RecordTableName, record: object): string {
  const values = new Map<string, unknown>(Object.entries(record));
  return hash('sha256', JSON.stringify([table, ...recordColumns[table].map((column) => values.get(column))]));
}

/**
 * PostgreSQL keeps no NUL, and UTF-8 has no half surrogate pairs: such text would come back changed or not at all.
 * @throws AqeError AQE6005
 */
export function refuseUnkeepableText(record: object, place: string): void {
  for (const [field, value] of Object.entries(record)) {
    if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) continue;
    throw new AqeError('AQE6005', `${field} holds a NUL or half a character, which no database keeps`, { path: place });
  }
}
