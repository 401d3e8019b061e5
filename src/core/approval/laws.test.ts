import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  address,
  at,
  digest,
  names,
  now,
  outcomeOf,
  quickSanctions,
  quickWord,
  reviewOf,
  rules,
  sanctions,
  word,
  type Rules,
} from '../../../test/support/approvals.ts';
import type { Agreement, Sanctions } from './sanctions.ts';
import type { Word } from './word.ts';

const runs = { numRuns: 300 };
const name = fc.constantFrom(...names);

/** Every address of a person, in any case. */
const addressOf = (who: string) =>
  fc
    .tuple(
      fc.constantFrom(address(who), `${who}@home.example`, `${who[0]}.${who}@example.com`),
      fc.infiniteStream(fc.boolean()),
    )
    .map(([text, upper]) =>
      [...text].map((letter) => (upper.next().value === true ? letter.toUpperCase() : letter)).join(''),
    );

/** Words that count more often than not: of known people, with their keys, about this decision. */
const said: fc.Arbitrary<Word> = fc
  .record({
    from: name,
    again: fc.boolean(),
    kind: fc.constantFrom('approve', 'approve', 'approve', 'override', 'emergency', 'reject'),
    isVerified: fc.constantFrom(true, true, true, false),
    account: fc.constantFrom('x', 'y', 'z'),
    created: fc.integer({ min: -200, max: 0 }),
    expires: fc.integer({ min: -40, max: 200 }),
    other: fc.constantFrom(false, false, false, false, true),
  })
  .chain(({ from, ...parts }) => addressOf(from).map((person) => ({ from, person, ...parts })))
  .map(({ from, person, again, kind, isVerified, account, created, expires, other }) =>
    quickWord({
      from,
      person,
      kind,
      target: kind === 'override' ? 'tests' : '',
      key: isVerified ? (again ? `${from} again` : from) : null,
      ...(isVerified ? {} : { identity: `unverified (os user ${account})` }),
      createdAt: at(created / 10),
      expiresAt: at(expires / 10),
      decisionDigest: other ? 'e'.repeat(64) : digest,
    }),
  );
const words = fc.array(said, { maxLength: 8 });

/** Words without keys, in which accounts and people cross. */
const claims = fc.array(
  fc
    .record({ from: fc.constantFrom('bob', 'cyd', 'dan'), account: fc.constantFrom('x', 'y', 'z') })
    .map((each) => quickWord({ from: each.from, key: null, identity: `unverified (os user ${each.account})` })),
  { maxLength: 7 },
);

/** Policies that differ in whose agreement they need, and how many. */
const policies: fc.Arbitrary<Rules> = fc
  .record({
    counts: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
    allowUnverified: fc.boolean(),
    roles: fc.uniqueArray(fc.constantFrom('CTO', 'VP Engineering', 'QA'), { maxLength: 3 }),
  })
  .map(({ counts: [required, override, emergency], allowUnverified, roles }) => ({
    ...rules,
    approvals: {
      ...rules.approvals,
      allowUnverified,
      required: [
        { name: 'some', when: 'always', roles, count: required },
        { name: 'anybody', when: 'high-risk', roles: [], count: 2 },
      ],
    },
    overrides: { ...rules.overrides, requiresApprovalFrom: roles, count: override },
    emergency: { ...rules.emergency, roles, count: emergency },
  }));

function agreements({ requirements, overrides, emergency }: Sanctions): readonly (readonly Agreement[])[] {
  return [...requirements, ...overrides, ...(emergency ? [emergency] : [])].map(({ agreed }) => agreed);
}

/** What is missing, by what it is missing for; an override or emergency that nobody speaks of misses everything. */
function missing({ requirements, overrides, emergency }: Sanctions): readonly number[] {
  return [
    ...requirements.map((each) => each.missing),
    overrides[0]?.missing ?? Number.POSITIVE_INFINITY,
    emergency?.missing ?? Number.POSITIVE_INFINITY,
  ];
}

