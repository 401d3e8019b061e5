import { describe, expect, test } from 'vitest';
import {
  address,
  at,
  digest,
  now,
  outcomeOf,
  person,
  reviewOf,
  rules,
  sanctions,
  word,
} from '../../../test/support/approvals.ts';
import type { Rules } from '../../../test/support/approvals.ts';

const twoOfQa = (result: ReturnType<typeof sanctions>) => result.requirements[0]!;
const withApprovals = (over: Partial<Rules['approvals']>): { readonly policy: Rules } => ({
  policy: { ...rules, approvals: { ...rules.approvals, ...over } },
});
const reasons = (result: ReturnType<typeof sanctions>) => result.void.map(({ reason }) => reason);

describe('a requirement', () => {
  test('is met by as many people of its roles as it asks for', () => {
    const one = twoOfQa(sanctions([word({ from: 'cyd' })]));
    const two = twoOfQa(sanctions([word({ from: 'cyd' }), word({ from: 'dan' })]));

    expect(one).toMatchObject({ missing: 1, waitingFor: [address('dan'), address('eve')] });
    expect(two).toMatchObject({ missing: 0, waitingFor: [] });
    expect(two.agreed.map(({ person: who, role, until }) => [who, role, until])).toEqual([
      [address('cyd'), 'QA', at(23)],
      [address('dan'), 'QA', at(23)],
    ]);
  });

  test('is not met twice by one person: other address, other key, other time', () => {
    const again = [
      word({ from: 'cyd' }),
      word({ from: 'cyd', person: 'CYD@home.example', createdAt: at(-0.5) }),
      word({ from: 'cyd', key: 'cyd again', person: 'C.cyd@EXAMPLE.com', createdAt: at(-0.4) }),
    ];

    const { agreed, missing } = twoOfQa(sanctions(again));

    expect(missing).toBe(1);
    expect(agreed.map((each) => each.person)).toEqual([address('cyd')]);
  });

  test('of a kind that the decision does not ask for is not listed', () => {
    const { requirements } = sanctions([], { kinds: ['high-risk'] });

    expect(requirements.map(({ requirement }) => requirement.name)).toEqual(['anybody']);
  });

  test('waits for nobody who wrote or asked for the release, and for nobody without a key', () => {
    const people = rules.people.map((each) => (each.id === address('eve') ? { ...each, keys: [] } : each));
    const requests = [{ decisionDigest: digest, requestedBy: 'D.dan@example.com', identity: 'unverified (os user x)' }];

    const { requirements } = sanctions([], { policy: { ...rules, people }, authors: ['CYD@home.example'], requests });

    expect(requirements.map(({ waitingFor }) => waitingFor)).toEqual([
      [],
      [address('ada'), address('bob'), address('fay')],
    ]);
  });

  test('waits for somebody who has a role and is not listed only where no key is needed', () => {
    const roles = [{ name: 'QA', people: ['gus@example.com'] }];
    const policy = { ...rules, roles };

    const strict = twoOfQa(sanctions([], { policy }));
    const lenient = twoOfQa(
      sanctions([], { policy: { ...policy, approvals: { ...rules.approvals, allowUnverified: true } } }),
    );

    expect(strict.waitingFor).toEqual([]);
    expect(lenient.waitingFor).toEqual(['gus@example.com']);
  });
});

describe('an override', () => {
  const override = (from: string, over: object = {}) => word({ from, kind: 'override', target: 'tests', ...over });

  test('opens a gate when each role has agreed by a person of its own', () => {
    const result = sanctions([
      override('ada'),
      override('bob', { comment: 'the failing test is wrong', expiresAt: at(2) }),
    ]);

    expect(result.overrides).toMatchObject([
      {
        gate: 'tests',
        missing: 0,
        opened: {
          people: [address('ada'), address('bob')],
          justification: 'looked at it and it is fine; the failing test is wrong',
          until: at(2),
        },
      },
    ]);
  });

  test('is not opened by two people of one role', () => {
    const { overrides } = sanctions([override('bob'), override('cyd')]);

    expect(overrides).toMatchObject([{ missing: 1, opened: null, waitingFor: [address('ada')] }]);
    expect(overrides[0]!.agreed).toHaveLength(2);
  });

  test('is not opened by one person who has both roles', () => {
    const roles = rules.roles.map(({ name }) => ({ name, people: [address('ada')] }));

    const { overrides } = sanctions([override('ada')], { policy: { ...rules, roles } });

    expect(overrides).toMatchObject([{ missing: 1, opened: null, waitingFor: [] }]);
  });

  test('of which the policy wants fewer than the roles is opened by any so many people of them', () => {
    const policy = { ...rules, overrides: { ...rules.overrides, count: 1 } };

    const { overrides } = sanctions([override('cyd')], { policy });

    expect(overrides[0]!.opened?.people).toEqual([address('cyd')]);
  });

  test.each([
    [
      'the policy allows none',
      { overrides: { ...rules.overrides, enabled: false } },
      {},
      'the policy allows no overrides',
    ],
    ['its gate is open', {}, { target: 'security' }, 'gate security is not closed in this decision'],
    ['it says nothing', {}, { comment: '   because   ' }, 'it has no justification'],
  ])('is void where %s', (_, policy, over, reason) => {
    const result = sanctions([override('ada', over)], { policy: { ...rules, ...policy } });

    expect(reasons(result)).toEqual([reason]);
    expect(result.overrides).toEqual([]);
  });

  test('that nothing verifies is listed as asked for, and opens nothing', () => {
    const { overrides, void: bad } = sanctions([override('ada', { key: null })]);

    expect(overrides).toMatchObject([{ gate: 'tests', agreed: [], missing: 2, opened: null }]);
    expect(bad[0]!.reason).toBe('nothing verifies that it is from ada@example.com: unverified (os user ada)');
  });
});

