import { severities, type Severity } from '../../../core/evidence/reading.ts';

/** A copy, worst severity first, otherwise in the order of the report. */
export function worstFirst<T extends { readonly severity: Severity }>(items: readonly T[]): readonly T[] {
  return severities.flatMap((severity) => items.filter((item) => item.severity === severity));
}
