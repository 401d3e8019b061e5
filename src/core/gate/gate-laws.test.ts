import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absent, goodSignals, runs, signals } from '../../../test/support/arbitraries.ts';
import type { Waiver } from '../policy/waiver.ts';
import type { MetricId } from '../signal/metrics.ts';
import type { SignalSet } from '../signal/signal.ts';
import type { Criterion, CriterionKey, Gate, WhenMissing } from './criteria.ts';
import { evaluateGate, type GateResult } from './evaluate-gate.ts';
import { enforceGates } from './enforce.ts';

const now = '2026-03-01T12:00:00.000Z';
const evaluated = (gate: Gate, set: SignalSet, waivers: readonly Waiver[] = [], at = now): GateResult =>
  evaluateGate(gate, { signals: set, waivers, skipped: false, now: at });
const gateOf = (criteria: readonly Criterion[], more: Partial<Gate> = {}): Gate => ({
  name: 'a',
  group: 'mandatory',
  enforcement: 'BLOCKING',
  mode: 'enforce',
  criteria,
  ...more,
});
const waiverOf = (scope: Partial<Waiver['scope']>): Waiver => ({
  scope: { gate: null, rule: null, finding: null, package: null, ...scope },
  reason: 'known',
  approver: 'ada',
  expires: '2027-01-01T00:00:00.000Z',
});

const whenMissing: fc.Arbitrary<WhenMissing> = fc.constantFrom(
  { kind: 'block' },
  { kind: 'warn' },
  { kind: 'skip', reason: 'not here' },
);
const limits: Readonly<Partial<Record<CriterionKey, number>>> = {
  max_failed_tests: 0,
  min_line_coverage: 85,
  max_high_vulnerabilities: 0,
  max_p95_latency_ms: 500,
  min_grade: 2,
};
const criterion: fc.Arbitrary<Criterion> = fc
  .record({
    key: fc.constantFrom(...(Object.keys(limits) as CriterionKey[])),
    weight: fc.integer({ min: 1, max: 9 }),
    whenMissing,
  })
  .map((each) => ({ ...each, threshold: limits[each.key]! }));
const criteria = fc.uniqueArray(criterion, { minLength: 1, maxLength: 5, selector: ({ key }) => key });
const score = fc.integer({ min: 1, max: 100 });
const enforcement = fc.constantFrom('BLOCKING' as const, 'WARNING' as const, 'ADVISORY' as const);
/** The better, the higher. */
const rank = (outcome: GateResult['outcome']): number =>
  ({ fail: 0, 'no-evidence': 1, skipped: 2, waived: 3, pass: 4 })[outcome];

describe('min_score', () => {
  test('raising it never opens a gate', () => {
    fc.assert(
      fc.property(criteria, signals, score, score, (all, set, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map(
          (minScore) => evaluated(gateOf(all, { minScore }), set).outcome,
        );

        expect(rank(high!)).toBeLessThanOrEqual(rank(low!));
      }),
      runs,
    );
  });

  test('of 100 is what a gate without it asks: every criterion', () => {
    fc.assert(
      fc.property(criteria, signals, (all, set) => {
        const plain = evaluated(gateOf(all), set);
        const outcomes = plain.criteria.map((each) => each.outcome);

        expect(evaluated(gateOf(all, { minScore: 100 }), set)).toEqual(plain);
        if (outcomes.includes('fail')) expect(plain.outcome).toBe('fail');
        else if (outcomes.includes('no-evidence')) expect(plain.outcome).toBe('no-evidence');
        expect(plain.passed).toBe(plain.outcome === 'pass');
      }),
      runs,
    );
  });

  test.each([
    [50, 1, 1, 'pass'],
    [51, 1, 1, 'fail'],
    [75, 3, 1, 'pass'],
    [76, 3, 1, 'fail'],
    [25, 1, 3, 'pass'],
  ])('%i with a passing weight of %i and a failing one of %i: %s', (minScore, passing, failing, outcome) => {
    const all: readonly Criterion[] = [
      { key: 'max_failed_tests', threshold: 0, weight: passing },
      { key: 'min_line_coverage', threshold: 85, weight: failing },
    ];

    expect(evaluated(gateOf(all, { minScore }), goodSignals({ line_coverage: 80 })).outcome).toBe(outcome);
  });

  test('is open while what is not measured could still decide', () => {
    const all: readonly Criterion[] = [
      { key: 'max_failed_tests', threshold: 0 },
      { key: 'min_line_coverage', threshold: 85 },
      { key: 'max_high_vulnerabilities', threshold: 0 },
    ];
    const set = goodSignals({ line_coverage: absent('line_coverage'), high_vulnerabilities: 3 });

    expect(evaluated(gateOf(all, { minScore: 60 }), set).outcome).toBe('no-evidence');
    expect(evaluated(gateOf(all, { minScore: 30 }), set).outcome).toBe('pass');
    expect(evaluated(gateOf(all, { minScore: 70 }), set).outcome).toBe('fail');
  });

  test('nothing at all that passes is no pass, however low it is', () => {
    const all: readonly Criterion[] = [{ key: 'min_line_coverage', threshold: 85 }];

    expect(evaluated(gateOf(all, { minScore: 0.001 }), goodSignals({ line_coverage: 1 })).outcome).toBe('fail');
  });
});

