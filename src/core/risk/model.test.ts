import fc from 'fast-check';
import { expect, test } from 'vitest';
import { config, policy, policyWith, runs } from '../../../test/support/arbitraries.ts';
import { metricIds, metricOf } from '../signal/metrics.ts';
import { curveProblem } from './curve.ts';
import { dimensions, riskModel } from './model.ts';

const total = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0);

test('the default weights are those of the mission', () => {
  const weights = riskModel([]).map(({ dimension, weight }) => [dimension, weight]);

  expect(Object.fromEntries(weights)).toEqual({
    code_quality: 0.2,
    test_coverage: 0.25,
    performance: 0.15,
    security: 0.2,
    change_risk: 0.1,
    historical_stability: 0.1,
  });
});

test('the shares of the dimensions and of the groups in each of them sum to 1', () => {
  fc.assert(
    fc.property(policy, ({ risk }) => {
      expect(total(risk.map(({ weight }) => weight))).toBeCloseTo(1, 9);
      for (const { groups } of risk) expect(total(groups.map(({ weight }) => weight))).toBeCloseTo(1, 12);
    }),
    runs,
  );
});

test('a metric counts in one group only', () => {
  const counted = riskModel([]).flatMap(({ groups }) =>
    groups.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)),
  );

  expect(new Set(counted).size).toBe(counted.length);
  expect(metricIds).toEqual(expect.arrayContaining(counted));
});

test('every curve is valid for its metric, whatever thresholds the gates set', () => {
  const percent = fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.nat(100));
  const positive = fc.double({ min: 0, max: 1e9, noNaN: true }).filter((value) => value === 0 || value > 1e-9);
  fc.assert(
    fc.property(percent, percent, positive, positive, (lines, branches, latency, throughput) => {
      const thresholds = {
        min_line_coverage: lines,
        min_branch_coverage: branches,
        max_p95_latency_ms: latency,
        min_throughput_rps: throughput,
      };

      const { risk } = policyWith({
        deployment_gates: { mandatory_gates: { one: { ...thresholds, enforcement: 'BLOCKING' } } },
      });

      const problems = risk
        .flatMap(({ groups }) => groups.flatMap(({ metrics }) => metrics))
        .flatMap(({ metric, curve }) => curveProblem(curve, metricOf(metric).better) ?? []);
      expect(problems).toEqual([]);
    }),
    runs,
  );
});

test('of several gates with one criterion the strictest threshold shapes the curve', () => {
  const gate = (min: number, max: number) =>
    ({ min_line_coverage: min, max_p95_latency_ms: max, enforcement: 'BLOCKING' }) as const;
  const both = { deployment_gates: { mandatory_gates: { a: gate(70, 900), b: gate(90, 300) } } };
  const strict = { deployment_gates: { mandatory_gates: { b: gate(90, 300) } } };

  expect(policyWith(both).risk).toEqual(policyWith(strict).risk);
});

test('settings replace weights, priors and curves, and nothing else', () => {
  const curve = [
    [0, 100],
    [100, 0],
  ] as const;

  const model = riskModel([], {
    weights: { security: 0.5 },
    curves: { line_coverage: curve },
    priors: { mttr: 7 },
  });

  const metric = (id: string) =>
    model.flatMap(({ groups }) => groups.flatMap(({ metrics }) => metrics)).find((entry) => entry.metric === id);
  expect(model.find(({ dimension }) => dimension === 'security')?.weight).toBe(0.5);
  expect(metric('line_coverage')?.curve).toBe(curve);
  expect(metric('mttr')?.prior).toBe(7);
  expect(metric('branch_coverage')?.prior).toBe(50);
});

test('every generated config gives a model of all six dimensions', () => {
  fc.assert(
    fc.property(config, (file) => {
      const { risk } = policyWith(file);

      expect(risk.map(({ dimension }) => dimension)).toEqual([...dimensions]);
    }),
    runs,
  );
});
