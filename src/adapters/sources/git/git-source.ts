import type { ReleaseChange } from '../../../core/evidence/change.ts';
import type { ReleaseFiles } from '../../../ports/release-files.ts';
import type { ReleaseQuery, SourceControl } from '../../../ports/source-control.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { changedLines } from './changed-lines.ts';
import { fileHistory } from './file-history.ts';
import { filesAt, textAt } from './files-at.ts';
import type { Environment } from './git-environment.ts';
import { unknownRevision } from './git-errors.ts';
import { releaseChange } from './release-change.ts';
import { openRepository, type Repository } from './repository.ts';
import { findCommit, findRelease, readRefs, type Refs } from './revisions.ts';
import { sourcesDigest } from './sources-digest.ts';
import { touchedFiles } from './touched-files.ts';
import { modifiedPaths } from './worktree.ts';

/**
 * Git, through the `git` program (2.31 or later). `root` is the project folder. One source is one look at the repository:
 * what it has read once it answers again, so that all answers are of the same moment.
 */
export function gitSource(root: string, environment: Environment = process.env): SourceControl & ReleaseFiles {
  const remembered = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = remembered.get(key) as Promise<T> | undefined;
    const answer = known ?? ask();
    // It may be asked for ahead of need: an error belongs to whoever waits for the answer.
    answer.catch(() => undefined);
    remembered.set(key, answer);
    return answer;
  };
  const open = (): Promise<Repository | null> => once('open', () => openRepository(root, environment));
  const status = (repository: Repository): Promise<ReadonlySet<string>> =>
    once('status', () => modifiedPaths(repository));
  const head = (repository: Repository, query: ReleaseQuery): Promise<ReleaseChange['head'] | null> =>
    once(`head ${JSON.stringify([query.version, query.revision])}`, () =>
      findRelease(repository, query, refs(repository)),
    );
  const refs = (repository: Repository): Promise<Refs> => once('refs', () => readRefs(repository.history));
  const nameOf = ({ version, revision, baseline }: ReleaseQuery): string =>
    JSON.stringify([version, revision, baseline]);
  const change = (repository: Repository, query: ReleaseQuery): Promise<ReleaseChange | null> =>
    once(`change ${nameOf(query)}`, () =>
      releaseChange(repository, query, {
        head: head(repository, query),
        refs: refs(repository),
        modified: status(repository),
      }),
    );
  return {
    async resolve(query) {
      const repository = await open();
      return repository && head(repository, query);
    },
    async change(query) {
      const repository = await open();
      return repository && change(repository, query);
    },
    async changedLines(query) {
      const repository = await open();
      const of = repository && (await change(repository, query));
      return of && once(`lines ${nameOf(query)}`, () => changedLines(repository, of));
    },
    async touchedFiles(query) {
      const repository = await open();
      const of = repository && (await change(repository, query));
      return of && once(`touched ${nameOf(query)}`, () => touchedFiles(repository, of));
    },
    async fileHistory(paths) {
      const repository = await open();
      if (repository === null) return new Map(paths.map((path) => [path, { kind: 'untracked' }]));
      return fileHistory(repository, paths, status(repository));
    },
    async modifiedFiles() {
      const repository = await open();
      return repository === null ? [] : [...(await status(repository))].sort();
    },
    async sourcesDigest(commit, except) {
      const repository = await open();
      if (repository === null) throw new AqeError('AQE2011', 'the project is not in a git repository', {});
      // A full id needs no look-up; if it names nothing, `ls-tree` says so.
      const id = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? commit : await findCommit(repository.history, commit);
      if (id === null) throw unknownRevision('commit', commit);
      return sourcesDigest(repository, id, except).catch(async (error: unknown) => {
        throw (await findCommit(repository.history, id)) === null ? unknownRevision('commit', commit) : error;
      });
    },
    async fileAt(revision, path) {
      const repository = await open();
      return repository && once(`file ${JSON.stringify([revision, path])}`, () => textAt(repository, revision, path));
    },
    async filesAt(revision, paths) {
      const repository = await open();
      return (
        repository && once(`files ${JSON.stringify([revision, paths])}`, () => filesAt(repository, revision, paths))
      );
    },
    sameCommit(name, commit) {
      return /^[0-9a-f]{7,64}$/i.test(name) && commit.toLowerCase().startsWith(name.toLowerCase());
    },
  };
}
