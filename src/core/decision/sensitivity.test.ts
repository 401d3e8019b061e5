import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absent,
  contextOf,
  defaultPolicy,
  goodSignals,
  policy,
  policyWith,
  signals,
} from '../../../test/support/arbitraries.ts';
import type { Policy } from '../policy/policy.ts';
import { metricOf } from '../signal/metrics.ts';
import type { SignalSet } from '../signal/signal.ts';
import { judge } from './evaluate.ts';
import { withChanges } from './explain.ts';
import { sensitivityOf, type SensitiveChange } from './sensitivity.ts';

const of = (set: SignalSet, asked: Policy = defaultPolicy) => sensitivityOf(set, contextOf({ policy: asked }));
const changesOf = (metric: string, ...args: Parameters<typeof of>): readonly Partial<SensitiveChange>[] =>
  of(...args)
    .changes.filter((each) => each.metric === metric)
    .map(({ from, to, towards, decision }) => ({ from, to, towards, decision }));

test('the threshold is where coverage turns: a hundredth below it closes the gate', () => {
  expect(changesOf('line_coverage', goodSignals({ line_coverage: 90 }))).toEqual([
    { from: 90, to: 84.99, towards: 'worse', decision: 'BLOCKED' },
    { from: 90, to: null, towards: 'worse', decision: 'INCONCLUSIVE' },
  ]);
});

test('what keeps a release back is named with the value that would let it go', () => {
  expect(changesOf('failed_tests', goodSignals({ failed_tests: 3 }))).toContainEqual({
    from: 3,
    to: 0,
    towards: 'better',
    decision: 'APPROVED',
  });
  expect(changesOf('maintainability', goodSignals({ maintainability: 4 }))).toContainEqual({
    from: 4,
    to: 2,
    towards: 'better',
    decision: 'APPROVED',
  });
});

test('of a metric that is missing the least good value is named that would do', () => {
  const found = changesOf('branch_coverage', goodSignals({ branch_coverage: absent('branch_coverage') }));

  expect(found).toEqual([
    { from: null, to: 80, towards: 'better', decision: 'APPROVED' },
    { from: null, to: 79.99, towards: 'worse', decision: 'BLOCKED' },
  ]);
});

test('the closest changes stand first', () => {
  const { changes } = of(goodSignals({ line_coverage: 85.01, branch_coverage: 100 }));

  expect(changes[0]).toMatchObject({ metric: 'line_coverage', to: 84.99 });
  for (const [index, { distance }] of changes.entries())
    expect(distance).toBeGreaterThanOrEqual(changes[index - 1]?.distance ?? 0);
});

test('two changes that are only enough together are not listed, and shadow mode counts as if it were none', () => {
  const set = goodSignals({ line_coverage: 10, failed_tests: 3 });
  const shadow = policyWith({ mode: 'shadow' });

  expect(of(set).decision).toBe('BLOCKED');
  expect(of(set).changes.filter(({ decision }) => decision === 'APPROVED')).toEqual([]);
  expect(of(set, shadow)).toEqual(of(set));
});

test('every change flips the decision, to what it says, and no value of the grid before it does', () => {
  fc.assert(
    fc.property(
      policy,
      signals,
      fc.boolean(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      (asked, set, fastTrack, parts) => {
        const context = contextOf({ policy: { ...asked, mode: 'enforce' }, fastTrack });
        const decisionAt = (metric: SensitiveChange['metric'], to: number): string =>
          judge(withChanges(set, [{ metric, to }]), context).verdict.decision;
        const { decision, changes } = sensitivityOf(set, context);

        expect(decision).toBe(judge(set, context).verdict.decision);
        for (const { metric, from, to, decision: then, towards } of changes) {
          expect(then).not.toBe(decision);
          if (to === null) continue;
          expect(decisionAt(metric, to)).toBe(then);
          const result = set[metric];
          if (from === null || (result.state === 'measured' && result.signal.bound !== 'exact')) continue;
          for (const part of parts) {
            const between = Math.round((from + (to - from) * part) * 100) / 100;
            const isWhole = ['ms', 'rps', 'count', 'lines', 'grade', 'yes-no'].includes(metricOf(metric).unit);
            const value = isWhole ? Math.round(between) : between;
            if (to > from ? value >= to || value < from : value <= to || value > from) continue;
            if (Math.abs(value - to) < (isWhole ? 1 : 0.1)) continue;
            expect([metric, value, towards, decisionAt(metric, value)]).toEqual([metric, value, towards, decision]);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});