describe('an emergency approval', () => {
  const emergency = (over: object = {}) => word({ from: 'ada', kind: 'emergency', ...over });

  test('holds for as long as the policy lets it, and owes a review', () => {
    const result = sanctions([emergency()]);

    expect(result.emergency?.opened).toEqual({
      people: [address('ada')],
      justification: 'looked at it and it is fine',
      until: at(3),
    });
    expect(result.reviews).toMatchObject([{ dueAt: at(70), overdue: false }]);
  });

  test('without a review does not count', () => {
    const result = sanctions([emergency()], { reviews: [] });

    expect(result.emergency).toMatchObject({ opened: null, missing: 1 });
    expect(reasons(result)).toEqual(['no review was opened for it']);
  });

  test('of somebody else than the policy names does not count', () => {
    const result = sanctions([word({ from: 'bob', kind: 'emergency' })]);

    expect(result.emergency).toMatchObject({ opened: null, missing: 1, waitingFor: [address('ada')] });
    expect(reasons(result)).toEqual(['bob@example.com has none of the roles that are asked: CTO']);
  });

  test.each([
    ['nobody', [], false],
    ['the approver', [{ by: address('ada'), identity: 'ed25519:1' }], false],
    ['the approver by another address', [{ by: 'ADA@home.example', identity: 'ed25519:1' }], false],
    ['somebody else', [{ by: address('bob'), identity: 'ed25519:2' }], true],
  ])('whose review %s closed is owed accordingly', (_, ends, isDone) => {
    const approval = emergency();
    const open = reviewOf(approval, at(-1));
    const done = ends.map((end) => ({ ...open, id: 'r2', state: 'done', ...end }));

    const { reviews } = sanctions([approval], { reviews: [open, ...done] });

    expect(reviews).toEqual(isDone ? [] : [{ approval: approval.id, version: 'v2.5.0', dueAt: at(-1), overdue: true }]);
  });

  test('has a review that is not overdue at the instant at which it is due, and overdue if that cannot be read', () => {
    const approval = emergency();
    const overdue = (dueAt: string) => sanctions([], { reviews: [reviewOf(approval, dueAt)] }).reviews[0]!.overdue;

    expect([overdue(now), overdue(at(-0.001)), overdue('soon')]).toEqual([false, true, true]);
  });
});

describe('a rejection', () => {
  const yes = word({ from: 'cyd', createdAt: at(-3) });
  const no = word({ from: 'cyd', kind: 'reject', comment: 'the totals are wrong', createdAt: at(-2) });

  test('stands, and takes back the approval of the same person before it', () => {
    const result = sanctions([yes, no]);

    expect(result.rejections).toMatchObject([{ person: address('cyd'), comment: 'the totals are wrong' }]);
    expect(twoOfQa(result).agreed).toEqual([]);
  });

  test('gives way to a later approval of the same person, not of another', () => {
    const mind = sanctions([no, word({ from: 'cyd' })]);
    const other = sanctions([no, word({ from: 'dan' })]);

    expect(mind.rejections).toEqual([]);
    expect(twoOfQa(mind).agreed).toHaveLength(1);
    expect(other.rejections).toHaveLength(1);
  });

  test('of the same instant as an approval wins if it was kept later', () => {
    const same = word({ from: 'cyd', createdAt: no.createdAt });

    expect(sanctions([same, no]).rejections).toHaveLength(1);
    expect(sanctions([no, same]).rejections).toHaveLength(0);
  });

  test('does not expire, and an author may say it', () => {
    const { rejections } = sanctions([no], { authors: [address('cyd')], now: at(100) });

    expect(rejections).toHaveLength(1);
  });

  test('is withdrawn by the same person only', () => {
    const takeBack = (from: string, over: object = {}) => word({ from, kind: 'withdraw', target: no.id, ...over });

    expect(sanctions([no, takeBack('cyd')]).rejections).toEqual([]);
    expect(sanctions([no, takeBack('dan')]).rejections).toHaveLength(1);
    expect(sanctions([no, takeBack('cyd', { key: null })]).rejections).toHaveLength(1);
  });

  test('of somebody who could let nothing through does not count', () => {
    const policy = { ...rules, approvals: { ...rules.approvals, required: [rules.approvals.required[0]!] } };

    const result = sanctions([word({ from: 'fay', kind: 'reject' })], { policy });

    expect(result.rejections).toEqual([]);
    expect(reasons(result)[0]).toContain('fay@example.com has none of the roles that are asked');
  });
});

