import fc from 'fast-check';
import { expect, test } from 'vitest';
import { change, record, runs, unusable } from '../../../test/support/arbitraries.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import { noSeverities, type Fact, type LoadRun, type SecurityIssues, type TestRun } from '../evidence/reading.ts';
import { defaultGradeBands } from './code-signals.ts';
import { metricIds, metricOf } from './metrics.ts';
import type { SignalSet } from './signal.ts';
import { signalsFrom, type SignalInput } from './signals-from.ts';

function signalsOf(evidence: readonly EvidenceRecord[], of: Partial<SignalInput> = {}): SignalSet {
  return signalsFrom({
    evidence,
    change: null,
    changedLines: null,
    attested: [],
    gradeBands: defaultGradeBands,
    ...of,
  });
}

const testsOf = (counts: Partial<TestRun>): TestRun => {
  const all = { passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0, durationSeconds: null, cases: [], ...counts };
  return { kind: 'tests', ...all, total: all.passed + all.failed + all.errored + all.skipped };
};
const loadOf = (of: Partial<LoadRun>): LoadRun => ({
  kind: 'load',
  requests: 1000,
  failed: 0,
  durationSeconds: 10,
  throughput: 100,
  latencyMs: { 95: 300 },
  thresholds: [],
  ...of,
});
const security = (...all: readonly ('high' | 'unknown' | 'critical' | 'info')[]): SecurityIssues => ({
  kind: 'security-issues',
  scope: 'dependencies',
  scanned: null,
  items: all.map((severity, index) => ({ ids: [`CVE-${index}`], severity, cvss: null, title: '', component: 'c' })),
});

test('without evidence every metric is missing and says what would answer it', () => {
  const set = signalsOf([]);

  for (const metric of metricIds) expect(set[metric].state).toBe('missing');
  expect(set.line_coverage).toMatchObject({
    reason: 'no evidence; a coverage report (lcov, Cobertura, JaCoCo, …) would answer it',
  });
  expect(set.mttr).toMatchObject({ reason: 'no outcome history (n = 0)' });
});

test('zero executed tests measure nothing', () => {
  const set = signalsOf([record('reports/junit.xml', [testsOf({ skipped: 12 })])]);

  for (const metric of ['failed_tests', 'executed_tests', 'test_reliability'] as const)
    expect(set[metric].state).toBe('missing');
});

test('runs add up, errors are failures and a flaky test is not reliable', () => {
  const set = signalsOf([
    record('reports/a.xml', [testsOf({ passed: 6, failed: 1, flaky: 1 })]),
    record('reports/b.xml', [testsOf({ passed: 2, errored: 1, skipped: 5 })]),
  ]);

  expect(set).toMatchObject({
    failed_tests: { signal: { value: 2, sources: ['reports/a.xml', 'reports/b.xml'] } },
    executed_tests: { signal: { value: 10 } },
    test_reliability: { signal: { exact: { part: 7, whole: 10 } } },
  });
});

test.each(['unreadable', 'missing'] as const)(
  'one %s report among good ones makes all metrics of its kind %s',
  (state) => {
    const good = record('reports/a.xml', [testsOf({ passed: 9 })]);
    const broken = unusable(record('reports/b.xml', [testsOf({ passed: 9 })]), state);

    const set = signalsOf([good, broken]);

    for (const metric of metricIds.filter((id) => metricOf(id).from === 'tests'))
      expect(set[metric]).toMatchObject({ state, sources: ['reports/b.xml'] });
  },
);

test('a report that is stale gives no value, and takes its metric from measured ones beside it', () => {
  const fresh = record('reports/a.xml', [testsOf({ passed: 9 })]);
  const old = unusable(record('reports/b.xml', [testsOf({ failed: 9 })]), 'stale');

  expect(signalsOf([old]).failed_tests.state).toBe('stale');
  expect(signalsOf([fresh]).failed_tests.state).toBe('measured');
  expect(signalsOf([fresh, old]).failed_tests.state).toBe('stale');
});

test('the same bytes under two names are one report', () => {
  const report = record('reports/a.xml', [testsOf({ passed: 3 })]);

  const set = signalsOf([report, { ...report, path: 'reports/copy.xml' }]);

  expect(set.executed_tests).toMatchObject({ signal: { value: 3, sources: ['reports/a.xml'] } });
});

