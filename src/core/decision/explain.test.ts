import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absent,
  contextOf,
  defaultPolicy,
  goodSignals,
  policy,
  runs,
  signals,
} from '../../../test/support/arbitraries.ts';
import type { Policy } from '../policy/policy.ts';
import type { SignalSet } from '../signal/signal.ts';
import { judge } from './evaluate.ts';
import { cheapestWayOut, withChanges, type WayOut } from './explain.ts';

function wayOut(set: SignalSet, of: Policy = defaultPolicy, fastTrack = false): WayOut | null {
  const context = contextOf({ policy: of, fastTrack });
  return cheapestWayOut(judge(set, context), context);
}

const enforced = policy.map((of) => ({ ...of, mode: 'enforce' as const }));
const decisionOf = (set: SignalSet, of: Policy, fastTrack: boolean): string =>
  judge(set, contextOf({ policy: of, fastTrack })).verdict.decision;

test('an approved release needs no way out', () => {
  expect(wayOut(goodSignals())).toBeNull();
});

test('the way out of one failing criterion is its threshold', () => {
  const found = wayOut(goodSignals({ line_coverage: 84 }));

  expect(found).toMatchObject({
    decision: 'APPROVED',
    changes: [{ metric: 'line_coverage', from: 84, to: 85, cost: 5 }],
    cost: 5,
  });
});

test('measuring what nobody measured is the cheapest change', () => {
  const found = wayOut(goodSignals({ line_coverage: absent('line_coverage') }));

  expect(found?.changes).toEqual([{ metric: 'line_coverage', from: null, to: 85, cost: 1 }]);
});

test('the values of the way out lead to approval, and leaving out any one of them does not', () => {
  fc.assert(
    fc.property(enforced, signals, fc.boolean(), (of, set, fastTrack) => {
      const before = decisionOf(set, of, fastTrack);

      const found = wayOut(set, of, fastTrack);

      if (before === 'APPROVED') expect(found).toBeNull();
      if (found === null) return;
      expect(found.decision).toBe('APPROVED');
      expect(decisionOf(withChanges(set, found.changes), of, fastTrack)).toBe('APPROVED');
      for (const change of found.changes) {
        const fewer = found.changes.filter((other) => other !== change);
        expect(decisionOf(withChanges(set, fewer), of, fastTrack)).not.toBe('APPROVED');
      }
    }),
    { numRuns: 1500 },
  );
});

test('a way out changes each metric once, and never what a release cannot change', () => {
  const fixed = ['change_size', 'affected_modules', 'blast_radius', 'failure_rate', 'mttr', 'incident_count'];
  fc.assert(
    fc.property(enforced, signals, (of, set) => {
      const metrics = (wayOut(set, of)?.changes ?? []).map(({ metric }) => metric);

      expect(new Set(metrics).size).toBe(metrics.length);
      expect(metrics.filter((metric) => fixed.includes(metric))).toEqual([]);
    }),
    runs,
  );
});

test('no value opens a blocking gate that asks for a person', () => {
  const gates = defaultPolicy.gates.map((gate) => ({ ...gate, enforcement: 'BLOCKING' as const }));

  expect(wayOut(goodSignals(), { ...defaultPolicy, gates })).toBeNull();
});

test('in shadow mode the way out is that of the verdict that would count', () => {
  const found = wayOut(goodSignals({ failed_tests: 1 }), { ...defaultPolicy, mode: 'shadow' });

  expect(found).toMatchObject({ decision: 'APPROVED', changes: [{ metric: 'failed_tests', from: 1, to: 0 }] });
});
