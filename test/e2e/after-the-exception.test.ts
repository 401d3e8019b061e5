import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { as, configOf, flat, kept, shopWith, version } from '../support/approving-shop.ts';
import { pemOf } from '../support/approvals.ts';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { good, reportsOf, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const gates = `deployment_gates:
  mandatory_gates:
    tests: { max_failed_tests: 0, enforcement: BLOCKING }
    performance: { max_p95_latency_ms: { change: "<= +10 %", when_missing: warn }, enforcement: BLOCKING }
fast_track: { gates: [tests] }
`;

function setLatency(shop: Project, p95: number): void {
  const reports = reportsOf({ ...good, load: { p95, perSecond: 2400, failed: [3, 72_000] } });
  shop.write(reportPaths.load, reports[reportPaths.load]!);
}

const of = (name: 'bob' | 'cyd' | null, { root }: Project, release: string, ...words: readonly string[]) =>
  aqe(root, ['deploy', ...words, '--version', release], {
    env: { HOME: `${root}/nobody`, ...(name !== null && { AQE_KEY: pemOf(name) }) },
  });
const limitOf = (result: CliResult): string | undefined =>
  json<Assessment>(result)
    .gates.gateResults.flatMap(({ criteria }) => criteria)
    .find(({ baseline }) => baseline !== null)?.baseline?.versions[0];

describe('a release that only an exception let through is not what the next one is measured by', () => {
  const words = ['--justification', 'measured on a cold cache'];

  test('after an emergency', async () => {
    const shop = shopWith(gates);
    await of(null, shop, 'v2.4.1', 'assess');
    setLatency(shop, 900);
    await of(null, shop, 'v2.4.2', 'assess');
    await of('cyd', shop, 'v2.4.2', 'emergency-approve', ...words);
    const emergency = await of(null, shop, 'v2.4.2', 'assess');

    const next = await of(null, shop, version, 'assess', '--json');

    expect(emergency.out).toContain('EMERGENCY');
    expect([emergency.code, next.code]).toEqual([0, 1]);
    expect(limitOf(next)).toBe('v2.4.1');
  });

  test('after an override of the gate, and after a fast-track that left it out', async () => {
    const shop = shopWith(gates);
    await of(null, shop, 'v2.4.1', 'assess');
    setLatency(shop, 900);
    await of(null, shop, 'v2.4.2', 'assess');
    await of('bob', shop, 'v2.4.2', 'override', '--gate', 'performance', ...words);
    await of('cyd', shop, 'v2.4.2', 'override', '--gate', 'performance', ...words);
    const overridden = await of(null, shop, 'v2.4.2', 'assess');
    const fast = await of(null, shop, 'v2.4.3', 'assess', '--priority', 'critical', '--fast-track');

    const next = await of(null, shop, version, 'assess', '--json');

    expect([overridden.code, fast.code, next.code]).toEqual([0, 0, 1]);
    expect(limitOf(next)).toBe('v2.4.1');
  });
});

test('reports and blockers can be asked about the decision of a fast-track', async () => {
  const shop = shopWith(gates.replace('change: "<= +10 %"', 'limit: 500'));
  setLatency(shop, 900);
  const fast = ['--priority', 'critical', '--fast-track'];
  const decided = await as(null, shop, 'assess', ...fast, '--json');

  const report = await as(null, shop, 'report', ...fast, '--format', 'json');
  const blockers = await as(null, shop, 'blockers', ...fast);
  const full = await as(null, shop, 'blockers');
  const odd = await as(null, shop, 'report', '--fast-track');

  expect(json<Assessment>(report).decisionDigest).toBe(json<Assessment>(decided).decisionDigest);
  expect([blockers.code, full.code, odd.code]).toEqual([0, 1, 2]);
});

test('blockers names an approval that is missing', async () => {
  const shop = shopWith('approvals: { required: [{ name: release, when: always }] }\n');

  const { code, out } = await as(null, shop, 'blockers');

  expect(code).toBe(4);
  expect(out).toContain('PENDING_APPROVAL: release: a person has to approve');
});

test('a tag that is set after the approval does not void it, nor does a change that is not committed', async () => {
  const shop = shopWith();
  await as(null, shop, 'assess');
  await as('bob', shop, 'approve');

  shop.repository.git('tag', version);
  const tagged = await as(null, shop, 'assess');
  shop.write('src/shop.ts', '// being worked on\n');
  const dirty = await as(null, shop, 'assess');

  expect([tagged.code, dirty.code]).toEqual([0, 0]);
});

test('a requirement that is met is no warning', async () => {
  const shop = shopWith();
  await as(null, shop, 'assess');
  await as('bob', shop, 'approve');

  const { out } = await as(null, shop, 'assess');

  expect(out).toContain('✔ release: approved by bob@example.com');
});

test('nothing says of a no that it ends', async () => {
  const shop = shopWith();
  await as(null, shop, 'assess');

  const no = await as('bob', shop, 'reject', '--comment', 'totals are wrong');
  const yes = await as('bob', shop, 'approve');

  expect(no.out).not.toContain('holds until');
  expect(yes.out).toContain('holds until');
});

test('what counts for nothing is told after everything else', async () => {
  const shop = shopWith(
    `approvals: { required: [{ name: release, when: always }] }
freezes: [{ name: Always, zone: UTC, start: 2020-01-01T00:00, end: 2100-01-01T00:00 }]
`,
  );
  await as(null, shop, 'assess');
  for (let count = 0; count < 3; count += 1) await as(null, shop, 'reject', '--comment', `no ${count}`);

  const { out } = await as(null, shop, 'assess');

  const notices = out.slice(out.indexOf('Approvals, waivers and policy'), out.indexOf('Quality Signals'));
  expect(notices.indexOf('does not count')).toBeGreaterThan(notices.indexOf('change freeze Always'));
});

test('the message asks for the decision that is meant, in words that a shell takes as they are', async () => {
  const shop = shopWith();
  const release = "v2;touch 'x'";
  await of(null, shop, release, 'assess');

  await of('cyd', shop, release, 'approve-request');

  const [message] = await kept(shop, 'messages');
  const [{ decisionDigest } = { decisionDigest: '' }] = await kept(shop, 'assessments');
  expect(message?.text).toContain(
    `aqe deploy approve --version='v2;touch '\\''x'\\''' --service=shop --environment=production --digest=${decisionDigest}\n`,
  );
});

test('a change of the policy that only has to be told waits for nobody', async () => {
  const told = 'policy: { on_change: report }\n';
  const shop = shopWith(told);
  shop.write('aqe-deploy.yaml', configOf(`${told}fast_track: { gates: [tests] }\n`));
  shop.repository.commit('chore: policy');

  const page = await as(null, shop, 'assess');
  const listed = await as(null, shop, 'approvals');

  expect(flat(page)).toContain('the release changes its own policy');
  expect(flat(page)).not.toContain('policy-change: 1 approval missing');
  expect([page.code, listed.code]).toEqual([0, 0]);
});
