import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { codeReview } from '../../../test/support/fact-arbitraries.ts';
import type { CodeReview, Review } from '../evidence/reading.ts';
import { reviewSignals } from './review-signals.ts';
import type { Sourced } from './sourced.ts';

const [head, older, other] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const of = { project: 'shop/web', id: '#7' };
const change = { author: 'ada', contributors: [], head };

const by = (name: string, verdict: Review['verdict'] = 'approved', more: Partial<Review> = {}): Review => ({
  by: name,
  verdict,
  commit: head,
  bot: false,
  ...more,
});
const about = (facts: Partial<CodeReview>): CodeReview => ({ kind: 'review', of, change, reviews: null, ...facts });
const reviewedBy = (...reviews: readonly Review[]): CodeReview => about({ reviews });

function sourced(facts: readonly CodeReview[], format = 'github-review'): readonly Sourced<CodeReview>[] {
  return facts.map((fact, index) => ({ source: `reports/${index}.json`, format, tool: 'github', fact }));
}

/** The number of approvals, or why there is none. */
function answer(...facts: readonly CodeReview[]): number | string | null {
  const { signals, gap } = reviewSignals(sourced(facts));
  return signals[0]?.value ?? gap?.reason ?? null;
}

function basis(...facts: readonly CodeReview[]): string | undefined {
  return reviewSignals(sourced(facts)).signals[0]?.basis;
}

test('an engineer who approves the head counts once, however often and in whatever case of letters', () => {
  expect(answer(reviewedBy(by('grace'), by('linus'), by('Grace')))).toBe(2);
  expect(basis(reviewedBy(by('linus'), by('grace')))).toBe('#7 approved by grace, linus');
});

test('the name that people know is shown, and the account decides who is who', () => {
  const reviews = [by('712:1', 'approved', { name: 'Sam' }), by('712:2', 'approved', { name: 'Sam' })];

  expect(basis(reviewedBy(...reviews))).toBe('#7 approved by Sam, Sam');
});

test.each<[string, readonly Review[], string]>([
  ['its author', [by('Ada')], 'Ada (has a hand in the change)'],
  ['a bot', [by('renovate[bot]', 'approved', { bot: true })], 'renovate[bot] (a bot)'],
  ['who approved an older commit', [by('grace', 'approved', { commit: older })], 'grace (approved an older commit)'],
  ['who approved a commit that is gone', [by('grace', 'approved', { commit: '' })], 'grace (approved an older commit)'],
])('%s does not count', (_, reviews, left) => {
  expect(answer(reviewedBy(...reviews))).toBe(0);
  expect(basis(reviewedBy(...reviews))).toBe(`#7 approved by nobody; not counted: ${left}`);
});

test('who wrote or committed a part of it does not count', () => {
  const fact = about({ change: { ...change, contributors: ['Grace'] }, reviews: [by('grace'), by('linus')] });

  expect(answer(fact)).toBe(1);
});

test('the last verdict of a person counts, and a comment is none', () => {
  expect(answer(reviewedBy(by('grace'), by('grace', 'changes-requested')))).toBe(0);
  expect(answer(reviewedBy(by('grace', 'changes-requested'), by('grace')))).toBe(1);
  expect(answer(reviewedBy(by('grace'), by('grace', 'dismissed')))).toBe(0);
  expect(answer(reviewedBy(by('grace'), by('grace', 'none')))).toBe(0);
  expect(answer(reviewedBy(by('grace'), by('grace', 'commented')))).toBe(1);
  expect(answer(reviewedBy(by('grace', 'approved', { commit: older }), by('grace')))).toBe(1);
});

test('a list that is not in the order of time is read by its times', () => {
  const late = by('grace', 'changes-requested', { at: '2026-03-01T11:00:00Z' });
  const early = by('grace', 'approved', { at: '2026-03-01T11:30:00+02:00' });

  expect(answer(reviewedBy(late, early))).toBe(0);
  expect(answer(reviewedBy({ ...late, at: '2026-03-01T09:00:00Z' }, early))).toBe(1);
});

test('whoever wants changes is shown, on whatever commit', () => {
  const fact = reviewedBy(by('grace'), by('linus', 'changes-requested', { commit: older }));

  expect(basis(fact)).toBe('#7 approved by grace; changes requested by linus');
});

test('where reviews are tied to no commit, approvals are of the head', () => {
  expect(answer(reviewedBy(by('grace', 'approved', { commit: null })))).toBe(1);
});

test('a commit may be abbreviated, but not beyond recognition', () => {
  expect(answer(reviewedBy(by('grace', 'approved', { commit: head.slice(0, 12) })))).toBe(1);
  expect(answer(reviewedBy(by('grace', 'approved', { commit: head.slice(0, 3) })))).toBe(0);
});

test('a change and its reviews may be in two files', () => {
  const named = about({ change: null, reviews: [by('grace'), by('linus')] });
  const nameless = { ...named, of: null };

  expect(answer(about({}), named)).toBe(2);
  expect(answer(about({}), nameless)).toBe(2);
  expect(answer(about({ of: null }), named)).toBe(2);
  expect(answer(about({}), about({ change: null, reviews: [] }))).toBe(0);
  expect(reviewSignals(sourced([about({}), named])).signals[0]?.sources).toEqual(['reports/0.json', 'reports/1.json']);
});

