import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  GitRepository,
  gitTestEnvironment,
  removeTemporaryFolders,
  temporaryFolder,
} from '../../../../test/support/git-repository.ts';
import { gitSource } from './git-source.ts';

afterAll(removeTemporaryFolders);

const env = gitTestEnvironment();

/** Writes and commits one file; returns the id. */
function commitFile(repository: GitRepository, path: string, content: string, message = 'x'): string {
  repository.write(path, content);
  return repository.commit(message);
}

describe('baseline', () => {
  test('annotated and light tags count, by the commit they name', async () => {
    const repository = new GitRepository();
    const first = commitFile(repository, 'a', '1\n');
    repository.git('tag', '--annotate', '-m', 'x', 'v1.0.0');
    const second = commitFile(repository, 'a', '2\n');
    repository.git('tag', '--annotate', '-m', 'x', 'v1.1.0');

    const change = await gitSource(repository.root, env).change({ version: 'v1.1.0' });

    expect(change?.head).toMatchObject({ commit: second, from: 'tag' });
    expect(change?.baseline).toMatchObject({ commit: first, ref: 'v1.0.0' });
  });

  test('a tag of the same commit, of another branch or of a tree is not the release before', async () => {
    const repository = new GitRepository();
    const first = commitFile(repository, 'a', '1\n');
    repository.git('tag', 'v1.0.0');
    repository.git('switch', '--quiet', '-c', 'other');
    commitFile(repository, 'b', '2\n');
    repository.git('tag', 'v1.5.0');
    repository.git('switch', '--quiet', 'main');
    commitFile(repository, 'a', '2\n');
    repository.git('tag', 'v1.9.0');
    repository.git('tag', 'v1.8.0', 'HEAD^{tree}');

    const change = await gitSource(repository.root, env).change({ version: 'v2.0.0' });

    expect(change?.baseline).toMatchObject({ commit: first, ref: 'v1.0.0' });
  });

  test('a maintenance release that was merged back does not hide the release of the main line', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    repository.git('tag', 'v1.0.0');
    repository.git('branch', '1.x');
    for (const content of ['2\n', '3\n', '4\n']) commitFile(repository, 'a', content);
    const main = repository.head;
    repository.git('tag', 'v2.0.0');
    repository.git('switch', '--quiet', '1.x');
    commitFile(repository, 'hotfix', '1\n');
    repository.git('tag', 'v1.0.1');
    repository.git('switch', '--quiet', 'main');
    repository.merge('1.x');
    commitFile(repository, 'a', '5\n');

    const change = await gitSource(repository.root, env).change({ version: 'v2.1.0' });

    expect(change?.baseline).toMatchObject({ commit: main, ref: 'v2.0.0' });
    expect(change?.commits).toBe(2);
  });

  test('in a repository of several packages only releases of the same package count', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    repository.git('tag', 'checkout-v1.1.0');
    repository.git('tag', '@shop/cart@3.0.0');
    commitFile(repository, 'a', '2\n');
    repository.git('tag', 'search-v7.0.0');
    commitFile(repository, 'a', '3\n');
    const source = gitSource(repository.root, env);
    const baselineOf = async (version: string): Promise<string | undefined> =>
      (await source.change({ version }))?.baseline?.ref;

    const refs = [
      await baselineOf('checkout-v1.2.0'),
      await baselineOf('@shop/cart@3.1.0'),
      await baselineOf('api-v1.0.0'),
    ];

    expect(refs).toEqual(['checkout-v1.1.0', '@shop/cart@3.0.0', undefined]);
  });

  test('a baseline need not be an ancestor', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    repository.git('switch', '--quiet', '-c', 'other');
    commitFile(repository, 'b', '1\n2\n');
    repository.git('switch', '--quiet', 'main');
    commitFile(repository, 'a', '2\n');

    const change = await gitSource(repository.root, env).change({ version: 'v1', baseline: 'other' });

    expect(change).toMatchObject({ commits: 1, filesChanged: 2, linesAdded: 1, linesDeleted: 3 });
  });
});