test('authors and requesters never agree, under none of their addresses', () => {
  const own = fc.record({ author: name.chain(addressOf), requester: name.chain(addressOf) });
  fc.assert(
    fc.property(words, policies, own, (records, policy, { author, requester }) => {
      const requests = [{ decisionDigest: digest, requestedBy: requester, identity: 'unverified (os user w)' }];

      const result = quickSanctions(records, { policy, authors: [author], requests });

      const barred = [author, requester].map((each) => address(each.toLowerCase().split('@')[0]!.replace(/^.\./, '')));
      const people = [
        ...agreements(result)
          .flat()
          .map(({ person }) => person),
        ...openers(result),
      ];
      for (const each of barred) expect(people).not.toContain(each);
      for (const { waitingFor } of result.requirements)
        for (const each of barred) expect(waitingFor).not.toContain(each);
    }),
    runs,
  );
});

function openers({ overrides, emergency }: Sanctions): readonly string[] {
  return [...overrides, ...(emergency ? [emergency] : [])].flatMap(({ opened }) => opened?.people ?? []);
}

test('a word with any field or any bit of its signature changed is as if it were not there', () => {
  const fields = ['id', 'service', 'version', 'environment', 'decisionDigest', 'target', 'person', 'identity'] as const;
  const more = ['comment', 'expiresAt', 'createdAt', 'envelope'] as const;
  const real = ['approve', 'reject', 'override', 'emergency'].map((kind) =>
    word({ from: 'cyd', kind, target: kind === 'override' ? 'tests' : '' }),
  );
  const roles = [{ name: 'CTO', people: [address('cyd')] }, ...rules.roles.slice(1)];
  const policy = { ...rules, roles };
  const reviews = (id: string) => [{ ...reviewOf(real[3]!), approval: id }];
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.constantFrom(...fields, ...more), fc.nat(), (one, field, where) => {
      const changed = { ...one, [field]: mutated(one[field], where) };

      const whole = sanctions([one], { policy, reviews: reviews(one.id) });
      const result = sanctions([changed], { policy, reviews: reviews(changed.id) });

      expect(whole.void).toEqual([]);
      expect(result.void.map(({ id }) => id)).toEqual([changed.id]);
      expect([...agreements(result).flat(), ...openers(result), ...result.rejections]).toEqual([]);
    }),
    runs,
  );
});

test('what is signed for a decision whose digest differs in one bit is void', () => {
  fc.assert(
    fc.property(name, fc.nat(), (from, where) => {
      const records = ['approve', 'reject', 'override', 'emergency'].map((kind) =>
        quickWord({ from, kind, target: kind === 'override' ? 'tests' : '', decisionDigest: mutated(digest, where) }),
      );

      const result = quickSanctions(records);

      expect(result.void.map(({ reason }) => reason.slice(0, 26))).toEqual(Array(4).fill('it is about another decisi'));
      expect(outcomeOf({ ...result, reviews: [] })).toEqual(outcomeOf(quickSanctions([])));
    }),
    runs,
  );
});

/** The text with one bit of one character changed; of an empty one, a character more. */
function mutated(text: string, where: number): string {
  if (text === '') return 'x';
  const index = where % text.length;
  const code = text.charCodeAt(index) ^ (1 << (where % 5));
  return text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
}

test('nobody counts twice, and the places are filled by distinct people', () => {
  fc.assert(
    fc.property(words, policies, (records, policy) => {
      const result = quickSanctions(records, { policy });

      for (const agreed of agreements(result))
        expect(new Set(agreed.map(({ person }) => person)).size).toBe(agreed.length);
      for (const { requirement, agreed, missing: lacking } of result.requirements)
        expect(requirement.count - lacking).toBeLessThanOrEqual(agreed.length);
      for (const { opened, missing: lacking } of result.overrides) {
        expect(opened === null).toBe(lacking > 0);
        if (opened) expect(new Set(opened.people).size).toBeGreaterThanOrEqual(policy.overrides.count);
      }
    }),
    runs,
  );
});

