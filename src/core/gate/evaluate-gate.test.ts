import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absent, goodSignals, measured, runs, signals } from '../../../test/support/arbitraries.ts';
import { metricIds, metricOf, type MetricId } from '../signal/metrics.ts';
import { signalOf, type Signal, type SignalSet } from '../signal/signal.ts';
import { ratioSignal } from '../signal/sourced.ts';
import { criterionKeys, criterionKinds, type Criterion, type Enforcement, type Gate } from './criteria.ts';
import { evaluateGate, meets, type GateResult } from './evaluate-gate.ts';

function gateOf(criteria: readonly Criterion[], enforcement: Enforcement = 'BLOCKING'): Gate {
  return { name: 'gate', group: 'mandatory', enforcement, mode: 'enforce', criteria };
}

/** The gate over these signals and nothing else. */
function evaluated(gate: Gate, set: SignalSet): GateResult {
  return evaluateGate(gate, { signals: set, waivers: [], skipped: false, now: '2026-03-01T12:00:00.000Z' });
}

const lineCoverage = (part: number, whole: number): Signal => ratioSignal('line_coverage', { part, whole }, ['a'], '');
const count = fc.nat(1_000_000).chain((whole) => fc.tuple(fc.nat(whole), fc.constant(Math.max(1, whole))));
/** A percent of up to three decimals, and the same as an integer of thousandths. */
const percent = fc.nat(100_000).map((thousandths) => ({ thousandths, value: thousandths / 1000 }));

test('an empty gate never opens', () => {
  expect(evaluated(gateOf([]), goodSignals()).outcome).toBe('no-evidence');
});

test('a gate with a failing criterion fails even where another has no evidence', () => {
  const gate = gateOf([
    { key: 'min_line_coverage', threshold: 85 },
    { key: 'max_failed_tests', threshold: 0 },
  ]);

  const result = evaluated(gate, goodSignals({ line_coverage: absent('line_coverage'), failed_tests: 1 }));

  expect(result).toMatchObject({ outcome: 'fail', passed: false });
  expect(result.criteria.map(({ outcome }) => outcome)).toEqual(['no-evidence', 'fail']);
});

test('only a measured value passes, whatever the state, the criterion and its threshold', () => {
  const criterion = fc.record({ key: fc.constantFrom(...criterionKeys), threshold: fc.double({ noNaN: true }) });
  fc.assert(
    fc.property(signals, criterion, (set, one) => {
      const { metric, comparison } = criterionKinds[one.key];

      const { outcome } = evaluated(gateOf([one], 'WARNING'), set);

      const signal = signalOf(set, metric);
      expect(outcome === 'pass').toBe(signal !== null && meets(signal, comparison, one.threshold));
    }),
    runs,
  );
});

test.each([NaN, Infinity, -Infinity])('%s passes no criterion at all', (value) => {
  for (const key of criterionKeys) {
    for (const enforcement of ['BLOCKING', 'WARNING', 'ADVISORY'] as const) {
      const set = goodSignals({ [criterionKinds[key].metric]: value });

      const { criteria, outcome } = evaluated(gateOf([{ key, threshold: value }], enforcement), set);

      expect(outcome).toBe('no-evidence');
      expect(criteria[0]?.state).toBe('unreadable');
    }
  }
});

test('taking away a signal never opens a gate', () => {
  const criteria = fc.array(fc.record({ key: fc.constantFrom(...criterionKeys), threshold: fc.nat(100) }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(signals, criteria, fc.constantFrom(...metricIds), (set, of, metric) => {
      const before = evaluated(gateOf(of), set);
      const after = evaluated(gateOf(of), { ...set, [metric]: absent(metric) });

      expect(after.passed && !before.passed).toBe(false);
    }),
    runs,
  );
});

test('covering one more line never closes a gate that asks for coverage', () => {
  fc.assert(
    fc.property(count, percent, ([part, whole], { value }) => {
      const before = meets(lineCoverage(part, whole), '>=', value);
      const after = meets(lineCoverage(Math.min(part + 1, whole), whole), '>=', value);

      expect(before && !after).toBe(false);
    }),
    runs,
  );
});

test('thresholds compare exact integers', () => {
  fc.assert(
    fc.property(count, percent, ([part, whole], { thousandths, value }) => {
      const signal = lineCoverage(part, whole);
      const [left, right] = [BigInt(part) * 100_000n, BigInt(thousandths) * BigInt(whole)];

      expect(meets(signal, '>=', value)).toBe(left >= right);
      expect(meets(signal, '<=', value)).toBe(left <= right);
    }),
    runs,
  );
});

test('thresholds compare exact integers right at the threshold', () => {
  fc.assert(
    fc.property(percent, fc.integer({ min: 1, max: 1_000_000 }), ({ thousandths, value }, times) => {
      const [part, whole] = [thousandths * times, 100_000 * times];

      expect(meets(lineCoverage(part, whole), '>=', value)).toBe(true);
      expect(meets(lineCoverage(part, whole), '<=', value)).toBe(true);
      expect(meets(lineCoverage(part - 1, whole), '>=', value)).toBe(false);
      expect(meets(lineCoverage(part + 1, whole), '<=', value)).toBe(false);
    }),
    runs,
  );
});

test('84.995 % is not 85 %', () => {
  const [below, exact] = [lineCoverage(84_995, 100_000), lineCoverage(85_000, 100_000)];

  expect([meets(below, '>=', 85), meets(exact, '>=', 85), meets(below, '>=', 84.995)]).toEqual([false, true, true]);
});

test('a very small threshold is compared as it is written', () => {
  const errors = (part: number): Signal => ratioSignal('error_rate', { part, whole: 1_000_000_000 }, ['a'], '');

  expect([meets(errors(1), '<=', 1e-7), meets(errors(2), '<=', 1e-7)]).toEqual([true, false]);
});

test('a percentile above p95 that is over the limit is no evidence, and one within it passes', () => {
  const gate = gateOf([{ key: 'max_p95_latency_ms', threshold: 500 }]);
  const outcomes = [501, 500].map((value) => {
    const set = goodSignals({ response_time: measured('response_time', value, 'at-most') });

    return evaluated(gate, set).outcome;
  });

  expect(outcomes).toEqual(['no-evidence', 'pass']);
});

test('an attestation opens a gate that warns and never one that blocks', () => {
  const criteria = [{ key: 'product_manager_approval', threshold: 1 }] as const;
  const outcomes = (['WARNING', 'ADVISORY', 'BLOCKING'] as const).map(
    (enforcement) => evaluated(gateOf(criteria, enforcement), goodSignals()).outcome,
  );

  expect(outcomes).toEqual(['pass', 'pass', 'no-evidence']);
});

test('criteria compare in the direction in which their metric is better', () => {
  for (const [key, { metric, comparison }] of Object.entries(criterionKinds)) {
    const { better } = metricOf(metric as MetricId);

    expect([key, comparison]).toEqual([key, comparison === 'is' ? 'is' : better === 'lower' ? '<=' : '>=']);
  }
});
