import type { Coverage, Fact, FactKind, LineHits, Reading } from '../../src/core/evidence/reading.ts';

/** What a file was read as, as far as a truth can speak of it. */
export type Actual =
  | { readonly outcome: 'read'; readonly format: string; readonly reading: Reading }
  | { readonly outcome: 'refused'; readonly format: string | null; readonly code: string; readonly detail: string };

type Of<K extends FactKind> = Extract<Fact, { readonly kind: K }>;

export function factsOf<K extends FactKind>(reading: Reading, kind: K): readonly Of<K>[] {
  return reading.facts.filter((fact): fact is Of<K> => fact.kind === kind);
}

/** Everything a scanner or linter lists, open or suppressed. */
export function findingsIn(reading: Reading): number {
  const security = factsOf(reading, 'security-issues').reduce((sum, fact) => sum + fact.items.length, 0);
  const code = factsOf(reading, 'code-issues').reduce(
    (sum, fact) => sum + fact.suppressed + Object.values(fact.counts).reduce((a, b) => a + b, 0),
    0,
  );
  const vex = factsOf(reading, 'vex').reduce((sum, fact) => sum + fact.statements.length, 0);
  return security + code + vex;
}

export function linesOf({ instrumented, covered }: LineHits): {
  readonly covered: number[];
  readonly missed: number[];
} {
  const lines = { covered: [] as number[], missed: [] as number[] };
  instrumented.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1) {
      if (!(byte & (1 << bit))) continue;
      ((covered[index] ?? 0) & (1 << bit) ? lines.covered : lines.missed).push(index * 8 + bit);
    }
  });
  return lines;
}

/** Files of which any line ran, and files with lines of which none did. */
export function filesOf(coverage: Coverage): { readonly covered: number; readonly missed: number } {
  const known = coverage.files.filter((file) => (file.lines?.whole ?? 0) > 0);
  const covered = known.filter((file) => file.lines!.part > 0).length;
  return { covered, missed: known.length - covered };
}
