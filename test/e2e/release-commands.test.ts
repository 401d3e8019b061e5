import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { tableAfter } from '../support/markdown.ts';
import { good, project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const deploy = ({ root }: Project, ...argv: readonly string[]): Promise<CliResult> =>
  aqe(root, ['deploy', ...argv, '--version', 'v2.5.0']);
const blocked = (): Project => project({ ...good, coverage: { lines: [70, 100], branches: [92, 100] }, mutants: null });

describe('risk', () => {
  test('and risk-score are the same', async () => {
    const shop = project();

    const [risk, score] = await Promise.all([deploy(shop, 'risk'), deploy(shop, 'risk-score')]);

    expect(score).toEqual(risk);
    expect(risk.code).toBe(0);
  });

  test('is a sum of points, and --detailed shows every metric with its points', async () => {
    const shop = project();

    const { out } = await deploy(shop, 'risk', '--detailed');
    const { contributions, overallRisk } = json<{
      contributions: { metric: string; points: number }[];
      overallRisk: number;
    }>(await deploy(shop, 'risk', '--json'));

    expect(contributions.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(overallRisk, 9);
    for (const { metric } of contributions) expect(out).toContain(`    ${metric} `);
  });
});

describe('check-gate', () => {
  test.each([
    ['security', 0, 'APPROVED'],
    ['test_coverage', 1, 'BLOCKED'],
    ['business_approval', 3, 'INCONCLUSIVE'],
  ])('of %s is %i', async (gate, status) => {
    const shop = project({ coverage: { lines: [70, 100], branches: [92, 100] } });

    const { code, out } = await deploy(shop, 'check-gate', '--gate', gate, '--json');

    expect(code).toBe(status);
    expect(json({ out })).toMatchObject({ schemaVersion: '1', gate, version: 'v2.5.0' });
  });

  test('of a gate that does not exist is 2 with a suggestion', async () => {
    const { code, out, err } = await deploy(project(), 'check-gate', '--gate', 'securty');

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('did you mean security?');
  });
});

describe('checklist', () => {
  test('counts evidence, and what no evidence answers is unknown: 3', async () => {
    const { code, out } = await deploy(project(), 'checklist', '--json');

    const { items } = json<{ items: { id: string; status: string }[] }>({ out });
    const statusOf = Object.fromEntries(items.map(({ id, status }) => [id, status]));
    expect(code).toBe(3);
    expect(statusOf).toMatchObject({ 'unit-tests': 'passed', 'rollback-plan': 'passed', monitoring: 'unknown' });
  });

  test('of level essential is shorter', async () => {
    const shop = project();
    const size = async (...flags: readonly string[]): Promise<number> =>
      json<{ items: unknown[] }>(await deploy(shop, 'checklist', '--json', ...flags)).items.length;

    const [full, essential] = [await size(), await size('--level', 'essential')];

    expect(essential).toBeGreaterThan(0);
    expect(essential).toBeLessThan(full);
  });

  test('with a failed test is 1', async () => {
    const { code } = await deploy(project({ tests: { passed: 3, failed: 1 } }), 'checklist');

    expect(code).toBe(1);
  });

  test('records a word on an item, and shows whose it is and that nobody verified it', async () => {
    const shop = project();

    const said = await deploy(
      shop,
      'checklist',
      '--attest',
      'monitoring',
      '--by',
      'ada@example.com',
      '--note',
      '23 alerts',
    );
    const { out } = await deploy(shop, 'checklist');

    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^monitoring of v2\.5\.0 attested by ada@example\.com \(identity not verified: /);
    expect(out).toContain('Monitoring and alerting configured: passed [monitoring]\n      23 alerts\n');
    expect(out.replace(/\s+/g, ' ')).toContain('ada@example.com (attested, identity not verified:');
  });

  test('names who approved the pull request that the release is, and then takes no word for it', async () => {
    const shop = project();
    const commit = shop.repository.git('rev-parse', 'HEAD').trim();
    const head = 'a'.repeat(40);
    const approval = (login: string) => ({ author: { login }, state: 'APPROVED', commit: { oid: head } });
    const pull = {
      number: 12,
      author: { login: 'ada' },
      headRefOid: head,
      mergeCommit: { oid: commit },
      reviews: ['ada', 'grace', 'linus'].map(approval),
    };
    const attest = ['--attest', 'code-review', '--by', 'cto', '--note', 'seen'];

    const before = await deploy(shop, 'checklist', '--json');
    const word = await deploy(shop, 'checklist', ...attest);
    const attested = await deploy(shop, 'checklist', '--json');
    shop.write('reports/pull-request.json', JSON.stringify(pull));
    const reviewed = await deploy(shop, 'checklist', '--json');
    shop.write('reports/pull-request.json', JSON.stringify({ ...pull, mergeCommit: { oid: 'b'.repeat(40) } }));
    const foreign = await deploy(shop, 'checklist', '--json');

    const review = (result: CliResult): unknown =>
      json<{ items: { id: string; status: string; details: string }[] }>(result).items.find(
        ({ id }) => id === 'code-review',
      );
    expect(word.code).toBe(0);
    expect(review(before)).toMatchObject({ status: 'unknown' });
    expect(review(attested)).toMatchObject({ status: 'passed', details: 'seen' });
    expect(review(reviewed)).toMatchObject({
      status: 'passed',
      validatedBy: 'reports/pull-request.json',
      details:
        'Approvals of other engineers: 2 (min 2); #12 approved by grace, linus; not counted: ada (has a hand in the change)',
    });
    expect(review(foreign)).toMatchObject({
      status: 'unknown',
      details: expect.stringContaining('belongs to commit bbbbbbbbb') as unknown,
    });
  });

  test('opens optional gates by attestation for that release only', async () => {
    const shop = project();
    for (const item of ['product-manager-approval', 'stakeholder-signoff'])
      await deploy(shop, 'checklist', '--attest', item, '--by', 'pm', '--note', 'yes');

    const here = await deploy(shop, 'check-gate', '--gate', 'business_approval');
    const next = await aqe(shop.root, ['deploy', 'check-gate', '--gate', 'business_approval', '--version', 'v2.6.0']);

    expect([here.code, next.code]).toEqual([0, 3]);
  });

  test.each([
    ['an item that evidence answers', ['--attest', 'unit-tests', '--by', 'a', '--note', 'b'], 'AQE3002'],
    ['an item that does not exist', ['--attest', 'monitring', '--by', 'a', '--note', 'b'], 'did you mean monitoring?'],
    ['a word without its author', ['--attest', 'monitoring', '--note', 'b'], 'AQE1002'],
    ['an author without a word', ['--by', 'a'], 'AQE1002'],
  ])('does not take %s', async (_, flags, words) => {
    const { code, out, err } = await deploy(project(), 'checklist', ...flags);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });
});

describe('blockers', () => {
  test('names the gates that fail and those without evidence, with --detailed what to do', async () => {
    const shop = project({ audit: { critical: 2 }, tests: { passed: 5, failed: 1 } });

    const { code, out } = await deploy(shop, 'blockers');
    const detailed = await deploy(shop, 'blockers', '--detailed');

    expect([code, detailed.code]).toEqual([1, 1]);
    expect(out).toContain('Blocking (2 gates)');
    expect(out).not.toContain('refunds 0');
    expect(detailed.out).toContain('refunds 0');
    expect(detailed.out).toContain('Path escape');
  });

  test('of a release that nothing blocks is 0', async () => {
    const { code, out } = await deploy(project(), 'blockers', '--json');

    expect(code).toBe(0);
    expect(json({ out })).toMatchObject({ schemaVersion: '1', blockers: [], inconclusive: [] });
  });
});

describe('remediate', () => {
  test('counts the work and states no time that nobody configured', async () => {
    const { code, out } = await deploy(blocked(), 'remediate');

    expect(code).toBe(0);
    expect(out).toMatch(/^# Remediation plan: shop v2\.5\.0\n/);
    expect(out).toContain('15');
    expect(out).toContain('mutation score');
    expect(out).not.toMatch(/\d+ minutes/);
  });

  test('states the time that the config gives', async () => {
    const config = 'service: shop\nremediation:\n  minutes_per: { uncovered_line: 2 }\n';

    const { out } = await deploy(project({ config, coverage: { lines: [70, 100], branches: [92, 100] } }), 'remediate');

    expect(out).toContain('30 minutes');
  });

  test('--output writes the plan', async () => {
    const shop = blocked();

    const { code, out, err } = await deploy(shop, 'remediate', '--output', 'remediation-plan.md');

    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('wrote remediation-plan.md');
    expect(readFileSync(join(shop.root, 'remediation-plan.md'), 'utf8')).toContain('# Remediation plan');
  });
});

describe('explain', () => {
  test.each([
    [[], 'Rules that fired'],
    [['decision'], 'Rules that fired'],
    [['risk'], 'Risk of shop v2.5.0'],
    [['gate'], 'security'],
    [['test_coverage'], 'line coverage 70% (min 85%)'],
  ])('%j says why', async (topic, words) => {
    const { code, out } = await deploy(blocked(), 'explain', ...topic);

    expect(code).toBe(0);
    expect(out).toContain(words);
  });

  test('of one gate says nothing about another', async () => {
    const { out } = await deploy(blocked(), 'explain', 'test_coverage');

    expect(out).not.toContain('security:');
  });

  test('names a way out that really leads there', async () => {
    const shop = project({ coverage: { lines: [84, 100], branches: [92, 100] } });

    const { wayOut } = json<{ wayOut: { decision: string; changes: { metric: string; to: number }[] } }>(
      await deploy(shop, 'explain', '--json'),
    );
    shop.write(
      reportPaths.coverage,
      readFileSync(join(project({ coverage: { lines: [85, 100], branches: [92, 100] } }).root, reportPaths.coverage)),
    );
    const after = await deploy(shop, 'assess', '--dry-run');

    expect(wayOut).toMatchObject({ decision: 'APPROVED', changes: [{ metric: 'line_coverage', to: 85 }] });
    expect(after.code).toBe(0);
  });

  test('of something else is 2 with a suggestion', async () => {
    const { code, err } = await deploy(project(), 'explain', 'rsik');

    expect(code).toBe(2);
    expect(err).toContain('did you mean risk?');
  });
});

describe('report', () => {
  test('in markdown has the verdict, every criterion and every report', async () => {
    const { code, out } = await deploy(blocked(), 'report', '--format', 'markdown');

    const rows = tableAfter(out, 'Key Metrics');
    expect(code).toBe(0);
    expect(out).toContain('**Recommendation:** 🛑 BLOCKED: DO NOT DEPLOY');
    expect(rows.find((row) => row['Metric'] === 'line coverage')).toMatchObject({ Value: '70%', Target: 'min 85%' });
    expect(tableAfter(out, 'Evidence').map((row) => row['State'])).toEqual(Array.from({ length: 5 }, () => 'measured'));
  });

  test('in JSON is an assessment', async () => {
    const { out } = await deploy(project(), 'report', '--format', 'json');

    expect(json({ out })).toMatchObject({ schemaVersion: '1', decision: 'APPROVED', version: 'v2.5.0' });
  });
});

describe('evidence', () => {
  test('shows what each report says, and is 0 when everything is measured', async () => {
    const { code, out } = await aqe(project().root, ['deploy', 'evidence']);

    expect(code).toBe(0);
    for (const path of Object.values(reportPaths)) expect(out).toContain(`✔ ${path}: measured`);
  });

  test('of named files reads exactly these, from where it is called', async () => {
    const shop = project();

    const { code, out } = await aqe(join(shop.root, 'reports'), ['deploy', 'evidence', 'junit.xml', '--json']);

    expect(code).toBe(0);
    expect(json<{ evidence: { path: string }[] }>({ out }).evidence.map(({ path }) => path)).toEqual([
      reportPaths.tests,
    ]);
  });

  test('of a file that no reader knows is 3', async () => {
    const { code, out } = await aqe(project().root, ['deploy', 'evidence', 'package.json']);

    expect(code).toBe(3);
    expect(out).toContain('AQE2004');
  });
});
