import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absent,
  anyValue,
  defaultPolicy,
  goodSignals,
  measured,
  policy,
  runs,
  signals,
} from '../../../test/support/arbitraries.ts';
import { metricIds, metricOf, type MetricId } from '../signal/metrics.ts';
import { assessRisk, riskLevel } from './assess-risk.ts';

const model = defaultPolicy.risk;
const inModel = model.flatMap(({ groups }) => groups.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)));
const worstValue = (metric: MetricId): number => (metricOf(metric).better === 'lower' ? 1e9 : 0);
const sum = (points: readonly number[]): number => points.reduce((total, each) => total + each, 0);
const twoValues = fc
  .constantFrom(...inModel)
  .chain((metric) => fc.tuple(fc.constant(metric), anyValue(metric), anyValue(metric)));

test('level boundaries belong to the lower level and hold for the unrounded score', () => {
  const levels = [0, 20, 20.000001, 40, 40.000001, 60, 60.000001, 61, 100].map(riskLevel);

  expect(levels).toEqual(['LOW', 'LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'HIGH', 'CRITICAL', 'CRITICAL', 'CRITICAL']);
});

test('one critical vulnerability moves the score by at most 20 points', () => {
  const before = assessRisk(model, goodSignals());
  const after = assessRisk(
    model,
    goodSignals({ critical_vulnerabilities: 1, vulnerability_count: 1, severity_score: 10 }),
  );

  expect(after.overallRisk).toBeGreaterThan(before.overallRisk);
  expect(after.overallRisk - before.overallRisk).toBeLessThanOrEqual(20);
  expect(after.level).toBe('LOW');
});

test('nothing measured is charged at the priors and ranges from no risk to full risk', () => {
  const nothing = goodSignals(Object.fromEntries(metricIds.map((metric) => [metric, absent(metric)])));

  const { overallRisk, interval } = assessRisk(model, nothing);

  expect(overallRisk).toBeCloseTo(50, 9);
  expect(interval.best).toBe(0);
  expect(interval.worst).toBeCloseTo(100, 9);
});

test('a group counts its worst metric once', () => {
  const one = assessRisk(model, goodSignals({ line_coverage: 0 }));
  const both = assessRisk(model, goodSignals({ line_coverage: 0, branch_coverage: 0 }));

  expect(both.overallRisk).toBe(one.overallRisk);
  expect(one.dimensions.test_coverage.points).toBeCloseTo(12.5, 9);
});

test('a worse value of one metric never lowers the score nor its worst case', () => {
  fc.assert(
    fc.property(policy, signals, twoValues, ({ risk }, set, [metric, one, other]) => {
      const values = [one, other].sort((a, b) => (metricOf(metric).better === 'lower' ? a - b : b - a));

      const [good, bad] = values.map((value) => assessRisk(risk, { ...set, [metric]: measured(metric, value) }));

      expect(bad!.overallRisk).toBeGreaterThanOrEqual(good!.overallRisk);
      expect(bad!.interval.worst).toBeGreaterThanOrEqual(good!.interval.worst);
      expect(bad!.interval.best).toBeGreaterThanOrEqual(good!.interval.best);
    }),
    { numRuns: 1000 },
  );
});

test('a metric that is measured no more never lowers the worst case', () => {
  fc.assert(
    fc.property(policy, signals, fc.constantFrom(...inModel), ({ risk }, set, metric) => {
      const before = assessRisk(risk, set);
      const after = assessRisk(risk, { ...set, [metric]: absent(metric) });

      expect(after.interval.worst).toBeGreaterThanOrEqual(before.interval.worst);
      expect(after.interval.best).toBeLessThanOrEqual(before.interval.best);
    }),
    runs,
  );
});

test('contributions sum exactly to the score, and dimensions as near as rounding allows', () => {
  fc.assert(
    fc.property(policy, signals, ({ risk }, set) => {
      const { contributions, overallRisk, dimensions } = assessRisk(risk, set);

      expect(sum(contributions.map(({ points }) => points))).toBe(overallRisk);
      expect(Math.abs(sum(Object.values(dimensions).map(({ points }) => points)) - overallRisk)).toBeLessThan(1e-9);
    }),
    runs,
  );
});

test('contributions sum exactly to the score at the very worst', () => {
  fc.assert(
    fc.property(policy, fc.subarray(inModel), ({ risk }, few) => {
      const bad = goodSignals(Object.fromEntries([...few, ...inModel].map((metric) => [metric, worstValue(metric)])));

      const { contributions, overallRisk } = assessRisk(risk, bad);

      expect(sum(contributions.map(({ points }) => points))).toBe(overallRisk);
      expect(overallRisk).toBeLessThanOrEqual(100);
    }),
    runs,
  );
});

test('every figure is finite and within 0 and 100 for any number at all, and best ≤ point ≤ worst', () => {
  const odd = fc.constantFrom(NaN, Infinity, -Infinity, -1, -0, Number.MAX_VALUE, Number.MIN_VALUE);
  const value = fc.oneof(odd, fc.double());
  fc.assert(
    fc.property(policy, signals, fc.dictionary(fc.constantFrom(...inModel), value), ({ risk }, set, values) => {
      const odds = Object.entries(values).map(([id, found]) => [id, measured(id as MetricId, found)]);

      const result = assessRisk(risk, { ...set, ...Object.fromEntries(odds) });

      const { best, worst } = result.interval;
      const points = result.contributions.flatMap((entry) => [
        entry.points,
        entry.bestPoints,
        entry.worstPoints,
        entry.risk,
      ]);
      for (const figure of [best, worst, result.overallRisk, ...points]) {
        expect(figure).toBeGreaterThanOrEqual(0);
        expect(figure).toBeLessThanOrEqual(100);
      }
      expect(best).toBeLessThanOrEqual(result.overallRisk);
      expect(result.overallRisk).toBeLessThanOrEqual(worst);
    }),
    runs,
  );
});

test.each([NaN, Infinity, -Infinity])(
  '%s is no measurement: full risk in the worst case, the prior in the score',
  (value) => {
    const odd = assessRisk(model, goodSignals({ mutation_score: value }));
    const missing = assessRisk(model, goodSignals({ mutation_score: absent('mutation_score') }));

    expect(odd.overallRisk).toBe(missing.overallRisk);
    expect(odd.interval).toEqual(missing.interval);
    expect(odd.contributions.find(({ metric }) => metric === 'mutation_score')?.state).toBe('unreadable');
  },
);

test('an upper bound counts in full and leaves the best case open', () => {
  const { interval, overallRisk } = assessRisk(
    model,
    goodSignals({ response_time: measured('response_time', 1000, 'at-most') }),
  );
  const best = assessRisk(model, goodSignals());

  expect(overallRisk).toBeGreaterThan(best.overallRisk);
  expect(interval).toEqual({ best: best.overallRisk, worst: overallRisk });
});

test('missing metrics are listed by what knowing them would settle, and measured ones never', () => {
  const { settledBy } = assessRisk(
    model,
    goodSignals({ mutation_score: absent('mutation_score'), mttr: absent('mttr', 'stale') }),
  );

  expect(settledBy).toEqual([
    { metric: 'mutation_score', points: 6.25 },
    { metric: 'mttr', points: expect.closeTo(2, 9) },
  ]);
});
