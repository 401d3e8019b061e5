import { afterAll, expect, test } from 'vitest';
import {
  GitRepository,
  gitTestEnvironment,
  removeTemporaryFolders,
  temporaryFolder,
} from '../../../../test/support/git-repository.ts';
import { gitReleaseLog } from './release-log.ts';

afterAll(removeTemporaryFolders);

const read = (root: string) => gitReleaseLog(root, gitTestEnvironment()).read();

test('tells tags with their times, and the commits below them with what they revert', async () => {
  const repository = new GitRepository();
  const first = repository.commit('feat: a shop', { hour: 1 });
  repository.git('tag', 'v1.0.0');
  const second = repository.commit(`Revert "feat: a shop"\n\nThis reverts commit ${first}.\n`, { hour: 2 });
  repository.gitWith({ GIT_COMMITTER_DATE: '2026-02-01T00:00:00Z' }, 'tag', '-a', '-m', 'release', 'v1.1.0');
  repository.commit('chore: after the release', { hour: 3 });

  expect(await read(repository.root)).toEqual({
    tags: [
      { name: 'v1.0.0', commit: first, at: '2026-01-01T01:00:00.000Z' },
      { name: 'v1.1.0', commit: second, at: '2026-02-01T00:00:00.000Z' },
    ],
    commits: [
      {
        commit: second,
        parents: [first],
        committedAt: '2026-01-01T02:00:00.000Z',
        subject: 'Revert "feat: a shop"',
        reverts: [first],
      },
      { commit: first, parents: [], committedAt: '2026-01-01T01:00:00.000Z', subject: 'feat: a shop', reverts: [] },
    ],
    shallow: false,
  });
});

test('tags of other things than commits are no releases, whatever they are called', async () => {
  const repository = new GitRepository();
  repository.write('a', 'x');
  const commit = repository.commit('feat: x');
  repository.git('tag', 'v1.0.0-tree', 'HEAD^{tree}');
  repository.git('tag', '--', 'v1.0.0;$(touch-owned)');
  repository.git('update-ref', 'refs/tags/--output=owned', 'HEAD');

  const history = await read(repository.root);

  expect(history?.tags.map((tag) => [tag.name, tag.commit])).toEqual([
    ['--output=owned', commit],
    ['v1.0.0;$(touch-owned)', commit],
  ]);
  expect(repository.git('status', '--porcelain')).toBe('');
});

test('a message of many lines, and one that names commits endlessly, is one commit', async () => {
  const repository = new GitRepository();
  const many = Array.from({ length: 500 }, (_, i) => `This reverts commit ${String(i).padStart(40, 'a')}.`).join('\n');
  repository.commit(`${'x'.repeat(900)}\n\n${many}`);
  repository.git('tag', 'v1.0.0');

  const history = await read(repository.root);

  expect(history?.commits.map(({ subject, reverts }) => [subject.length, reverts.length])).toEqual([[500, 100]]);
});

test('without a repository there is nothing, before a first tag no release', async () => {
  const repository = new GitRepository();
  repository.commit('feat: x');

  expect(await read(temporaryFolder())).toBeNull();
  expect(await read(repository.root)).toEqual({ tags: [], commits: [], shallow: false });
});
