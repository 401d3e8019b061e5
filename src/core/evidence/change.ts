/**
 * What a release changes, as the version control system tells it. Counts are exact and do not depend on the settings of
 * the machine. Names, subjects and tags are text of others.
 */
export interface ReleaseChange {
  readonly head: {
    /** Full commit id the release stands for. */
    readonly commit: string;
    /** Committer time, ISO-8601 UTC. */
    readonly committedAt: string;
    /** How the commit was found: the tag of the version, a revision that was asked for, or HEAD. */
    readonly from: 'tag' | 'revision' | 'head';
  };
  /** Tracked files differ from HEAD. The release is the commit; this only warns. */
  readonly dirty: boolean;
  /**
   * False in a shallow clone: commits, authors and their earlier commits are what is there, and a null baseline does not
   * mean a first release.
   */
  readonly historyComplete: boolean;
  /** The previous release; null for a first release, whose change is everything the project holds. */
  readonly baseline: { readonly commit: string; readonly ref: string; readonly committedAt: string } | null;
  /** Whole days between the baseline's commit and the head's, 0 or more; null without a baseline. */
  readonly daysSinceBaseline: number | null;
  /** Lock files aside: a package manager wrote those lines. */
  readonly linesAdded: number;
  readonly linesDeleted: number;
  /** A renamed file is one file; so is a submodule, with its commit as one line. */
  readonly filesChanged: number;
  /** Files git calls binary: they count as changed files and have no lines. */
  readonly binaryFiles: number;
  /** Shannon entropy (base 2) of changed lines over the files that have any, divided by log2 of their number: 0 one file, 1 evenly spread; 0 for fewer than two files. */
  readonly entropy: number;
  /** Folders that contain a changed file; a rename counts in both of its folders. */
  readonly directories: number;
  /**
   * Modules touched (sorted, each of them one of those at the head) and modules there are. With two or more package
   * manifests a module is a folder that holds one, else a first- or second-level source folder. A file can be in no module.
   */
  readonly modules: { readonly touched: readonly string[]; readonly total: number };
  /** Lines changed in dependency manifests (not lock files). */
  readonly dependencyLines: number;
  /** Commits in the range, merges excluded. */
  readonly commits: number;
  /** Distinct authors by e-mail address in any case, most commits first; `priorCommits` are theirs in the project before the range. */
  readonly authors: readonly {
    readonly name: string;
    readonly email: string;
    readonly commits: number;
    readonly priorCommits: number;
  }[];
  /** By Conventional Commits type: the four kinds but `breaking` add up to `commits`; `breaking` comes on top. A commit without one of the types counts under `other`. */
  readonly kinds: {
    readonly features: number;
    readonly fixes: number;
    readonly performance: number;
    readonly breaking: number;
    readonly other: number;
  };
  /** Subjects of features, fixes and performance commits, newest first, at most 50, cut at 500 characters. */
  readonly highlights: readonly {
    readonly kind: 'feature' | 'fix' | 'performance';
    readonly subject: string;
    readonly commit: string;
  }[];
  /** Lines in source files of the project at the head: by ending, without data, prose, lock files and minified files. */
  readonly projectLines: number;
  readonly projectFiles: number;
  /** A changelog in the project folder was changed in the range, or names the version; null if the project has no changelog. */
  readonly changelogUpdated: boolean | null;
}
