import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { address } from '../support/approvals.ts';
import { as, assess, assessed, clockAhead, flat, kept, logged, shopWith, version } from '../support/approving-shop.ts';
import { aqeWith, json } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';

afterAll(removeTemporaryFolders);

describe('an override', () => {
  const failing = { coverage: { lines: [60, 100], branches: [60, 100] } } as const;
  const justified = ['--gate', 'test_coverage', '--justification', 'generated code, see issue 812'] as const;

  test('of a closed gate by both roles lets the release through, loudly', async () => {
    const shop = shopWith('', failing);
    const before = await assess(shop);

    const first = await as('bob', shop, 'override', ...justified);
    const second = await as('cyd', shop, 'override', ...justified);
    const { code, status, gates, rules } = await assessed(shop);
    const page = await assess(shop);
    const markdown = await assess(shop, '--format', 'markdown');

    expect([before.code, first.code, second.code, code]).toEqual([1, 4, 0, 0]);
    expect(status).toBe('APPROVED_WITH_WARNINGS');
    expect(gates.gateResults.find(({ gate }) => gate === 'test_coverage')).toMatchObject({
      passed: false,
      outcome: 'fail',
      overridden: { people: [address('bob'), address('cyd')], justification: 'generated code, see issue 812' },
    });
    expect(rules.map(({ rule }) => rule)).toContain('gate-overridden');
    const loud = 'OVERRIDE of gate test_coverage by bob@example.com and cyd@example.com until';
    expect(flat(page)).toContain(loud);
    expect(markdown.out.replaceAll('&#64;', '@')).toContain(loud);
    expect((await logged(shop)).filter(({ action }) => action === 'override.given')).toMatchObject([
      { target: 'test_coverage', reason: 'generated code, see issue 812' },
      { target: 'test_coverage' },
    ]);
  });

  test.each([
    ['without a reason', ['--gate', 'test_coverage'], 'AQE3034'],
    ['with a word for a reason', ['--gate', 'test_coverage', '--justification', 'because'], 'AQE3034'],
    ['of a gate that is open', ['--gate', 'tests', '--justification', 'just to be on the safe side'], 'AQE3035'],
    ['of a gate that is not there', ['--gate', 'test_covrage', '--justification', 'generated code'], 'AQE3001'],
    ['for longer than the policy allows', [...justified, '--expires', '8d'], 'AQE3033'],
  ])('%s is refused', async (_, flags, code) => {
    const shop = shopWith('', failing);
    await assess(shop);

    const { code: status, err } = await as('bob', shop, 'override', ...flags);

    expect(status).toBe(2);
    expect(err).toContain(code);
  });

  test('by somebody without the role is refused and logged, and none is possible where the policy has none', async () => {
    const shop = shopWith('', failing);
    const off = shopWith('gate_overrides: { enabled: false }\n', failing);
    await Promise.all([assess(shop), assess(off)]);

    const roleless = await as('dan', shop, 'override', ...justified);
    const never = await as('bob', off, 'override', ...justified);

    expect(roleless.err).toContain('dan@example.com has none of the roles that are asked: VP Engineering, CTO');
    expect((await logged(shop)).at(-1)).toMatchObject({ action: 'override.refused', target: 'test_coverage' });
    expect(never.err).toContain('AQE3035');
  });
});

describe('an emergency approval', () => {
  const failing = { audit: { critical: 1 } } as const;
  const justification = ['--justification', 'Critical security patch'] as const;

  test('lets anything through, says so first, tells somebody and owes a review', async () => {
    const shop = shopWith('', failing);
    const before = await assess(shop);

    const given = await as('cyd', shop, 'emergency-approve', ...justification);
    const { code, rules, approvals } = await assessed(shop);
    const page = await assess(shop);

    expect([before.code, given.code, code]).toEqual([1, 0, 0]);
    expect(given.out).toContain('review due: ');
    expect(rules[0]).toMatchObject({ rule: 'emergency-approved', leadsTo: 'APPROVED_WITH_WARNINGS' });
    expect(rules.find(({ rule }) => rule === 'blocking-gate-failed')).toMatchObject({ setAside: true });
    expect(approvals.reviews).toMatchObject([{ version, overdue: false }]);
    expect(flat(page)).toContain('EMERGENCY approval by cyd@example.com until');
    expect(await kept(shop, 'messages')).toMatchObject([
      { kind: 'emergency-approval', recipients: '[]', subject: 'EMERGENCY approval: shop v2.5.0 to production' },
    ]);
  });

  test('needs a justification, and somebody who approves', async () => {
    const shop = shopWith('', failing);
    await assess(shop);

    const reasonless = await as('cyd', shop, 'emergency-approve', '--approver', address('cyd'));
    const nameless = await as(null, shop, 'emergency-approve', ...justification);

    expect([reasonless.code, nameless.code]).toEqual([2, 2]);
    expect(reasonless.err).toContain('--justification is missing');
    expect(nameless.err).toContain('--approver is missing');
  });

  test('typed in the name of another is a claim that opens nothing until it is confirmed', async () => {
    const shop = shopWith('', failing);
    await assess(shop);

    const claim = await as('bob', shop, 'emergency-approve', '--approver', address('cyd'), ...justification);
    const meanwhile = await assess(shop);
    const confirmed = await as('cyd', shop, 'emergency-approve', '--approver', address('cyd'), ...justification);

    expect([claim.code, meanwhile.code, confirmed.code, (await assess(shop)).code]).toEqual([4, 1, 0, 0]);
    expect(flat(claim)).toContain('does not count: nothing verifies that it is from cyd@example.com');
    expect(flat(claim)).toContain('the key here is that of bob@example.com');
    expect(flat(meanwhile)).toContain('emergency approval asked for; 1 approval missing, waiting for cyd@example.com');
    expect(flat(claim)).toContain('to confirm it: cyd@example.com runs this command with their key');
    expect(await kept(shop, 'reviews')).toHaveLength(1);
  });

  test('by somebody without the role is refused', async () => {
    const shop = shopWith('', failing);
    await assess(shop);

    const { code, err } = await as('bob', shop, 'emergency-approve', ...justification);

    expect(code).toBe(2);
    expect(err).toContain('bob@example.com has none of the roles that are asked: CTO');
    expect((await logged(shop)).at(-1)).toMatchObject({ action: 'emergency.refused' });
  });

  test('warns on the next release while its review is overdue, until somebody else closes it', async () => {
    const shop = shopWith('', failing);
    await assess(shop);
    await as('cyd', shop, 'emergency-approve', ...justification);
    const later = async () => {
      const argv = ['assess', '--version', 'v2.6.0', '--dry-run', '--json'];
      return json<Assessment>(await aqeWith({ clock: clockAhead(73) }, shop.root, argv)).rules.map(({ rule }) => rule);
    };

    const overdue = await later();
    const own = await as('cyd', shop, 'review', '--note', 'all was well');
    const keyless = await as(null, shop, 'review', '--note', 'all was well', '--approver', address('bob'));
    const other = await as('bob', shop, 'review', '--note', 'patch was right');
    const again = await as('bob', shop, 'review', '--note', 'patch was right');

    expect(overdue).toContain('review-overdue');
    expect([own.code, keyless.code, other.code, again.code]).toEqual([2, 2, 0, 2]);
    expect(own.err).toContain('somebody else has to review it');
    expect(again.err).toContain('AQE3037');
    expect(await later()).not.toContain('review-overdue');
  });
});
