import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesOf, projectPaths, type ReportedPath } from './place-paths.ts';

const project = [
  'src/a.ts',
  'src/b.ts',
  'src/c.ts',
  'src/deep/index.ts',
  'web/src/a.ts',
  'web/src/only.ts',
  'lib/index.ts',
  'app/src/main/java/shop/Price.java',
  'core/src/main/java/shop/Price.java',
  'core/src/main/java/shop/Tax.java',
];
const paths = projectPaths(project);

function place(path: string, folder = '', beside: readonly string[] = []): readonly string[] {
  const all = [path, ...beside].map((each): ReportedPath => ({ folder, path: each }));
  return placesOf(paths, all)({ folder, path });
}

test.each([
  ['src/a.ts', '', 'src/a.ts'],
  ['./src/a.ts', '', 'src/a.ts'],
  ['src//x/../a.ts', '', 'src/a.ts'],
  ['src\\a.ts', '', 'src/a.ts'],
  ['src/a.ts', 'web/', 'web/src/a.ts'],
  ['web/src/a.ts', 'web/', 'web/src/a.ts'],
  ['src/b.ts', 'web/', 'src/b.ts'],
  ['../src/b.ts', 'web/', 'src/b.ts'],
  ['only.ts', '', 'web/src/only.ts'],
  ['shop/Tax.java', '', 'core/src/main/java/shop/Tax.java'],
  ['shop/Price.java', 'app/', 'app/src/main/java/shop/Price.java'],
])('the relative path %s of a report in %j is %s', (path, folder, expected) => {
  expect(place(path, folder)).toEqual([expected]);
});

test.each([
  ['/home/ci/build/src/b.ts', 'src/b.ts'],
  ['/home/ci/build/web/src/a.ts', 'web/src/a.ts'],
  ['file:///home/ci/build/src/b.ts', 'src/b.ts'],
  ['C:\\agent\\work\\src\\b.ts', 'src/b.ts'],
  ['example.com/shop/src/deep/index.ts', 'src/deep/index.ts'],
  ['shop/src/b.ts', 'src/b.ts'],
])('%s, which begins where only another machine knows, is %s', (path, expected) => {
  expect(place(path)).toEqual([expected]);
});

test('the end of several paths is all of them', () => {
  expect(place('index.ts')).toEqual(['src/deep/index.ts', 'lib/index.ts']);
  expect(place('shop/Price.java')).toHaveLength(2);
});

test.each(['', '/', 'src', 'src/none.ts', '/src2/none.ts', '../src/a.ts', '../../x'])(
  '%j is no file of the project',
  (path) => {
    expect(place(path)).toEqual([]);
  },
);

test('a path that is longer than any file can have is none', () => {
  expect(place(`${'x/'.repeat(3000)}src/a.ts`)).toEqual([]);
});

test('the folder under which most paths are files of the project is where it lies', () => {
  const beside = ['/ci/web/src/b.ts', '/ci/web/src/c.ts'];

  // Here `web` is the name of the checkout, although `web/src/a.ts` is a longer end.
  expect(place('/ci/web/src/a.ts', '', beside)).toEqual(['src/a.ts']);
  expect(place('/ci/web/src/a.ts')).toEqual(['web/src/a.ts']);
});

test('a copy of a file below the project is not the file', () => {
  expect(place('/ci/dist/src/a.ts', '', ['/ci/src/b.ts', '/ci/src/c.ts'])).toEqual([]);
});

test('wherever the project lies, an absolute path is the file it is there', () => {
  const root = fc.array(fc.constantFrom('ci', 'src', 'web', 'home', 'shop'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(root, fc.constantFrom(...project), (parts, file) => {
      const at = (each: string): string => `/${parts.join('/')}/${each}`;

      expect(place(at(file), '', project.map(at))).toEqual([file]);
    }),
    { numRuns: 300 },
  );
});

test('what is placed is a file of the project that has the name', () => {
  const part = fc.constantFrom('src', 'web', 'app', 'deep', '..', '.', '', 'shop');
  const name = fc.constantFrom('a.ts', 'b.ts', 'index.ts', 'Price.java', 'none.ts');
  const path = fc.tuple(fc.array(part, { maxLength: 5 }), name).map(([folders, last]) => [...folders, last].join('/'));
  fc.assert(
    fc.property(path, fc.constantFrom('', 'web/', 'app/'), fc.array(path, { maxLength: 4 }), (of, folder, beside) => {
      for (const each of place(of, folder, beside)) {
        expect(project).toContain(each);
        expect(each.split('/').at(-1)).toBe(of.split('/').at(-1));
      }
    }),
    { numRuns: 500 },
  );
});
