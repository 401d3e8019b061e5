import { afterAll, describe, expect, test } from 'vitest';
import { aqe, aqeWith, json } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { emptyProject, project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const config = `service: shop
environments:
  production: {}
  staging: { without_gates: [security] }
deployment_gates:
  mandatory_gates:
    tests: { max_failed_tests: 0, enforcement: BLOCKING }
    coverage: { min_line_coverage: { limit: 85, change: ">= -1" }, enforcement: BLOCKING }
    security: { max_high_vulnerabilities: 0, enforcement: BLOCKING, effective_on: 2026-06-01 }
waivers:
  - { gate: tests, reason: flaky, approver: ada, expires: 2026-03-31 }
fast_track: { gates: [tests] }
`;

describe('policy test', () => {
  const run = async (cases: string, ...flags: readonly string[]) => {
    const shop = emptyProject();
    shop.write('aqe-deploy.yaml', config);
    shop.write('cases.yaml', cases);
    return aqe(shop.root, ['policy', 'test', 'cases.yaml', ...flags], { columns: 200 });
  };
  const good = `cases:
  - name: all is well
    others: good
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: APPROVED, status: APPROVED, gates: { tests: pass, coverage: pass } }
  - name: one line too few
    others: good
    signals: { line_coverage: 169/199 }
    previous: { v1: { line_coverage: 85 } }
    expect: { decision: BLOCKED, gates: { coverage: fail }, rules: [blocking-gate-failed] }
  - name: coverage falls too far
    others: good
    signals: { line_coverage: 88.9 }
    previous: { v2: { line_coverage: 90 }, v1: { line_coverage: 10 } }
    expect: { decision: BLOCKED, gates: { coverage: fail } }
  - name: nobody ran the tests
    others: good
    now: 2026-05-01T00:00Z
    signals: { failed_tests: missing }
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: INCONCLUSIVE, gates: { tests: no-evidence } }
  - name: waived in March
    others: good
    now: 2026-03-31T23:59Z
    signals: { failed_tests: 3 }
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: APPROVED, status: APPROVED_WITH_WARNINGS, gates: { tests: waived }, rules: [gate-waived] }
  - name: not waived in April
    others: good
    now: 2026-04-01T00:00Z
    signals: { failed_tests: 3 }
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: BLOCKED }
  - name: not before its day
    others: good
    now: 2026-05-31T23:59Z
    signals: { high_vulnerabilities: 1 }
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: APPROVED, gates: { security: fail } }
  - name: from its day on
    others: good
    now: 2026-06-01T00:00Z
    signals: { high_vulnerabilities: 1 }
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: BLOCKED }
  - name: staging has no security gate
    environment: staging
    others: good
    signals: { high_vulnerabilities: 1 }
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: APPROVED, gates: { coverage: pass } }
  - name: a fast-track leaves the coverage out
    fast_track: true
    others: good
    signals: { line_coverage: 80 }
    expect: { decision: APPROVED, gates: { coverage: skipped }, rules: [gates-skipped] }
  - name: the policy changes itself
    policy_changed: true
    others: good
    previous: { v1: { line_coverage: 90 } }
    expect: { decision: PENDING_APPROVAL, rules: [policy-changed] }
  - name: nothing is known
    expect: { decision: INCONCLUSIVE, gates: { tests: no-evidence }, rules: [nothing-measured] }
`;

  test('passes cases that the policy meets', async () => {
    const { code, out } = await run(good);

    expect(out).not.toContain('✖');
    expect(out).toContain('✔ all is well: APPROVED');
    expect(out).toContain('12 cases, all pass');
    expect(code).toBe(0);
  });

  test('names what a failing case expected, what it got, why, and where it stands', async () => {
    const wrong = `cases:
  - name: strict
    others: good
    signals: { line_coverage: 84.9 }
    expect: { decision: APPROVED, gates: { coverage: pass, tset: pass }, rules: [risk-high] }
`;
    const { code, out } = await run(wrong);
    const printed = json<{ failed: number; results: readonly { mismatches: readonly { what: string }[] }[] }>(
      await run(wrong, '--json'),
    );

    expect(code).toBe(1);
    expect(out).toContain('✖ strict: BLOCKED (cases.yaml:2:5)');
    expect(out).toContain('decision: expected APPROVED, got BLOCKED; blocking-gate-failed: coverage failed');
    expect(out).toContain('gate coverage: expected pass, got fail; min_line_coverage fail (84.9, limit 85)');
    expect(out).toContain('gate tset: expected pass, got no such gate; gates of the policy: tests, coverage, security');
    expect(out).toContain('rule risk-high: expected fires, got does not fire');
    expect(printed.failed).toBe(1);
    expect(printed.results[0]!.mismatches.map(({ what }) => what)).toEqual([
      'decision',
      'rule risk-high',
      'gate coverage',
      'gate tset',
    ]);
  });

  const one = (line: string): string => `cases:\n  - name: x\n    ${line}\n    expect: { decision: APPROVED }\n`;
  test.each([
    ['cases: []\n', '1:1', 'there is no case'],
    ['', '1:1', 'cases'],
    [one('sginals: {}'), '3:5', 'did you mean "signals"?'],
    [one('signals: { line_covrage: 3 }'), '3:16', 'did you mean "line_coverage"?'],
    [one('signals: { line_coverage: 300 }'), '3:16', 'up to 100'],
    [one('signals: { line_coverage: 5/4 }'), '3:16', 'part of a whole'],
    [one('signals: { line_coverage: 0/0 }'), '3:16', 'part of a whole'],
    [one('signals: { failed_tests: 1/2 }'), '3:16', 'only a percentage'],
    [one('signals: { failed_tests: 1.5 }'), '3:16', 'a whole number'],
    [one('signals: { failed_tests: -1 }'), '3:16', '0 or more'],
    [one('signals: { failed_tests: B }'), '3:16', 'write a number'],
    [one('signals: { maintainability: 2 }'), '3:16', 'a grade from A to E'],
    [one('signals: { changelog_updated: 1 }'), '3:16', 'true or false'],
    [one('signals: { failed_tests: misssing }'), '3:16', ''],
    [one('others: god'), '3:5', 'did you mean "good"?'],
    [one('now: tomorrow'), '3:5', 'write a time'],
    ['cases: [{ name: x, expect: { decision: APROVED } }]\n', '1:30', 'did you mean "APPROVED"?'],
    ['cases: [{ name: x, expect: { decision: APPROVED, gates: { a: passs } } }]\n', '1:59', 'did you mean "pass"?'],
    ['cases: [{ name: x, expect: { decision: APPROVED, rules: [risk-hgih] } }]\n', '1:58', 'did you mean "risk-high"?'],
    ['cases: [\n', '2:1', ''],
  ])('refuses a file that is wrong, at its place: %j', async (text, at, words) => {
    const { code, out, err } = await run(text);

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('AQE3041');
    expect(err).toContain(`cases.yaml:${at}`);
    expect(err.replace(/\s+/g, ' ')).toContain(words);
  });

  test('refuses a file that is not there, and an environment that the policy has not', async () => {
    const shop = emptyProject();
    shop.write('aqe-deploy.yaml', config);
    shop.write('cases.yaml', one('environment: prod'));

    const gone = await aqe(shop.root, ['policy', 'test', 'none.yaml']);
    const unknown = await aqe(shop.root, ['policy', 'test', 'cases.yaml']);

    expect([gone.code, gone.err.includes('AQE3041')]).toEqual([2, true]);
    expect([unknown.code, unknown.err.includes('AQE3003')]).toEqual([2, true]);
  });
});

/** The first assessment of each test: reports must not be younger. */
const start = Date.now() + 3_600_000;
const day = (index: number): string => new Date(start + index * 86_400_000).toISOString();

/** Assesses releases with kept results, a day apart; each begins with a change of the project. */
async function assessed(shop: Project, releases: readonly (readonly [version: string, change: () => void])[]) {
  for (const [index, [version, change]] of releases.entries()) {
    change();
    const at = new Date(start + index * 86_400_000);
    const clock = { now: () => at, zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };
    const { code, err } = await aqeWith({ clock }, shop.root, ['assess', '--version', version]);
    if (code === 2) throw new Error(err);
  }
}

const policyOf = (limit: number, more = '', gate = ''): string => `service: shop
${more}deployment_gates:
  mandatory_gates:
    security: { max_high_vulnerabilities: ${limit}, enforcement: BLOCKING${gate} }
    tests: { max_failed_tests: 0, enforcement: BLOCKING }
evidence: { max_age: none }
policy: { on_change: report }
fast_track: { gates: [tests] }
`;
const audit = (high: number): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      Array.from({ length: high }, (_, index) => [
        `p${index}`,
        {
          name: `p${index}`,
          severity: 'high',
          via: [{ source: index, name: `p${index}`, title: 'x', url: `https://a.test/${index}`, severity: 'high' }],
        },
      ]),
    ),
    metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high, critical: 0 } },
  });

