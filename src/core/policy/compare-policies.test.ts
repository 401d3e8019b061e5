import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policy, policyWith, runs } from '../../../test/support/arbitraries.ts';
import type { FileConfig } from '../../config/schema.ts';
import { canonicalJson } from '../canonical-json.ts';
import { comparePolicies } from './compare-policies.ts';
import { differenceLine } from './policy-difference.ts';

const between = (from: FileConfig, to: FileConfig): readonly string[] =>
  comparePolicies(policyWith(from), policyWith(to)).map(differenceLine);
const gates = (body: object): FileConfig => ({
  deployment_gates: { mandatory_gates: { a: { enforcement: 'BLOCKING', ...body } } },
});
const key = (letter: string): string => `MCowBQYDK2VwAyEA${letter.repeat(43)}=`;
const waiver = { gate: 'tests', reason: 'flaky', approver: 'ada', expires: '2026-03-31' };
const freeze = { name: 'x', zone: 'UTC', start: '2026-12-24T00:00', duration: '3d' };

const cases: readonly (readonly [FileConfig, FileConfig, readonly string[]])[] = [
  [{}, { mode: 'shadow' }, ['mode enforce → shadow (weaker)']],
  [{ environment: 'production' }, { environment: 'staging' }, ['environment production → staging']],
  [gates({ max_failed_tests: 0 }), gates({ max_failed_tests: 3 }), ['gate a: max_failed_tests 0 → 3 (weaker)']],
  [
    gates({ min_executed_tests: 9 }),
    gates({ min_executed_tests: 10 }),
    ['gate a: min_executed_tests 9 → 10 (stricter)'],
  ],
  [gates({ min_grade: 'B' }), gates({ min_grade: 'C' }), ['gate a: min_grade B → C (weaker)']],
  [
    gates({ max_failed_tests: 0 }),
    gates({ max_failed_tests: 0, max_code_smells: 9 }),
    ['gate a: criterion added: max_code_smells (stricter)'],
  ],
  [
    gates({ max_failed_tests: 0, max_code_smells: 9 }),
    gates({ max_failed_tests: 0 }),
    ['gate a: criterion removed: max_code_smells (weaker)'],
  ],
  [
    gates({ max_failed_tests: 0, max_code_smells: 9, min_score: 50 }),
    gates({ max_failed_tests: 0, min_score: 50 }),
    ['gate a: criterion removed: max_code_smells'],
  ],
  [
    gates({ max_failed_tests: 0 }),
    gates({ max_failed_tests: 0, enforcement: 'WARNING', mode: 'shadow', min_score: 50, effective_on: '2027-01-01' }),
    [
      'gate a: enforcement BLOCKING → WARNING (weaker)',
      'gate a: mode enforce → shadow (weaker)',
      'gate a: min_score 100 → 50 (weaker)',
      'gate a: effective_on now → 2027-01-01 (weaker)',
    ],
  ],
  [
    gates({ max_failed_tests: '<= +10 %' }),
    gates({ max_failed_tests: '<= +20 %' }),
    ['gate a: max_failed_tests change <= +10 % of the previous release → <= +20 % of the previous release (weaker)'],
  ],
  [
    gates({ max_failed_tests: { limit: 0 } }),
    gates({ max_failed_tests: { limit: 0, when_missing: 'skip(no tests)', weight: 2 } }),
    [
      'gate a: max_failed_tests, weight 1 → 2',
      'gate a: max_failed_tests, when_missing block → skip(no tests) (weaker)',
    ],
  ],
  [{}, { fast_track: { gates: ['tests'] } }, ['fast_track: gate removed: security (weaker)']],
  [{}, { waivers: [waiver] }, ['waiver added: gate tests (ada: flaky) (weaker)']],
  [
    { waivers: [waiver] },
    { waivers: [{ ...waiver, expires: '2026-04-01' }] },
    ['waiver gate tests (ada: flaky): until 2026-04-01T00:00:00.000Z → 2026-04-02T00:00:00.000Z (weaker)'],
  ],
  [{ freezes: [freeze] }, {}, ['freeze removed: x (weaker)']],
  [{ freezes: [freeze] }, { freezes: [{ ...freeze, duration: '2d' }] }, ['freeze x changed']],
  [
    { people: { 'ada@example.com': { key: key('A') } } },
    { people: { 'Ada@example.com': { key: key('B') }, 'bob@example.com': {} } },
    ['people: key of ada@example.com changed', 'people added: bob@example.com'],
  ],
  [
    { roles: { CTO: ['ada@example.com'] } },
    { roles: { CTO: ['bob@example.com'] } },
    ['role CTO: person added: bob@example.com (weaker)', 'role CTO: person removed: ada@example.com (stricter)'],
  ],
  [
    {},
    { approvals: { allow_author: true, allow_unverified: true, expires_after: '48h' } },
    [
      'approvals: allow_author no → yes (weaker)',
      'approvals: allow_unverified no → yes (weaker)',
      'approvals: expires_after 1d → 2d (weaker)',
    ],
  ],
  [
    { approvals: { required: [{ name: 'q', when: 'always', from: ['QA'], count: 2 }] } },
    { approvals: { required: [{ name: 'q', when: 'always', from: ['QA', 'Ops'], count: 1 }] } },
    ['approvals: q, count 2 → 1 (weaker)', 'approvals: q, role added: Ops (weaker)'],
  ],
  [
    {},
    { gate_overrides: { enabled: false, override_justification_required: false, max_duration: '90m' } },
    [
      'overrides: enabled yes → no (stricter)',
      'overrides: justification required yes → no (weaker)',
      'overrides: max_duration 7d → 90m (stricter)',
    ],
  ],
  [{}, { emergency: { from: ['CTO', 'SRE'] } }, ['emergency: role added: SRE (weaker)']],
  [{}, { policy: { on_change: 'report' } }, ['policy: on_change approval → report (weaker)']],
  [{}, { grade: { A: 5, B: 12, C: 20, D: 50 } }, ['grade B 10 → 12 (weaker)']],
  [
    {},
    {
      risk: {
        metrics: {
          complexity: {
            prior: 10,
            curve: [
              [3, 0],
              [100, 10],
            ],
          },
        },
      },
    },
    ['risk: prior of complexity 50 → 10 (weaker)', 'risk: curve of complexity changed (weaker)'],
  ],
  [
    {},
    { evidence: { max_age: 'none', require_commit: true, exclude: ['x'], files: [{ path: 'a.xml' }] } },
    [
      'evidence: max_age 7d → none (weaker)',
      'evidence: require_commit no → yes (stricter)',
      'evidence: exclude added: x (weaker)',
      'evidence: file added: a.xml (stricter)',
    ],
  ],
];

