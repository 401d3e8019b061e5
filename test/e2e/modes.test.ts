import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { existsSync } from 'node:fs';
import { aqe, databaseOf, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const assess = ({ root }: Project, ...flags: readonly string[]): Promise<CliResult> =>
  aqe(root, ['deploy', 'assess', '--version', 'v2.5.0', ...flags]);

async function kept({ root }: Project) {
  const store = await openSqliteStore(databaseOf(root));
  const all = {
    assessments: await store.find('assessments', { service: 'shop', order: 'newest' }),
    debts: await store.find('debts', { service: 'shop' }),
  };
  await store.close();
  return all;
}

const failing = { audit: { critical: 1 } } as const;

describe('shadow mode', () => {
  test('of everything reports what would be and blocks nothing', async () => {
    const shop = project({ ...failing, config: 'service: shop\nmode: shadow\n' });

    const page = await assess(shop);
    const printed = json<Assessment>(await assess(shop, '--json'));

    expect(page.code).toBe(0);
    expect(page.out).toContain('SHADOW MODE: would be BLOCKED; nothing is enforced');
    expect(printed).toMatchObject({
      decision: 'APPROVED',
      status: 'APPROVED_WITH_WARNINGS',
      shadow: { decision: 'BLOCKED', status: 'BLOCKED' },
    });
  });

  test('with --strict is 1, as for any warning', async () => {
    const { code } = await assess(project({ config: 'service: shop\nmode: shadow\n' }), '--strict');

    expect(code).toBe(1);
  });

  test('of one gate blocks for that gate only', async () => {
    const config = (mode: string): string => `service: shop
deployment_gates:
  mandatory_gates:
    security: { max_critical_vulnerabilities: 0, enforcement: BLOCKING, mode: ${mode} }
    tests: { max_failed_tests: 0, enforcement: BLOCKING }
`;
    const enforced = await assess(project({ ...failing, config: config('enforce') }));
    const shadowed = await assess(project({ ...failing, config: config('shadow') }), '--json');
    const other = await assess(project({ ...failing, tests: { passed: 1, failed: 1 }, config: config('shadow') }));

    const { gates, rules } = json<Assessment>(shadowed);
    expect([enforced.code, other.code]).toEqual([1, 1]);
    expect(gates.blockers).toEqual([]);
    expect(rules.map(({ rule }) => rule)).not.toContain('blocking-gate-failed');
    expect(gates.gateResults.find(({ gate }) => gate === 'security')).toMatchObject({
      mode: 'shadow',
      outcome: 'fail',
    });
  });
});

describe('a fast-track', () => {
  const fastTrack = ['--priority', 'critical', '--fast-track'];
  const poorlyCovered = { coverage: { lines: [60, 100], branches: [60, 100] } } as const;

  test('is for priority critical only', async () => {
    const { code, out, err } = await assess(project(), '--fast-track');

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AQE1002');
    expect(err).toContain('--priority critical');
  });

  test('lets the named gates count and says what was left out', async () => {
    const shop = project(poorlyCovered);

    const plain = await assess(shop, '--dry-run');
    const fast = await assess(shop, '--dry-run', ...fastTrack);
    const markdown = await assess(shop, '--dry-run', '--format', 'markdown', ...fastTrack);

    const leftOut = 'code_quality, test_coverage, performance, documentation, business_approval';
    expect([plain.code, fast.code]).toEqual([1, 0]);
    expect(fast.out.replace(/\s+/g, ' ')).toContain(`gates left out: ${leftOut}; recorded as debt`);
    expect(fast.out).toContain('test_coverage: left out');
    expect(markdown.out.replaceAll('\\', '')).toContain(`gates left out: ${leftOut}. Recorded as debt.`);
  });

  test.each([
    ['a failed test', { tests: { passed: 9, failed: 1 } }, 1],
    ['a critical vulnerability', failing, 1],
    ['no test report', { tests: null }, 3],
  ] as const)('does not let %s through', async (_, shape, status) => {
    const { code } = await assess(project({ ...poorlyCovered, ...shape }), ...fastTrack);

    expect(code).toBe(status);
  });

  test('keeps a debt for every gate that it left out', async () => {
    const shop = project(poorlyCovered);

    await assess(shop, ...fastTrack);

    const { assessments, debts } = await kept(shop);
    expect(assessments).toHaveLength(1);
    expect(debts.map(({ gate, version }) => `${version} ${gate}`)).toEqual([
      'v2.5.0 code_quality',
      'v2.5.0 test_coverage',
      'v2.5.0 performance',
      'v2.5.0 documentation',
      'v2.5.0 business_approval',
    ]);
  });
});

describe('what is kept', () => {
  test('is exactly the JSON that is printed', async () => {
    const shop = project();

    const { out } = await assess(shop, '--format', 'json');

    const { assessments, debts } = await kept(shop);
    const { id, decision, status, decisionDigest, createdAt } = json<Assessment>({ out });
    expect(assessments).toEqual([
      expect.objectContaining({ id, decision, status, decisionDigest, createdAt, version: 'v2.5.0', body: out }),
    ]);
    expect(debts).toEqual([]);
  });

  test.each(['text', 'markdown'])('is the same JSON when %s is printed', async (format) => {
    const shop = project();

    await assess(shop, '--format', format);

    const [stored] = (await kept(shop)).assessments;
    expect(JSON.parse(stored!.body)).toMatchObject({ schemaVersion: '1', id: stored!.id, decision: 'APPROVED' });
  });

  test('is nothing with --dry-run: not even a folder', async () => {
    const shop = project();

    const { code } = await assess(shop, '--dry-run', '--priority', 'critical', '--fast-track');

    expect(code).toBe(0);
    expect(existsSync(`${shop.root}/.agentic-qe`)).toBe(false);
  });

  test.each([
    ['risk'],
    ['checklist'],
    ['blockers'],
    ['remediate'],
    ['explain'],
    ['report'],
    ['check-gate', '--gate', 'tests'],
    ['evidence'],
  ])('is nothing by %s', async (...argv) => {
    const shop = project();

    await aqe(shop.root, ['deploy', ...argv, '--version', 'v2.5.0']);

    expect(existsSync(`${shop.root}/.agentic-qe`)).toBe(false);
  });

  test('has one digest for equal inputs, whenever they are assessed, and another for other inputs', async () => {
    const shop = project();
    const digest = async (...flags: readonly string[]): Promise<string> =>
      json<Assessment>(await assess(shop, '--json', ...flags)).decisionDigest;

    const first = await digest();
    const again = await digest();
    const elsewhere = await digest('--environment', 'staging');
    shop.write('reports/junit.xml', '<testsuite name="a"><testcase name="b"/></testsuite>');
    const withOtherTests = await digest();

    expect(again).toBe(first);
    expect(new Set([first, elsewhere, withOtherTests]).size).toBe(3);
  });

  test('has the digest of an equal project in another folder', async () => {
    const digests = await Promise.all(
      [project(), project()].map(async (shop) => json<Assessment>(await assess(shop, '--json')).decisionDigest),
    );

    expect(digests[0]).toBe(digests[1]);
  });
});
