import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Count, FileCoverage } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonSession } from './shared/json.ts';
import { namedValues } from './shared/named-values.ts';
import { onFirstUse, wholeNumber } from './shared/schema.ts';

const schemas = onFirstUse(() => {
  const metric = z.optional(
    z
      .object({ total: wholeNumber, covered: wholeNumber })
      .check(z.refine(({ total, covered }) => covered <= total, 'more covered than there is in total')),
  );
  const entry = z.object({
    lines: metric,
    statements: metric,
    functions: metric,
    branches: metric,
    branchesTrue: metric,
  });
  const schema = namedValues(entry).check(z.refine((entries) => entries.has('total'), 'it has no total'));
  return { metric, entry, schema };
});
const metrics = ['lines', 'statements', 'functions', 'branches'] as const;
type Metric = z.infer<ReturnType<typeof schemas>['metric']>;
type Entry = z.infer<ReturnType<typeof schemas>['entry']>;

// The reporter writes `total` first, but a file whose keys were sorted starts with a path.
const opening =
  /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"(?:lines|statements|functions|branches|branchesTrue)"\s*:\s*\{\s*"(?:total|covered|skipped|pct)"\s*:/;

/** Istanbul's coverage-summary.json. `pct` is never read: it is rounded, and the text `Unknown` where there is nothing. */
export const istanbulSummary: SignalReader = {
  id: 'istanbul-summary',
  title: 'Istanbul coverage summary (json-summary)',
  gives: ['coverage'],
  names: ['coverage-summary.json'],
  countingUnit:
    'Lines, statements, functions and branches as the coverage tool counts them, from `total` and `covered`.',
  detects: ({ text }) => opening.test(text),
  open: (file) =>
    jsonSession(file, schemas().schema, (all) => {
      const total = all.get('total')!;
      const entries = [...all].filter(([path]) => path !== 'total');
      const facts = {
        lines: count(total.lines),
        statements: count(total.statements),
        functions: count(total.functions),
        branches: count(total.branches),
      };
      if (metrics.every((name) => facts[name] === null))
        throw new AqeError('AQE2007', 'no line, statement, function or branch is instrumented', { path: file.path });
      const files = entries.map(([path, of]): FileCoverage => ({
        path,
        lines: count(of.lines),
        branches: count(of.branches),
        functions: count(of.functions),
      }));
      return {
        producer: { name: 'istanbul-reports' },
        facts: [{ kind: 'coverage', engine: engineOf([total, ...entries.map(([, of]) => of)]), ...facts, files }],
        notices:
          entries.length === 0
            ? []
            : disagreements(
                total,
                entries.map(([, of]) => of),
              ),
      };
    }),
};

/** Null for a metric that is absent or has nothing to cover: that is not the same as nothing covered. */
function count(of: Metric): Count | null {
  return of === undefined || of.total === 0 ? null : { part: of.covered, whole: of.total };
}

// nyc, c8, Jest and Vitest write this file through one library. Only Istanbul's own instrumenter counts the truth of
// logical branches (`nyc --report-logic`); whatever else distinguishes the engines is not in the totals.
function engineOf(entries: readonly Entry[]): string {
  return entries.some((of) => of.branchesTrue !== undefined && of.branchesTrue.total > 0) ? 'istanbul' : 'unknown';
}

function disagreements(total: Entry, files: readonly Entry[]): string[] {
  return metrics.flatMap((name) => {
    const covered = files.reduce((sum, of) => sum + (of[name]?.covered ?? 0), 0);
    const whole = files.reduce((sum, of) => sum + (of[name]?.total ?? 0), 0);
    const stated = total[name];
    if (stated === undefined || (stated.covered === covered && stated.total === whole)) return [];
    return [`${name}: total says ${stated.covered} of ${stated.total}, the files add up to ${covered} of ${whole}`];
  });
}
