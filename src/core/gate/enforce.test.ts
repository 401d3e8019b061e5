import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { enforceGates } from './enforce.ts';
import type { GateResult } from './evaluate-gate.ts';

function resultOf(changes: Partial<GateResult>): GateResult {
  const outcome = changes.outcome ?? 'fail';
  return {
    gate: 'gate',
    group: 'mandatory',
    enforcement: 'BLOCKING',
    mode: 'enforce',
    effectiveOn: null,
    skipped: false,
    overridden: null,
    minScore: 100,
    criteria: [],
    ...changes,
    outcome,
    passed: outcome === 'pass',
  };
}

const gateResult = fc
  .record({
    enforcement: fc.constantFrom('BLOCKING' as const, 'WARNING' as const, 'ADVISORY' as const),
    mode: fc.constantFrom('enforce' as const, 'shadow' as const),
    outcome: fc.constantFrom('pass' as const, 'fail' as const, 'no-evidence' as const),
    skipped: fc.boolean(),
  })
  .map(resultOf);

test.each([
  [[], 'APPROVED', 'All deployment gates passed'],
  [[{ outcome: 'pass' }], 'APPROVED', 'All deployment gates passed'],
  [[{ enforcement: 'ADVISORY' }], 'APPROVED', 'All deployment gates passed'],
  [[{ enforcement: 'WARNING' }], 'APPROVED_WITH_WARNINGS', 'Deployment gates passed with 1 warning'],
  [[{ outcome: 'no-evidence' }, { enforcement: 'WARNING' }], 'INCONCLUSIVE', 'No evidence for 1 blocking gate'],
  [[{}, {}, { outcome: 'no-evidence' }], 'BLOCKED', 'Deployment blocked by 2 gates'],
] as const)('gates %j are together %s', (changes, status, message) => {
  const summary = enforceGates(changes.map(resultOf));

  expect(summary).toMatchObject({ overallStatus: status, message });
});

test('gates in shadow and gates that were skipped are listed and decide nothing', () => {
  const summary = enforceGates([resultOf({ mode: 'shadow' }), resultOf({ skipped: true })]);

  expect(summary).toMatchObject({ overallStatus: 'APPROVED', blockers: [], inconclusive: [], warnings: [] });
  expect(summary.gateResults).toHaveLength(2);
});

test('every gate that counts and is not open stands in exactly one list', () => {
  fc.assert(
    fc.property(fc.array(gateResult, { maxLength: 8 }), (results) => {
      const { blockers, inconclusive, warnings, advisories, gateResults } = enforceGates(results);

      const listed = [...blockers, ...inconclusive, ...warnings, ...advisories];
      const closed = results.filter(({ passed, mode, skipped }) => !passed && mode === 'enforce' && !skipped);
      expect(new Set(listed)).toEqual(new Set(closed));
      expect(listed).toHaveLength(closed.length);
      expect(gateResults).toBe(results);
    }),
    runs,
  );
});