test('a finding of unknown severity counts as high', () => {
  const set = signalsOf([record('reports/audit.json', [security('unknown', 'high', 'info')])]);

  expect(set).toMatchObject({
    critical_vulnerabilities: { signal: { value: 0 } },
    high_vulnerabilities: { signal: { value: 2 } },
    vulnerability_count: { signal: { value: 2 } },
    severity_score: { signal: { value: 8.9 } },
  });
});

test('a scan without findings measures zero', () => {
  const set = signalsOf([record('reports/audit.json', [security()])]);

  expect(set).toMatchObject({
    vulnerability_count: { signal: { value: 0 } },
    severity_score: { signal: { value: 0 } },
  });
});

test('a suppressed finding does not count unless another report leaves it open', () => {
  const open = security('critical');
  const suppressed = { ...open, items: open.items.map((each) => ({ ...each, suppressedBy: 'accepted' })) };
  const counted = (...facts: readonly Fact[]) =>
    signalsOf(facts.map((fact, index) => record(`reports/${index}`, [fact]))).critical_vulnerabilities;

  expect(counted(suppressed)).toMatchObject({ signal: { value: 0 } });
  expect(counted(suppressed, open)).toMatchObject({ signal: { value: 1 } });
});

test('of several load tests the worst value of each metric counts', () => {
  const set = signalsOf([
    record('load/a.json', [loadOf({ latencyMs: { 95: 300 }, throughput: 50 })]),
    record('load/b.json', [loadOf({ latencyMs: { 95: 700 }, throughput: 900, failed: 20 })]),
  ]);

  expect(set).toMatchObject({
    response_time: { signal: { value: 700, sources: ['load/a.json', 'load/b.json'] } },
    throughput: { signal: { value: 50 } },
    error_rate: { signal: { value: 2, exact: { part: 20, whole: 1000 } } },
  });
});

test('a higher percentile stands in for p95 as an upper bound, a lower one does not', () => {
  const bound = (latencyMs: LoadRun['latencyMs']) =>
    signalsOf([record('load/a.json', [loadOf({ latencyMs })])]).response_time;

  expect(bound({ 50: 10, 97.5: 400, 99: 900 })).toMatchObject({ signal: { value: 400, bound: 'at-most' } });
  expect(bound({ 95: 300, 99: 900 })).toMatchObject({ signal: { value: 300, bound: 'exact' } });
  expect(bound({ 50: 10, 90: 200 }).state).toBe('missing');
});

test('a load test without a request measures nothing', () => {
  const set = signalsOf([record('load/a.json', [loadOf({ requests: 0 })])]);

  expect([set.throughput.state, set.error_rate.state, set.response_time.state]).toEqual([
    'missing',
    'missing',
    'missing',
  ]);
});

test.each([NaN, Infinity])('a tool that states %s states nothing', (value) => {
  const set = signalsOf([record('sonar.json', [{ kind: 'measure', metric: 'complexity', value }])]);

  expect(set.complexity.state).toBe('missing');
});

test('without valid mutants there is no mutation score', () => {
  const run = { kind: 'mutation', killed: 0, timedOut: 0, survived: 0, noCoverage: 0, excluded: 7 } as const;

  expect(signalsOf([record('mutation.json', [run])]).mutation_score.state).toBe('missing');
});

test('a grade needs the lines of the project', () => {
  const issues = { kind: 'code-issues', counts: noSeverities, suppressed: 0, filesChecked: null, items: [] } as const;
  const [released] = fc.sample(change, 1);

  const alone = signalsOf([record('eslint.json', [issues])]);
  const graded = signalsOf([record('eslint.json', [issues])], { change: { ...released!, projectLines: 100 } });

  expect(alone.maintainability.state).toBe('missing');
  expect(graded.maintainability).toMatchObject({ signal: { value: 1, sources: ['eslint.json', 'git'] } });
});

test('a change measures size, modules, share and dependencies, and the changelog only where there is one', () => {
  fc.assert(
    fc.property(change, (released) => {
      const set = signalsOf([], { change: released });

      expect(set).toMatchObject({
        change_size: { signal: { value: released.linesAdded + released.linesDeleted } },
        affected_modules: { signal: { value: released.modules.touched.length } },
        blast_radius: { signal: { exact: { part: released.modules.touched.length, whole: 8 } } },
        dependency_impact: { signal: { value: released.dependencyLines } },
      });
      expect(set.changelog_updated.state).toBe(released.changelogUpdated === null ? 'missing' : 'measured');
    }),
    runs,
  );
});