describe('state of the repository', () => {
  test('a detached HEAD is a release like any other', async () => {
    const repository = new GitRepository();
    const first = commitFile(repository, 'a', '1\n');
    commitFile(repository, 'a', '2\n');
    repository.git('checkout', '--quiet', '--detach', 'HEAD~1');

    const change = await gitSource(repository.root, env).change({ version: 'v1' });

    expect(change).toMatchObject({ head: { commit: first, from: 'head' }, commits: 1, dirty: false });
  });

  test('merge commits are not counted, the commits they bring are', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    repository.git('tag', 'v1.0.0');
    repository.git('switch', '--quiet', '-c', 'topic');
    commitFile(repository, 'b', '1\n', 'feat: b');
    repository.git('switch', '--quiet', 'main');
    commitFile(repository, 'a', '2\n', 'fix: a');
    repository.merge('topic');

    const change = await gitSource(repository.root, env).change({ version: 'v1.1.0' });

    expect(change).toMatchObject({ commits: 2, filesChanged: 2, kinds: { features: 1, fixes: 1, other: 0 } });
  });

  test('a shallow clone says that its history is not complete', async () => {
    const origin = new GitRepository();
    commitFile(origin, 'old', '1\n');
    origin.git('tag', 'v1.0.0');
    commitFile(origin, 'a', '1\n');
    const last = commitFile(origin, 'b', '1\n');
    const clone = new GitRepository(temporaryFolder(), null);
    clone.git('clone', '--quiet', '--depth=2', pathToFileURL(origin.root).href, '.');
    const source = gitSource(clone.root, env);

    const change = await source.change({ version: 'v1.1.0' });
    const history = await source.fileHistory(['old', 'b']);

    expect(change).toMatchObject({ historyComplete: false, baseline: null, commits: 2 });
    expect(history.get('old')).toEqual({ kind: 'unknown' });
    expect(history.get('b')).toMatchObject({ kind: 'committed', commit: last });
  });

  test('a partial clone that lacks content is refused, not fetched', async () => {
    const origin = new GitRepository();
    commitFile(origin, 'a', '1\n');
    commitFile(origin, 'a', '2\n');
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = new GitRepository(temporaryFolder(), null);
    clone.git('clone', '--quiet', '--no-checkout', '--filter=blob:none', pathToFileURL(origin.root).href, '.');

    const change = gitSource(clone.root, env).change({ version: 'v1' });

    await expect(change).rejects.toMatchObject({ code: 'AQE2011', detail: expect.stringMatching(/partial|lacks/) });
  });

  test('a linked worktree and a submodule are projects of their own', async () => {
    const inner = new GitRepository();
    const first = commitFile(inner, 'a', '1\n');
    inner.git('worktree', 'add', '--quiet', '--detach', 'linked');
    const outer = new GitRepository();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
    outer.commit('feat: sub');

    const linked = await gitSource(join(inner.root, 'linked'), env).change({ version: 'v1' });
    const sub = await gitSource(join(outer.root, 'sub'), env).change({ version: 'v1' });
    const whole = await gitSource(outer.root, env).change({ version: 'v1' });

    expect([linked, sub]).toMatchObject([
      { head: { commit: first }, projectFiles: 1, dirty: false },
      { head: { commit: first }, projectFiles: 1, dirty: false },
    ]);
    expect(whole).toMatchObject({ commits: 1, projectFiles: 2, dirty: false });
  });

  test('a variable of a surrounding hook does not lead to another repository', async () => {
    const repository = new GitRepository();
    const first = commitFile(repository, 'a', '1\n');
    const other = new GitRepository();
    commitFile(other, 'b', '1\n');
    const hook = { ...env, GIT_DIR: join(other.root, '.git'), GIT_WORK_TREE: other.root, GIT_INDEX_FILE: 'x' };

    const head = await gitSource(repository.root, hook).resolve({ version: 'v1' });

    expect(head?.commit).toBe(first);
  });

  test('local replacements of history are not seen', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    commitFile(repository, 'a', '2\n');
    commitFile(repository, 'a', '3\n');
    repository.git('replace', '--graft', 'HEAD');
    mkdirSync(join(repository.root, '.git/info'), { recursive: true });
    writeFileSync(join(repository.root, '.git/info/grafts'), `${repository.git('rev-parse', 'HEAD')}\n`);

    const change = await gitSource(repository.root, env).change({ version: 'v1' });

    expect(change?.commits).toBe(3);
  });

  test('text behind a NUL in a commit is not taken for another commit', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    const raw = repository.git('cat-file', 'commit', 'HEAD');
    repository.write('.git/forged', `${raw}\0${'a'.repeat(40)}\0Eve\0eve@example.org\0feat: forged\0\n`);
    const id = repository.git('hash-object', '-t', 'commit', '-w', '--literally', '.git/forged');
    repository.git('update-ref', 'refs/heads/main', id);

    const change = await gitSource(repository.root, env).change({ version: 'v1' });

    expect(change).toMatchObject({ commits: 1, authors: [{ name: 'Ada', commits: 1 }] });
  });

  test('names that are not UTF-8 are told apart in a digest', async () => {
    const digests = [];
    for (const byte of [0xfe, 0xff]) {
      const repository = new GitRepository();
      writeFileSync(Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from([byte])]), 'x\n');
      repository.commit('x');
      digests.push(await gitSource(repository.root, env).sourcesDigest('HEAD', []));
    }

    expect(digests[0]).not.toBe(digests[1]);
  });

  const sha256 = supportsSha256();

  test.skipIf(!sha256)('a repository of SHA-256 objects is read like any other', async () => {
    const repository = new GitRepository(temporaryFolder(), ['--object-format=sha256']);
    const first = commitFile(repository, 'a.ts', '1\n2\n');
    const source = gitSource(repository.root, env);

    const change = await source.change({ version: 'v1' });
    const history = await source.fileHistory(['a.ts']);

    expect(change).toMatchObject({ head: { commit: first }, projectLines: 2, linesAdded: 2, commits: 1 });
    expect(first).toHaveLength(64);
    expect(history.get('a.ts')).toMatchObject({ kind: 'committed', commit: first });
    expect(await source.sourcesDigest(first, [])).toMatch(/^[0-9a-f]{64}$/);
    expect(source.sameCommit(first.slice(0, 50), first)).toBe(true);
  });
});

