import { afterAll, describe, expect, test } from 'vitest';
import { aqe, aqeWith, json } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { emptyProject, project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly place: string;
  readonly path: string;
  readonly message: string;
}

const now = new Date('2026-06-15T12:00:00Z');
const clock = { now: () => now, zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };

async function lint(text: string, ...flags: readonly string[]) {
  const shop = emptyProject();
  shop.write('aqe-deploy.yaml', text);
  const result = await aqeWith({ clock }, shop.root, ['policy', 'lint', '--json', ...flags]);
  return { ...result, findings: json<{ findings: readonly Finding[] }>(result).findings };
}

const keyOf = (letter: string): string => `MCowBQYDK2VwAyEA${letter.repeat(43)}=`;
/** A policy with which nothing is wrong. */
const people = `people:
  ada@example.com: { key: ${keyOf('A')} }
  bob@example.com: { key: ${keyOf('B')} }
  eve@example.com: { key: ${keyOf('C')} }
roles:
  VP Engineering: [ada@example.com]
  CTO: [bob@example.com]
`;
const gates = (body: string): string =>
  `deployment_gates:\n  mandatory_gates:\n    tests: { max_failed_tests: 0, min_executed_tests: 1, enforcement: BLOCKING }\n    security: { max_high_vulnerabilities: 0, enforcement: BLOCKING }\n${body.replace(/^(?=.)/gm, '    ')}\n`;

test('a good policy has no finding, and exit code 0', async () => {
  const { code, findings } = await lint(people, '--strict');

  expect([code, findings]).toEqual([0, []]);
});

test('the defaults alone only warn: nobody is named who could approve', async () => {
  const shop = emptyProject();
  const plain = await aqe(shop.root, ['policy', 'lint']);
  const strict = await aqe(shop.root, ['policy', 'lint', '--strict']);

  expect([plain.code, strict.code]).toEqual([0, 1]);
  expect(plain.out).toContain('default warning approval-nobody-can-give: the approval high-risk needs 1');
});

