/** Generators of what reports say, one a kind of fact. */
import fc from 'fast-check';
import { coverageOfFiles, createHits, markLine } from '../../src/core/evidence/line-hits.ts';
import {
  noSeverities,
  severities,
  type CodeIssues,
  type CodeReview,
  type Coverage,
  type FileCoverage,
  type LoadRun,
  type Measure,
  type MutationRun,
  type SecurityIssue,
  type SecurityIssues,
  type SeverityCounts,
  type TestRun,
} from '../../src/core/evidence/reading.ts';

const rare = (max: number): fc.Arbitrary<number> => fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(max));

const testRun: fc.Arbitrary<TestRun> = fc
  .record({ passed: fc.nat(500), failed: rare(3), errored: rare(2), skipped: rare(20), flaky: rare(3) })
  .map(({ passed, failed, errored, skipped, flaky }) => ({
    kind: 'tests',
    total: passed + failed + errored + skipped,
    passed,
    failed,
    errored,
    skipped,
    flaky: Math.min(flaky, passed),
    durationSeconds: null,
    cases: [],
  }));

/** A file whose lines are listed; most of them covered. */
const fileCoverage: fc.Arbitrary<FileCoverage> = fc
  .record({
    path: fc.constantFrom('src/a.ts', 'src/b.ts', 'lib/c.ts', '/root/d.ts'),
    lines: fc.array(fc.tuple(fc.integer({ min: 1, max: 80 }), fc.nat(9)), { minLength: 1, maxLength: 40 }),
    branches: fc.option(fc.tuple(fc.nat(20), rare(3))),
  })
  .map(({ path, lines, branches }) => {
    const hits = createHits();
    for (const [line, luck] of lines) markLine(hits, line, luck > 0);
    const all = new Set(lines.map(([line]) => line));
    const covered = new Set(lines.filter(([, luck]) => luck > 0).map(([line]) => line));
    return {
      path,
      lines: { part: covered.size, whole: all.size },
      branches: branches && { part: branches[0], whole: branches[0] + branches[1] },
      functions: null,
      hits,
    };
  });

export const coverage: fc.Arbitrary<Coverage> = fc
  .tuple(
    fc.constantFrom('v8', 'istanbul'),
    fc.uniqueArray(fileCoverage, { minLength: 1, maxLength: 4, selector: ({ path }) => path }),
  )
  .map(([engine, files]) => coverageOfFiles(engine, files));

const mutationRun: fc.Arbitrary<MutationRun> = fc
  .record({ killed: fc.nat(200), timedOut: rare(5), survived: rare(50), noCoverage: rare(20), excluded: rare(5) })
  .map((counts) => ({ kind: 'mutation', ...counts }));

const counts: fc.Arbitrary<SeverityCounts> = fc
  .record(Object.fromEntries(severities.map((severity) => [severity, rare(20)])))
  .map((some) => ({ ...noSeverities, ...some }));

const codeIssues: fc.Arbitrary<CodeIssues> = counts.map((of) => ({
  kind: 'code-issues',
  counts: of,
  suppressed: 0,
  filesChecked: null,
  items: [],
}));

export const securityIssue: fc.Arbitrary<SecurityIssue> = fc
  .record(
    {
      ids: fc.uniqueArray(
        fc.constantFrom('CVE-2026-1', 'cve-2026-1', 'CVE-2026-2', 'GHSA-aaaa', 'GHSA-bbbb', 'rule-1'),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      severity: fc.constantFrom(...severities),
      cvss: fc.option(fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10)),
      title: fc.constantFrom('one', 'two'),
      component: fc.constantFrom('lodash', 'Lodash', 'axios'),
      suppressedBy: fc.constant('accepted'),
    },
    { requiredKeys: ['ids', 'severity', 'cvss', 'title'] },
  )
  .map((issue) => (issue.component === undefined ? { ...issue, path: 'src/a.ts', line: 3 } : issue));

const securityIssues: fc.Arbitrary<SecurityIssues> = fc
  .oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(securityIssue, { maxLength: 5 }))
  .map((items) => ({ kind: 'security-issues', scope: 'dependencies', items, scanned: null }));

const loadRun: fc.Arbitrary<LoadRun> = fc
  .record({
    requests: fc.nat(100_000),
    failed: rare(200),
    throughput: fc.option(fc.double({ min: 0, max: 3000, noNaN: true })),
    latencyMs: fc.constantFrom({}, { 95: 300 }, { 95: 600 }, { 97.5: 300 }, { 99: 700 }, { 50: 10 }),
  })
  .map(({ failed, ...run }) => ({
    kind: 'load',
    ...run,
    failed: Math.min(failed, run.requests),
    durationSeconds: null,
    thresholds: [],
  }));

/** Only metrics whose kind of report is a measure. */
const measure: fc.Arbitrary<Measure> = fc.record({
  kind: fc.constant('measure' as const),
  metric: fc.constantFrom(
    'complexity',
    'duplication',
    'technical_debt',
    'resource_usage',
    'compliance_status',
    'other',
  ),
  value: fc.double({ min: 0, max: 100, noNaN: true }),
});

/** Two commits that are heads, and one that is old. */
const reviewed = fc.constantFrom('a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40));
const account = fc.constantFrom('ada', 'Ada', 'grace', 'linus', 'margaret', 'edsger');

export const codeReview: fc.Arbitrary<CodeReview> = fc
  .record({
    of: fc.option(
      fc.record({
        project: fc.option(fc.constantFrom('shop/web', 'shop/api')),
        id: fc.constantFrom('#1', '#2'),
      }),
    ),
    change: fc.option(
      fc.record({
        author: account,
        contributors: fc.array(account, { maxLength: 1 }),
        head: reviewed,
      }),
    ),
    reviews: fc.option(
      fc.array(
        fc.record(
          {
            by: account,
            verdict: fc.constantFrom('approved', 'approved', 'changes-requested', 'dismissed', 'commented', 'none'),
            commit: fc.option(fc.oneof(reviewed, fc.constant(''))),
            at: fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', '2026-03-01T13:30:00+02:00'),
            bot: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
          },
          { requiredKeys: ['by', 'verdict', 'commit', 'bot'] },
        ),
        { maxLength: 6 },
      ),
    ),
  })
  .filter(({ change, reviews }) => change !== null || reviews !== null)
  .map((review) => ({ kind: 'review', ...review }));

export const facts = {
  testRun,
  coverage,
  mutationRun,
  codeIssues,
  securityIssues,
  loadRun,
  measure,
  codeReview,
} as const;
