import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonSession } from './shared/json.ts';
import { namedValues } from './shared/named-values.ts';
import { onFirstUse } from './shared/schema.ts';

/** Every status of the schema, and the two words of Stryker.NET from before it had `Ignored` (stryker-net PR 963). */
const placeOf = {
  Killed: 'killed',
  Timeout: 'timedOut',
  Survived: 'survived',
  NoCoverage: 'noCoverage',
  CompileError: 'excluded',
  RuntimeError: 'excluded',
  Ignored: 'excluded',
  Pending: 'excluded',
  BuildError: 'excluded',
  Skipped: 'excluded',
} as const;

const schema = onFirstUse(() => {
  const status = z.enum(Object.keys(placeOf) as (keyof typeof placeOf)[]);
  return z.object({
    // The schema demands it, but its first writers left it out, and Infection writes a number.
    schemaVersion: z.optional(
      z
        .union([z.string(), z.number()])
        .check(z.refine((version) => /^[12](\.\d+)*$/.test(String(version)), 'not version 1 or 2')),
    ),
    files: namedValues(z.object({ mutants: z.array(z.object({ status })) })),
    framework: z.nullish(z.object({ name: z.string(), version: z.nullish(z.string()) })),
  });
});

const firstFile = /"files"\s*:\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"(?:language|source|mutants)"\s*:/;
const version = /"schemaVersion"\s*:\s*"?[12]\b/;
const thresholds = /"thresholds"\s*:\s*\{\s*"(?:high|low)"\s*:/;

/** The mutation testing report schema, versions 1 and 2: StrykerJS, Stryker.NET, Stryker4s, Infection and others. */
export const stryker: SignalReader = {
  id: 'stryker',
  title: 'Stryker mutation report (mutation testing report schema)',
  gives: ['mutation'],
  names: ['mutation.json', 'mutation-report.json'],
  countingUnit:
    'One mutant, by its status; compile errors, runtime errors, ignored and pending mutants stay out of the score.',
  detects: ({ text }) => /^\s*\{/.test(text) && (firstFile.test(text) || (version.test(text) && thresholds.test(text))),
  open: (file) =>
    jsonSession(file, schema(), ({ files, framework }) => {
      const mutants = [...files.values()].flatMap((source) => source.mutants);
      const run = { killed: 0, timedOut: 0, survived: 0, noCoverage: 0, excluded: 0 };
      for (const { status } of mutants) run[placeOf[status]] += 1;
      if (run.excluded === mutants.length)
        throw new AqeError('AQE2007', `none of ${mutants.length} mutants has a result that counts`, {
          path: file.path,
        });
      const pending = mutants.filter(({ status }) => status === 'Pending').length;
      return {
        producer: { name: framework?.name ?? 'unknown', ...(framework?.version ? { version: framework.version } : {}) },
        facts: [{ kind: 'mutation', ...run }],
        notices:
          pending > 0
            ? [`${pending} of ${mutants.length} mutants are pending: the run had not ended when the report was written`]
            : [],
      };
    }),
};
