import fc from 'fast-check';
import { expect, test } from 'vitest';
import { config, policyWith, runs } from '../../test/support/arbitraries.ts';
import { criterionKinds } from '../core/gate/criteria.ts';
import { defaultConfig } from './defaults.ts';
import { initText } from './init-text.ts';
import { parseConfig } from './parse.ts';
import { effectiveConfig } from './effective-config.ts';
import { policyFrom } from './policy-from.ts';

/** The gates and overrides of the mission, key by key. */
const missionText = `
deployment_gates:
  mandatory_gates:
    code_quality:
      min_grade: "B"
      max_critical_issues: 0
      max_code_smells: 50
      enforcement: BLOCKING
    test_coverage:
      min_line_coverage: 85
      min_branch_coverage: 80
      min_mutation_score: 75
      enforcement: BLOCKING
    security:
      max_critical_vulnerabilities: 0
      max_high_vulnerabilities: 0
      max_medium_vulnerabilities: 10
      enforcement: BLOCKING
    performance:
      max_p95_latency_ms: 500
      min_throughput_rps: 1000
      max_error_rate_percent: 0.1
      enforcement: WARNING
  optional_gates:
    documentation:
      changelog_updated: true
      api_docs_current: true
      enforcement: ADVISORY
    business_approval:
      product_manager_approval: true
      stakeholder_signoff: true
      enforcement: WARNING
gate_overrides:
  enabled: true
  requires_approval_from: ["VP Engineering", "CTO"]
  override_justification_required: true
  audit_log: true
`;

test("the mission's gates are valid as they stand and give exactly its six gates", async () => {
  const { config: file } = await parseConfig('aqe-deploy.yaml', missionText);

  const { gates, overrides } = policyWith(file);

  const told = gates.map(({ group, name, enforcement, mode, criteria }) => [
    `${group} ${name} ${enforcement} ${mode}`,
    criteria.map(({ key, threshold }) => `${key} ${threshold}`),
  ]);
  expect(told).toEqual([
    ['mandatory code_quality BLOCKING enforce', ['min_grade 2', 'max_critical_issues 0', 'max_code_smells 50']],
    [
      'mandatory test_coverage BLOCKING enforce',
      ['min_line_coverage 85', 'min_branch_coverage 80', 'min_mutation_score 75'],
    ],
    [
      'mandatory security BLOCKING enforce',
      ['max_critical_vulnerabilities 0', 'max_high_vulnerabilities 0', 'max_medium_vulnerabilities 10'],
    ],
    [
      'mandatory performance WARNING enforce',
      ['max_p95_latency_ms 500', 'min_throughput_rps 1000', 'max_error_rate_percent 0.1'],
    ],
    ['optional documentation ADVISORY enforce', ['changelog_updated 1', 'api_docs_current 1']],
    ['optional business_approval WARNING enforce', ['product_manager_approval 1', 'stakeholder_signoff 1']],
  ]);
  expect(overrides).toEqual({
    enabled: true,
    requiresApprovalFrom: ['VP Engineering', 'CTO'],
    count: 2,
    justificationRequired: true,
    auditLog: true,
    maxDuration: 604_800_000,
  });
});

test('without a file the gates of the mission hold, and one that looks at failed tests', () => {
  const { gates, mode, environment, service } = policyWith({});

  expect(gates.map(({ name }) => name)).toEqual([
    'code_quality',
    'test_coverage',
    'tests',
    'security',
    'performance',
    'documentation',
    'business_approval',
  ]);
  expect([mode, environment, service]).toEqual(['enforce', 'production', 'shop']);
});

test('the config that init writes means what no file means', async () => {
  const { config: written } = await parseConfig(
    'f',
    initText({ service: 'shop', environment: 'production', mode: 'enforce' }),
  );

  expect(policyWith(written)).toEqual(policyWith({}));
});

test('gates replace the default gates as a whole, everything else replaces key by key', () => {
  const effective = effectiveConfig({
    deployment_gates: { mandatory_gates: { one: { max_failed_tests: 3, enforcement: 'WARNING' } } },
    gate_overrides: { audit_log: false },
    evidence: { limits: { max_files: 5 } },
  });

  expect(Object.keys(effective.deployment_gates.mandatory_gates!)).toEqual(['one']);
  expect(effective.gate_overrides).toEqual({ ...defaultConfig.gate_overrides, audit_log: false });
  expect(effective.evidence.limits).toEqual({ ...defaultConfig.evidence.limits, max_files: 5 });
});

test('a yes-no criterion that is set to false asks for nothing', () => {
  const { gates } = policyWith({
    deployment_gates: {
      optional_gates: { docs: { changelog_updated: false, api_docs_current: true, enforcement: 'ADVISORY' } },
    },
  });

  expect(gates[0]?.criteria).toEqual([{ key: 'api_docs_current', threshold: 1 }]);
});

test('ages are milliseconds, and none is no limit', () => {
  const { evidence } = policyWith({
    evidence: {
      max_age: 'none',
      files: [{ path: 'a', max_age: '12h' }, { path: 'b', max_age: 'none' }, { path: 'c' }],
    },
  });

  expect(evidence.maxAge).toBeNull();
  expect(evidence.files).toEqual([{ path: 'a', maxAge: 43_200_000 }, { path: 'b', maxAge: null }, { path: 'c' }]);
  expect(policyWith({}).evidence.maxAge).toBe(604_800_000);
});

test('the service of the file goes before the one that was inferred', () => {
  const named = policyFrom(effectiveConfig({ service: 'till' }), 'folder');
  const inferred = policyFrom(effectiveConfig({}), 'folder');

  expect([named.service, inferred.service]).toEqual(['till', 'folder']);
});

test('every criterion of every gate of a config stands in the policy with its threshold', () => {
  fc.assert(
    fc.property(config, (file) => {
      const { gates } = policyWith(file);

      for (const { name, group, criteria, enforcement, mode } of gates) {
        const written = file.deployment_gates?.[`${group}_gates`]?.[name];
        expect([enforcement, mode]).toEqual([written?.enforcement, written?.mode ?? 'enforce']);
        const keys = Object.keys(written ?? {}).filter((key) => key in criterionKinds);
        expect(criteria.map(({ key }) => key).sort()).toEqual(keys.sort());
      }
    }),
    runs,
  );
});
