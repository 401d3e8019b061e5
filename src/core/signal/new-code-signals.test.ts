import { describe, expect, test } from 'vitest';
import { record, unusable } from '../../../test/support/arbitraries.ts';
import {
  change,
  changed,
  coverageReport,
  coverageWith,
  covered,
  exactOf,
  fileOf,
  issue,
  lint,
  lintReport,
  missed,
  signals,
  valueOf,
} from '../../../test/support/new-code.ts';
import { coverageOfFiles } from '../evidence/line-hits.ts';
import type { Coverage } from '../evidence/reading.ts';
import { defaultGradeBands } from './code-signals.ts';
import { asksForNewCode } from './new-code.ts';
import type { SignalSet } from './signal.ts';
import { signalsFrom } from './signals-from.ts';

describe('line coverage of new code', () => {
  test('counts the instrumented lines among the new ones', () => {
    const report = coverageReport('lcov.info', [
      fileOf('src/a.ts', { ...covered(1, 2, 3), ...missed(4, 5) }),
      fileOf('src/b.ts', missed(1, 2, 3)),
    ]);

    const result = coverageWith(changed({ 'src/a.ts': [2, 3, 4, 9] }), report);

    expect(result).toEqual({
      metric: 'new_line_coverage',
      state: 'measured',
      signal: {
        metric: 'new_line_coverage',
        value: 200 / 3,
        exact: { part: 2, whole: 3 },
        bound: 'exact',
        sources: ['git', 'lcov.info'],
        basis: '2 of 3 new lines since v1.0.0',
      },
    });
  });

  test('in a first release every line is new', () => {
    const report = coverageReport('lcov.info', [fileOf('src/a.ts', { ...covered(1), ...missed(2) })]);

    const result = coverageWith(changed({ 'src/a.ts': [1, 2] }, { since: null }), report);

    expect(result).toMatchObject({
      signal: {
        exact: { part: 1, whole: 2 },
        basis: '1 of 2 new lines in a first release, where everything is new',
      },
    });
  });

  test('reports of one format are joined line by line, and of others the lowest counts', () => {
    const lines = changed({ 'src/a.ts': [1, 2, 3, 4] });
    const unit = coverageReport('coverage/unit.info', [fileOf('src/a.ts', { ...covered(1), ...missed(2, 3, 4) })]);
    const e2e = coverageReport('coverage/e2e.info', [fileOf('/ci/src/a.ts', { ...covered(2), ...missed(1, 3, 4) })]);
    const other = coverageReport('cobertura.xml', [fileOf('src/a.ts', missed(1))], 'cobertura');
    const elsewhere = coverageReport('jacoco.xml', [fileOf('src/a.ts', missed(50))], 'jacoco');

    expect(exactOf(coverageWith(lines, unit, e2e))).toEqual({ part: 2, whole: 4 });
    expect(coverageWith(lines, unit, e2e, other, elsewhere)).toMatchObject({
      signal: {
        exact: { part: 0, whole: 1 },
        sources: ['cobertura.xml', 'git'],
        basis: '0 of 1 new lines since v1.0.0, lowest of 2 reports that are not joined',
      },
    });
  });

  test('changed source files in no report are not counted, and the basis says so', () => {
    const lines = changed({ 'src/a.ts': [1], 'src/b.ts': [1], 'lib/c.ts': [1], 'README.md': [1] });

    const result = coverageWith(lines, coverageReport('lcov.info', [fileOf('src/a.ts', covered(1))]));

    expect(result).toMatchObject({
      signal: {
        exact: { part: 1, whole: 1 },
        basis: '1 of 1 new lines since v1.0.0; 2 changed source files in no coverage report',
      },
    });
  });

  test('where no new line is instrumented nothing was measured', () => {
    const report = coverageReport('lcov.info', [fileOf('src/a.ts', covered(1, 2))]);

    const result = coverageWith(changed({ 'src/a.ts': [7], 'src/b.ts': [1] }), report);

    expect(result).toMatchObject({
      state: 'missing',
      reason: 'no new line is instrumented: 1 of 2 changed source files in no coverage report with lines',
      sources: ['lcov.info'],
    });
  });

  test('reports with totals only say nothing of new lines', () => {
    const totals: Coverage = { ...coverageOfFiles('v8', []), lines: { part: 99, whole: 100 } };

    const result = coverageWith(changed({ 'src/a.ts': [1] }), record('summary.json', [totals]));

    expect(result).toMatchObject({ state: 'missing', reason: expect.stringContaining('1 of 1 changed source file') });
  });

  test('new comments in files that reports list need no test', () => {
    const report = coverageReport('lcov.info', [fileOf('src/a.ts', covered(1, 2))]);

    const result = coverageWith(changed({ 'src/a.ts': [7] }), report);

    expect(result).toMatchObject({ state: 'not-applicable', reason: 'no new line can be executed, by lcov.info' });
  });

  test('a release without new source code has none, with a report and without', () => {
    const lines = changed({ 'README.md': [1, 2] });
    const expected = { state: 'not-applicable', reason: 'no line of source code is new since v1.0.0' };

    expect(coverageWith(lines)).toMatchObject(expected);
    expect(coverageWith(lines, coverageReport('lcov.info', [fileOf('src/a.ts', missed(1))]))).toMatchObject(expected);
  });

  test('a path that could be several files is none of them', () => {
    const lines = changed({ 'src/index.ts': [1], 'lib/index.ts': [1] });

    const result = coverageWith(lines, coverageReport('lcov.info', [fileOf('index.ts', covered(1))]));

    expect(result).toMatchObject({ state: 'missing', reason: expect.stringContaining('2 of 2 changed source files') });
  });

  test.each(['stale', 'unreadable', 'missing'] as const)('a report that is %s takes the metric with it', (state) => {
    const good = coverageReport('a.info', [fileOf('src/a.ts', covered(1))]);
    const bad = unusable(coverageReport('b.info', [fileOf('src/a.ts', covered(1))]), state);

    expect(coverageWith(changed({ 'src/a.ts': [1] }), good, bad).state).toBe(state);
    expect(coverageWith(changed({ 'README.md': [1] }), bad).state).toBe(state);
  });
});