describe('a word is void', () => {
  test.each([
    [
      'about another decision',
      { decisionDigest: `${'e'.repeat(64)}` },
      'it is about another decision (eeeeeeeeeeee…), this one is dddddddddddd…',
    ],
    ['when its own time is over', { expiresAt: now }, `it expired at ${now}`],
    ['when the time of the policy is over', { createdAt: at(-24), expiresAt: at(900) }, `it expired at ${now}`],
    ['that comes from the future', { createdAt: at(0.1) }, `it is dated in the future (${at(0.1)})`],
    ['with a time in another spelling', { createdAt: '2026-03-02' }, 'its times cannot be read'],
    ['of an unknown kind', { kind: 'bless' }, 'it is of a kind that is not known'],
    ['of a stranger', { person: 'mallory@example.com' }, 'mallory@example.com is nobody whom the policy knows'],
    [
      'of another person',
      { person: address('dan') },
      'no key that the policy has for dan@example.com signed it as it stands',
    ],
  ])('%s', (_, over, reason) => {
    const result = sanctions([word({ from: 'cyd', ...over })]);

    expect(reasons(result)).toEqual([reason]);
    expect(outcomeOf(result)).toEqual(outcomeOf(sanctions([])));
  });

  test('of a key that the policy has for that person no more', () => {
    const people = rules.people.map((each) => (each.id === address('cyd') ? { ...each, keys: [each.keys[1]!] } : each));

    const result = sanctions([word({ from: 'cyd' })], { policy: { ...rules, people } });

    expect(twoOfQa(result).agreed).toEqual([]);
  });

  test('of a key that several people have', () => {
    const people = rules.people.map((each) => ({ ...each, keys: person('cyd').keys }));

    expect(reasons(sanctions([word({ from: 'cyd' })], { policy: { ...rules, people } }))).toEqual([
      'its key is that of several people',
    ]);
  });

  test('of an address that several people have', () => {
    const people = rules.people.map((each) => ({ ...each, aliases: ['team@example.com'] }));
    const said = word({ from: 'cyd', person: 'team@example.com' });

    expect(reasons(sanctions([said], { policy: { ...rules, people } }))).toEqual([
      'team@example.com is an address of several people',
    ]);
  });

  test('where nothing asks for it', () => {
    expect(reasons(sanctions([word({ from: 'cyd' })], { kinds: [] }))).toEqual(['this decision asks for no approval']);
  });

  test('once it is withdrawn', () => {
    const yes = word({ from: 'cyd' });
    const result = sanctions([
      yes,
      word({ from: 'cyd', kind: 'withdraw', target: yes.id, person: 'cyd@home.example' }),
    ]);

    expect(twoOfQa(result).agreed).toEqual([]);
    expect(reasons(result)).toEqual([`it was withdrawn at ${at(-1)}`]);
  });
});

describe('where the policy lets words count that nothing verifies', () => {
  const lenient = withApprovals({ allowUnverified: true });
  const claim = (from: string, os: string) => word({ from, key: null, identity: `unverified (os user ${os})` });

  test('two people make two', () => {
    expect(twoOfQa(sanctions([claim('cyd', 'cyd'), claim('dan', 'dan')], lenient)).missing).toBe(0);
  });

  test('one account that claims two people makes one, and two accounts that claim one make one', () => {
    expect(twoOfQa(sanctions([claim('cyd', 'root'), claim('dan', 'root')], lenient)).missing).toBe(1);
    expect(twoOfQa(sanctions([claim('cyd', 'x'), claim('cyd', 'y')], lenient)).missing).toBe(1);
  });

  test('a broken signature is still no word', () => {
    const forged = { ...word({ from: 'cyd' }), comment: 'and something else' };

    expect(twoOfQa(sanctions([forged], lenient)).agreed).toEqual([]);
    for (const identity of ['unverified (os user x)', 'cyd', ''])
      expect(reasons(sanctions([{ ...forged, identity }], lenient))).toEqual(['it is neither signed nor a claim']);
  });

  test('what somebody said with a key is not undone without one', () => {
    const no = word({ from: 'cyd', kind: 'reject', createdAt: at(-2) });
    const takeBack = word({ from: 'cyd', key: null, kind: 'withdraw', target: no.id });

    expect(sanctions([no, claim('cyd', 'x'), takeBack], lenient).rejections).toHaveLength(1);
  });
});

test('authors and requesters count where the policy says so', () => {
  const records = [word({ from: 'cyd' }), word({ from: 'dan' })];
  const own = {
    authors: [address('cyd')],
    requests: [{ decisionDigest: digest, requestedBy: address('dan'), identity: 'x' }],
  };

  expect(twoOfQa(sanctions(records, own)).missing).toBe(2);
  expect(twoOfQa(sanctions(records, { ...own, ...withApprovals({ allowAuthor: true }) })).missing).toBe(0);
});
