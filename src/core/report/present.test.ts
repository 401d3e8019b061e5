import { expect, test } from 'vitest';
import { record } from '../../../test/support/arbitraries.ts';
import type { EvidenceSummary } from '../decision/assessment.ts';
import type { CriterionResult } from '../gate/evaluate-gate.ts';
import type { Signal } from '../signal/signal.ts';
import { ageOf, criterionWords, evidenceCounts, provenanceWords, riskWords } from './present.ts';

const now = '2026-03-01T12:00:00.000Z';

function summary(path: string, changes: Partial<EvidenceSummary> = {}): EvidenceSummary {
  const { reading: _, ...rest } = record(path, []);
  return { ...rest, producer: null, notices: [], ...changes };
}

const signalFrom = (...sources: readonly string[]): Signal => ({
  metric: 'line_coverage',
  value: 90,
  exact: { part: 9, whole: 10 },
  bound: 'exact',
  sources,
  basis: '9 of 10 lines',
});
const criterion: CriterionResult = {
  key: 'min_line_coverage',
  metric: 'line_coverage',
  comparison: '>=',
  threshold: 85,
  unit: '%',
  outcome: 'pass',
  state: 'measured',
  signal: signalFrom('a'),
  weight: 1,
  baseline: null,
  warns: false,
  reason: '',
};
const risk = (best: number, worst: number) =>
  ({ risk: { level: 'LOW', overallRisk: 12.34, interval: { best, worst } } }) as Parameters<typeof riskWords>[0];

test('a criterion is told as its name, value and limit', () => {
  const approval = { ...criterion, key: 'stakeholder_signoff', metric: 'stakeholder_signoff', unit: 'yes-no' } as const;

  expect(criterionWords(criterion)).toEqual({ name: 'line coverage', value: '90%', limit: 'min 85%' });
  expect(criterionWords({ ...approval, comparison: 'is', threshold: 1, signal: null, state: 'missing' })).toEqual({
    name: 'stakeholder sign-off',
    value: 'missing',
    limit: 'wanted yes',
  });
  expect(criterionWords({ ...criterion, key: 'min_grade', unit: 'grade', comparison: '<=', threshold: 2 }).limit).toBe(
    'min B',
  );
});

test('provenance names the sources and tells age and binding of the oldest', () => {
  const evidence = [
    summary('a', { takenAt: '2026-03-01T11:00:00.000Z' }),
    summary('b', { takenAt: '2026-03-01T06:00:00.000Z', boundBy: 'sidecar' }),
    summary('c', { takenAt: '2026-03-01T10:00:00.000Z' }),
  ];

  expect(provenanceWords(signalFrom('a', 'b'), evidence, now)).toBe('a, b · 6h old · stamped for this commit');
  expect(provenanceWords(signalFrom('a', 'b', 'c'), evidence, now)).toBe(
    'a (+2 more) · 6h old · stamped for this commit',
  );
  expect(provenanceWords(signalFrom('git'), evidence, now)).toBe('git');
});

test('the oldest is found across time zones and beside reports of unknown time', () => {
  const evidence = [
    summary('a', { takenAt: '2026-03-01T08:00:00+02:00', boundBy: 'config' }),
    summary('b', { takenAt: '2026-03-01T07:30:00Z' }),
    summary('c', { takenAt: null }),
  ];

  expect(provenanceWords(signalFrom('a', 'b', 'c'), evidence, now)).toBe('a (+2 more) · 6h old · commit from config');
});

test('an age is never negative', () => {
  expect([ageOf('2026-03-01T09:00:00Z', now), ageOf('2026-03-02T09:00:00Z', now)]).toEqual(['3h', '0s']);
});

test('a score is told with its range where evidence is missing, and without one where it is not', () => {
  expect(riskWords(risk(12.34, 12.34))).toBe('LOW (12.3/100)');
  expect(riskWords(risk(8.1, 37))).toBe('LOW (12.3/100, between 8.1 and 37 for want of evidence)');
});

test('evidence is counted by state', () => {
  const evidence = [summary('a'), summary('b'), summary('c', { state: 'stale' }), summary('d', { state: 'missing' })];

  expect(evidenceCounts({ evidence })).toEqual({ measured: 2, missing: 1, stale: 1, unreadable: 0 });
});
