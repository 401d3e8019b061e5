import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test as base } from 'vitest';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { discover } from './discover.ts';
import { localFiles } from './local-files.ts';

interface Project {
  readonly root: string;
  write(...paths: string[]): void;
}

const test = base.extend<{ project: Project }>({
  // oxlint-disable-next-line no-empty-pattern -- fixtures must take their context apart
  project: async ({}, use) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'aqe-discover-')));
    const write = (...paths: string[]): void => {
      for (const path of paths) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        writeFileSync(join(root, path), 'x');
      }
    };
    await use({ root, write });
    // Unlike Node's own removal this one copes with paths longer than the system's limit.
    execFileSync('rm', ['-rf', root]);
  },
});

const reader = (id: string, ...names: string[]): SignalReader => ({
  id,
  title: id,
  gives: ['tests'],
  names,
  countingUnit: 'a case',
  detects: () => false,
  open: () => ({ push: () => undefined, finish: () => ({ producer: { name: id }, facts: [], notices: [] }) }),
});

const readers = [reader('junit', 'junit*.xml', 'TEST-*.xml'), reader('lcov', 'lcov.info'), reader('any', 'summary*')];
const options = { exclude: [], limits: { maxBytes: 1000, maxFiles: 100 } };

const paths = (entries: readonly { readonly path: string }[]): string[] => entries.map(({ path }) => path);

test('files with a known name are found at any depth, the others only in report folders', async ({ project }) => {
  project.write('junit.xml', 'a/b/c/TEST-x.xml', 'a/other.xml', 'a/reports/deep/er/other.xml', 'TestResults/run.trx');
  project.write('target/surefire-reports/any.xml', 'build/lcov.info', 'reports/README.md', 'xjunit.xml');

  const { candidates, skipped } = await localFiles(project.root, readers).discover(options);

  expect(candidates).toEqual([
    { path: 'TestResults/run.trx', because: 'folder' },
    { path: 'a/b/c/TEST-x.xml', because: 'name' },
    { path: 'a/reports/deep/er/other.xml', because: 'folder' },
    { path: 'build/lcov.info', because: 'name' },
    { path: 'junit.xml', because: 'name' },
    { path: 'target/surefire-reports/any.xml', because: 'folder' },
  ]);
  expect(skipped).toEqual([]);
});

test('pages of a report, their parts and our own sidecars are not evidence', async ({ project }) => {
  project.write('coverage/lcov-report/index.html', 'coverage/lcov-report/prettify.js', 'coverage/summary.html');
  project.write('reports/junit.xml.aqe-evidence.json', 'reports/aqe-evidence.json', 'coverage/lcov.info');

  const { candidates } = await discover(project.root, readers, options);

  expect(paths(candidates)).toEqual(['coverage/lcov.info']);
});

test.each(
  'node_modules vendor .git .agentic-qe .venv venv __pycache__ .stryker-tmp fixtures __fixtures__ testdata'.split(' '),
)('nothing below %s is evidence of this project', async (folder) => {
  const root = mkdtempSync(join(tmpdir(), 'aqe-discover-'));
  mkdirSync(join(root, 'a', folder, 'reports'), { recursive: true });
  writeFileSync(join(root, 'a', folder, 'reports', 'junit.xml'), 'x');

  const discovery = await discover(root, readers, options);

  execFileSync('rm', ['-rf', root]);
  expect(discovery).toEqual({ candidates: [], skipped: [], found: {} });
});

test('a folder that is a project of its own is left out, and said so', async ({ project }) => {
  project.write('aqe-deploy.yaml', 'junit.xml', 'apps/web/aqe-deploy.yaml', 'apps/web/junit.xml', 'apps/api/junit.xml');

  const { candidates, skipped } = await discover(project.root, readers, options);

  expect(paths(candidates)).toEqual(['apps/api/junit.xml', 'junit.xml']);
  expect(skipped).toEqual([{ path: 'apps/web', reason: expect.stringContaining('aqe-deploy.yaml') }]);
});

