import { expect, test } from 'vitest';
import { inferOutcomes, releasePrefixes, type CommitSeen, type TagSeen } from './infer-outcomes.ts';

const day = (count: number): string => new Date(Date.UTC(2026, 0, 1) + count * 86_400_000).toISOString();

/** Releases on these days, each with one commit of this subject on top of the one before. */
function repository(
  ...releases: readonly (readonly [name: string, on: number, subject: string, reverts?: readonly string[]])[]
): { readonly tags: readonly TagSeen[]; readonly commits: readonly CommitSeen[] } {
  const idOf = (index: number): string => String(index).padStart(40, '0');
  return {
    tags: releases.map(([name, on], index) => ({ name, commit: idOf(index), at: day(on) })),
    commits: releases.map(([, on, subject, reverts = []], index) => ({
      commit: idOf(index),
      parents: index === 0 ? [] : [idOf(index - 1)],
      committedAt: day(on - 0.1),
      subject,
      reverts: reverts.map((name) => idOf(releases.findIndex(([each]) => each === name))),
    })),
  };
}

const inferred = (
  { tags, commits }: ReturnType<typeof repository>,
  now = day(300),
  prefix = '',
): Readonly<Record<string, string>> =>
  Object.fromEntries(inferOutcomes(tags, commits, { prefix, now }).map(({ version, outcome }) => [version, outcome]));

const monthly = [
  ['v1.0.0', 0, 'feat: a shop'],
  ['v1.1.0', 30, 'feat: carts'],
  ['v1.2.0', 60, 'feat: cards'],
  ['v1.3.0', 90, 'feat: coupons'],
] as const;

test('releases that nothing repaired are successes', () => {
  expect(inferred(repository(...monthly))).toEqual({
    'v1.0.0': 'success',
    'v1.1.0': 'success',
    'v1.2.0': 'success',
    'v1.3.0': 'success',
  });
});

test('a patch release with a fix within three days makes a hotfix of it', () => {
  const found = inferOutcomes(
    ...(Object.values(repository(...monthly, ['v1.3.1', 92, 'fix: coupons twice'])) as unknown as [
      readonly TagSeen[],
      readonly CommitSeen[],
    ]),
    { prefix: '', now: day(300) },
  );

  expect(found.at(-2)).toMatchObject({ version: 'v1.3.0', outcome: 'hotfixed', recoveredAt: day(92) });
  expect(found.at(-1)).toMatchObject({ version: 'v1.3.1', outcome: 'success', unplanned: true });
});

test.each([
  ['later than three days', ['v1.3.1', 93.1, 'fix: coupons twice']],
  ['without a word of repair', ['v1.3.1', 91, 'feat: more coupons']],
  ['of another minor version', ['v1.4.0', 91, 'fix: coupons twice']],
  ['that is a prefix of a word', ['v1.3.1', 91, 'feat: fixtures']],
] as const)('a release %s is no hotfix', (_, next) => {
  expect(inferred(repository(...monthly, next))['v1.3.0']).toBe('success');
});

test('where releases are frequent, the window is a third of the usual time', () => {
  const daily = Array.from({ length: 10 }, (_, index) => [`v1.0.${index}`, index, 'fix: something'] as const);

  expect(new Set(Object.values(inferred(repository(...daily))))).toEqual(new Set(['success']));
  const soon = [...daily, ['v1.0.10', 9.2, 'fix: at once'] as const];
  expect(inferred(repository(...soon))['v1.0.9']).toBe('hotfixed');
});

test('a revert of its content soon after is a failure, a late one is none', () => {
  const soon = repository(...monthly, ['v1.4.0', 110, 'Revert "feat: coupons"', ['v1.3.0']]);
  const late = repository(...monthly, ['v1.4.0', 125, 'Revert "feat: coupons"', ['v1.3.0']]);
  const older = repository(...monthly, ['v1.4.0', 110, 'Revert "feat: carts"', ['v1.1.0']]);

  expect(inferred(soon)['v1.3.0']).toBe('failed');
  expect(inferred(late)['v1.3.0']).toBe('success');
  expect(inferred(older)).toMatchObject({ 'v1.1.0': 'success', 'v1.3.0': 'success' });
});

test('the newest release is pending until its window is over', () => {
  expect(inferred(repository(...monthly), day(92.9))['v1.3.0']).toBe('pending');
  expect(inferred(repository(...monthly), day(93.1))['v1.3.0']).toBe('success');
});

test('pre-releases, second names of a commit and other packages are left out', () => {
  const { tags, commits } = repository(...monthly, ['v1.4.0-rc.1', 100, 'feat: x'], ['api-v9.0.0', 101, 'feat: y']);
  const moving = [...tags, { ...tags[3]!, name: 'v1' }];

  expect(Object.keys(inferred({ tags: moving, commits }))).toEqual(['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0']);
  expect(releasePrefixes(moving)).toEqual(['', 'api-']);
  expect(inferred({ tags: moving, commits }, day(300), 'api-')).toEqual({ 'api-v9.0.0': 'success' });
});

test('commits belong to the first release that has them', () => {
  const { tags, commits } = repository(...monthly);

  const [first, second] = inferOutcomes(tags, commits, { prefix: '', now: day(300) });

  expect([first?.firstCommitAt, second?.firstCommitAt]).toEqual([day(-0.1), day(29.9)]);
});

test('a history that leads in a circle, or lacks commits, is followed to its end', () => {
  const { tags, commits } = repository(...monthly);
  const circle = commits.map((each) => ({ ...each, parents: [commits[3]!.commit, 'f'.repeat(40)] }));

  expect(Object.keys(inferred({ tags, commits: circle }))).toHaveLength(4);
  expect(Object.keys(inferred({ tags, commits: [] }))).toHaveLength(4);
});
