import type { ReleaseChange } from '../core/evidence/change.ts';
import type { ChangedLines } from '../core/evidence/changed-lines.ts';

export interface ReleaseQuery {
  /** Release name. The tag of that name, if there is one, is the release's commit; else HEAD is. */
  readonly version: string;
  /** Revision to use instead of the tag or HEAD. */
  readonly revision?: string;
  /** Revision to compare with instead of the newest earlier release tag. */
  readonly baseline?: string;
}

/** When a tracked file got its present content. */
export type FileHistory =
  | { readonly kind: 'untracked' }
  | { readonly kind: 'modified' }
  | { readonly kind: 'committed'; readonly commit: string; readonly committedAt: string }
  /** Tracked and unchanged, but the commit that brought it is not there (shallow clone): its age is not known. */
  | { readonly kind: 'unknown' };

/** One file as it was. */
export interface TextAt {
  /** Full id of the commit that the revision names. */
  readonly commit: string;
  readonly text: string;
}

/** Files as they were, by path relative to the project. Equal values stand for equal contents and kinds of file. */
export interface FilesAt {
  readonly commit: string;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads version control for one project folder, which may lie below the root of the repository; only the part below it counts.
 * All text (names, subjects, tags) is untrusted. Nothing is ever written. One source is one look: what it answered once it
 * answers again, so that everything said about a release is of the same moment.
 */
export interface SourceControl {
  /** The commit of a release, without looking at its content. @throws AqeError AQE2011, AQE2012 for an unknown revision. null outside a repository or before a first commit. */
  resolve(query: ReleaseQuery): Promise<ReleaseChange['head'] | null>;
  /** @throws AqeError AQE2011 when git fails, AQE2012 for an unknown revision. null as for `resolve`. */
  change(query: ReleaseQuery): Promise<ReleaseChange | null>;
  /**
   * The lines that the range of `change` adds or changes. A first release of which all history is there is new from the first
   * line to the last. null as for `resolve`, and where the baseline is not known. @throws as `change`.
   */
  changedLines(query: ReleaseQuery): Promise<ChangedLines | null>;
  /** History of each path (relative to the project), every one of them answered. Outside a repository all are untracked. @throws AqeError AQE2011. */
  fileHistory(paths: readonly string[]): Promise<ReadonlyMap<string, FileHistory>>;
  /** Tracked files of the project (relative to it) whose content or index entry differs from HEAD, sorted. Empty outside a repository. */
  modifiedFiles(): Promise<readonly string[]>;
  /**
   * SHA-256 over the names and contents of the project's files at a commit, leaving out `except` (paths relative to the project).
   * Equal digests mean equal sources, whatever the commits are called. @throws AqeError AQE2011, also outside a repository; AQE2012.
   */
  sourcesDigest(commit: string, except: readonly string[]): Promise<string>;
  /**
   * A text file at a revision; `path` is relative to the project and may lead out of it (`../`) as far as the repository goes. null
   * where there is no regular file, and outside a repository. Links are not followed.
   * @throws AqeError AQE2012 for an unknown revision, AQE2011 for more than 1 MiB and when git fails.
   */
  fileAt(revision: string, path: string): Promise<TextAt | null>;
  /** The files at these paths and in the folders of these names, as for `fileAt`. null outside a repository. @throws AqeError AQE2011, AQE2012. */
  filesAt(revision: string, paths: readonly string[]): Promise<FilesAt | null>;
  /** True if `name` (7 or more hex digits in any case) is the full id `commit` or an abbreviation of it. */
  sameCommit(name: string, commit: string): boolean;
}