test.for([
  [['a'], ['b/junit.xml', 'c/junit.xml']],
  [['a/**'], ['b/junit.xml', 'c/junit.xml']],
  [['**/junit.xml'], []],
  [['{a,b}', 'c/*.json'], ['c/junit.xml']],
  [['junit.xml'], ['a/d/junit.xml', 'a/junit.xml', 'b/junit.xml', 'c/junit.xml']],
] as const)('the globs %j exclude what they match', async ([exclude, left], { project }) => {
  project.write('a/junit.xml', 'a/d/junit.xml', 'b/junit.xml', 'c/junit.xml');

  const { candidates, skipped } = await discover(project.root, readers, { ...options, exclude });

  expect(paths(candidates)).toEqual(left);
  expect(skipped).toEqual([]);
});

test('links are not followed; those that look like evidence are named', async ({ project }) => {
  project.write('real/reports/junit.xml', 'plain.txt');
  symlinkSync('real/reports/junit.xml', join(project.root, 'junit-link.xml'));
  symlinkSync('real/reports', join(project.root, 'coverage'));
  symlinkSync('..', join(project.root, 'real', 'loop'));
  symlinkSync('plain.txt', join(project.root, 'other.txt'));
  symlinkSync('/dev/zero', join(project.root, 'real', 'reports', 'zero.xml'));

  const { candidates, skipped } = await discover(project.root, readers, options);

  expect(paths(candidates)).toEqual(['real/reports/junit.xml']);
  expect(skipped).toEqual(
    ['coverage', 'junit-link.xml', 'real/reports/zero.xml'].map((path) => ({
      path,
      reason: expect.stringContaining('symbolic link'),
    })),
  );
});

test('a pipe and a folder with the name of a report are not candidates', async ({ project }) => {
  execFileSync('mkfifo', [join(project.root, 'junit.xml')]);
  project.write('junit-dir.xml/readme.txt');

  const { candidates, skipped } = await discover(project.root, readers, options);

  expect(candidates).toEqual([]);
  expect(skipped).toEqual([{ path: 'junit.xml', reason: expect.stringContaining('pipe') }]);
});

test('names with control characters are named in escaped form and left out', async ({ project }) => {
  project.write('junit-\u001b[31m\n.xml', 'a\u202e/reports/b.xml', 'harmless\n.md');

  const { candidates, skipped } = await discover(project.root, readers, options);

  expect(candidates).toEqual([]);
  expect(skipped).toEqual([
    { path: 'a\\u202e', reason: expect.stringContaining('control characters') },
    { path: 'junit-\\u001b[31m\\u000a.xml', reason: expect.stringContaining('control characters') },
  ]);
});

test('discovery stops at the limit of files and says so', async ({ project }) => {
  project.write(...Array.from({ length: 12 }, (_, at) => `reports/${at}.xml`));

  const exact = await discover(project.root, readers, { ...options, limits: { maxFiles: 12 } });
  const over = await discover(project.root, readers, { ...options, limits: { maxFiles: 11 } });

  expect(exact.candidates).toHaveLength(12);
  expect(exact.skipped).toEqual([]);
  expect(over.candidates).toHaveLength(11);
  expect(over.skipped).toEqual([{ path: '.', reason: expect.stringContaining('more than 11 files') }]);
});

test('what is found under a limit does not depend on the order on disk', async ({ project }) => {
  const names = Array.from({ length: 60 }, (_, at) => `f${(at * 37) % 60}/reports/${(at * 17) % 60}.xml`);
  project.write(...names);
  const again = mkdtempSync(join(project.root, 'again-'));
  for (const name of names.toReversed()) {
    mkdirSync(join(again, dirname(name)), { recursive: true });
    writeFileSync(join(again, name), 'x');
  }

  const first = await discover(project.root, readers, { exclude: ['again-*'], limits: { maxFiles: 20 } });
  const second = await discover(again, readers, { exclude: [], limits: { maxFiles: 20 } });

  expect(second).toEqual(first);
  expect(paths(first.candidates)).toEqual(paths(first.candidates).toSorted());
});

test('a tree deeper or larger than the bounds is cut, and said so', async ({ project }) => {
  project.write('a/b/c/d/junit.xml', 'a/junit.xml');

  const shallow = await discover(project.root, readers, options, { depth: 3, entries: 100 });
  const small = await discover(project.root, readers, options, { depth: 64, entries: 2 });

  expect(paths(shallow.candidates)).toEqual(['a/junit.xml']);
  expect(shallow.skipped).toEqual([{ path: 'a/b/c/d', reason: 'more than 3 folders deep' }]);
  expect(small.skipped).toEqual([{ path: '.', reason: expect.stringContaining('more than 2 entries') }]);
});

