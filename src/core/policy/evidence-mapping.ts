import { isMappable, metricIds, type MetricId } from '../signal/metrics.ts';

export const mappedTypes = ['json', 'xml', 'csv'] as const;
export type MappedType = (typeof mappedTypes)[number];

/** How many values become one. `only`: there must be exactly one. Percentiles are by nearest rank: a value that was found. */
export const aggregates = [
  'only',
  'sum',
  'min',
  'max',
  'mean',
  'first',
  'last',
  'count',
  'p50',
  'p90',
  'p95',
  'p99',
] as const;
export type Aggregate = (typeof aggregates)[number];

/** How the config lets a report be read that no reader knows: which values stand where, and which metrics they are. */
export interface EvidenceMapping {
  readonly name: string;
  readonly type: MappedType;
  /** Globs relative to the project. Each of them is expected to match. */
  readonly files: readonly string[];
  /** Tool that writes the report; null: the mapping stands for it. */
  readonly producer: string | null;
  readonly metrics: readonly MappedMetric[];
}

export interface MappedMetric {
  readonly metric: MetricId;
  /** A JSONPath, an XPath or the name of a column, by the type of the mapping. */
  readonly at: string;
  /** Rows that count: those with these texts in these columns. */
  readonly where: readonly { readonly column: string; readonly value: string }[];
  readonly aggregate: Aggregate;
  /** Unit of the values in the file. */
  readonly unit: string;
  /** What has to be there for a count of nothing to be 0; null: nothing found is nothing measured. */
  readonly zeroIf: string | null;
}

/** What reading one metric by a mapping came to. */
export interface MappedOutcome {
  readonly metric: MetricId;
  /** The path or column, with the rows that count. */
  readonly at: string;
  readonly aggregate: Aggregate;
  readonly unit: string;
  readonly found: number;
  /** The first values, as they stand in the file. */
  readonly first: readonly string[];
  /** In the unit of the file; null if there is a problem. */
  readonly value: number | null;
  /** In the unit of the metric; null if there is a problem. */
  readonly converted: number | null;
  readonly problem: { readonly code: 'AQE2003' | 'AQE2005' | 'AQE2007'; readonly detail: string } | null;
}

const formatPrefix = 'mapping:';

/** Id of the format that a mapping stands for. */
export function mappingFormat(name: string): string {
  return formatPrefix + name;
}

/** The metrics that evidence of a format is about, if the format is a mapping; null if it is none. */
export function mappedMetrics(mappings: readonly EvidenceMapping[], format: string | null): readonly MetricId[] | null {
  const mapping = mappings.find(({ name }) => mappingFormat(name) === format);
  return mapping ? [...new Set(mapping.metrics.map(({ metric }) => metric))] : null;
}

/** Metrics that a mapping can give. */
export const mappableMetrics: readonly MetricId[] = metricIds.filter(isMappable);
