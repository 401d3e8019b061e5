import type { EvidenceRecord } from '../evidence/evidence.ts';
import type { Count, Fact, FactKind } from '../evidence/reading.ts';
import type { MetricId } from './metrics.ts';
import type { Signal } from './signal.ts';

/** One fact of a measured report together with the report's path. */
export interface Sourced<F extends Fact> {
  readonly source: string;
  readonly format: string;
  readonly tool: string;
  readonly fact: F;
}

/** The facts of the evidence that counts. */
export function factsOf(evidence: readonly EvidenceRecord[]): readonly Sourced<Fact>[] {
  return evidence
    .filter((record) => record.state === 'measured')
    .flatMap((record) =>
      (record.reading?.facts ?? []).map((fact) => ({
        source: record.path,
        format: record.format ?? '',
        tool: record.reading?.producer.name ?? '',
        fact,
      })),
    );
}

export function ofKind<K extends FactKind>(
  facts: readonly Sourced<Fact>[],
  kind: K,
): readonly Sourced<Extract<Fact, { kind: K }>>[] {
  return facts.filter((entry): entry is Sourced<Extract<Fact, { kind: K }>> => entry.fact.kind === kind);
}

/** Makes signals that share their sources and are counts or plain values. */
export function signalsBy(sources: readonly string[], basis: string): (metric: MetricId, value: number) => Signal {
  return (metric, value) => ({ metric, value, exact: null, bound: 'exact', sources, basis });
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
