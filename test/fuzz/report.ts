import type { Failure, RunResult } from './run.ts';

/** All that it takes to see a failure again. */
export function describeFailure({ reader, fixture, mutation, seed, number, bytes, problem }: Failure): string {
  return [
    `${reader}: ${problem}`,
    `  fixture ${fixture}, ${mutation}, seed ${seed}, input ${number}, ${bytes} bytes`,
    `  again: npm run fuzz -- --reader ${reader} --seed ${seed} --only ${number}   (keep it: --write FILE)`,
  ].join('\n');
}

export interface Totals {
  readonly inputs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: number;
  readonly seconds: number;
}

export function sumOf(results: readonly RunResult[]): Totals {
  const outcomes: Record<string, number> = {};
  for (const result of results)
    for (const [outcome, count] of Object.entries(result.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
  const sum = (of: (result: RunResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return {
    inputs: sum(({ inputs }) => inputs),
    outcomes,
    failures: sum(({ failures }) => failures.length),
    seconds: sum(({ seconds }) => seconds),
  };
}

/** Totals in one line. */
export function summary({ inputs, outcomes, failures, seconds }: Totals): string {
  const { read = 0, ...refused } = outcomes;
  const codes = Object.entries(refused)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, count]) => `${code} ${count}`);
  return `fuzz: ${inputs} inputs, ${read} readings, refused: ${codes.join(', ') || 'none'}; ${failures} problems; ${seconds.toFixed(1)} s in readers`;
}
