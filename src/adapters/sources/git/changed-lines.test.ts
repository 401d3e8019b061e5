import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import {
  GitRepository,
  gitTestEnvironment,
  removeTemporaryFolders,
  temporaryFolder,
} from '../../../../test/support/git-repository.ts';
import type { ChangedLines } from '../../../core/evidence/changed-lines.ts';
import { changedLines } from './changed-lines.ts';
import { gitSource } from './git-source.ts';
import { openRepository } from './repository.ts';

afterAll(removeTemporaryFolders);

const env = gitTestEnvironment();

async function linesOf(repository: GitRepository): Promise<ChangedLines> {
  const lines = await gitSource(repository.root, env).changedLines({ version: 'next', baseline: 'v1' });
  return lines!;
}

const words = (of: ChangedLines): readonly string[] =>
  of.files.map(({ path, lines }) => `${path} ${lines.map(({ first, last }) => `${first}-${last}`).join(' ')}`);

/** Names that a patch quotes, cuts short or could take for something else. */
const hostileNames = [
  'two words',
  ' leading',
  'trailing ',
  'tab\there',
  'new\nline',
  'cr\rhere',
  'back\\slash',
  '"quoted"',
  'a => b',
  '{a => b}/c',
  '--output=canary',
  '+++ b',
  '@@ -1 +1 @@',
  'diff --git a',
  'ünï/cödé',
  '\u{1f600}',
  'b/b/b',
  '*',
  ':(glob)x',
  '\x01\x1b[31m',
];

test('hostile names are told apart and read as they are', async () => {
  const repository = new GitRepository();
  for (const name of hostileNames) repository.write(name, 'one\ntwo\n');
  repository.commit('one');
  repository.git('tag', 'v1');
  hostileNames.forEach((name, index) => repository.write(name, `one\ntwo\n${'more\n'.repeat(index + 1)}`));
  repository.commit('two');

  const lines = await linesOf(repository);

  const expected = hostileNames.map((path, index) => ({ path, lines: [{ first: 3, last: index + 3 }] }));
  expect(lines.files).toEqual(expected.toSorted((one, other) => (one.path < other.path ? -1 : 1)));
  expect([...lines.projectFiles].toSorted()).toEqual(hostileNames.toSorted());
});

test('names that are not UTF-8 lose no line, even where they read the same', async () => {
  const repository = new GitRepository();
  repository.commit('one');
  repository.git('tag', 'v1');
  const blob = (text: string): string => {
    repository.write('.git/text', text);
    return repository.git('hash-object', '-t', 'blob', '-w', '.git/text');
  };
  const entries = [
    ['\xfe', blob('1\n')],
    ['\xff', blob('1\n2\n')],
  ].map(([name, id]) => Buffer.from(`100644 blob ${id}\t${name}\n`, 'latin1'));
  repository.write('.git/tree', Buffer.concat(entries));
  repository.git('config', 'alias.tree', `!git mktree < "$GIT_DIR/tree"`);
  const tree = repository.gitWith({ GIT_DIR: join(repository.root, '.git') }, 'tree');
  const commit = repository.git('commit-tree', '-p', 'HEAD', '-m', 'two', tree);
  repository.git('update-ref', 'refs/heads/main', commit);

  const lines = await linesOf(repository);

  expect(lines.files).toEqual([{ path: '\uFFFD', lines: [{ first: 1, last: 2 }] }]);
});

test('content that looks like a patch moves no line', async () => {
  const repository = new GitRepository();
  const patch = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-- a\n++ b\n\\ No newline at end of file\n';
  repository.write('a.ts', `${patch}end\n`);
  repository.write('b.ts', 'x\n');
  repository.commit('one');
  repository.git('tag', 'v1');
  repository.write('a.ts', `${patch}${patch}end`);
  repository.write('b.ts', `x\r\n${patch}`);
  repository.commit('two');

  const lines = await linesOf(repository);

  // The last line of a.ts lost its newline, which makes it a changed line.
  expect(words(lines)).toEqual(['a.ts 8-15', 'b.ts 1-8']);
});