test('one person who says everything many times over never makes two', () => {
  const many = name.chain((who) =>
    fc.array(fc.tuple(addressOf(who), fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 6 }).map((all) =>
      all.map(([person, again, isOverride]) =>
        quickWord({
          from: who,
          person,
          key: again ? `${who} again` : who,
          kind: isOverride ? 'override' : 'approve',
          target: isOverride ? 'tests' : '',
        }),
      ),
    ),
  );
  const all = rules.roles.map(({ name: role }) => ({ name: role, people: names.map(address) }));
  fc.assert(
    fc.property(many, policies, (records, policy) => {
      const result = quickSanctions(records, { policy: { ...policy, roles: all } });

      for (const { requirement, missing: lacking } of result.requirements)
        expect(lacking).toBeGreaterThanOrEqual(requirement.count - 1);
      for (const { missing: lacking } of result.overrides)
        expect(lacking).toBeGreaterThanOrEqual(
          Math.max(
            policy.overrides.count,
            policy.overrides.requiresApprovalFrom.length <= policy.overrides.count
              ? policy.overrides.requiresApprovalFrom.length
              : 0,
          ) - 1,
        );
    }),
    runs,
  );
});

test('nothing that has expired at the time of use has any effect', () => {
  fc.assert(
    fc.property(words, policies, fc.integer({ min: 0, max: 400 }), (records, policy, tenths) => {
      const then = at(tenths / 10);

      const result = quickSanctions(records, { policy, now: then });

      for (const { until } of agreements(result).flat()) expect(Date.parse(until)).toBeGreaterThan(Date.parse(then));
      const late = records.filter(
        ({ expiresAt, kind }) => kind === 'reject' || Date.parse(expiresAt) > Date.parse(then),
      );
      expect(missing(result)).toEqual(missing(quickSanctions(late, { policy, now: then })));
    }),
    runs,
  );
});

test('what is said about another decision, by strangers or in an unknown way changes no outcome', () => {
  const unrelated = fc.constantFrom(
    quickWord({ from: 'cyd', decisionDigest: 'f'.repeat(64) }),
    quickWord({ from: 'cyd', kind: 'reject', decisionDigest: 'f'.repeat(64) }),
    quickWord({ from: 'mallory' }),
    quickWord({ from: 'mallory', kind: 'emergency' }),
    quickWord({ from: 'cyd', kind: 'override', target: 'another gate' }),
    quickWord({ from: 'cyd', kind: 'bless' }),
    quickWord({ from: 'mallory', person: address('cyd'), kind: 'reject' }),
    quickWord({ from: 'cyd', kind: 'withdraw', target: 'no such word' }),
  );
  fc.assert(
    fc.property(words, policies, unrelated, fc.nat(), (records, policy, extra, where) => {
      const more = records.toSpliced(where % (records.length + 1), 0, extra);

      expect(outcomeOf(quickSanctions(more, { policy, reviews: [] }))).toEqual(
        outcomeOf(quickSanctions(records, { policy, reviews: [] })),
      );
    }),
    runs,
  );
});

test.each([
  ['', words],
  [' among claims', claims],
] as const)('taking an agreement away never helps%s', (_, some) => {
  fc.assert(
    fc.property(some, policies, fc.nat(), (records, policy, where) => {
      const consents = records.filter(({ kind }) => kind !== 'reject');
      fc.pre(consents.length > 0);
      const gone = consents[where % consents.length];

      const before = quickSanctions(records, { policy });
      const after = quickSanctions(
        records.filter((each) => each !== gone),
        { policy },
      );

      for (const [index, lacking] of missing(after).entries())
        expect(lacking).toBeGreaterThanOrEqual(missing(before)[index]!);
      expect(after.rejections.length).toBeGreaterThanOrEqual(before.rejections.length);
    }),
    { numRuns: 500 },
  );
});

test('whoever is waited for brings it nearer by one, and nobody else does', () => {
  fc.assert(
    fc.property(words, policies, name, (records, policy, who) => {
      const strict = { ...policy, approvals: { ...policy.approvals, allowUnverified: false } };
      const before = quickSanctions(records, { policy: strict }).requirements[0]!;
      const after = quickSanctions([...records, quickWord({ from: who, createdAt: now })], { policy: strict })
        .requirements[0]!;

      const brings = before.missing - after.missing;
      if (!before.agreed.some(({ person }) => person === address(who)))
        expect(brings).toBe(before.waitingFor.includes(address(who)) ? 1 : 0);
      else expect(brings).toBe(0);
    }),
    runs,
  );
});