describe('file history', () => {
  test('a merge is the origin of content that none of its parents has', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    repository.git('switch', '--quiet', '-c', 'topic');
    commitFile(repository, 'b', '1\n');
    repository.git('switch', '--quiet', 'main');
    commitFile(repository, 'c', '1\n');
    repository.merge('topic', '--no-commit');
    repository.write('a', 'made by the merge\n');
    const merge = repository.commit('merge');

    const history = await gitSource(repository.root, env).fileHistory(['a', 'b', 'c']);

    expect(history.get('a')).toMatchObject({ commit: merge });
    expect(history.get('b')).not.toMatchObject({ commit: merge });
  });

  test('a side branch whose content lost does not count, even if it is younger', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    commitFile(repository, 'b', '1\n');
    repository.git('branch', 'topic');
    const main = commitFile(repository, 'a', 'main\n');
    repository.git('switch', '--quiet', 'topic');
    commitFile(repository, 'a', 'topic\n');
    const b = commitFile(repository, 'b', 'topic\n');
    repository.git('switch', '--quiet', 'main');
    repository.merge('topic', '--strategy-option=ours');

    const history = await gitSource(repository.root, env).fileHistory(['a', 'b']);

    expect(history.get('a')).toMatchObject({ commit: main });
    expect(history.get('b')).toMatchObject({ commit: b });
  });

  test('a file that git is told not to look at counts as modified', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    commitFile(repository, 'b', '1\n');
    repository.git('update-index', '--assume-unchanged', 'a');
    repository.git('update-index', '--skip-worktree', 'b');
    repository.write('a', 'forged\n');
    repository.write('b', 'forged\n');

    const history = await gitSource(repository.root, env).fileHistory(['a', 'b']);

    expect([...history.values()]).toEqual([{ kind: 'modified' }, { kind: 'modified' }]);
  });

  test('staged, removed and executable-bit changes are modifications', async () => {
    const repository = new GitRepository();
    for (const name of ['staged', 'gone', 'uncached', 'mode']) repository.write(name, `${name}\n`);
    repository.commit('x');
    repository.write('staged', 'other\n');
    repository.write('added', 'x\n');
    repository.git('add', 'staged', 'added');
    repository.git('rm', '--quiet', '--cached', 'uncached');
    repository.remove('gone');
    chmodSync(join(repository.root, 'mode'), 0o755);

    const paths = ['staged', 'added', 'gone', 'uncached', 'mode'];
    const history = await gitSource(repository.root, env).fileHistory(paths);

    expect([...history.values()].map(({ kind }) => kind)).toEqual(paths.map(() => 'modified'));
  });

  test('many long paths are asked in batches', async () => {
    const repository = new GitRepository();
    const paths = Array.from({ length: 300 }, (_, index) => `${'long/'.repeat(20)}${index}`);
    for (const path of paths) repository.write(path, `${path}\n`);
    const commit = repository.commit('x');

    const history = await gitSource(repository.root, env).fileHistory(paths);

    expect(new Set([...history.values()].map((entry) => entry.kind === 'committed' && entry.commit))).toEqual(
      new Set([commit]),
    );
    expect(history.size).toBe(300);
  });
});

