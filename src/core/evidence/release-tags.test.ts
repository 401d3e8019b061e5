import { expect, test } from 'vitest';
import { earlierReleaseTags } from './release-tags.ts';

/** One commit a tag, called like it. */
function earlier(version: string, ...names: readonly string[]): readonly string[] {
  return [
    ...earlierReleaseTags(
      version,
      names.map((name) => ({ name, commit: name })),
    ).values(),
  ].toSorted();
}

test('tags that are no versions do not count', () => {
  expect(earlier('v2', 'v1', 'latest', 'nightly')).toEqual(['v1']);
});

test("a version's own tag does not count, however it is spelled", () => {
  expect(earlier('1.2.0', '1.2.0', 'v1.2.0', 'v1.2', 'v1.1.0')).toEqual(['v1.1.0']);
});

test('pre-releases count before a pre-release only', () => {
  expect(earlier('v2.0.0', 'v1.0.0', 'v2.0.0-rc.1')).toEqual(['v1.0.0']);
  expect(earlier('v2.0.0-rc.2', 'v1.0.0', 'v2.0.0-rc.1')).toEqual(['v1.0.0', 'v2.0.0-rc.1']);
});

test('a package sees its own tags, a version without package those without or else all', () => {
  const tags = ['api-v1.0.0', 'web-v2.0.0'];

  expect(earlier('api-v1.1.0', ...tags, 'v9.0.0')).toEqual(['api-v1.0.0']);
  expect(earlier('shop-v1.1.0', ...tags)).toEqual([]);
  expect(earlier('1.1.0', ...tags, 'v0.9.0')).toEqual(['v0.9.0']);
  expect(earlier('1.1.0', ...tags)).toEqual(tags);
  expect(earlier('summer', ...tags, 'v0.9.0')).toEqual(['v0.9.0']);
});

test('of several tags of one commit the finished and most precise one names it', () => {
  const tags = ['v1', 'v1.2.3-rc.1', 'v1.2.3', 'v1.2'].map((name) => ({ name, commit: 'c' }));

  expect(earlierReleaseTags('v2.0.0-rc.1', tags)).toEqual(new Map([['c', 'v1.2.3']]));
});
