import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { noSeverities, type CodeIssues } from '../evidence/reading.ts';
import { codeSignals, defaultGradeBands, gradeFor } from './code-signals.ts';
import { gradeValue } from './metrics.ts';
import type { Sourced } from './sourced.ts';

function issues(
  source: string,
  format: string,
  tool: string,
  counts: Partial<CodeIssues['counts']>,
): Sourced<CodeIssues> {
  const all = { ...noSeverities, ...counts };
  return {
    source,
    format,
    tool,
    fact: { kind: 'code-issues', counts: all, suppressed: 0, filesChecked: null, items: [] },
  };
}

const valueOf = (reports: readonly Sourced<CodeIssues>[], metric: string): number | undefined =>
  codeSignals(reports, 1500, defaultGradeBands).find((signal) => signal.metric === metric)?.value;

test('critical and high findings are critical issues, and every finding is a smell', () => {
  const report = issues('a', 'eslint', 'eslint', { critical: 1, high: 2, medium: 3, low: 4, info: 5, unknown: 6 });

  expect(valueOf([report], 'critical_issues')).toBe(3);
  expect(valueOf([report], 'code_smells')).toBe(21);
});

test('2 high and 4 medium findings in 1,500 lines are grade A', () => {
  const report = issues('a', 'eslint', 'eslint', { high: 2, medium: 4, low: 500 });

  expect(valueOf([report], 'maintainability')).toBe(gradeValue('A'));
});

test('a grade starts beyond the last finding its better neighbour allows', () => {
  const grades = [5, 6, 10, 11, 20, 21, 50, 51].map((findings) => gradeFor(findings, 1000, defaultGradeBands));

  expect(grades).toEqual(['A', 'B', 'B', 'C', 'C', 'D', 'D', 'E']);
});

test('one more finding never improves the grade, and one more line never worsens it', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 100_000 }), (findings, lines) => {
      const grade = gradeValue(gradeFor(findings, lines, defaultGradeBands));

      expect(gradeValue(gradeFor(findings + 1, lines, defaultGradeBands))).toBeGreaterThanOrEqual(grade);
      expect(gradeValue(gradeFor(findings, lines + 1, defaultGradeBands))).toBeLessThanOrEqual(grade);
    }),
    runs,
  );
});

test('files of one tool add up, two formats of one tool count once with the larger number, and tools add up', () => {
  const json = [issues('a', 'eslint', 'ESLint', { high: 1 }), issues('b', 'eslint', 'ESLint', { high: 2 })];
  const sarif = issues('c', 'sarif', 'eslint', { high: 2 });
  const other = issues('d', 'sarif', 'biome', { high: 4 });

  expect(valueOf(json, 'critical_issues')).toBe(3);
  expect(valueOf([...json, sarif], 'critical_issues')).toBe(3);
  expect(valueOf([...json, sarif, other], 'critical_issues')).toBe(7);
});

test('without a report nothing is measured', () => {
  expect(codeSignals([], 1500, defaultGradeBands)).toEqual([]);
});