test('links, submodules and files that change into them have no lines', async () => {
  const repository = new GitRepository();
  repository.write('becomes-link', 'text\n');
  repository.write('target', 'text\n');
  symlinkSync('target', join(repository.root, 'was-link'));
  symlinkSync('target', join(repository.root, 'link'));
  const first = repository.commit('one');
  repository.git('update-index', '--add', '--cacheinfo', `160000,${first},module`);
  repository.git('commit', '--quiet', '-m', 'module');
  repository.git('tag', 'v1');
  for (const name of ['becomes-link', 'was-link', 'link']) repository.remove(name);
  symlinkSync('target', join(repository.root, 'becomes-link'));
  symlinkSync('elsewhere', join(repository.root, 'link'));
  repository.write('was-link', 'one\ntwo\n');
  repository.git('add', 'becomes-link', 'was-link', 'link');
  repository.git('update-index', '--cacheinfo', `160000,${repository.git('rev-parse', 'v1')},module`);
  repository.git('commit', '--quiet', '-m', 'two');

  const lines = await linesOf(repository);

  expect(words(lines)).toEqual(['was-link 1-2']);
});

test('a release that changes nothing has no new lines', async () => {
  const repository = new GitRepository();
  repository.write('a.ts', 'x\n');
  repository.commit('one');
  repository.git('tag', 'v1');

  const lines = await linesOf(repository);

  expect(lines).toEqual({ since: 'v1', files: [], projectFiles: ['a.ts'], complete: true });
});

test('a shallow clone without the earlier release does not know what is new, and does when told', async () => {
  const origin = new GitRepository();
  for (const text of ['1\n', '1\n2\n', '1\n2\n3\n']) {
    origin.write('a.ts', text);
    origin.commit(text);
  }
  const folder = temporaryFolder();
  origin.git('clone', '--quiet', '--depth=2', pathToFileURL(origin.root).href, folder);
  const source = gitSource(folder, env);

  const unknown = await source.changedLines({ version: 'next' });
  const told = await source.changedLines({ version: 'next', baseline: 'HEAD~1' });

  expect(unknown).toBeNull();
  expect(words(told!)).toEqual(['a.ts 3-3']);
});

test('above the limit of places the rest is left away, and the answer says so', async () => {
  const repository = new GitRepository();
  repository.write('a.ts', '1\n2\n3\n4\n5\n');
  repository.commit('one');
  repository.git('tag', 'v1');
  repository.write('a.ts', 'x\n2\nx\n4\nx\n');
  repository.commit('two');
  const opened = (await openRepository(repository.root, env))!;
  const change = (await gitSource(repository.root, env).change({ version: 'next' }))!;

  const atLimit = (await changedLines(opened, change, 3))!;
  const above = (await changedLines(opened, change, 2))!;

  expect([atLimit.complete, words(atLimit)]).toEqual([true, ['a.ts 1-1 3-3 5-5']]);
  expect([above.complete, words(above)]).toEqual([false, ['a.ts 1-1 3-3']]);
});

test('as many lines are new as git counts added, and the others stood in the baseline in the same order', async () => {
  const line = fc.constantFrom('', 'a', 'b', '+++ b/x', '--- a/x', '@@ -1 +1 @@', '\\ No newline at end of file', ' }');
  const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean());
  const written = ([lines, ends]: readonly [readonly string[], boolean]): string =>
    lines.join('\n') + (ends && lines.length > 0 ? '\n' : '');
  const repository = new GitRepository();

  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }), async (files) => {
      for (const side of [0, 1] as const) {
        files.forEach((pair, index) => repository.write(`${index}.ts`, written(pair[side])));
        repository.commit(`side ${side}`);
        if (side === 0) repository.git('tag', '--force', 'v1');
      }
      const source = gitSource(repository.root, env);
      const [lines, change] = [await linesOf(repository), await source.change({ version: 'next', baseline: 'v1' })];

      const ranges = lines.files.flatMap((file) => file.lines);
      expect(ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(change!.linesAdded);
      for (const { path, lines: fresh } of lines.files) {
        const [before, after] = files[Number.parseInt(path, 10)]!.map((side) => linesIn(written(side)));
        const kept = after!.filter((_, index) => !fresh.some(({ first, last }) => first <= index + 1 && index < last));
        expect(isSubsequence(kept, before!)).toBe(true);
      }
    }),
    { numRuns: 12 },
  );
});

/** Each with its end. */
function linesIn(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const each of whole) if (each === part[at]) at += 1;
  return at === part.length;
}
