import { expect, test } from 'vitest';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import type { Fact, Measure } from '../evidence/reading.ts';
import { metricIds, metricOf, type MetricId } from './metrics.ts';
import type { MetricResult } from './signal.ts';
import { signalsFrom } from './signals-from.ts';

const gradeBands = { A: 5, B: 10, C: 20, D: 50 };

function record(path: string, over: Partial<EvidenceRecord>, facts: readonly Fact[] = []): EvidenceRecord {
  return {
    path,
    state: 'measured',
    reason: '',
    code: null,
    format: 'mapping:m',
    kinds: ['measure'],
    stage: null,
    sha256: path,
    bytes: 1,
    commit: null,
    artifact: null,
    takenAt: null,
    boundBy: 'none',
    reading: { producer: { name: 'm' }, facts, notices: [] },
    ...over,
  };
}

const mapped = (metric: MetricId, value: number): Measure => ({
  kind: 'measure',
  metric,
  value,
  mapped: { at: '$.a', aggregate: 'p95', unit: 's', found: 1204, value: 0.41 },
});

function resultOf(metric: MetricId, evidence: readonly EvidenceRecord[]): MetricResult {
  return signalsFrom({ evidence, change: null, changedLines: null, attested: [], gradeBands })[metric];
}

function valueOf(metric: MetricId, evidence: readonly EvidenceRecord[]): number | string {
  const result = resultOf(metric, evidence);
  return result.state === 'measured' ? result.signal.value : result.state;
}

const lcov = (part: number): EvidenceRecord =>
  record('lcov.info', { format: 'lcov', kinds: ['coverage'] }, [
    {
      kind: 'coverage',
      engine: 'v8',
      lines: { part, whole: 100 },
      branches: null,
      functions: null,
      statements: null,
      files: [],
    },
  ]);

test('a mapping gives every metric that reports give, and none that git, people or outcomes do', () => {
  for (const metric of metricIds) {
    const isOfReports = !['git', 'person', 'outcomes', 'review'].includes(metricOf(metric).from);

    expect(valueOf(metric, [record('a', { metrics: [metric] }, [mapped(metric, 3)])])).toBe(
      isOfReports ? 3 : 'missing',
    );
  }
});

test('without a mapping a tool does not measure what a kind of report gives', () => {
  const stated: Measure = { kind: 'measure', metric: 'line_coverage', value: 99 };

  expect(valueOf('line_coverage', [record('a', {}, [stated])])).toBe('missing');
});

test('the signal says which values it comes from', () => {
  const result = resultOf('response_time', [
    record('a', { metrics: ['response_time'] }, [mapped('response_time', 410)]),
  ]);

  expect(result).toMatchObject({
    state: 'measured',
    signal: { value: 410, exact: null, bound: 'exact', sources: ['a'], basis: '0.41 s at $.a, p95 of 1,204 values' },
  });
});

test.each([
  [80, 80],
  [95, 90],
])('of a mapped value of %d and a report of 90 the worse one counts', (value, expected) => {
  const evidence = [lcov(90), record('a', { metrics: ['line_coverage'] }, [mapped('line_coverage', value)])];

  for (const all of [evidence, evidence.toReversed()]) {
    expect(valueOf('line_coverage', all)).toBe(expected);
    expect(resultOf('line_coverage', all)).toMatchObject({ signal: { sources: ['a', 'lcov.info'] } });
  }
});

test.each(['missing', 'stale', 'unreadable'] as const)(
  'a mapped report that is %s takes its own metrics with it and no others',
  (state) => {
    const gone = record('a', { state, reason: 'gone', metrics: ['line_coverage', 'complexity'] });
    const other = record('b', { metrics: ['duplication'] }, [mapped('duplication', 2)]);

    expect(valueOf('line_coverage', [gone, lcov(90)])).toBe(state);
    expect(valueOf('complexity', [gone, other])).toBe(state);
    expect(valueOf('duplication', [gone, other])).toBe(2);
    expect(resultOf('technical_debt', [gone, other])).toMatchObject({
      state: 'missing',
      reason: expect.stringMatching(/^no evidence; /) as string,
    });
  },
);

test('two mappings that read equal bytes are two reports, one mapping that does is one', () => {
  const one = record('a', { sha256: 'x', metrics: ['duplication'] }, [mapped('duplication', 2)]);
  const two = record('b', { sha256: 'x', format: 'mapping:n', metrics: ['complexity'] }, [mapped('complexity', 4)]);
  const copy = record('c', { sha256: 'x', metrics: ['duplication'] }, [mapped('duplication', 2)]);

  expect([valueOf('duplication', [one, two]), valueOf('complexity', [one, two])]).toEqual([2, 4]);
  expect(resultOf('duplication', [one, copy])).toMatchObject({ signal: { sources: ['a'] } });
});
