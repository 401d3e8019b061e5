import type { SourceControl } from '../../../ports/source-control.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { fileHistory } from './file-history.ts';
import type { Environment } from './git-environment.ts';
import { unknownRevision } from './git-errors.ts';
import { releaseChange } from './release-change.ts';
import { openRepository, type Repository } from './repository.ts';
import { commitTime, findCommit, findHead, listTags } from './revisions.ts';
import { sourcesDigest } from './sources-digest.ts';
import { modifiedPaths } from './worktree.ts';

/**
 * Git, through the `git` program (2.31 or later). `root` is the project folder. Where the repository is gets looked up once
 * and anything in it with every call.
 */
export function gitSource(root: string, environment: Environment = process.env): SourceControl {
  let opening: Promise<Repository | null> | null = null;
  const open = (): Promise<Repository | null> => (opening ??= openRepository(root, environment));
  return {
    async resolve(query) {
      const repository = await open();
      if (repository === null) return null;
      const { history } = repository;
      const head = await findHead(history, query, listTags(history));
      return head && { ...head, committedAt: await commitTime(history, head.commit) };
    },
    async change(query) {
      const repository = await open();
      return repository && releaseChange(repository, query);
    },
    async fileHistory(paths) {
      const repository = await open();
      if (repository === null) return new Map(paths.map((path) => [path, { kind: 'untracked' }]));
      return fileHistory(repository, paths);
    },
    async modifiedFiles() {
      const repository = await open();
      return repository === null
        ? []
        : [...(await modifiedPaths(repository, repository.paths.length === 0 ? [] : ['.']))].sort();
    },
    async sourcesDigest(commit, except) {
      const repository = await open();
      if (repository === null) throw new AqeError('AQE2011', 'the project is not in a git repository', {});
      const id = await findCommit(repository.history, commit);
      if (id === null) throw unknownRevision('commit', commit);
      return sourcesDigest(repository, id, except);
    },
    sameCommit(name, commit) {
      return /^[0-9a-f]{7,64}$/i.test(name) && commit.toLowerCase().startsWith(name.toLowerCase());
    },
  };
}
