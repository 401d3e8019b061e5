import * as z from 'zod/mini';
import { nearest } from '../core/error/nearest.ts';
import { aggregates, mappableMetrics, mappedTypes } from '../core/policy/evidence-mapping.ts';
import { metricIds, type MetricId } from '../core/signal/metrics.ts';
import { fileUnits, fileUnitsOf } from '../core/signal/units.ts';
import { countedPath } from './counted-path.ts';

const path = z.string().check(z.minLength(1), z.maxLength(500));
const described = (description: string) => z.meta({ description });

/** An enum that says of a word that it does not know which one may have been meant. */
function words(known: readonly string[], unknown: (word: string) => string | null) {
  return z.enum(known as [string, ...string[]], {
    error: ({ input }) => {
      const word = String(input);
      const guess = nearest(word, known);
      return unknown(word) ?? (guess ? `did you mean ${JSON.stringify(guess)}?` : `use one of ${known.join(', ')}`);
    },
  });
}

const metric = words(mappableMetrics, (word) =>
  metricIds.some((id) => id === word) ? 'no report can state this metric' : null,
);

const mappedMetric = z.strictObject({
  metric: metric.check(described('What the value is.')),
  path: z
    .optional(path)
    .check(
      described(
        'Where the values stand: a JSONPath (RFC 9535, without `match` and `search`), or an XPath that only goes down.',
      ),
    ),
  column: z.optional(path).check(described('The column that the values stand in (CSV).')),
  where: z
    .optional(z.record(path, z.union([z.string(), z.number(), z.boolean()])))
    .check(described('The rows that count: texts by column (CSV).')),
  aggregate: z
    .optional(words(aggregates, () => null))
    .check(described('How several values become one. `only`, the default: there must be exactly one.')),
  unit: z
    .optional(words(fileUnits, () => null))
    .check(described('Unit of the values in the file. May be left out where the metric has only one.')),
  zero_if: z.optional(path).check(described('Path or column that has to be there for a `count` of nothing to be 0.')),
});

/** Reports that no reader knows, by the name of the mapping. */
export const mappingSchema = z
  .strictObject({
    type: z.enum(mappedTypes),
    files: z
      .union([path, z.array(path).check(z.minLength(1))])
      .check(described('Globs of the reports. Each of them has to match: none is missing evidence.')),
    producer: z.optional(path).check(described('Tool that writes the report; the name of the mapping if absent.')),
    metrics: z.array(mappedMetric).check(z.minLength(1)),
  })
  .check(
    z.superRefine(({ type, metrics }, context) => {
      metrics.forEach((each, index) => {
        for (const { key, message } of problemsOf(type, each))
          context.addIssue({ code: 'custom', path: ['metrics', index, key], message });
      });
    }),
  );

export type MappingConfig = z.infer<typeof mappingSchema>;
type MetricConfig = MappingConfig['metrics'][number];

function problemsOf(type: string, each: MetricConfig): readonly { key: keyof MetricConfig; message: string }[] {
  const [wanted, other] = type === 'csv' ? (['column', 'path'] as const) : (['path', 'column'] as const);
  const counted = type === 'xml' ? countedPath(each.path ?? '') !== null : false;
  const counts = counted || each.aggregate === 'count';
  const units = fileUnitsOf(each.metric as MetricId);
  const all: readonly (readonly [boolean, keyof MetricConfig, string])[] = [
    [each[wanted] === undefined, wanted, `a metric of type ${type} needs a ${wanted}`],
    [each[other] !== undefined, other, `type ${type} has no ${other}: use ${wanted}`],
    [
      each.where !== undefined && type !== 'csv',
      'where',
      `type ${type} has no where: write the condition into the path`,
    ],
    [
      counted && ![undefined, 'count'].includes(each.aggregate),
      'aggregate',
      'count(…) in the path is an aggregate itself',
    ],
    [each.zero_if !== undefined && !counts, 'zero_if', 'it stands beside `aggregate: count` only'],
    [
      counts && !units.includes('count'),
      'aggregate',
      `a count is no value of ${each.metric}, which is in ${units.join(' or ')}`,
    ],
    [
      each.unit === undefined ? units.length > 1 : !units.includes(each.unit),
      'unit',
      `${each.unit === undefined ? 'say which unit the file has' : `${each.metric} is read in one of`}: ${units.join(', ')}`,
    ],
  ];
  return all.filter(([isProblem]) => isProblem).map(([, key, message]) => ({ key, message }));
}
