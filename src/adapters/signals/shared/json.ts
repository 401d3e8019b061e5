import * as z from 'zod';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';

/** Longest JSON text held in memory at once, in UTF-16 units; V8 refuses strings not far above it. */
const maxLength = 400_000_000;

/**
 * A session for formats that are one JSON value: collects the text, parses it once, checks its shape and hands it on.
 * Keys of the schema are read; all others are dropped, `__proto__` among them.
 */
export function jsonSession<T>(
  file: { readonly path: string },
  schema: z.ZodType<T>,
  toReading: (value: T) => Reading,
): ReadingSession {
  const pieces: string[] = [];
  let length = 0;
  return {
    push(text) {
      length += text.length;
      if (length > maxLength) throw new AqeError('AQE2005', `more than ${maxLength} characters of JSON`, { path: file.path });
      pieces.push(text);
    },
    finish() {
      const text = pieces.join('');
      if (text.trim() === '') throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      return toReading(checkShape(file, schema, parseJson(file, text)));
    },
  };
}

/** @throws AqeError AQE2002 naming the position of the first mistake. */
export function parseJson(file: { readonly path: string }, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AqeError('AQE2002', firstLine(cause), { path: file.path }, cause);
  }
}

/** @throws AqeError AQE2003 naming the path of the first value that does not fit. */
export function checkShape<T>(file: { readonly path: string }, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.length ? `at ${issue.path.map(String).join('.')}: ` : '';
  throw new AqeError('AQE2003', `${where}${issue?.message ?? 'unexpected value'}`, { path: file.path });
}

function firstLine(cause: unknown): string {
  // V8 quotes a piece of the input in its message: keep the sentence, drop the quotation.
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n')[0]!.replace(/,? ?\.{0,3}".*$/s, '').trim() || 'not JSON';
}
