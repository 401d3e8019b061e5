import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession, ReportFile } from '../../../ports/signal-reader.ts';
import { JsonBounds } from './json-bounds.ts';

// Every JSON reader imports this module before it makes a schema. Compiling one takes longer than most reports do without
// it; a message without a locale is `Invalid input`.
z.config({ ...en(), jitless: true });

/** Longest JSON text held in memory at once, in UTF-16 units; V8 refuses strings not far above it. */
const maxLength = 256_000_000;

/**
 * A session for formats that are one JSON value: collects the text, parses it once, checks its shape and hands it on.
 * Keys of the schema are read; all others are dropped, `__proto__` among them.
 */
export function jsonSession<T>(
  file: ReportFile,
  schema: z.ZodMiniType<T>,
  toReading: (value: T) => Reading,
): ReadingSession {
  const pieces: string[] = [];
  const bounds = new JsonBounds(file);
  let length = 0;
  return {
    push(text) {
      length += text.length;
      bounds.push(text);
      if (length > maxLength)
        throw new AqeError('AQE2005', `more than ${maxLength} characters of JSON`, { path: file.path });
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
export function checkShape<T>(file: { readonly path: string }, schema: z.ZodMiniType<T>, value: unknown): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issue = furthest(result.error.issues);
  const where = issue?.path.length ? `at ${issue.path.map(String).join('.')}: ` : '';
  throw new AqeError('AQE2003', `${where}${issue?.message ?? 'unexpected value'}`, { path: file.path });
}

type Misfit = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** The first mistake; of a choice of shapes, the one in the shape that fits furthest. */
function furthest(issues: readonly z.core.$ZodIssue[]): Misfit | undefined {
  const issue = issues[0];
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.map(furthest).filter((one) => one !== undefined);
  const best = inner.toSorted((a, b) => b.path.length - a.path.length)[0];
  return best ? { message: best.message, path: [...issue.path, ...best.path] } : issue;
}

function firstLine(cause: unknown): string {
  // V8 quotes a piece of the input in its message: keep the sentence, drop the quotation.
  const message = cause instanceof Error ? cause.message : String(cause);
  return (
    message
      .split('\n')[0]!
      .replace(/,? ?\.{0,3}".*$/s, '')
      .trim() || 'not JSON'
  );
}

let lastHead: { readonly text: string; readonly value: unknown } = { text: '', value: undefined };

/**
 * What can be told of the first JSON value from the start of its text: a value cut short counts as if its open
 * arrays and objects ended after their last whole member. Undefined if the text does not begin with an object or an array.
 */
export function jsonHead(text: string): unknown {
  // Every JSON reader is asked about the same head in turn.
  if (lastHead.text !== text) lastHead = { text, value: parseHead(text) };
  return lastHead.value;
}

/** The value if it is an object, else an empty one: `objectOf(x)['key']` is safe on anything. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** The value if it is a string, else the empty one. `String(x)` is not safe: an object may have a `toString` of its own. */
export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const openers = new Map([
  ['{', '}'],
  ['[', ']'],
]);

function parseHead(text: string): unknown {
  const closers: string[] = [];
  let wholeUntil = 0;
  // Only these mean something outside a string; what lies between them is for JSON.parse to judge.
  const structure = /["{}[\],]/g;
  if (!openers.has(text.trimStart()[0] ?? '')) return undefined;
  while (structure.test(text)) {
    const end = structure.lastIndex;
    const char = text[end - 1]!;
    const closer = openers.get(char);
    if (char === '"') {
      structure.lastIndex = endOfString(text, end);
    } else if (closer !== undefined) {
      closers.push(closer);
      wholeUntil = end;
    } else if (char === ',') {
      wholeUntil = end - 1;
    } else {
      closers.pop();
      wholeUntil = end;
      if (closers.length === 0) break;
    }
  }
  try {
    return JSON.parse(text.slice(0, wholeUntil) + closers.reverse().join('')) as unknown;
  } catch {
    return undefined;
  }
}

/** Index behind the quote that ends the string whose content starts at `start`; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  for (let from = start; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let at = quote;
    while (at > start && text[at - 1] === '\\') at -= 1;
    // An even number of backslashes stand for themselves.
    if ((quote - at) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}
