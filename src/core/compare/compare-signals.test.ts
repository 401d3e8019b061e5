import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricIds, metricOf, type MetricId } from '../signal/metrics.ts';
import type { MetricResult, Signal, SignalSet } from '../signal/signal.ts';
import type { ComparedRelease } from './compared-release.ts';
import { compareSignals, type SignalComparison } from './compare-signals.ts';

type Values = Readonly<Partial<Record<MetricId, Pick<Signal, 'value'> & Partial<Signal>>>>;

function release(values: Values, over: Partial<ComparedRelease> = {}): ComparedRelease {
  const signals = metricIds.map((metric): readonly [MetricId, MetricResult] => {
    const given = values[metric];
    if (given === undefined) return [metric, { metric, state: 'missing', reason: 'no report', sources: [] }];
    const signal: Signal = { metric, exact: null, bound: 'exact', sources: [], basis: '', ...given };
    return [metric, { metric, state: 'measured', signal }];
  });
  return {
    version: 'v1',
    assessedAt: '2026-03-01T12:00:00.000Z',
    decision: 'APPROVED',
    status: 'APPROVED',
    wouldBe: null,
    policyDigest: 'a',
    decisionDigest: 'b',
    risk: null,
    confidence: null,
    rollback: null,
    signals: Object.fromEntries(signals) as SignalSet,
    gates: [],
    evidenceTaken: [],
    ...over,
  };
}

const changeOf = (before: Values, after: Values, metric: MetricId): SignalComparison['change'] | undefined =>
  compareSignals(release(before), release(after)).find((each) => each.metric === metric)?.change;
const p95 = (value: number, bound: Signal['bound'] = 'exact'): Values => ({ response_time: { value, bound } });

describe('a signal', () => {
  test('that one of them lacks is never better and never worse', () => {
    fc.assert(
      fc.property(fc.constantFrom(...metricIds), fc.integer({ min: -1000, max: 1000 }), (metric, value) => {
        const measured = { [metric]: { value } };

        expect([changeOf(measured, {}, metric), changeOf({}, measured, metric), changeOf({}, {}, metric)]).toEqual([
          'only-baseline',
          'only-candidate',
          undefined,
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test('is better in one direction exactly where it is worse in the other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...metricIds), fc.integer(), fc.integer(), (metric, one, other) => {
        const there = changeOf({ [metric]: { value: one } }, { [metric]: { value: other } }, metric);
        const back = changeOf({ [metric]: { value: other } }, { [metric]: { value: one } }, metric);

        const lower = metricOf(metric).better === 'lower' ? 'better' : 'worse';
        const higher = lower === 'better' ? 'worse' : 'better';
        expect([there, back]).toEqual(
          one === other ? ['unchanged', 'unchanged'] : other < one ? [lower, higher] : [higher, lower],
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [p95(400), p95(500, 'at-most'), 'not-comparable'],
    [p95(600), p95(500, 'at-most'), 'better'],
    [p95(500, 'at-most'), p95(600), 'worse'],
    [p95(500, 'at-most'), p95(400), 'not-comparable'],
    [p95(500, 'at-most'), p95(500, 'at-most'), 'not-comparable'],
  ] as const)(
    'that is a bound is settled only by what no lower value would turn round, case %#',
    (before, after, change) => {
      expect(changeOf(before, after, 'response_time')).toBe(change);
    },
  );
});

test('what closes a gate stands before what moved further, and that before what moved less', () => {
  const gate = { gate: 'tests', passed: false, criteria: [{ metric: 'line_coverage', outcome: 'fail' }] };
  const before = {
    line_coverage: { value: 90 },
    response_time: { value: 100 },
    code_smells: { value: 10 },
    throughput: { value: 1 },
  };
  const after = {
    line_coverage: { value: 89 },
    response_time: { value: 900 },
    code_smells: { value: 11 },
    throughput: { value: 2 },
  };

  const compared = compareSignals(
    release(before, { gates: [{ ...gate, passed: true }] as unknown as ComparedRelease['gates'] }),
    release(after, { gates: [gate] as unknown as ComparedRelease['gates'] }),
  );

  expect(compared.map(({ metric, change, closes }) => [metric, change, closes.join()])).toEqual([
    ['line_coverage', 'worse', 'tests'],
    ['response_time', 'worse', ''],
    ['code_smells', 'worse', ''],
    ['throughput', 'better', ''],
  ]);
});
