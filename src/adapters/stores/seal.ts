import { hash } from 'node:crypto';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { RecordTableName, StoreRecords } from '../../ports/store.ts';
import { recordColumns } from './schema.ts';

/**
 * A database notices damage to its own structure but not to the text in it. The seal, a SHA-256 over table name and
 * record, makes a changed byte of a record visible. It is no protection against a person, who can compute it too.
 */
export interface Seal {
  readonly seal: string;
}

/** The record without its seal. @throws AqeError AQE6002 if it is not as it was written. */
export function unsealed<T extends RecordTableName>(table: T, row: Seal, place: string): StoreRecords[T] {
  const values = valuesOf(table, row);
  // A column of text can hold bytes that somebody put there.
  const isText = values.every((value) => typeof value === 'string');
  if (isText && row.seal === sealOfValues(table, values)) {
    const record: Record<string, unknown> = {};
    for (const [index, column] of recordColumns[table].entries()) record[column] = values[index];
    return record as unknown as StoreRecords[T];
  }
  throw new AqeError('AQE6002', `a row of ${table} is not as it was written`, { path: place });
}

export function sealOf(table: RecordTableName, record: object): string {
  return sealOfValues(table, valuesOf(table, record));
}

/** In the order of the columns; there may be a million rows. */
function valuesOf(table: RecordTableName, record: object): readonly unknown[] {
  return recordColumns[table].map((column) =>
    Object.hasOwn(record, column) ? Reflect.get(record, column) : undefined,
  );
}

function sealOfValues(table: RecordTableName, values: readonly unknown[]): string {
  return hash('sha256', JSON.stringify([table, ...values]));
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
