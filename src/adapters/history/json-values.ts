import * as z from 'zod/mini';
import type { HistoryPlace } from '../../ports/deployment-history.ts';
import { checkShape } from '../signals/shared/json.ts';
import { jsonSequenceSession } from '../signals/shared/json-sequence.ts';
import { JsonString } from '../signals/shared/json-string.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import { historyLimits, unreadable, type HistorySession } from './reader.ts';

/** A value of a page, and where it stands: the page's line, and its place in it. */
export interface PageValue {
  readonly value: unknown;
  readonly place: HistoryPlace;
  /** `[3]` for the fourth of a page; empty for a value that is alone. */
  readonly at: string;
}

/**
 * The values of a file: alone one after the other, or in lists, or in lists of lists, as clients write the pages that they get.
 * Holds one page.
 */
export function pageSession(path: string, take: (value: PageValue) => void): HistorySession {
  const given = (value: unknown, place: HistoryPlace, at: string): void => {
    if (Array.isArray(value)) for (const [index, each] of value.entries()) given(each, place, `${at}[${index}]`);
    else take({ value, place, at });
  };
  return jsonSequenceSession<void>(
    { path, limits: historyLimits },
    {
      value(value, line, text) {
        if (keysIn(text) !== membersOf(value)) throw unreadable('an object has a key twice', { path, line });
        given(value, { path, line }, '');
      },
      finish: () => undefined,
    },
  );
}

/** Keys as they are written: a parser keeps the last of two that are the same, and nobody knows which was meant. */
function keysIn(text: string): number {
  const string = new JsonString();
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    string.isOpen = true;
    at = string.skip(text, at + 1);
    while (' \t\r\n'.includes(text[at] ?? '-')) at += 1;
    if (text[at] === ':') keys += 1;
  }
  return keys;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: readonly unknown[] = Object.values(value);
  return members.reduce<number>((sum, each) => sum + membersOf(each), Array.isArray(value) ? 0 : members.length);
}

/** Ids of other systems: whole numbers that JSON can carry. */
export const foreignId = z.int().check(z.minimum(0));

/** What a value says, if it has the shape. @throws AqeError AQE2014 with line and JSON path. */
export function shaped<T>(schema: z.ZodMiniType<T>, { value, place, at }: PageValue): T {
  try {
    return checkShape(place, schema, value);
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    throw unreadable(at === '' ? error.detail : `${at} ${error.detail}`, place, error);
  }
}