test('reviews of a change that nothing describes give no number, and the reason names what to add', () => {
  const alone = about({ change: null, reviews: [by('grace')] });
  const reason =
    'nothing says who made #7, which reports/0.json has reviews of, and what its head is: save the pull or merge request too';

  expect(answer(alone)).toBe(reason);
  expect(answer(alone, about({ of: { project: 'shop/web', id: '#8' }, reviews: [by('linus')] }))).toBe(reason);
  expect(answer(alone, about({ of: { project: 'shop/api', id: '#7' }, reviews: [by('linus')] }))).toBe(reason);
});

test('a change whose reviews are in no file gives no number, and the reason names what to add', () => {
  const reason = 'describes #8 without its reviews: save its reviews or approvals too';
  const bare = about({ of: { project: 'shop/web', id: '#8' } });

  expect(answer(bare)).toBe(`reports/0.json ${reason}`);
  expect(answer(reviewedBy(by('grace')), bare)).toBe(`reports/1.json ${reason}`);
});

test('approvals that name neither change nor commit are of nothing, and take nothing away', () => {
  const nameless = about({ of: null, change: null, reviews: [by('linus', 'approved', { commit: null })] });

  expect(answer(about({}), nameless)).toContain('describes #7 without its reviews');
  expect(answer(nameless)).toContain('does not say which change its reviews are of');
  expect(answer(reviewedBy(by('grace')), nameless)).toBe(1);
});

test('a system does not review the changes of another', () => {
  const reports = [
    ...sourced([about({})], 'github-review'),
    ...sourced([about({ change: null, reviews: [by('grace')] })], 'gitlab-review'),
  ];

  expect(reviewSignals(reports).gap).not.toBeNull();
});

test('of several changes the one with the fewest approvals counts', () => {
  const second = { of: { project: 'shop/web', id: '#8' }, change: { ...change, head: other } };
  const facts = [
    reviewedBy(by('grace'), by('linus')),
    about({ ...second, reviews: [by('linus', 'approved', { commit: other })] }),
  ];

  expect(answer(...facts)).toBe(1);
  expect(basis(...facts)).toBe('#8 approved by linus; fewest of 2 changes');
});

test('of several lists of one change the latest word of a person counts, and without times the worst', () => {
  const first = (at?: string) => by('grace', 'changes-requested', at ? { at } : {});
  const then = (at?: string) => by('grace', 'approved', at ? { at } : {});
  const [early, late] = ['2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'];

  expect(answer(reviewedBy(first(early)), reviewedBy(then(late)))).toBe(1);
  expect(answer(reviewedBy(then(early)), reviewedBy(first(late)))).toBe(0);
  expect(answer(reviewedBy(first()), reviewedBy(then(late)))).toBe(0);
  expect(answer(reviewedBy(then(early)), reviewedBy(by('grace', 'none')))).toBe(0);
});

test('long lists of names are cut', () => {
  const crowd = Array.from({ length: 12 }, (_, index) => by(`engineer-${index + 10}`));

  expect(basis(reviewedBy(...crowd))).toMatch(/engineer-19 \(\+2 more\)$/);
});

const reports = fc.array(codeReview, { minLength: 1, maxLength: 4 }).map((facts) => sourced(facts));

test('neither the order nor the names of the files matter', () => {
  fc.assert(
    fc.property(reports, (all) => {
      const renamed = sourced(all.map(({ fact }) => fact).toReversed());

      expect(reviewSignals(all.toReversed())).toEqual(reviewSignals(all));
      expect(reviewSignals(renamed).signals.map(({ value }) => value)).toEqual(
        reviewSignals(all).signals.map(({ value }) => value),
      );
    }),
    runs,
  );
});

test('there is a number or a reason, never both and never neither', () => {
  fc.assert(
    fc.property(reports, (all) => {
      const { signals, gap } = reviewSignals(all);

      expect(signals.length + (gap === null ? 0 : 1)).toBe(1);
    }),
    runs,
  );
});

test('no more engineers count than approve without a hand in the change', () => {
  fc.assert(
    fc.property(codeReview, (fact) => {
      const { signals } = reviewSignals(sourced([fact]));
      const makers = [fact.change?.author, ...(fact.change?.contributors ?? [])].map((name) => name?.toLowerCase());
      const approvers = (fact.reviews ?? [])
        .filter(({ verdict, bot, commit }) => verdict === 'approved' && !bot && commit !== '')
        .map((review) => review.by.toLowerCase())
        .filter((name) => !makers.includes(name));

      expect(signals[0]?.value ?? 0).toBeLessThanOrEqual(new Set(approvers).size);
    }),
    runs,
  );
});

test('a person who takes an approval back never raises the number', () => {
  const regrets = fc.constantFrom<Review['verdict']>('changes-requested', 'dismissed', 'none');
  fc.assert(
    fc.property(codeReview, fc.constantFrom('grace', 'linus'), regrets, (fact, name, verdict) => {
      const reviews = fact.reviews ?? [];
      const before = reviewSignals(sourced([{ ...fact, reviews }])).signals[0]?.value ?? 0;

      const more = [...reviews, by(name, verdict, { at: '2026-04-01T00:00:00Z' })];
      const after = reviewSignals(sourced([{ ...fact, reviews: more }])).signals[0]?.value ?? 0;

      expect(after).toBeLessThanOrEqual(before);
    }),
    runs,
  );
});
