import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absent,
  contextOf,
  defaultPolicy,
  goodSignals,
  policy,
  policyWith,
  runs,
  signals,
} from '../../../test/support/arbitraries.ts';
import { defaultConfig } from '../../config/defaults.ts';
import type { MetricResult } from '../signal/signal.ts';
import type { MetricId } from '../signal/metrics.ts';
import { decide, decisionOf, exitCode, type Status, type Verdict } from './decide.ts';
import { judge } from './evaluate.ts';

type Changes = Partial<Record<MetricId, number | MetricResult>>;

function verdictOf(changes: Changes, of = defaultPolicy): Verdict {
  return judge(goodSignals(changes), contextOf({ policy: of, fastTrack: false })).verdict;
}

const rulesOf = (verdict: Verdict): readonly string[] => verdict.rules.map(({ rule }) => rule);
const { tests: _, ...missionGates } = defaultConfig.deployment_gates.mandatory_gates;
const withoutTestsGate = policyWith({ deployment_gates: { mandatory_gates: missionGates } });
/** All the weight on one metric, so that its risk is the score. */
const onlyChangeSize = policyWith({
  deployment_gates: { mandatory_gates: { tests: { max_failed_tests: 0, enforcement: 'BLOCKING' } } },
  risk: {
    weights: {
      code_quality: 0,
      test_coverage: 0,
      performance: 0,
      security: 0,
      change_risk: 0,
      historical_stability: 1,
    },
    metrics: {
      failure_rate: {
        curve: [
          [0, 0],
          [100, 100],
        ],
      },
    },
  },
});

test('a release that nothing speaks against is approved without a rule', () => {
  const verdict = verdictOf({});

  expect(verdict).toEqual({
    decision: 'APPROVED',
    status: 'APPROVED',
    message: 'All deployment gates passed',
    rules: [],
    shadowed: null,
  });
});

test.each([
  [0, 'APPROVED', []],
  [33.4, 'APPROVED_WITH_WARNINGS', ['risk-medium']],
  [67, 'PENDING_APPROVAL', ['risk-high']],
] as const)('historical risk from a failure rate of %d %% leads to %s', (rate, status, rules) => {
  const verdict = verdictOf({ failure_rate: rate }, onlyChangeSize);

  expect([verdict.status, rulesOf(verdict)]).toEqual([status, rules]);
});

test('critical risk blocks although every gate is open', () => {
  const verdict = verdictOf({ failure_rate: 100, mttr: 1000 }, onlyChangeSize);

  expect(verdict).toMatchObject({ decision: 'BLOCKED', message: 'Deployment blocked by its risk' });
  expect(rulesOf(verdict)).toEqual(['risk-critical']);
});

test('risk that may be critical for want of evidence is inconclusive', () => {
  const verdict = verdictOf(
    { failure_rate: absent('failure_rate'), mttr: absent('mttr'), incident_count: absent('incident_count') },
    onlyChangeSize,
  );

  expect(verdict.decision).toBe('INCONCLUSIVE');
  expect(rulesOf(verdict)).toEqual(['risk-may-be-critical', 'risk-high']);
});

test('risk that may be high for want of evidence waits for a person', () => {
  const verdict = verdictOf({ failure_rate: absent('failure_rate') }, onlyChangeSize);

  expect(verdict.decision).toBe('PENDING_APPROVAL');
  expect(rulesOf(verdict)).toEqual(['risk-may-be-high', 'risk-medium']);
});

test('a blocking gate that fails weighs more than one without evidence, and both are listed', () => {
  const verdict = verdictOf({ line_coverage: absent('line_coverage'), critical_vulnerabilities: 1 });

  expect(verdict.decision).toBe('BLOCKED');
  expect(rulesOf(verdict).slice(0, 2)).toEqual(['blocking-gate-failed', 'blocking-gate-without-evidence']);
});

