import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileGlob } from './glob.ts';

test.each([
  ['report.xml', 'report.xml', true],
  ['report.xml', 'reportsxml', false],
  ['TEST-*.xml', 'TEST-a.b.xml', true],
  ['TEST-*.xml', 'TEST-.xml', true],
  ['TEST-*.xml', 'a/TEST-a.xml', false],
  ['*.xml', 'a/b.xml', false],
  ['*', '.hidden', true],
  ['?.xml', 'é.xml', true],
  ['?.xml', '😀.xml', true],
  ['?.xml', '/.xml', false],
  ['a/*/c', 'a/b/c', true],
  ['a/*/c', 'a/b/b/c', false],
  ['a/**/c', 'a/c', true],
  ['a/**/c', 'a/b/b/c', true],
  ['a/**/c', 'abc/c', false],
  ['**/c.xml', 'c.xml', true],
  ['**/c.xml', 'a/b/c.xml', true],
  ['**/c.xml', 'a/bc.xml', false],
  ['**/*.xml', 'a/b.xml', true],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', false],
  ['a/**', 'ab/c', false],
  ['**', 'a/b', true],
  ['a**c', 'abbc', true],
  ['a**c', 'ab/c', false],
  ['*.{xml,json}', 'a.json', true],
  ['*.{xml,json}', 'a.jsonl', false],
  ['{a,b{c,d}}.xml', 'bd.xml', true],
  ['{a,b{c,d}}.xml', 'b.xml', false],
  ['{,x}a', 'a', true],
  ['{**/x,y}/z', 'a/x/z', true],
  ['a,b', 'a,b', true],
  ['a{b', 'a{b', true],
  ['a}b', 'a}b', true],
  ['[a].xml', '[a].xml', true],
  ['[a].xml', 'a.xml', false],
  ['./a/*', 'a/b', true],
  ['a/', 'a', true],
  ['a+b(c)$', 'a+b(c)$', true],
  ['', '', true],
  ['', 'a', false],
])('%s against %s is %s', (pattern, path, expected) => {
  const matches = compileGlob(pattern).matches(path);

  expect(matches).toBe(expected);
});

test.each([
  ['docs/*.md', 'docs', true],
  ['docs/*.md', 'docs/deep', false],
  ['docs/*.md', 'src', false],
  ['docs/{a,b}/*.md', 'docs/b', true],
  ['**/*.md', 'any/where', true],
  ['a/**/z', 'a/b', true],
  ['a/**/z', 'b', false],
])('%s may match below %s is %s', (pattern, folder, expected) => {
  const mayMatch = compileGlob(pattern).mayMatchBelow(folder);

  expect(mayMatch).toBe(expected);
});

const plain = fc.stringMatching(/^\.?[a-c]{1,3}$/);
const piece = fc.constantFrom('a', 'b', '.', '/', '*', '?', '**', '**/', '/**', '{a,b}', '{a*,/b}', '{', '}', ',');
const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const path = fc.array(plain, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

test('text without wildcards matches itself and nothing else', () => {
  fc.assert(
    fc.property(path, path, (one, other) => {
      expect(compileGlob(one).matches(one)).toBe(true);
      expect(compileGlob(one).matches(other)).toBe(one === other);
    }),
  );
});

test('a path stays matched when a part of it is replaced by a wildcard', () => {
  fc.assert(
    fc.property(path, fc.nat(), fc.nat(), (text, from, size) => {
      const parts = text.split('/');
      const at = from % parts.length;
      const starred = parts.with(at, '*').join('/');
      const crossed = [...parts.slice(0, at), '**', ...parts.slice(Math.min(at + size, parts.length - 1))].join('/');

      expect(compileGlob(starred).matches(text)).toBe(true);
      expect(compileGlob(crossed).matches(text)).toBe(true);
    }),
  );
});

test('a pattern means what its translation to a regular expression means', () => {
  fc.assert(
    fc.property(pattern, path, (glob, text) => {
      fc.pre(!/\*{3}|[{},]|\*\*[^/]|[^/]\*\*|\/{2}|^\.?\/|\/$/.test(glob));
      const source = glob
        .replaceAll('.', '\\.')
        .replace(/\*\*\/|\/\*\*$|^\*\*$|\*|\?/g, (token) =>
          token === '**/'
            ? '(?:.*/)?'
            : token === '/**'
              ? '/.+'
              : token === '**'
                ? '.+'
                : token === '*'
                  ? '[^/]*'
                  : '[^/]',
        );

      expect(compileGlob(glob).matches(text)).toBe(new RegExp(`^(?:${source})$`).test(text));
    }),
    { numRuns: 2000 },
  );
});

test('braces mean the same as the list of their alternatives', () => {
  fc.assert(
    fc.property(
      fc.array(
        pattern.filter((text) => !/[{},]|\*\*$/.test(text)),
        { minLength: 1, maxLength: 4 },
      ),
      path,
      (list, text) => {
        const separate = list.some((one) => compileGlob(`x/${one}/y`).matches(`x/${text}/y`));

        expect(compileGlob(`x/{${list.join(',')}}/y`).matches(`x/${text}/y`)).toBe(separate);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a folder with a match below it is never ruled out', () => {
  fc.assert(
    fc.property(pattern, path, plain, (glob, folder, name) => {
      fc.pre(compileGlob(glob).matches(`${folder}/${name}`));

      expect(compileGlob(glob).mayMatchBelow(folder)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['*a'.repeat(200), 'a'.repeat(4000) + 'b'],
  ['**/a/'.repeat(100) + 'b', 'a/'.repeat(2000) + 'c'],
  ['{a,aa,aaa}'.repeat(100) + 'b', 'a'.repeat(2000)],
  ['{'.repeat(50_000), 'a'],
  ['/'.repeat(200_000) + 'b', 'a'],
  ['b'.repeat(200_000) + '*', 'a'],
  ['{'.repeat(20_000) + 'a' + '}'.repeat(20_000), 'a'],
  [`{${','.repeat(200_000)}}`, 'a'],
])('hostile pattern %# is answered in a second', (glob, text) => {
  const start = performance.now();

  const matches = compileGlob(glob).matches(text);

  expect(performance.now() - start).toBeLessThan(1000);
  expect(matches).toBe(glob.endsWith('}') && glob.includes('a'));
});
