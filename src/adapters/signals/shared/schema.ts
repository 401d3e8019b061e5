import * as z from 'zod/mini';
import { catch as otherwise } from 'zod/mini';

/** A count: 0 or more, and no more than anybody counts: sums stay whole numbers. */
export const wholeNumber = z.int().check(z.nonnegative(), z.maximum(1e12));

/** A number of 0 or more. */
export const amount = z.number().check(z.nonnegative());

/** Text where a tool may as well write null or leave the key out. */
export const text = z.nullish(z.string());

/** ISO-8601 time with an offset or `Z`; one that is not there or wrong is undefined. */
export const timestamp = otherwise(z.optional(z.iso.datetime({ offset: true })), undefined);

/** What `make` gives, made when it is first asked for: a run reads a few formats, and the schemas of all would take longer. */
export function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