describe('policy diff', () => {
  test('lists the assessments that another policy would have decided otherwise, with the rules that came and went', async () => {
    const shop = project({ config: policyOf(1) });
    const found = (high: number) => () => shop.write('reports/npm-audit.json', audit(high));
    await assessed(shop, [
      ['v2.5.0', found(0)],
      ['v2.6.0', found(1)],
      ['v2.7.0', found(2)],
    ]);
    shop.write('strict.yaml', policyOf(0));

    const page = await aqe(shop.root, ['policy', 'diff', '.', 'strict.yaml'], { columns: 200 });
    const diff = json<Record<string, unknown>>(await aqe(shop.root, ['policy', 'diff', '.', 'strict.yaml', '--json']));

    expect(page.code).toBe(0);
    expect(page.out).toContain('the policy in force → strict.yaml: 1 part differs');
    expect(page.out).toContain('gate security: max_high_vulnerabilities 1 → 0 (stricter)');
    expect(page.out).toContain('1 of 3 kept assessments of shop in production would have been decided otherwise');
    expect(diff).toMatchObject({
      judged: 3,
      summary: [{ before: 'APPROVED', after: 'BLOCKED', count: 1 }],
      flips: [
        {
          version: 'v2.6.0',
          before: { decision: 'APPROVED' },
          after: { decision: 'BLOCKED', status: 'BLOCKED' },
          came: ['blocking-gate-failed'],
          went: [],
        },
      ],
    });
    const limited = await aqe(shop.root, ['policy', 'diff', '.', 'strict.yaml', '--json', '--limit', '1']);
    expect(json(limited)).toMatchObject({ judged: 1, flips: [] });
  });

  test('takes a git revision, and judges nothing otherwise by a policy that means the same', async () => {
    const shop = project({ config: policyOf(1) });
    await assessed(shop, [['v2.5.0', () => undefined]]);
    shop.write('aqe-deploy.yaml', `# words\n${policyOf(1)}`);

    const diff = json(await aqe(shop.root, ['policy', 'diff', 'v2.4.0', '.', '--json']));

    expect(diff).toMatchObject({ from: 'v2.4.0', differences: [], judged: 1, flips: [], statusOnly: 0, notJudged: [] });
  });

  test('compares with the releases before each, as they were then', async () => {
    const config = policyOf(9, '', ', max_medium_vulnerabilities: 9');
    const shop = project({ config });
    const found = (high: number) => () => shop.write('reports/npm-audit.json', audit(high));
    await assessed(shop, [
      ['v2.5.0', found(1)],
      ['v2.6.0', found(3)],
      ['v2.7.0', found(3)],
    ]);
    shop.write('moving.yaml', policyOf(9).replace('max_high_vulnerabilities: 9', 'max_high_vulnerabilities: "<= +1"'));

    const diff = json<{ flips: readonly { version: string; after: { decision: string } }[] }>(
      await aqe(shop.root, ['policy', 'diff', '.', 'moving.yaml', '--json']),
    );

    // v2.5.0 has none before it, v2.6.0 rises by two, v2.7.0 by none.
    expect(diff.flips.map(({ version, after }) => [version, after.decision])).toEqual([
      ['v2.6.0', 'BLOCKED'],
      ['v2.5.0', 'INCONCLUSIVE'],
    ]);
  });

  test('says which differences cannot be seen from kept values', async () => {
    const shop = project({ config: policyOf(1) });
    shop.write('other.yaml', policyOf(1).replace('max_age: none', 'max_age: 1d'));

    expect(json(await aqe(shop.root, ['policy', 'diff', '.', 'other.yaml', '--json']))).toMatchObject({
      judged: 0,
      notJudged: ['evidence'],
    });
  });

  test.each([
    [['.'], 'AQE1002'],
    [['.', '.', '.'], 'AQE1002'],
    [['.', 'nowhere'], 'AQE2012'],
    [['.', '--output'], 'AQE1002'],
    [['.', '.', '--limit', '0'], 'AQE1002'],
    [['.', 'broken.yaml'], 'AQE1004'],
  ])('refuses %j with %s', async (args, code) => {
    const shop = project({ config: policyOf(1) });
    shop.write('broken.yaml', 'mdoe: shadow\n');

    const result = await aqe(shop.root, ['policy', 'diff', ...args]);

    expect([result.code, result.err.includes(code)]).toEqual([2, true]);
  });
});

