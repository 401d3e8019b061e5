import type { ReleaseChange } from '../../../core/evidence/change.ts';
import {
  changedFolders,
  changeEntropy,
  pathsOf,
  wholeDays,
  type ChangedFile,
} from '../../../core/evidence/change-metrics.ts';
import { isLockFile, isSourceFile } from '../../../core/evidence/file-kinds.ts';
import { isDependencyManifest } from '../../../core/evidence/manifests.ts';
import { modulesOf } from '../../../core/evidence/modules.ts';
import type { ReleaseQuery } from '../../../ports/source-control.ts';
import { findBaseline, type Baseline } from './baseline.ts';
import { changelogUpdated } from './changelog.ts';
import { commitsByEmail, rangeCommits, type RangeCommits } from './commits.ts';
import { changedFiles } from './numstat.ts';
import type { Repository } from './repository.ts';
import type { Refs } from './revisions.ts';

/** What other questions need too. */
export interface KnownParts {
  readonly head: Promise<ReleaseChange['head'] | null>;
  readonly refs: Promise<Refs>;
  readonly modified: Promise<ReadonlySet<string>>;
}

/** Calls of git that do not need each other's answer run at once; see `ReleaseChange` for what each field means. */
export async function releaseChange(
  repository: Repository,
  query: ReleaseQuery,
  known: KnownParts,
): Promise<ReleaseChange | null> {
  const { history, shallow } = repository;
  const [{ tags }, found] = await Promise.all([known.refs, known.head]);
  if (found === null) return null;
  const head = found.commit;
  const range = findBaseline(history, query, head, tags).then((baseline) => readRange(repository, baseline, head));
  const [{ baseline, commits, changed, prior }, all, modified] = await Promise.all([
    range,
    changedFiles(repository, null, head),
    known.modified,
  ]);
  const files = all.map(({ path }) => path);
  const changes = changed ?? all;
  const updated = await changelogUpdated(repository, { version: query.version, head, files, changed: changes });
  return {
    head: found,
    dirty: modified.size > 0,
    historyComplete: !shallow,
    baseline,
    daysSinceBaseline: baseline && wholeDays(baseline.committedAt, found.committedAt),
    ...sizeOf(changes),
    modules: touchedModules(files, changes),
    commits: commits.commits,
    authors: authorsOf(commits, prior),
    kinds: commits.kinds,
    highlights: commits.highlights,
    projectLines: sum(
      all.filter(({ path }) => isSourceFile(path)),
      ({ added }) => added,
    ),
    projectFiles: all.length,
    changelogUpdated: updated,
  };
}

/** `changed` is null for a first release: then it is the whole tree, which is read anyway. */
async function readRange(repository: Repository, baseline: Baseline | null, head: string) {
  const since = baseline?.commit ?? null;
  const [commits, changed, prior] = await Promise.all([
    rangeCommits(repository, since, head),
    since === null ? null : changedFiles(repository, since, head),
    since === null ? new Map<string, number>() : commitsByEmail(repository, since),
  ]);
  return { baseline, commits, changed, prior };
}

function sizeOf(changes: readonly ChangedFile[]) {
  const written = changes.filter(({ path }) => !isLockFile(path));
  return {
    linesAdded: sum(written, ({ added }) => added),
    linesDeleted: sum(written, ({ deleted }) => deleted),
    filesChanged: changes.length,
    binaryFiles: changes.filter(({ binary }) => binary).length,
    entropy: changeEntropy(changes),
    directories: changedFolders(changes).size,
    dependencyLines: sum(
      changes.filter(({ path }) => isDependencyManifest(path)),
      ({ added, deleted }) => added + deleted,
    ),
  };
}

function touchedModules(files: readonly string[], changes: readonly ChangedFile[]): ReleaseChange['modules'] {
  const modules = modulesOf(files);
  const touched = new Set([...pathsOf(changes)].map((path) => modules.of(path)).filter((name) => name !== null));
  return { touched: [...touched].toSorted(), total: modules.names.size };
}

function authorsOf({ authors }: RangeCommits, prior: ReadonlyMap<string, number>): ReleaseChange['authors'] {
  return [...authors]
    .map(([key, author]) => ({ ...author, priorCommits: prior.get(key) ?? 0 }))
    .toSorted((one, other) => other.commits - one.commits || (one.email < other.email ? -1 : 1));
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