describe('when_missing', () => {
  const only = (missing: WhenMissing, metric: MetricId = 'line_coverage'): Gate =>
    gateOf([
      {
        key: metric === 'line_coverage' ? 'min_line_coverage' : 'max_failed_tests',
        threshold: 1,
        whenMissing: missing,
      },
    ]);

  test('never makes a pass, and never changes what is measured', () => {
    fc.assert(
      fc.property(criteria, signals, enforcement, (all, set, how) => {
        const blocking = all.map((each): Criterion => ({ ...each, whenMissing: { kind: 'block' } }));
        const [lax, strict] = [all, blocking].map(
          (each) => evaluated(gateOf(each, { enforcement: how }), set).criteria,
        );

        for (const [index, { outcome, state }] of lax!.entries()) {
          const before = strict![index]!;
          if (outcome === 'skipped') expect([before.outcome, state]).toEqual(['no-evidence', state]);
          else expect({ ...lax![index], warns: false }).toEqual({ ...before, warns: false });
        }
      }),
      runs,
    );
  });

  test.each(['stale', 'unreadable'] as const)('does not apply to evidence that is %s', (state) => {
    for (const missing of [{ kind: 'warn' }, { kind: 'skip', reason: 'x' }] as const) {
      const result = evaluated(only(missing), goodSignals({ line_coverage: absent('line_coverage', state) }));

      expect(result.outcome).toBe('no-evidence');
      expect(enforceGates([result]).overallStatus).toBe('INCONCLUSIVE');
    }
  });

  test('of warn and skip lets a gate be, with the reason, and says so', () => {
    const set = goodSignals({ line_coverage: absent('line_coverage') });
    const [blocked, warned, skipped] = [
      { kind: 'block' } as const,
      { kind: 'warn' } as const,
      { kind: 'skip', reason: 'a library' } as const,
    ].map((missing) => evaluated(only(missing), set));

    expect([blocked, warned, skipped].map((each) => each!.outcome)).toEqual(['no-evidence', 'skipped', 'skipped']);
    expect([warned, skipped].map((each) => each!.passed)).toEqual([false, false]);
    expect(warned!.criteria[0]).toMatchObject({ warns: true });
    expect(skipped!.criteria[0]).toMatchObject({ warns: false, reason: 'not measured, skipped: a library' });
  });
});

describe('a waiver', () => {
  const scope = fc.oneof(
    fc.constant({ gate: 'a' }),
    fc.constant({ gate: 'other' }),
    fc.constantFrom(...Object.keys(limits)).map((rule) => ({ rule })),
    fc.constantFrom(...Object.keys(limits)).map((rule) => ({ gate: 'a', rule })),
    fc.constant({ finding: 'CVE-1' }),
    fc.constant({ package: 'left-pad' }),
  );

  test('never closes a gate, and never makes it pass', () => {
    fc.assert(
      fc.property(criteria, signals, score, fc.array(scope, { maxLength: 3 }), (all, set, minScore, scopes) => {
        const gate = gateOf(all, { minScore });
        const before = evaluated(gate, set);
        const after = evaluated(gate, set, scopes.map(waiverOf));

        if (before.passed) expect(after.outcome === 'pass' || after.outcome === 'waived').toBe(true);
        if (after.passed) expect(before.passed).toBe(true);
        expect(after.outcome === 'fail' && before.outcome !== 'fail').toBe(false);
      }),
      runs,
    );
  });

  test('sets aside what it names, and nothing that passes', () => {
    const gate = gateOf([
      { key: 'min_line_coverage', threshold: 85 },
      { key: 'max_failed_tests', threshold: 0 },
    ]);
    const set = goodSignals({ line_coverage: 10, failed_tests: 1 });
    const outcomes = (...waivers: readonly Waiver[]): readonly string[] =>
      [evaluated(gate, set, waivers)].flatMap(({ outcome, criteria: of }) => [
        outcome,
        ...of.map((each) => each.outcome),
      ]);

    expect(outcomes(waiverOf({ rule: 'min_line_coverage' }))).toEqual(['fail', 'waived', 'fail']);
    expect(outcomes(waiverOf({ gate: 'a' }))).toEqual(['waived', 'waived', 'waived']);
    expect(outcomes(waiverOf({ gate: 'b' }))).toEqual(['fail', 'fail', 'fail']);
    expect(outcomes(waiverOf({ finding: 'CVE-1' }), waiverOf({ package: 'x' }))).toEqual(['fail', 'fail', 'fail']);
    expect(evaluated(gate, goodSignals(), [waiverOf({ gate: 'a' })]).outcome).toBe('pass');
  });

  test('holds for stale and unreadable evidence too: it names a date and a person', () => {
    const set = goodSignals({ line_coverage: absent('line_coverage', 'stale') });

    expect(
      evaluated(gateOf([{ key: 'min_line_coverage', threshold: 85 }]), set, [waiverOf({ gate: 'a' })]),
    ).toMatchObject({
      outcome: 'waived',
      passed: false,
      criteria: [{ reason: 'waived until 2027-01-01: known (ada)' }],
    });
  });
});

describe('effective_on', () => {
  const gate = gateOf([{ key: 'max_failed_tests', threshold: 0 }], { effectiveOn: '2026-03-02' });
  const failing = goodSignals({ failed_tests: 1 });

  test('counts from the first instant of its day, UTC, and is in shadow before', () => {
    const before = evaluated(gate, failing, [], '2026-03-01T23:59:59.999Z');
    const after = evaluated(gate, failing, [], '2026-03-02T00:00:00.000Z');

    expect([before.mode, before.effectiveOn, before.outcome]).toEqual(['shadow', '2026-03-02', 'fail']);
    expect([after.mode, after.effectiveOn, after.outcome]).toEqual(['enforce', null, 'fail']);
    expect([before, after].map((each) => enforceGates([each]).overallStatus)).toEqual(['APPROVED', 'BLOCKED']);
  });

  test('does not wake a gate that is in shadow by itself', () => {
    expect(evaluated({ ...gate, mode: 'shadow' }, failing, [], '2026-04-01T00:00:00.000Z').mode).toBe('shadow');
  });
});
