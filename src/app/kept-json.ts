import { AqeError } from '../core/error/aqe-error.ts';

/** The object that a row keeps as JSON, with members that may be missing. @throws AqeError AQE6002 for anything else. */
export function keptObject<T extends object>(text: string, table: string): Partial<T> {
  const value = keptValue(text, table);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw damaged(table);
}

/** The list of texts that a row keeps as JSON. @throws AqeError AQE6002 for anything else. */
export function keptTexts(text: string, table: string): readonly string[] {
  const value = keptValue(text, table);
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw damaged(table);
}

function keptValue(text: string, table: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The cause would quote what stands in the row.
    throw damaged(table);
  }
}

function damaged(table: string): AqeError {
  return new AqeError('AQE6002', `a row of ${table} holds something else than what was written`);
}
