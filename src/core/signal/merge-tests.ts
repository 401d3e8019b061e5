import type { TestRun } from '../evidence/reading.ts';

/** Adds runs up: different files hold different tests. */
export function mergeTests(runs: readonly TestRun[]): TestRun {
  const durations = runs.map((run) => run.durationSeconds).filter((value) => value !== null);
  const sum = (key: 'total' | 'passed' | 'failed' | 'errored' | 'skipped' | 'flaky'): number =>
    runs.reduce((total, run) => total + run[key], 0);
  return {
    kind: 'tests',
    total: sum('total'),
    passed: sum('passed'),
    failed: sum('failed'),
    errored: sum('errored'),
    skipped: sum('skipped'),
    flaky: sum('flaky'),
    durationSeconds: durations.length > 0 ? durations.reduce((a, b) => a + b, 0) : null,
    cases: runs.flatMap((run) => run.cases),
  };
}
