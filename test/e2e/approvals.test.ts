import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import type { ApprovalRecord } from '../../src/ports/store.ts';
import { address, keyOf } from '../support/approvals.ts';
import {
  as,
  assess,
  assessed,
  clockAhead,
  configOf,
  flat,
  kept,
  logged,
  oneApproval,
  shopWith,
  version,
} from '../support/approving-shop.ts';
import { aqeWith, json } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

describe('a release that needs an approval', () => {
  test('waits, is approved by a key, and goes', async () => {
    const shop = shopWith();

    const before = await assess(shop);
    const waiting = await as('bob', shop, 'approvals');
    const given = await as('bob', shop, 'approve', '--comment', 'checked the plan');
    const after = await assess(shop);
    const done = await as('bob', shop, 'approvals');

    expect([before.code, waiting.code, given.code, after.code, done.code]).toEqual([4, 4, 0, 0, 0]);
    expect(flat(waiting)).toContain(
      'release: 0 of 1, 1 approval missing; waiting for bob@example.com, cyd@example.com, dan@example.com; nobody asked for it yet',
    );
    expect(flat(given)).toContain('release: 1 of 1');
    expect(after.out).toContain('approved by bob@example.com');
  });

  test('is void when evidence changes, and says so everywhere', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');

    shop.write('reports/junit.xml', '<testsuite name="a"><testcase name="b"/></testsuite>');
    const { code, approvals, status } = await assessed(shop);
    const page = await assess(shop);
    const markdown = await assess(shop, '--format', 'markdown');

    expect({ code, status }).toEqual({ code: 4, status: 'PENDING_APPROVAL' });
    expect(approvals.void).toMatchObject([{ kind: 'approve', person: address('bob') }]);
    expect(approvals.void[0]!.reason).toMatch(
      /^it is about another decision \([0-9a-f]{12}…\), this one is [0-9a-f]{12}…$/,
    );
    expect(flat(page)).toContain('approve by bob@example.com does not count: it is about another decision');
    expect(markdown.out).toContain('does not count: it is about another decision');
  });

  test('is void when the policy changes, and stands again when it is what it was', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');

    shop.write('aqe-deploy.yaml', configOf(`${oneApproval}remediation: { minutes_per: { uncovered_line: 3 } }\n`));
    const changed = await assess(shop);
    shop.write('aqe-deploy.yaml', configOf(oneApproval));
    const back = await assess(shop);

    expect([changed.code, back.code]).toEqual([4, 0]);
  });

  test('is not approved any more when the approval has expired at use', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve', '--expires', '2h');
    const later = (hours: number) =>
      aqeWith({ clock: clockAhead(hours) }, shop.root, ['assess', '--version', version, '--dry-run', '--json']);

    const within = await later(1.9);
    const over = await later(2.1);

    expect([within.code, over.code]).toEqual([0, 4]);
    expect(json<Assessment>(over).approvals.void[0]!.reason).toMatch(/^it expired at /);
  });

  test('is not approved by its author under any address, and the attempt is logged', async () => {
    const shop = shopWith();
    await assess(shop);

    const refused = await as('ada', shop, 'approve');

    expect(refused.code).toBe(2);
    expect(refused.err).toContain('AQE3032');
    expect(refused.err).toContain('ada@example.com is an author of the release');
    expect(await kept(shop, 'approvals')).toEqual([]);
    expect((await logged(shop)).at(-1)).toMatchObject({
      action: 'approval.refused',
      outcome: 'refused',
      actor: { id: address('ada'), method: 'ed25519', key: keyOf('ada').keyId },
    });
  });

  test('is not approved by whoever asked for it', async () => {
    const shop = shopWith();
    await assess(shop);

    const asked = await as('bob', shop, 'approve-request', '--recipients', 'cyd@example.com, vp-eng@company.com');
    const refused = await as('bob', shop, 'approve');
    const other = await as('cyd', shop, 'approve');

    expect([asked.code, refused.code, other.code]).toEqual([0, 2, 0]);
    expect(asked.out).toContain('vp-eng@company.com gets the message and could not give what is missing');
    expect(refused.err).toContain('bob@example.com asked for it');
    expect(await kept(shop, 'messages')).toMatchObject([
      { kind: 'approval-request', recipients: '["cyd@example.com","vp-eng@company.com"]' },
    ]);
  });

  test('is not approved by somebody without a key: it is recorded, said loudly and counts for nothing', async () => {
    const shop = shopWith();
    await assess(shop);

    const nameless = await as(null, shop, 'approve');
    const claim = await as(null, shop, 'approve', '--approver', address('bob'));
    const { code, approvals } = await assessed(shop);

    expect([nameless.code, claim.code, code]).toEqual([4, 4, 4]);
    expect(flat(claim)).toContain(
      'does not count: nothing verifies that it is from bob@example.com: unverified (os user',
    );
    expect(flat(claim)).toContain('there is no key (`aqe keys init` makes one)');
    expect(approvals.void).toHaveLength(2);
  });

  test('is not approved with a key that is nobody’s, nor in the name of a stranger', async () => {
    const shop = shopWith();
    await assess(shop);

    const strange = await as('mallory', shop, 'approve');
    const stranger = await as(null, shop, 'approve', '--approver', 'mallory@example.com');

    expect([strange.code, stranger.code]).toEqual([2, 2]);
    expect(strange.err).toContain('is that of nobody in the policy');
    expect(stranger.err).toContain('mallory@example.com is nobody whom the policy knows');
  });

  test('is approved without a key where the policy lets it', async () => {
    const shop = shopWith(oneApproval.replace('{ required', '{ allow_unverified: true, required'));
    await assess(shop);

    const { code, out } = await as(null, shop, 'approve', '--approver', 'bob@example.org');

    expect(code).toBe(0);
    expect(out).toContain('bob@example.com (unverified (os user');
    expect((await assess(shop)).out).toContain('unverified');
  });

  test('needs as many people as the policy says', async () => {
    const shop = shopWith('approvals: { required: [{ name: release, when: always, count: 2 }] }\n');
    await assess(shop);

    const first = await as('bob', shop, 'approve');
    const again = await as('bob', shop, 'approve');
    const second = await as('cyd', shop, 'approve');

    expect([first.code, again.code, second.code, (await assess(shop)).code]).toEqual([4, 4, 0, 0]);
    expect(flat(again)).toContain('release: 1 of 2, 1 approval missing; waiting for cyd@example.com, dan@example.com');
  });

  test('is stopped by a rejection until that person takes it back', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');

    const no = await as('cyd', shop, 'reject', '--comment', 'totals are wrong', '--json');
    const blocked = await assess(shop);
    const { id } = json<{ readonly recorded: ApprovalRecord }>(no).recorded;
    const byBob = await as('bob', shop, 'approve', '--withdraw', id);
    const still = await assess(shop);
    const byCyd = await as('cyd', shop, 'approve', '--withdraw', id);

    expect([no.code, blocked.code, still.code, byCyd.code, (await assess(shop)).code]).toEqual([0, 1, 1, 0, 0]);
    expect(byBob.err).toContain('it was said by cyd@example.com, who alone can take it back');
    expect(blocked.out).toContain('rejected by cyd@example.com: totals are wrong');
  });
});