test('a folder that the system refuses to read is named, and the rest is found', async ({ project }) => {
  const long = (at: string): string => join(project.root, at, ...Array.from({ length: 10 }, () => 'x'.repeat(240)));
  mkdirSync(long('one'), { recursive: true });
  mkdirSync(long('two'), { recursive: true });
  // Longer together than the system takes in one path.
  renameSync(join(project.root, 'two'), join(long('one'), 'two'));
  project.write('junit.xml');

  const { candidates, skipped } = await discover(project.root, readers, options);

  expect(paths(candidates)).toEqual(['junit.xml']);
  expect(skipped).toEqual([
    { path: expect.stringMatching(/^one/), reason: 'the folder cannot be read (ENAMETOOLONG)' },
  ]);
});

test.skipIf(process.getuid?.() === 0)(
  'a folder without permission is named (not run as root, who may read all)',
  async ({ project }) => {
    project.write('closed/junit.xml');
    chmodSync(join(project.root, 'closed'), 0);

    const { skipped } = await discover(project.root, readers, options);

    chmodSync(join(project.root, 'closed'), 0o700);
    expect(skipped).toEqual([{ path: 'closed', reason: 'the folder cannot be read (EACCES)' }]);
  },
);

test('a project folder that does not exist, or is a file, is an error', async ({ project }) => {
  project.write('file');

  for (const root of ['nowhere', 'file']) {
    const discovery = localFiles(join(project.root, root), readers).discover(options);

    await expect(discovery).rejects.toMatchObject({ code: 'AQE1008' });
  }
});

test('the project folder itself may be named by a link', async ({ project }) => {
  project.write('real/junit.xml');
  symlinkSync('real', join(project.root, 'named'));

  const { candidates } = await localFiles(join(project.root, 'named'), readers).discover(options);

  expect(paths(candidates)).toEqual(['junit.xml']);
});

test.for([
  ['docs/runbooks/*rollback*', ['docs/runbooks/rollback.md']],
  ['**/*.md', ['docs/a.md', 'docs/runbooks/rollback.md']],
  ['{docs,src}/*.{md,ts}', ['docs/a.md', 'src/b.ts']],
  ['.github/CODEOWNERS', ['.github/CODEOWNERS']],
  ['vendor/*.md', ['vendor/c.md']],
  ['docs', []],
  ['../*', []],
  ['/etc/*', []],
] as const)(
  '%s finds files only, and those of foreign folders only if spelled out',
  async ([glob, paths], { project }) => {
    project.write('docs/a.md', 'docs/runbooks/rollback.md', 'src/b.ts', '.github/CODEOWNERS', 'vendor/c.md');
    symlinkSync('a.md', join(project.root, 'docs/link.md'));
    symlinkSync('docs', join(project.root, 'linked'));

    const { found } = await localFiles(project.root, readers).discover({ ...options, find: [glob] });

    expect(found).toEqual({ [glob]: paths });
  },
);

test('globs that are looked for together find what each of them finds alone', async ({ project }) => {
  project.write('docs/a.md', 'vendor/c.md', 'inner/aqe-deploy.yaml', 'inner/d.md', 'reports/junit.xml');
  const files = localFiles(project.root, readers);
  const globs = ['**/*.md', 'vendor/*.md', 'inner/*.md', 'reports/*'];

  const together = await files.discover({ ...options, exclude: ['reports/**'], find: globs });
  const alone = await Promise.all(globs.map((glob) => files.discover({ ...options, find: [glob] })));

  expect(together.found).toEqual(Object.assign({}, ...alone.map(({ found }) => found)));
  expect(together.found['**/*.md']).toEqual(['docs/a.md']);
  expect(together.found['inner/*.md']).toEqual(['inner/d.md']);
  expect(together.candidates).toEqual([]);
});

test('a glob finds the first thousand in order', async ({ project }) => {
  project.write(...Array.from({ length: 1005 }, (_, at) => `m/${10_000 - at}.sql`));

  const { found } = await localFiles(project.root, readers).discover({ ...options, find: ['m/*.sql'] });
  const paths = found['m/*.sql'] ?? [];

  expect(paths).toHaveLength(1000);
  expect(paths[0]).toBe('m/10000.sql');
  expect(paths).toEqual(paths.toSorted());
});
