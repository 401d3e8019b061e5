import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ErrorCode } from '../../../core/error/catalog.ts';
import { ConnectionLost, OutcomeUnknown, sqlState } from './lost.ts';

/** The AqeError for a failure of PostgreSQL or of the way to it; anything else is returned as it came. */
export function postgresFailure(error: unknown, purpose: 'read' | 'write', place: string): unknown {
  if (error instanceof AqeError || !(error instanceof Error)) return error;
  if (error instanceof OutcomeUnknown) return outcomeUnknown(error, place);
  if (error instanceof ConnectionLost) return new AqeError('AQE6009', error.message, { path: place }, error);
  const state = sqlState(error);
  const code = state === undefined ? undefined : codeOf(state, purpose);
  return code === undefined ? error : new AqeError(code, error.message, { path: place }, error);
}

function outcomeUnknown(error: OutcomeUnknown, place: string): AqeError {
  const detail = `the connection was lost while the last write was being confirmed (${error.message}), and the server did not come back to say whether it stands`;
  return new AqeError('AQE6009', detail, { path: place }, error);
}

/** Nothing of it stands, and a second try may succeed where the first one had bad luck. */
export function isPassing(error: unknown): boolean {
  return error instanceof ConnectionLost || /^(?:40001|40P01)$/.test(sqlState(error) ?? '');
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
function codeOf(state: string, purpose: 'read' | 'write'): ErrorCode | undefined {
  if (/^(?:28...|3D000|3F000|0P000|42P07)$/.test(state)) return 'AQE6001';
  // Our statements fit our schema, so a table that is not there was taken away.
  if (/^(?:42P01|42703|XX00[12])$/.test(state)) return 'AQE6002';
  if (/^(?:40...|55P03)$/.test(state)) return 'AQE6003';
  // Cancelled, because it took longer than a statement may.
  if (state === '57014') return 'AQE6009';
  const denied = /^(?:22...|23...|53...|54...|58...|42501|25006|P0001)$/.test(state);
  if (denied) return purpose === 'write' ? 'AQE6005' : 'AQE6001';
  return undefined;
}