test('without a config, asking works and an emergency says what is missing', async () => {
  const shop = project();
  await assess(shop);

  const asked = await as(null, shop, 'approve-request', '--recipients', 'vp-eng@company.com');
  const reasonless = await as(null, shop, 'emergency-approve', '--approver', 'cto@company.com');
  const nobody = await as(
    null,
    shop,
    'emergency-approve',
    '--approver',
    'cto@company.com',
    '--justification',
    'Critical security patch',
  );

  expect([asked.code, reasonless.code, nobody.code]).toEqual([0, 2, 2]);
  expect(reasonless.err).toContain('--justification is missing');
  expect(nobody.err).toContain('cto@company.com is nobody whom the policy knows');
});

describe('approve', () => {
  test('needs an assessment that is kept, and the decision that is meant', async () => {
    const shop = shopWith();

    const none = await as('bob', shop, 'approve');
    await assess(shop);
    const other = await as('bob', shop, 'approve', '--digest', 'f'.repeat(64));

    expect([none.code, other.code]).toEqual([2, 2]);
    expect(none.err).toContain('AQE3030');
    expect(other.err).toContain('AQE3031');
  });

  test.each([
    ['not a time', 'tomorrow', 'AQE1002'],
    ['in the past', '2020-01-01T00:00:00Z', 'AQE1002'],
    ['longer than the policy allows', '25h', 'AQE3033'],
  ])('with an --expires that is %s is refused', async (_, expires, code) => {
    const shop = shopWith();
    await assess(shop);

    const { code: status, err } = await as('bob', shop, 'approve', '--expires', expires);

    expect(status).toBe(2);
    expect(err).toContain(code);
  });

  test('signs a comment without the secrets in it', async () => {
    const shop = shopWith();
    await assess(shop);

    const { code } = await as('bob', shop, 'approve', '--comment', `token ghp_${'a1B2'.repeat(9)} works`);

    const [record] = await kept(shop, 'approvals');
    expect(code).toBe(0);
    expect(record!.comment).toBe('token [redacted] works');
    expect(JSON.stringify(await logged(shop))).not.toContain('ghp_');
  });
});

describe('the escalation list', () => {
  test('queues each step once when its time has come', async () => {
    const steps = 'escalation: [{ after: 1h, to: [lead@example.com] }, { after: 5h, to: [cto@example.com] }]';
    const shop = shopWith(`approvals: { required: [{ name: release, when: always }], ${steps} }\n`);
    await assess(shop);
    await as('dan', shop, 'approve-request', '--recipients', address('bob'));
    const later = () => aqeWith({ clock: clockAhead(2) }, shop.root, ['approvals', '--version', version]);

    const before = await as('dan', shop, 'approvals', '--json');
    const page = await later();
    await later();

    expect(json<{ readonly escalated: readonly unknown[] }>(before).escalated).toEqual([]);
    expect(page.code).toBe(4);
    expect(page.out).toContain('escalated to lead@example.com');
    const escalated = (await kept(shop, 'messages')).filter(({ kind }) => kind === 'approval-escalation');
    expect(escalated.map(({ recipients }) => recipients)).toEqual(['["lead@example.com"]']);
  });
});