test.each(cases)('%j and %j differ', (from, to, lines) => {
  expect(between(from, to)).toEqual(lines);
});

test.each(cases)('backwards what was weaker is stricter: %j and %j', (from, to) => {
  const count = (one: FileConfig, other: FileConfig, effect: string): number =>
    comparePolicies(policyWith(one), policyWith(other)).filter((each) => each.effect === effect).length;

  expect(count(to, from, 'stricter')).toBe(count(from, to, 'weaker'));
  expect(count(to, from, 'weaker')).toBe(count(from, to, 'stricter'));
});

test('a policy does not differ from itself, nor from one with its parts in another order', () => {
  fc.assert(
    fc.property(policy, (one) => {
      const turned = { ...one, gates: [...one.gates].reverse(), waivers: [...one.waivers].reverse() };

      expect(comparePolicies(one, structuredClone(one))).toEqual([]);
      expect(comparePolicies(one, turned)).toEqual([]);
    }),
    runs,
  );
});

test('two policies that are not the same have a difference in words', () => {
  fc.assert(
    fc.property(policy, policy, (one, other) => {
      const isSame = canonicalJson(one) === canonicalJson(other);

      expect(comparePolicies(one, other).length === 0).toBe(isSame);
    }),
    runs,
  );
});

test('a part that the comparison has no words for is still a difference', () => {
  const one = policyWith({});

  expect(comparePolicies(one, { ...one, later: 1 } as typeof one)).toEqual([
    { words: 'policy changed', effect: 'other' },
  ]);
});
