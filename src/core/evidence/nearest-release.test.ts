import { expect, test } from 'vitest';
import { NearestRelease } from './nearest-release.ts';

/** `history`: commits newest first as `commit: parents`. Returns the release and how many commits were looked at. */
function nearest(tagged: readonly string[], ...history: readonly string[]): readonly [string | undefined, number] {
  const search = new NearestRelease(new Set(tagged));
  let seen = 0;
  for (const line of history) {
    const [commit = '', parents = ''] = line.split(':');
    seen += 1;
    if (!search.push(commit, parents.split(' ').filter(Boolean), 1000 - seen)) break;
  }
  return [search.result?.commit, seen];
}

test('in a straight history it is the first release, and the search ends there', () => {
  expect(nearest(['b', 'a'], 'd:c', 'c:b', 'b:a', 'a:')).toEqual(['b', 3]);
});

test('the release of the head itself does not count', () => {
  expect(nearest(['c', 'a'], 'c:b', 'b:a', 'a:')).toEqual(['a', 3]);
});

test('without a release in the history there is none', () => {
  expect(nearest(['x'], 'b:a', 'a:')).toEqual([undefined, 2]);
});

test('a younger maintenance release that was merged back is farther than the release of the main line', () => {
  // h merges the maintenance release m (after fork f) into the main line with release r, four commits after f.
  const history = ['h:p m', 'm:f', 'p:r', 'r:c3', 'c3:c2', 'c2:c1', 'c1:f', 'f:a', 'a:'];

  expect(nearest(['m', 'r', 'a'], ...history)).toEqual(['r', 7]);
});

test('of two releases that are equally far the younger wins', () => {
  expect(nearest(['x', 'y'], 'h:y x', 'y:a', 'x:a', 'a:')).toEqual(['y', 3]);
});

test('more releases than are told apart do not end the search early', () => {
  const sides = Array.from({ length: 12 }, (_, index) => `s${index}`);

  const [commit] = nearest(sides, `h:${sides.join(' ')}`, ...sides.map((side) => `${side}:a`), 'a:');

  expect(commit).toBe('s0');
});
