import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ErrorCode } from '../../../core/error/catalog.ts';

/** Result code of SQLite without its extension; undefined if the error is not SQLite's. https://www.sqlite.org/rescode.html */
export function sqliteResult(error: unknown): number | undefined {
  const known = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return known ? Number(error.errcode) & 0xff : undefined;
}

export const SqliteResult = {
  error: 1,
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  protocol: 15,
  toobig: 18,
  constraint: 19,
  auth: 23,
  notadb: 26,
} as const;

/** The AqeError for a failure of SQLite or of the file system; anything else is returned as it came. */
export function sqliteFailure(error: unknown, purpose: 'read' | 'write', path: string): unknown {
  if (error instanceof AqeError || !(error instanceof Error)) return error;
  const result = sqliteResult(error);
  const code = result === undefined ? codeWithoutResult(error) : codeOf(result, error.message, purpose);
  return code === undefined ? error : new AqeError(code, error.message, { path }, error);
}

function codeWithoutResult(error: Error): ErrorCode | undefined {
  // Our numbers count rows and versions; one past 2^53 was never written.
  if ('code' in error && error.code === 'ERR_OUT_OF_RANGE') return 'AQE6002';
  return 'syscall' in error ? 'AQE6001' : undefined;
}

function codeOf(result: number, message: string, purpose: 'read' | 'write'): ErrorCode | undefined {
  switch (result) {
    case SqliteResult.corrupt:
    case SqliteResult.notadb:
      return 'AQE6002';
    case SqliteResult.error:
      // Our statements fit our schema, so a table that is not there was taken away.
      return /^no such (table|column)/.test(message) ? 'AQE6002' : undefined;
    case SqliteResult.busy:
    case SqliteResult.locked:
    case SqliteResult.protocol:
      return 'AQE6003';
    case SqliteResult.perm:
    case SqliteResult.cantopen:
    case SqliteResult.auth:
      return 'AQE6001';
    case SqliteResult.readonly:
    case SqliteResult.ioerr:
    case SqliteResult.full:
    case SqliteResult.toobig:
    case SqliteResult.constraint:
      return purpose === 'write' ? 'AQE6005' : 'AQE6001';
    default:
      return undefined;
  }
}
