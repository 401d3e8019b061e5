import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultPolicy, inputOf, record } from '../../../test/support/arbitraries.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import { noSeverities, type Coverage, type Fact, type TestRun } from '../evidence/reading.ts';
import { meets } from '../gate/evaluate-gate.ts';
import { ratioSignal } from '../signal/sourced.ts';
import { evaluate } from './evaluate.ts';
import { linesToCover, remediate, type Remediation } from './remediate.ts';

const noRates = { uncoveredLine: null, vulnerability: null, codeIssue: null, failedTest: null };
const rates = { uncoveredLine: 2, vulnerability: 60, codeIssue: 15, failedTest: 45 };

function remedyFor(evidence: readonly EvidenceRecord[], of = noRates as typeof rates | typeof noRates): Remediation {
  return remediate(evaluate(inputOf(evidence)), evidence, of);
}

const count = (part: number, whole: number) => ({ part, whole });
const coverage: Coverage = {
  kind: 'coverage',
  engine: 'v8',
  lines: count(80, 100),
  branches: count(90, 100),
  functions: null,
  statements: null,
  files: [
    { path: 'src/a.ts', lines: count(39, 40), branches: null, functions: null },
    { path: 'src/b.ts', lines: count(41, 60), branches: count(90, 100), functions: null },
    { path: 'src/c.ts', lines: count(9, 9), branches: null, functions: null },
  ],
};
const tests: TestRun = {
  kind: 'tests',
  total: 3,
  passed: 1,
  failed: 2,
  errored: 0,
  skipped: 0,
  flaky: 0,
  durationSeconds: null,
  cases: [
    { name: 'adds', outcome: 'failed' },
    { name: 'wobbles', outcome: 'flaky' },
  ],
};
const audit: Fact = {
  kind: 'security-issues',
  scope: 'dependencies',
  scanned: null,
  items: [
    {
      ids: ['CVE-2026-1'],
      severity: 'unknown',
      cvss: null,
      title: 'Bad',
      component: 'axios',
      componentVersion: '1.0.0',
      fixedIn: '1.0.1',
    },
  ],
};
const lint: Fact = {
  kind: 'code-issues',
  counts: { ...noSeverities, high: 1 },
  suppressed: 0,
  filesChecked: null,
  items: [{ rule: 'no-eval', severity: 'high', message: 'No eval', path: 'src/a.ts', line: 3 }],
};
const all = [coverage, tests, audit, lint].map((fact, index) => record(`reports/${index}`, [fact]));

test('lines to cover are the fewest that meet the threshold', () => {
  const percent = fc.nat(1000).map((tenths) => tenths / 10);
  const counts = fc.integer({ min: 1, max: 100_000 }).chain((whole) => fc.tuple(fc.nat(whole), fc.constant(whole)));
  fc.assert(
    fc.property(counts, percent, ([part, whole], threshold) => {
      const met = (more: number): boolean =>
        meets(ratioSignal('line_coverage', count(part + more, whole), [], ''), '>=', threshold);

      const more = linesToCover(count(part, whole), threshold)!;

      expect(met(more)).toBe(true);
      expect(more === 0 || !met(more - 1)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('lines to cover do not suffer from binary fractions', () => {
  expect([648, 647].map((part) => linesToCover(count(part, 750), 86.4))).toEqual([0, 1]);
});

test('without a count there is no number of lines', () => {
  expect(linesToCover(null, 85)).toBeNull();
});

test('work is counted from the evidence and named by its worst items', () => {
  const { phases } = remedyFor(all);

  const tasks = phases.flatMap((phase) => phase.tasks).filter((task) => task.units !== null);
  expect(tasks.map(({ units, items }) => [units, items])).toEqual([
    [{ count: 1, of: 'vulnerability' }, ['CVE-2026-1 in axios@1.0.0: Bad (fixed in 1.0.1)']],
    [{ count: 5, of: 'uncoveredLine' }, ['src/b.ts: 19 lines not covered', 'src/a.ts: 1 line not covered']],
    [{ count: 2, of: 'failedTest' }, ['adds']],
    [{ count: 1, of: 'codeIssue' }, ['src/a.ts:3 no-eval: No eval']],
  ]);
});

test('without rates no time is stated, with rates the time of a phase is units times minutes', () => {
  const testing = (remediation: Remediation) => remediation.phases.find(({ name }) => name === 'Testing');

  expect(testing(remedyFor(all))?.minutes).toBeNull();
  expect(testing(remedyFor(all, rates))).toMatchObject({
    minutes: 5 * 2 + 2 * 45,
    basis: '5 lines to cover + 2 failed tests at your configured minutes each',
  });
});

test('missing evidence is asked for first, and the last phase assesses again', () => {
  const { phases, minutes } = remedyFor([]);

  expect(phases[0]?.name).toBe('Evidence');
  expect(phases[0]?.tasks[0]?.text).toContain('has no usable evidence');
  expect(phases.at(-1)?.name).toBe('Validation');
  expect(minutes).toBeNull();
});

test('with every gate open there is nothing to do', () => {
  const evaluation = evaluate(inputOf([], { policy: { ...defaultPolicy, gates: [] } }));

  expect(remediate(evaluation, [], noRates)).toEqual({ phases: [], minutes: 0 });
});
