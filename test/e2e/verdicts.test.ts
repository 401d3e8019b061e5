import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { emptyProject, project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const assess = async (
  { root }: Pick<Project, 'root'>,
  ...flags: readonly string[]
): Promise<CliResult & { readonly assessment: Assessment }> => {
  const result = await aqe(root, ['deploy', 'assess', '--version', 'v2.5.0', '--format', 'json', ...flags]);
  return { ...result, assessment: json<Assessment>(result) };
};

/** Only the gate on tests; without a weight on what no report says the risk can be known to be low. */
const onlyTests = `service: shop
deployment_gates: { mandatory_gates: { tests: { max_failed_tests: 0, min_executed_tests: 1, enforcement: BLOCKING } } }
`;
const withoutHistory = `${onlyTests}risk:
  weights: { code_quality: 0.2, test_coverage: 0.3, performance: 0.2, security: 0.2, change_risk: 0.1, historical_stability: 0 }
`;

describe('approval', () => {
  test('is APPROVED and 0 when every gate is open and the risk is low even at its worst', async () => {
    const { code, assessment } = await assess(project({ config: withoutHistory }));

    expect(code).toBe(0);
    expect(assessment).toMatchObject({ decision: 'APPROVED', status: 'APPROVED', exitCode: 0, rules: [] });
  });

  test('is APPROVED_WITH_WARNINGS and 0 while a warning gate is not open', async () => {
    const { code, assessment, err } = await assess(project());

    expect(code).toBe(0);
    expect(assessment).toMatchObject({ decision: 'APPROVED', status: 'APPROVED_WITH_WARNINGS', exitCode: 0 });
    expect(err).toBe('exit 0: approved, or the command did its work\n');
  });

  test('with warnings is 1 with --strict, and the decision stays what it is', async () => {
    const { code, assessment } = await assess(project(), '--strict');

    expect(code).toBe(1);
    expect(assessment).toMatchObject({ decision: 'APPROVED', status: 'APPROVED_WITH_WARNINGS', exitCode: 1 });
  });

  test('without warnings is 0 with --strict too', async () => {
    const { code } = await assess(project({ config: withoutHistory }), '--strict');

    expect(code).toBe(0);
  });
});

describe('a blocking gate that fails is BLOCKED and 1', () => {
  test.each([
    ['84.99 % line coverage', { coverage: { lines: [8499, 10_000], branches: [80, 100] } }, 'test_coverage'],
    ['79.99 % branch coverage', { coverage: { lines: [85, 100], branches: [7999, 10_000] } }, 'test_coverage'],
    ['74 of 100 mutants killed', { mutants: [74, 100] }, 'test_coverage'],
    ['one failed test of 121', { tests: { passed: 120, failed: 1 } }, 'tests'],
    ['one high vulnerability', { audit: { high: 1 } }, 'security'],
    ['eleven medium vulnerabilities', { audit: { moderate: 11 } }, 'security'],
    ['one lint error', { lint: { errors: 1 } }, 'code_quality'],
  ] as const)('with %s', async (_, shape, gate) => {
    const { code, assessment } = await assess(project(shape));

    expect(code).toBe(1);
    expect(assessment).toMatchObject({ decision: 'BLOCKED', status: 'BLOCKED', exitCode: 1 });
    expect(assessment.gates.blockers.map((each) => each.gate)).toEqual([gate]);
  });

  test.each([
    ['85 % of lines and 80 % of branches', { coverage: { lines: [8500, 10_000], branches: [80, 100] } }],
    ['75 of 100 mutants killed', { mutants: [75, 100] }],
    ['ten medium vulnerabilities', { audit: { moderate: 10 } }],
  ] as const)('and not with %s, which is on the limit', async (_, shape) => {
    const { assessment } = await assess(project(shape));

    expect(assessment.gates.blockers).toEqual([]);
    expect(assessment.gates.inconclusive).toEqual([]);
  });
});

describe('a blocking gate without evidence is INCONCLUSIVE and 3', () => {
  test.each([
    ['no test report', { tests: null }, 'tests'],
    ['a test report of zero tests', { tests: { passed: 0 } }, 'tests'],
    ['nothing but skipped tests', { tests: { passed: 0, skipped: 12 } }, 'tests'],
    ['no coverage report', { coverage: null }, 'test_coverage'],
    ['no mutation report', { mutants: null }, 'test_coverage'],
    ['no lint report', { lint: null }, 'code_quality'],
    ['no security report', { audit: null }, 'security'],
  ] as const)('with %s', async (_, shape, gate) => {
    const { code, assessment } = await assess(project(shape));

    expect(code).toBe(3);
    expect(assessment).toMatchObject({ decision: 'INCONCLUSIVE', status: 'INCONCLUSIVE', exitCode: 3 });
    expect(assessment.gates.inconclusive.map((each) => each.gate)).toEqual([gate]);
  });

  test('also when one good report of the kind lies beside an unreadable one', async () => {
    const shop = project();
    shop.write('reports/junit-integration.xml', '<testsuites><testsuite name="cut"><testcase name="a"/>');

    const { code, assessment } = await assess(shop);

    expect(code).toBe(3);
    expect(assessment.signals.failed_tests).toMatchObject({ state: 'unreadable' });
    expect(assessment.evidence.find(({ state }) => state === 'unreadable')).toMatchObject({
      path: 'reports/junit-integration.xml',
      code: 'AQE2002',
    });
  });

  test('but a gate that fails is BLOCKED, whatever else is missing', async () => {
    const { code } = await assess(project({ tests: null, audit: { critical: 1 } }));

    expect(code).toBe(1);
  });

  test('and a failed test beside an unreadable report of tests is no approval either', async () => {
    const shop = project({ tests: { passed: 5, failed: 1 } });
    shop.write('reports/junit-integration.xml', '<testsuites><testsuite name="cut"><testcase name="a"/>');

    const { assessment } = await assess(shop);

    expect(assessment.decision).not.toBe('APPROVED');
  });
});

test('HIGH risk behind open gates is PENDING_APPROVAL and 4', async () => {
  const risky = project({
    config: withoutHistory,
    coverage: { lines: [60, 100], branches: [55, 100] },
    mutants: [45, 100],
    lint: { errors: 12 },
    audit: { high: 1 },
    load: { p95: 600, perSecond: 900, failed: [9, 72_000] },
  });

  const { code, assessment } = await assess(risky);

  expect(assessment.risk).toMatchObject({ level: 'HIGH' });
  expect(code).toBe(4);
  expect(assessment).toMatchObject({ decision: 'PENDING_APPROVAL', status: 'PENDING_APPROVAL', exitCode: 4 });
});

describe('nothing is decided and the exit status is 2', () => {
  test.each([
    ['a flag that does not exist', ['--versoin', 'v2.5.0'], 'AQE1002'],
    ['a priority that does not exist', ['--version', 'v2.5.0', '--priority', 'urgent'], 'AQE1002'],
    ['an argument too many', ['v2.5.0', '--version', 'v2.5.0'], 'AQE1002'],
    ['a config that is not there', ['--version', 'v2.5.0', '--config', 'nowhere.yaml'], 'AQE1005'],
    ['a project that is not there', ['--version', 'v2.5.0', '--project', 'nowhere'], 'AQE1008'],
    ['a revision that is not there', ['--version', 'v2.5.0', '--revision', 'nowhere'], 'AQE2012'],
    ['a name of 201 characters', ['--version', 'v'.repeat(201)], 'AQE1002'],
  ])('for %s', async (_, flags, expected) => {
    const { root } = project();

    const { code, out, err } = await aqe(root, ['deploy', 'assess', ...flags]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`error ${expected}: `);
    expect(err).toMatch(/\n {2}exit 2\n$/);
  });

  test('for a config with an unknown key', async () => {
    const shop = project();
    writeFileSync(`${shop.root}/aqe-deploy.yaml`, 'deploymentgates: {}\n');

    const { code, err } = await aqe(shop.root, ['deploy', 'assess', '--version', 'v2.5.0']);

    expect(code).toBe(2);
    expect(err).toContain('did you mean "deployment_gates"?');
    expect(err).toContain('aqe-deploy.yaml:1:1');
  });
});

describe('an empty folder', () => {
  const shown: readonly (readonly string[])[] = [
    ['assess'],
    ['risk', '--detailed'],
    ['check-gate', '--gate', 'tests'],
    ['checklist'],
    ['blockers', '--detailed'],
    ['explain'],
    ['remediate'],
    ['report'],
  ];

  test.each(shown.map((argv) => [argv]))('shows no figure and no pass mark in %j', async (argv) => {
    const { root } = emptyProject();

    const { code, out } = await aqe(root, ['deploy', ...argv, '--version', 'v1.0.0']);

    expect([0, 3]).toContain(code);
    expect(withoutLimits(out)).not.toMatch(/\d ?%|✔|✅|\d\/100|\b0 critical/);
  });

  test('is INCONCLUSIVE and 3, with every metric missing', async () => {
    const { code, assessment } = await assess(emptyProject());

    expect(code).toBe(3);
    expect(assessment).toMatchObject({ decision: 'INCONCLUSIVE', change: null, evidence: [] });
    expect(new Set(Object.values(assessment.signals).map(({ state }) => state))).toEqual(new Set(['missing']));
  });

  test('of evidence is 3 with the formats that are known', async () => {
    const { root } = emptyProject();

    const { code, out, err } = await aqe(root, ['deploy', 'evidence']);

    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/no evidence found; \d+ formats are known: .*JUnit XML/);
  });
});

