import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absent,
  defaultPolicy,
  goodSignals,
  measured,
  record,
  runs,
  signals,
  unusable,
} from '../../../test/support/arbitraries.ts';
import type { EvidenceRecord, TestStage } from '../evidence/evidence.ts';
import type { TestRun } from '../evidence/reading.ts';
import { metricIds, type MetricId } from '../signal/metrics.ts';
import type { MetricResult } from '../signal/signal.ts';
import {
  attestable,
  checklistGlobs,
  evaluateChecklist,
  type Attestation,
  type Checklist,
  type ChecklistInput,
  type ItemResult,
} from './evaluate-checklist.ts';
import { checklistItems } from './items.ts';

function checklistOf(changes: Partial<ChecklistInput> = {}): Checklist {
  const input = { evidence: [], gates: defaultPolicy.gates, attestations: [], files: {}, level: 'full' as const };
  return evaluateChecklist({ ...input, signals: goodSignals(), ...changes });
}

function itemOf(id: string, changes: Partial<ChecklistInput> = {}): ItemResult {
  return checklistOf(changes).items.find((item) => item.id === id)!;
}

const withSignals = (changes: Partial<Record<MetricId, number | MetricResult>>): Partial<ChecklistInput> => ({
  signals: goodSignals(changes),
});
const attest = (item: string, by = 'Ada'): Attestation => ({
  item,
  by,
  identity: 'ada@host',
  note: 'seen',
  createdAt: '2026-03-01T10:00:00Z',
});
const noFiles = Object.fromEntries(checklistGlobs.map((glob) => [glob, []]));

function testReport(stage: TestStage, of: Partial<TestRun>): EvidenceRecord {
  const run = { passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0, durationSeconds: null, cases: [], ...of };
  const total = run.passed + run.failed + run.errored + run.skipped;
  return record(`reports/${stage}.xml`, [{ kind: 'tests', ...run, total }], { stage });
}

const byTool = (name: string): EvidenceRecord => {
  const report = record(`reports/${name}`, []);
  return { ...report, reading: { producer: { name }, facts: [], notices: [] } };
};

test('items that signals answer pass when all criteria are met, and name the limits of the gates', () => {
  expect(itemOf('no-severe-vulnerabilities')).toMatchObject({
    status: 'passed',
    details: 'Critical vulnerabilities: 0 (max 0); High vulnerabilities: 0 (max 0)',
  });
});

test('one criterion that is not met fails an item, even where another is not known', () => {
  const changes = { critical_vulnerabilities: absent('critical_vulnerabilities'), high_vulnerabilities: 1 };

  expect(itemOf('no-severe-vulnerabilities', withSignals(changes)).status).toBe('failed');
});

test('one criterion that is not known leaves an item unknown', () => {
  expect(itemOf('unit-coverage', withSignals({ branch_coverage: absent('branch_coverage', 'stale') })).status).toBe(
    'unknown',
  );
});

test('a value just within its limit is a warning, and one well within passes', () => {
  const statuses = [84.9, 85, 85.8, 85.9].map(
    (line_coverage) => itemOf('unit-coverage', withSignals({ line_coverage })).status,
  );

  expect(statuses).toEqual(['failed', 'warning', 'warning', 'passed']);
});

test('an upper bound beyond the limit is unknown and one within it passes', () => {
  const status = (value: number) =>
    itemOf('performance', withSignals({ response_time: measured('response_time', value, 'at-most') })).status;

  expect([status(600), status(300)]).toEqual(['unknown', 'passed']);
});

test.each([NaN, Infinity, -Infinity])('%s never passes', (value) => {
  expect(itemOf('unit-tests', withSignals({ failed_tests: value })).status).not.toBe('passed');
});

test('limits come from the gates where they set them, and else from the catalog', () => {
  const changes = withSignals({ line_coverage: 80 });
  const gates = [{ ...defaultPolicy.gates[0]!, criteria: [{ key: 'min_line_coverage', threshold: 70 } as const] }];

  expect(itemOf('unit-coverage', { ...changes, gates }).status).toBe('passed');
  expect(itemOf('unit-coverage', { ...changes, gates: [] }).status).toBe('failed');
});

test.each([
  [{ passed: 9 }, 'passed', '9/9 tests passed'],
  [{ passed: 9, skipped: 2 }, 'passed', '9/9 tests passed, 2 skipped'],
  [{ passed: 9, flaky: 1 }, 'warning', '9/9 tests passed, 1 flaky'],
  [{ passed: 9, flaky: 1, errored: 1 }, 'failed', '9/10 tests passed, 1 flaky'],
  [{ skipped: 9 }, 'unknown', 'no test was executed'],
])('integration tests of %j: %s', (run, status, details) => {
  const item = itemOf('integration-tests', { evidence: [testReport('integration', run)] });

  expect(item).toMatchObject({ status, details, validatedBy: 'reports/integration.xml' });
});

test('tests of another stage do not answer for a stage', () => {
  expect(itemOf('integration-tests', { evidence: [testReport('unit', { passed: 9 })] }).status).toBe('unknown');
});

test.each(['stale', 'unreadable', 'missing'] as const)('one %s report leaves its stage unknown', (state) => {
  const good = testReport('e2e', { passed: 9 });
  const broken = unusable({ ...good, path: 'reports/e2e-2.xml' }, state);

  expect(itemOf('smoke-tests', { evidence: [good, broken] })).toMatchObject({
    status: 'unknown',
    validatedBy: 'reports/e2e-2.xml',
  });
});