const cases: readonly (readonly [rule: string, level: string, place: string | RegExp, text: string])[] = [
  ['threshold-never-fails', 'warning', /:5:/, gates('a: { min_line_coverage: 0, enforcement: BLOCKING }') + people],
  [
    'threshold-never-fails',
    'warning',
    /:5:/,
    gates('a: { max_duplication_percent: 100, enforcement: BLOCKING }') + people,
  ],
  ['threshold-never-fails', 'warning', /:5:/, gates('a: { max_code_smells: 5000000, enforcement: WARNING }') + people],
  ['threshold-never-fails', 'warning', /:5:/, gates('a: { min_grade: E, enforcement: WARNING }') + people],
  [
    'threshold-never-fails',
    'warning',
    /:5:/,
    gates('a: { min_line_coverage: ">= -100 %", enforcement: WARNING }') + people,
  ],
  [
    'threshold-never-passes',
    'error',
    /:5:/,
    gates('a: { min_line_coverage: ">= +101", enforcement: WARNING }') + people,
  ],
  ['threshold-never-passes', 'warning', /:5:/, gates('a: { min_review_approvals: 3, enforcement: WARNING }') + people],
  [
    'limit-without-effect',
    'warning',
    /:5:/,
    gates('a: { max_high_vulnerabilities: 3, enforcement: WARNING }') + people,
  ],
  ['limit-without-effect', 'warning', /:5:/, gates('a: { max_failed_tests: 0, enforcement: BLOCKING }') + people],
  ['metric-nobody-gives', 'error', /:5:/, gates('a: { max_complexity: 10, enforcement: BLOCKING }') + people],
  ['metric-nobody-gives', 'warning', /:5:/, gates('a: { max_complexity: 10, enforcement: WARNING }') + people],
  [
    'person-in-blocking-gate',
    'error',
    /:5:/,
    gates('a: { stakeholder_signoff: true, enforcement: BLOCKING }') + people,
  ],
  [
    'missing-does-not-block',
    'warning',
    /:5:/,
    gates('a: { min_mutation_score: { limit: 50, when_missing: warn }, enforcement: BLOCKING }') + people,
  ],
  [
    'effective-on-past',
    'warning',
    /:5:/,
    gates('a: { min_mutation_score: 50, enforcement: BLOCKING, effective_on: 2026-01-01 }') + people,
  ],
  [
    'score-outvotes',
    'warning',
    /:5:/,
    gates('a: { max_critical_issues: 0, min_grade: B, max_code_smells: 9, min_score: 60, enforcement: BLOCKING }') +
      people,
  ],
  [
    'score-without-effect',
    'warning',
    /:5:/,
    gates('a: { max_critical_issues: 0, min_grade: B, min_score: 60, enforcement: BLOCKING }') + people,
  ],
  [
    'environment-unknown',
    'error',
    /:10:/,
    `environments: { production: {} }\n${people}freezes:\n  - { name: x, environments: [prod], zone: UTC, start: 2026-12-24T00:00, duration: 3d }\n`.replace(
      'roles:\n',
      'roles:\n',
    ),
  ],
  [
    'environment-unknown',
    'error',
    /:2:/,
    `environments: { production: {} }\nservices: { shop: { environments: { prod: {} } } }\nservice: shop\n${people}`,
  ],
  ['group-unknown', 'error', 'aqe-deploy.yaml:2:8', `roles:\n  QA: [group:testers]\n`],
  [
    'gate-unknown',
    'error',
    'aqe-deploy.yaml:2:35',
    `environments:\n  production: { without_gates: [  tsts] }\n`
      .replace('[  tsts]', '[tsts]')
      .replace('{ without', '{   without'),
  ],
  ['no-gates', 'error', /./, `deployment_gates: {}\nfast_track: { gates: [] }\n${people}`],
  [
    'nothing-blocks',
    'warning',
    /:1:/,
    `deployment_gates: { mandatory_gates: { tests: { max_failed_tests: 0, enforcement: WARNING } } }\nfast_track: { gates: [] }\n${people}`,
  ],
  [
    'fast-track-without-gate',
    'warning',
    /:2:/,
    `deployment_gates: { mandatory_gates: { a: { min_executed_tests: 1, enforcement: BLOCKING }, tests: { max_failed_tests: 0, enforcement: WARNING } } }\nfast_track: { gates: [tests] }\n${people}`,
  ],
  ['shadow', 'warning', 'aqe-deploy.yaml:1:1', `mode: shadow\n${people}`],
  ['role-unknown', 'error', /:10:/, `${people}\napprovals:\n  required: [{ when: always, from: [QA] }]\n`],
  [
    'role-without-people',
    'error',
    /:7:|:8:/,
    `${people}  QA: []\napprovals:\n  required: [{ when: always, from: [QA] }]\n`,
  ],
  ['approval-nobody-can-give', 'error', /:9:/, `${people}approvals:\n  required: [{ when: always, count: 4 }]\n`],
  ['approval-nobody-can-give', 'error', /:8:/, `${people}emergency: { from: [CTO], count: 2 }\n`],
  [
    'roles-of-one-person',
    'error',
    /:8:|default/,
    people.replace('[bob@example.com]', '[ada@example.com]') +
      'gate_overrides: { requires_approval_from: [VP Engineering, CTO] }\n',
  ],
  ['person-without-key', 'warning', /:5:/, people.replace('roles:', '  zoe@example.com: { name: Zoe }\nroles:')],
  ['key-of-two', 'error', /:2:/, people.replace(keyOf('B'), keyOf('A'))],
  [
    'address-of-two',
    'error',
    /:2:/,
    people.replace(`key: ${keyOf('B')}`, `key: ${keyOf('B')}, aliases: [ada@example.com]`),
  ],
  ['authors-approve', 'warning', /:8:/, `${people}approvals: { allow_author: true }\n`],
  ['unverified-words-count', 'warning', /:8:/, `${people}approvals: { allow_unverified: true }\n`],
  ['log-cannot-be-off', 'error', /:8:/, `${people}gate_overrides: { audit_log: false }\n`],
  [
    'override-without-reason',
    'warning',
    /:8:/,
    `${people}gate_overrides: { override_justification_required: false }\n`,
  ],
  [
    'waiver-expired',
    'warning',
    /:9:/,
    `${people}waivers:\n  - { gate: tests, reason: old, approver: ada, expires: 2026-06-14 }\n`,
  ],
  [
    'waiver-expiring',
    'warning',
    /:9:/,
    `${people}waivers:\n  - { gate: tests, reason: old, approver: ada, expires: 2026-06-20 }\n`,
  ],
  [
    'waiver-long',
    'warning',
    /:9:/,
    `${people}waivers:\n  - { gate: tests, reason: old, approver: ada, expires: 2028-06-20 }\n`,
  ],
  [
    'waiver-of-nothing',
    'error',
    /:9:/,
    `${people}waivers:\n  - { gate: tets, reason: old, approver: ada, expires: 2026-09-20 }\n`,
  ],
  [
    'waiver-of-nothing',
    'error',
    /:9:/,
    `${people}waivers:\n  - { rule: min_line_covrage, reason: old, approver: ada, expires: 2026-09-20 }\n`,
  ],
  [
    'waiver-of-nothing',
    'error',
    /:9:/,
    `${people}waivers:\n  - { gate: tests, rule: min_line_coverage, reason: old, approver: ada, expires: 2026-09-20 }\n`,
  ],
  [
    'waiver-of-nothing',
    'error',
    /:9:/,
    `${people}waivers:\n  - { gate: tests, rule: no-eval, reason: old, approver: ada, expires: 2026-09-20 }\n`,
  ],
  [
    'freeze-unusable',
    'error',
    /:9:/,
    `${people}freezes:\n  - { name: x, zone: Europe/Nowhere, start: 2026-12-24T00:00, duration: 3d }\n`,
  ],
  [
    'freeze-over',
    'warning',
    /:9:/,
    `${people}freezes:\n  - { name: x, zone: UTC, start: 2025-12-24T00:00, duration: 3d }\n`,
  ],
  [
    'freeze-most-of-the-year',
    'warning',
    /:9:/,
    `${people}freezes:\n  - { name: x, zone: UTC, start: 2026-01-01T00:00, duration: 24h, rrule: FREQ=DAILY }\n`,
  ],
];

