import { afterAll, describe, expect, test } from 'vitest';
import { address } from '../support/approvals.ts';
import { as, assess, assessed, kept, logged, oneApproval, shopWith } from '../support/approving-shop.ts';
import { aqe, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import type { Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** What the log has to be, whatever was said at once: whole, and with one entry for each word. */
async function expectWhole(shop: Project, results: readonly CliResult[]): Promise<void> {
  const verified = await aqe(shop.root, ['audit', 'verify', '--json']);
  const words = (await kept(shop, 'approvals')).length;
  const entries = (await logged(shop)).filter(({ action }) =>
    /^(approval|emergency|override)\.(?!refused)/.test(action),
  );

  expect(results.filter(({ err }) => err.includes('this is a bug'))).toEqual([]);
  expect(verified).toMatchObject({ code: 0 });
  expect(entries).toHaveLength(words);
}

describe('at the same time', () => {
  test('twenty approvals of one person are one agreement', async () => {
    const shop = shopWith('approvals: { required: [{ name: two, when: always, count: 2 }] }\n');
    await assess(shop);

    const results = await times(20, (index) => as('bob', shop, 'approve', '--comment', `look ${index}`));
    const { code, approvals } = await assessed(shop);

    expect(new Set(results.map((each) => each.code))).toEqual(new Set([4]));
    expect(approvals.requirements[0]).toMatchObject({ missing: 1, agreed: [{ person: address('bob') }] });
    expect(code).toBe(4);
    expect(await kept(shop, 'approvals')).toHaveLength(20);
    await expectWhole(shop, results);
  }, 30_000);

  test('an approval and evidence that changes: it never counts for what was not there', async () => {
    const shop = shopWith();
    const { decisionDigest } = await assessed(shop);

    const [given] = await Promise.all([
      as('bob', shop, 'approve', '--digest', decisionDigest),
      (async () => {
        shop.write('reports/junit.xml', '<testsuite name="a"><testcase name="b"/></testsuite>');
        return assess(shop);
      })(),
    ]);
    const after = await assessed(shop);
    const words = await kept(shop, 'approvals');

    // Either it came first, or the decision that was meant was gone.
    if (given.code === 2) expect(given.err).toContain('AQE3031');
    else expect(words.map((each) => each.decisionDigest)).toEqual([decisionDigest]);
    expect(after.decisionDigest).not.toBe(decisionDigest);
    expect(after).toMatchObject({ code: 4, approvals: { requirements: [{ agreed: [] }] } });
    await expectWhole(shop, [given]);
  }, 30_000);

  test('an approval that is taken back while others give theirs is gone, and theirs stay', async () => {
    const shop = shopWith('approvals: { required: [{ name: two, when: always, count: 2 }] }\n');
    await assess(shop);
    await as('bob', shop, 'approve');
    const [word] = await kept(shop, 'approvals');

    const results = await Promise.all([
      ...Array.from({ length: 5 }, () => as('bob', shop, 'approve', '--withdraw', word!.id)),
      as('cyd', shop, 'approve'),
      as('dan', shop, 'approve', '--withdraw', word!.id),
    ]);
    const { code, approvals } = await assessed(shop);

    expect(results.map((each) => each.code)).toEqual([0, 0, 0, 0, 0, expect.any(Number), 2]);
    expect(approvals.requirements[0]).toMatchObject({ missing: 1, agreed: [{ person: address('cyd') }] });
    expect(code).toBe(4);
    await expectWhole(shop, results);
  }, 30_000);

  test('a withdrawal and a new approval of the same person: the new one stands', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');
    const [word] = await kept(shop, 'approvals');

    const results = await Promise.all([
      as('bob', shop, 'approve', '--withdraw', word!.id),
      as('bob', shop, 'approve', '--comment', 'again'),
    ]);
    const { code, approvals } = await assessed(shop);

    expect(code).toBe(0);
    expect(approvals.requirements[0]!.agreed).toMatchObject([{ comment: 'again' }]);
    await expectWhole(shop, results);
  }, 30_000);

  test('a yes and a no of the same person leave one of them, for every reader the same', async () => {
    const shop = shopWith();
    await assess(shop);

    const results = await times(10, (index) =>
      as('bob', shop, index % 2 === 0 ? 'approve' : 'reject', '--comment', `say ${index}`),
    );
    const [one, other] = [await assessed(shop), await assessed(shop)];

    const { requirements, rejections } = one.approvals;
    expect(requirements[0]!.agreed.length + rejections.length).toBe(1);
    expect(one.code).toBe(rejections.length === 1 ? 1 : 0);
    expect(other.approvals).toEqual(one.approvals);
    await expectWhole(shop, results);
  }, 30_000);

  test('two emergency approvals each owe a review, and one place that asks for two is not filled by one person', async () => {
    const rules = `${oneApproval}emergency: { from: [CTO, VP Engineering], count: 2 }\n`;
    const shop = shopWith(rules, { tests: { passed: 1, failed: 1 } });
    const before = await assess(shop);
    const say = (who: 'bob' | 'cyd') => as(who, shop, 'emergency-approve', '--justification', 'the shop is down');

    const own = await times(4, () => say('cyd'));
    const alone = await assessed(shop);
    const both = await Promise.all([say('bob'), say('cyd')]);
    const after = await assessed(shop);

    const reviews = await kept(shop, 'reviews');
    const words = await kept(shop, 'approvals');
    expect([before.code, alone.code, after.code]).toEqual([1, 1, 0]);
    expect(alone.approvals.emergency).toMatchObject({ missing: 1, opened: null });
    expect(reviews.map(({ approval }) => approval).toSorted()).toEqual(words.map(({ id }) => id).toSorted());
    expect(new Set(reviews.map(({ state }) => state))).toEqual(new Set(['open']));
    expect(after.approvals.emergency?.opened?.people.toSorted()).toEqual([address('bob'), address('cyd')]);
    await expectWhole(shop, [...own, ...both]);
  }, 30_000);
});