describe('failure', () => {
  test('a missing git is named', async () => {
    const repository = new GitRepository();

    const answer = gitSource(repository.root, { ...env, PATH: temporaryFolder() }).resolve({ version: 'v1' });

    await expect(answer).rejects.toMatchObject({ code: 'AQE2011', detail: 'git is not installed or not in PATH' });
  });

  test('a git in the project is never taken for git', async () => {
    const repository = new GitRepository();
    repository.write('git', '#!/bin/sh\ntouch ran\n');
    chmodSync(join(repository.root, 'git'), 0o755);

    const answer = gitSource(repository.root, { ...env, PATH: '.:' }).resolve({ version: 'v1' });

    await expect(answer).rejects.toMatchObject({ code: 'AQE2011', detail: 'git is not installed or not in PATH' });
  });

  test('a damaged repository is an error, and its path is not in the message', async () => {
    const repository = new GitRepository();
    commitFile(repository, 'a', '1\n');
    const tree = repository.git('rev-parse', 'HEAD^{tree}');
    const object = join(repository.root, '.git/objects', tree.slice(0, 2), tree.slice(2));
    chmodSync(object, 0o644);
    writeFileSync(object, 'damaged');

    const answer = await gitSource(repository.root, env)
      .change({ version: 'v1' })
      .catch((error: unknown) => error);

    expect(answer).toMatchObject({ code: 'AQE2011' });
    expect(String(answer)).not.toContain(repository.root);
  });

  test('a lost commit is damage, not a repository without commits', async () => {
    const repository = new GitRepository();
    const commit = commitFile(repository, 'a', '1\n');
    rmSync(join(repository.root, '.git/objects', commit.slice(0, 2), commit.slice(2)));

    const answer = gitSource(repository.root, env).resolve({ version: 'v1' });

    await expect(answer).rejects.toMatchObject({ code: 'AQE2011', detail: expect.stringContaining('git fsck') });
  });

  test('a folder that does not exist is an error', async () => {
    const answer = gitSource(join(temporaryFolder(), 'none'), env).resolve({ version: 'v1' });

    await expect(answer).rejects.toMatchObject({ code: 'AQE2011' });
  });
});

function supportsSha256(): boolean {
  try {
    new GitRepository(temporaryFolder(), ['--object-format=sha256']);
    return true;
  } catch {
    return false;
  }
}