describe('findings in new code', () => {
  const lines = changed({ 'src/a.ts': [3, 4], 'src/index.ts': [1], 'lib/index.ts': [9] });
  const both = (set: SignalSet) => [valueOf(set.new_critical_issues), valueOf(set.new_code_smells)];

  test('are those on a new line', () => {
    const report = lintReport('eslint.json', [
      issue('critical', 'src/a.ts', 3),
      issue('high', '/ci/src/a.ts', 4),
      issue('medium', 'src/a.ts', 4),
      issue('info', 'src/a.ts', 4),
      issue('critical', 'src/a.ts', 5),
      issue('critical', 'src/b.ts', 3),
      issue('critical', 'src/b.ts'),
    ]);

    const set = signals(lines, [report]);

    expect(both(set)).toEqual([2, 4]);
    expect(set.new_code_smells).toMatchObject({
      signal: {
        sources: ['eslint.json', 'git'],
        basis: '2 critical, 1 major, 1 minor findings on new lines since v1.0.0',
      },
    });
  });

  test('count where it cannot be told that they are old', () => {
    const report = lintReport('eslint.json', [
      issue('high', 'src/a.ts'),
      issue('high'),
      issue('low', 'generated/x.ts', 1),
      issue('high', 'index.ts', 9),
      issue('high', 'index.ts', 2),
    ]);

    const set = signals(lines, [report]);

    expect(both(set)).toEqual([3, 4]);
    expect(set.new_critical_issues).toMatchObject({
      signal: {
        basis:
          '3 critical, 0 major, 1 minor findings on new lines since v1.0.0; 2 listed without a known place, counted as new',
      },
    });
  });

  test('merge as those of all code do', () => {
    const one = lintReport('one.json', [issue('high', 'src/a.ts', 3)]);
    const two = lintReport('two.json', [issue('high', 'src/a.ts', 4), issue('low', 'src/a.ts', 4)]);
    const sarif = record('one.sarif', [lint([issue('high', 'src/a.ts', 3)])], { format: 'sarif' });

    expect(both(signals(lines, [one, two, sarif]))).toEqual([2, 3]);
  });

  test('are not known where a report lists fewer than it counts', () => {
    const hidden = lintReport('eslint.json', [issue('high', 'src/b.ts', 1)], { low: 400 });
    const hiddenHigh = lintReport('eslint.json', [issue('high', 'src/b.ts', 1)], { high: 1 });
    const reason = 'eslint.json has 401 findings and not all of them are at hand: others may lie on new lines';

    expect(both(signals(lines, [hidden]))).toEqual([0, 'missing']);
    expect(signals(lines, [hidden]).new_code_smells).toMatchObject({ reason, sources: ['eslint.json'] });
    expect(both(signals(lines, [hiddenHigh]))).toEqual(['missing', 'missing']);
  });

  test('are none without a report', () => {
    expect(signals(lines, []).new_critical_issues).toMatchObject({
      state: 'missing',
      reason: expect.stringContaining('no evidence; a lint report that names files and lines'),
    });
  });
});

describe('where it is not known what is new', () => {
  const evidence = [coverageReport('lcov.info', [fileOf('src/a.ts', covered(1))]), lintReport('eslint.json', [])];
  const reasons = (set: SignalSet) =>
    [set.new_line_coverage, set.new_critical_issues, set.new_code_smells].map((result) =>
      result.state === 'missing' ? result.reason : result.state,
    );

  test.each([
    ['nobody asked', change, null, 'no criterion of the policy is on new code, so nobody looked which code is new'],
    ['outside a repository', null, null, 'outside a git repository nothing says which code is new'],
    [
      'the clone is shallow',
      { ...change, baseline: null, historyComplete: false },
      null,
      'the clone is shallow and holds no earlier release: fetch the history (git fetch --tags --unshallow)',
    ],
    [
      'the change is too large',
      change,
      changed({ 'src/a.ts': [1] }, { complete: false }),
      'the release changes more separate places than are kept: not every new line is known',
    ],
  ])('because %s, the metrics say why', (_, of, lines, reason) => {
    const set = signalsFrom({
      evidence,
      change: of,
      changedLines: lines,
      attested: [],
      gradeBands: defaultGradeBands,
    });

    expect(reasons(set)).toEqual([reason, reason, reason]);
  });

  test('a mapping can still state the metric', () => {
    const measure = { kind: 'measure', metric: 'new_line_coverage', value: 71 } as const;
    const mapped = { at: '$.new', aggregate: 'only', unit: '%', found: 1, value: 71 };
    const file = record('sonar.json', [{ ...measure, mapped }], { metrics: ['new_line_coverage'] });

    expect(valueOf(signals(null, [file]).new_line_coverage)).toBe(71);
  });
});

test('only a criterion on new code asks for it', () => {
  const gate = (on?: 'new-code') => ({ criteria: [{ key: 'min_line_coverage', ...(on ? { on } : {}) }] });

  expect([[], [gate()], [gate(), gate('new-code')]].map(asksForNewCode)).toEqual([false, false, true]);
});