/** What the policy asks for is shown beside what is missing. */
function withoutLimits(text: string): string {
  // What a value would lead to is no figure of the release either, nor is what is expected before anything is known.
  return text
    .replace(/not enough outcomes \(n = 0\);\s+the\s+prior\s+expects[^,\n]*(\n\s+[^,\n]*)?/g, '')
    .replace(/no outcome is known yet: [\d.]+ ?% of releases are expected to fail/g, '')
    .replace(/\(?\b(min|max|wanted)\s+[^)|]*/g, '')
    .replace(/measured at\s+\S+ or worse/g, '');
}

test('a report named by the config that is not there is missing evidence, also with everything else good', async () => {
  const config =
    'service: shop\nevidence:\n  files:\n    - { path: reports/junit/e2e.xml, format: junit, stage: e2e }\n';
  const { code, assessment } = await assess(project({ config }));

  expect(code).toBe(3);
  expect(assessment.evidence.find(({ path }) => path === 'reports/junit/e2e.xml')).toMatchObject({ state: 'missing' });
});

test('a report that two tools could have written in part is read once and named once', async () => {
  const { assessment } = await assess(project());

  const paths = assessment.evidence.map(({ path }) => path);

  expect(paths).toEqual(Object.values(reportPaths).toSorted());
});