test('a blocking gate without evidence is inconclusive and names the criterion and its state', () => {
  const verdict = verdictOf({ branch_coverage: absent('branch_coverage', 'stale') });

  expect(verdict.decision).toBe('INCONCLUSIVE');
  expect(verdict.rules[0]?.message).toBe('test_coverage has no evidence: min_branch_coverage (stale)');
});

test('failed tests that no gate looks at are a warning', () => {
  const verdict = verdictOf({ failed_tests: 2 }, withoutTestsGate);

  expect(verdict.status).toBe('APPROVED_WITH_WARNINGS');
  expect(verdict.rules[0]?.message).toBe('2 tests failed and no gate looks at failed tests (max_failed_tests)');
});

test('tests that nobody knows of are the same warning as failed ones', () => {
  const verdict = verdictOf({ failed_tests: absent('failed_tests') }, withoutTestsGate);

  expect(rulesOf(verdict)).toEqual(['failed-tests-without-gate']);
  expect(verdictOf({}, withoutTestsGate).status).toBe('APPROVED');
});

test('in shadow mode every release is approved with a warning that says what it would be', () => {
  const shadow = { ...defaultPolicy, mode: 'shadow' as const };

  const verdict = verdictOf({ critical_vulnerabilities: 1 }, shadow);

  expect(verdict).toMatchObject({
    decision: 'APPROVED',
    status: 'APPROVED_WITH_WARNINGS',
    shadowed: { decision: 'BLOCKED', status: 'BLOCKED' },
  });
  expect(rulesOf(verdict)).toEqual(['shadow', 'blocking-gate-failed']);
});

test('a gate in shadow is reported and does not block', () => {
  const shadowed = policyWith({
    deployment_gates: {
      mandatory_gates: {
        ...defaultConfig.deployment_gates.mandatory_gates,
        security: { ...missionGates.security, mode: 'shadow' },
      },
    },
  });

  const { verdict, gates } = judge(goodSignals({ critical_vulnerabilities: 1 }), contextOf({ policy: shadowed }));

  expect(verdict.decision).toBe('APPROVED');
  expect(gates.gateResults.find(({ gate }) => gate === 'security')).toMatchObject({ outcome: 'fail', mode: 'shadow' });
});

test('the strongest rule decides and rules are listed from strong to weak', () => {
  const order: readonly Status[] = [
    'BLOCKED',
    'INCONCLUSIVE',
    'PENDING_APPROVAL',
    'APPROVED_WITH_WARNINGS',
    'APPROVED',
  ];
  fc.assert(
    fc.property(policy, signals, (of, set) => {
      const enforced = { ...of, mode: 'enforce' as const };

      const { rules, status, decision } = judge(set, contextOf({ policy: enforced, fastTrack: false })).verdict;

      const ranks = rules.map(({ leadsTo }) => order.indexOf(leadsTo));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      expect(status).toBe(rules[0]?.leadsTo ?? 'APPROVED');
      expect(decision).toBe(decisionOf(status));
    }),
    runs,
  );
});

test('shadow mode changes the verdict and not what it would be', () => {
  fc.assert(
    fc.property(policy, signals, (of, set) => {
      const { gates, risk } = judge(set, contextOf({ policy: of, fastTrack: false }));

      const rest = { approvals: of.approvals, onPolicyChange: of.onPolicyChange, policyChange: null };
      const enforced = decide({ ...rest, gates, risk, signals: set, mode: 'enforce' });
      const shadow = decide({ ...rest, gates, risk, signals: set, mode: 'shadow' });

      expect(shadow.shadowed).toEqual({ decision: enforced.decision, status: enforced.status });
      expect(shadow.rules.slice(1)).toEqual(enforced.rules);
    }),
    runs,
  );
});

test('exit statuses keep yes, no, not known and waiting apart, and strict makes warnings a no', () => {
  const statuses = ['APPROVED', 'APPROVED_WITH_WARNINGS', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL'] as const;

  expect(statuses.map((status) => exitCode({ status }))).toEqual([0, 0, 1, 3, 4]);
  expect(statuses.map((status) => exitCode({ status }, true))).toEqual([0, 1, 1, 3, 4]);
});
