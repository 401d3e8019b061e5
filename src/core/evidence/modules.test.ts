import { expect, test } from 'vitest';
import { isDependencyManifest } from './manifests.ts';
import { modulesOf } from './modules.ts';

test('with several manifests a file belongs to the deepest folder that has one', () => {
  const modules = modulesOf(['package.json', 'packages/a/package.json', 'packages/a/native/Cargo.toml', 'docs/x.md']);

  const owners = ['README.md', 'packages/a/src/x.ts', 'packages/a/native/src/lib.rs', 'packages/b/gone.ts'].map(
    (path) => modules.of(path),
  );

  expect([...modules.names]).toEqual(['.', 'packages/a', 'packages/a/native']);
  expect(owners).toEqual(['.', 'packages/a', 'packages/a/native', '.']);
});

test('a file outside all packages belongs to no module', () => {
  const modules = modulesOf(['api/go.mod', 'web/package.json', 'README.md']);

  expect(modules.of('README.md')).toBeNull();
});

test('manifests of fixtures and vendored code make no modules', () => {
  const modules = modulesOf(['package.json', 'src/a/x.ts', 'test/fixtures/p/package.json', 'vendor/y/go.mod']);

  expect([...modules.names]).toEqual(['src/a']);
});

test('with one manifest the folders below the source folders are the modules', () => {
  const modules = modulesOf([
    'pom.xml',
    'src/main/A.java',
    'src/test/ATest.java',
    'lib/x.js',
    'docs/a.md',
    'src/index.ts',
  ]);

  expect([...modules.names].toSorted()).toEqual(['lib', 'src', 'src/main', 'src/test']);
  expect(['src/main/deep/B.java', 'docs/a.md', 'src/new/x'].map((path) => modules.of(path))).toEqual([
    'src/main',
    null,
    null,
  ]);
});

test('without source folders the first-level folders are the modules, without folders the project is one', () => {
  expect([...modulesOf(['README', 'roles/a/b', 'hosts/c']).names]).toEqual(['roles', 'hosts']);
  expect([...modulesOf(['README', 'main.py']).names]).toEqual(['.']);
  expect([...modulesOf([]).names]).toEqual([]);
});

test.each([
  ['package.json', true],
  ['a/b/pom.xml', true],
  ['App/App.csproj', true],
  ['requirements-dev.txt', true],
  ['gradle/libs.versions.toml', true],
  ['Gemfile', true],
  ['package-lock.json', false],
  ['Gemfile.lock', false],
  ['go.sum', false],
  ['src/package.json.ts', false],
])('%s lists dependencies: %s', (path, expected) => {
  expect(isDependencyManifest(path)).toBe(expected);
});