describe('policy ledger', () => {
  test('of a gate in shadow: how often it would have blocked, when, and which releases', async () => {
    const shop = project({ config: policyOf(0, '', ', mode: shadow') });
    const found = (high: number) => () => shop.write('reports/npm-audit.json', audit(high));
    await assessed(shop, [
      ['v2.5.0', found(1)],
      ['v2.6.0', found(0)],
      ['v2.7.0', found(2)],
    ]);

    const page = await aqe(shop.root, ['policy', 'ledger'], { columns: 200 });
    const ledger = json(await aqe(shop.root, ['policy', 'ledger', '--json']));

    expect(page.code).toBe(0);
    expect(page.out).toContain('security: in shadow in 3 assessments; max_high_vulnerabilities (2)');
    expect(page.out).toContain(`would have blocked 2 times, ${day(0)} to ${day(2)}, v2.7.0, v2.5.0`);
    expect(ledger).toMatchObject({
      assessments: 3,
      mode: { assessments: 0, wouldBe: [] },
      gates: [{ gate: 'security', inShadow: 3, wouldBlock: { count: 2 }, wouldBeInconclusive: null, wouldWarn: null }],
    });
  });

  test('of the mode of everything: what the decisions would have been', async () => {
    const shop = project({ config: policyOf(0, 'mode: shadow\n') });
    const found = (high: number) => () => shop.write('reports/npm-audit.json', audit(high));
    await assessed(shop, [
      ['v2.5.0', found(1)],
      ['v2.6.0', found(0)],
    ]);

    const ledger = json<{ mode: { wouldBe: readonly { decision: string; count: number }[] } }>(
      await aqe(shop.root, ['policy', 'ledger', '--json']),
    );

    expect(ledger.mode).toMatchObject({ assessments: 2 });
    expect(Object.fromEntries(ledger.mode.wouldBe.map(({ decision, count }) => [decision, count]))).toMatchObject({
      BLOCKED: 1,
    });
  });

  test('looks at the days that are asked for, and says so when nothing was in shadow', async () => {
    const shop = project({ config: policyOf(0, 'mode: shadow\n') });
    await assessed(shop, [['v2.5.0', () => undefined]]);

    const clock = { now: () => new Date(start + 5 * 86_400_000), zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };
    const recent = await aqeWith({ clock }, shop.root, ['policy', 'ledger', '--days', '3']);
    const longer = await aqeWith({ clock }, shop.root, ['policy', 'ledger', '--days', '6']);

    expect(recent.out).toContain('nothing was in shadow');
    expect(longer.out).toContain('mode was shadow in 1 assessment');
    expect((await aqe(shop.root, ['policy', 'ledger', '--days', 'three'])).code).toBe(2);
  });
});