describe('each mistake is found where it stands', () => {
  test.each(cases)('%s, %s at %s', async (rule, level, place, text) => {
    const { code, findings } = await lint(text);

    const found = findings.filter((each) => each.rule === rule);
    expect(found.map((each) => each.level)).toContain(level);
    expect(found[0]!.place).toMatch(typeof place === 'string' ? new RegExp(`^${place}$`) : place);
    expect(code).toBe(findings.some((each) => each.level === 'error') ? 1 : 0);
  });
});

test('a mapping gives the metric that no reader does', async () => {
  const mapping = `evidence:
  mappings:
    lizard: { type: json, files: lizard.json, metrics: [{ metric: complexity, path: $.mean, unit: per-function }] }
`;
  const { findings } = await lint(gates('a: { max_complexity: 10, enforcement: BLOCKING }') + people + mapping);

  expect(findings).toEqual([]);
});

test('every environment is looked at, and what all of them have is said once', async () => {
  const text = `environments:
  production: {}
  staging:
    deployment_gates: { mandatory_gates: { tests: { max_failed_tests: 0, enforcement: ADVISORY } } }
    without_gates: [code_quality, test_coverage, security]
gate_overrides: { audit_log: false }
fast_track: { gates: [tests] }
${people}`;
  const { findings } = await lint(text);

  expect(findings.filter(({ rule }) => rule === 'log-cannot-be-off')).toHaveLength(1);
  expect(findings.filter(({ rule }) => rule === 'nothing-blocks').map(({ message }) => message)).toEqual([
    'no gate of staging blocks: all are WARNING, ADVISORY, in shadow or not yet effective',
  ]);
});

test('keys in the work tree are a remark only where the policy comes from there', async () => {
  const shop = project({ config: people });
  shop.write('.aqe/keys/ada@example.com.pub', `${keyOf('A')}\n`);
  shop.repository.commit('chore: key');
  const rules = async (...flags: readonly string[]): Promise<readonly string[]> =>
    json<{ findings: readonly Finding[] }>(await aqe(shop.root, ['policy', 'lint', '--json', ...flags])).findings.map(
      ({ rule, level }) => `${level} ${rule}`,
    );

  expect(await rules()).toEqual(['info keys-in-the-work-tree']);
  expect(await rules('--policy-ref', 'main')).toEqual([]);
});

test('a config that cannot be read is exit code 2', async () => {
  const shop = emptyProject();
  shop.write('other.yaml', 'mdoe: shadow\n');

  const { code, err } = await aqe(shop.root, ['policy', 'lint', '--config', 'other.yaml']);

  expect([code, err.includes('other.yaml:1:1')]).toEqual([2, true]);
});