test('an item of a tool needs a report of one of its tools', () => {
  const status = (evidence: readonly EvidenceRecord[], vulnerability_count = 0) =>
    itemOf('dependency-audit', { evidence, ...withSignals({ vulnerability_count }) }).status;

  expect([status([]), status([byTool('semgrep')]), status([byTool('Trivy')]), status([byTool('Trivy')], 1)]).toEqual([
    'unknown',
    'unknown',
    'passed',
    'failed',
  ]);
});

test('a file that exists answers an item, and one that does not leaves it unknown', () => {
  const files = { ...noFiles, 'docs/*rollback*': ['docs/rollback.md'] };

  expect(itemOf('rollback-plan', { files })).toMatchObject({ status: 'passed', details: 'docs/rollback.md' });
  expect(itemOf('rollback-plan', { files: noFiles }).status).toBe('unknown');
});

test('an item does not apply where the repository has nothing it is about, and only if that was looked for', () => {
  expect(itemOf('migrations-tested', { files: noFiles }).status).toBe('not-applicable');
  expect(itemOf('migrations-tested', { files: {} }).status).toBe('unknown');
});

test("a person's word answers every item that may be attested and that no evidence answers, and no other", () => {
  const nothing = Object.fromEntries(metricIds.map((metric) => [metric, absent(metric)]));
  for (const item of checklistItems) {
    const { status, validatedBy } = itemOf(item.id, {
      ...withSignals(nothing),
      attestations: [attest(item.id, 'Ada'), attest(item.id, 'Grace')],
    });

    const told = validatedBy === 'Grace (attested, identity not verified: ada@host)';
    expect([item.id, told]).toEqual([item.id, attestable(item)]);
    if (told) expect(status).toBe('passed');
  }
});

test('the review is answered by approvals, and says who gave them', () => {
  const signal = { value: 3, exact: null, bound: 'exact', sources: ['pr.json'], basis: '#7 approved by ada' } as const;
  const approvals = (value: number): Partial<ChecklistInput> =>
    withSignals({
      review_approvals: {
        metric: 'review_approvals',
        state: 'measured',
        signal: { ...signal, metric: 'review_approvals', value },
      },
    });

  expect(itemOf('code-review', approvals(2))).toMatchObject({
    status: 'passed',
    validatedBy: 'pr.json',
    details: 'Approvals of other engineers: 2 (min 2); #7 approved by ada',
  });
  expect(itemOf('code-review', approvals(1)).status).toBe('failed');
});

test('without a report on reviews a person may answer for them, and with any report nobody may', () => {
  const attestations = [attest('code-review')];
  const answered = (changes: Partial<MetricResult>): readonly string[] => {
    const review_approvals = { ...absent('review_approvals'), ...changes } as MetricResult;
    const { status, validatedBy } = itemOf('code-review', { ...withSignals({ review_approvals }), attestations });
    return [status, validatedBy];
  };
  const unattested = itemOf('code-review', withSignals({ review_approvals: absent('review_approvals') }));

  expect(unattested).toMatchObject({ status: 'unknown', details: 'no evidence; attest it if you know' });
  expect(unattested.validatedBy).toContain('a saved pull request');
  expect(answered({})).toEqual(['passed', 'Ada (attested, identity not verified: ada@host)']);
  for (const state of ['stale', 'unreadable', 'missing'] as const)
    expect(answered({ state, sources: ['pr.json'] })).toEqual(['unknown', 'evidence']);
});

test('no word makes failed evidence pass', () => {
  const attestations = [attest('unit-tests'), attest('no-severe-vulnerabilities')];

  const checklist = checklistOf({ ...withSignals({ failed_tests: 1, high_vulnerabilities: 1 }), attestations });

  expect(checklist.blockers.map((text) => text.split(':')[0])).toEqual([
    'All tests passing',
    'No high or critical vulnerabilities',
  ]);
});

test('the essential level holds the essential items and no others', () => {
  const ids = checklistOf({ level: 'essential' }).items.map(({ id }) => id);

  expect(ids).toEqual(checklistItems.filter(({ essential }) => essential).map(({ id }) => id));
  expect(ids.length).toBeLessThan(checklistItems.length);
});

test('status, score and lists follow from the items, and without an answer there is no score', () => {
  const loose = fc.record({
    level: fc.constantFrom('full' as const, 'essential' as const),
    attestations: fc.subarray(checklistItems.map(({ id }) => attest(id))),
    files: fc.constantFrom({}, noFiles),
  });
  fc.assert(
    fc.property(signals, loose, (set, changes) => {
      const { items, overallStatus, readinessScore, blockers, warnings, unknown } = checklistOf({
        signals: set,
        ...changes,
      });

      const having = (status: string) => items.filter((item) => item.status === status).length;
      const applicable = items.length - having('not-applicable');
      const percent = Math.floor(((having('passed') + having('warning') / 2) * 100) / applicable);
      const score = having('unknown') < applicable ? percent : null;
      expect([readinessScore, blockers.length, warnings.length, unknown.length]).toEqual([
        score,
        having('failed'),
        having('warning'),
        having('unknown'),
      ]);
      const expected =
        having('failed') > 0
          ? 'BLOCKED'
          : having('unknown') > 0
            ? 'INCONCLUSIVE'
            : having('warning') > 0
              ? 'APPROVED_WITH_WARNINGS'
              : 'APPROVED';
      expect(overallStatus).toBe(expected);
    }),
    runs,
  );
});
