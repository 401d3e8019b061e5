import type { Count, Fact } from '../evidence/reading.ts';
import type { MetricId } from './metrics.ts';
import type { Signal } from './signal.ts';

/** One fact of a measured report together with the report's path. */
export interface Sourced<F extends Fact> {
  readonly source: string;
  readonly format: string;
  readonly tool: string;
  readonly fact: F;
}

export function ratioSignal(metric: MetricId, count: Count, sources: readonly string[], basis: string): Signal {
  return { metric, value: (100 * count.part) / count.whole, exact: count, bound: 'exact', sources, basis };
}

/** Names the first of several things and counts the rest. */
export function listed(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} (+${names.length - 1} more)` : (names[0] ?? '');
}

export function sourcesOf(entries: readonly { readonly source: string }[]): readonly string[] {
  return [...new Set(entries.map(({ source }) => source))].sort();
}
