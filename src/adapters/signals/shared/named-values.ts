import * as z from 'zod/mini';
import { objectOf } from './json.ts';

/** An object whose keys are names of things (files), as a map. A record would lose the one that is called `__proto__`. */
export function namedValues<T>(of: z.ZodMiniType<T>): z.ZodMiniType<Map<string, T>> {
  return z.pipe(
    z.transform((value: unknown) => (objectOf(value) === value ? new Map(Object.entries(objectOf(value))) : value)),
    z.map(z.string(), of),
  );
}
