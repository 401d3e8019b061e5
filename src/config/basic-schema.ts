import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { parseDuration } from './duration.ts';

// Compiling the schema takes longer than checking one file without it, and a message without a locale is `Invalid input`.
z.config({ ...en(), jitless: true });

export const described = (description: string) => z.meta({ description });
export const duration = z.string().check(
  z.refine((value) => parseDuration(value) !== null, 'write a duration such as 30m, 12h or 7d'),
  z.meta({
    description: 'A duration: a whole number and ms, s, m, h, d or w.',
    pattern: '^\\d{1,9}(ms|s|m|h|d|w)$',
  }),
);
export const amount = z.number().check(z.minimum(0));
export const percent = z.number().check(z.minimum(0), z.maximum(100));
export const score = z.number().check(z.minimum(0), z.maximum(100));
export const count = z.int().check(z.minimum(0));
export const mode = z.enum(['enforce', 'shadow']).check(described('`shadow` reports and decides nothing.'));
export const name = z
  .string()
  .check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'use letters, digits, - and _, starting with a letter'));
export const text = z.string().check(
  z.minLength(1),
  z.maxLength(200),
  z.refine((value) => !value.includes('\0'), 'leave the NUL character out'),
);
export const sentence = z.string().check(
  z.minLength(1),
  z.maxLength(1000),
  z.refine((value) => !value.includes('\0'), 'leave the NUL character out'),
);
export const day = z.string().check(
  z.refine((value) => isDay(value), 'write a day such as 2027-01-31'),
  z.meta({ description: 'A day, UTC.', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
);
export const email = z
  .string()
  .check(
    z.maxLength(254),
    z.regex(/^[^\s@<>,;:"'\\]+@[^\s@<>,;:"'\\]+$/, 'write an e-mail address such as ada@example.com'),
  );

/** A day of the calendar, `2027-02-30` is none. */
function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
