/** A tag of the repository that names a commit. Names are text of others. */
export interface LoggedTag {
  readonly name: string;
  readonly commit: string;
  /** When it was made: an annotated tag itself, else its commit. ISO-8601 UTC. */
  readonly at: string;
}

export interface LoggedCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  /** ISO-8601 UTC. */
  readonly committedAt: string;
  /** At most 500 characters. */
  readonly subject: string;
  /** Ids of commits that its message says it reverts, as git writes it. */
  readonly reverts: readonly string[];
}

export interface ReleaseHistory {
  readonly tags: readonly LoggedTag[];
  /** Every commit that a tag contains. */
  readonly commits: readonly LoggedCommit[];
  /** Older history is cut off. */
  readonly shallow: boolean;
}

/** What version control tells of the releases of one project. */
export interface ReleaseLog {
  /** null outside a repository. @throws AqeError AQE2011. */
  read(): Promise<ReleaseHistory | null>;
}
