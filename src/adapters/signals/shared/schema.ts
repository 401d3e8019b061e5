import { en } from 'zod/locales';
import * as z from 'zod/mini';

// Compiling a schema takes longer than most reports do without it, and a message without a locale is `Invalid input`.
z.config({ ...en(), jitless: true });

/** A count: 0 or more. */
export const wholeNumber = z.int().check(z.nonnegative());

/** A number of 0 or more. */
export const amount = z.number().check(z.nonnegative());

/** Text where a tool may as well write null or leave the key out. */
export const text = z.nullish(z.string());

/** ISO-8601 time with an offset or `Z`; one that is not there or wrong is undefined. */
export const timestamp = z.catch(z.optional(z.iso.datetime({ offset: true })), undefined);
