import type { ReleaseQuery } from './source-control.ts';

/** A file of the project that a release holds anew, or with another content or kind than its baseline. A moved file is a new one. */
export interface TouchedFile {
  /** Relative to the project. Text of others. */
  readonly path: string;
  readonly change: 'added' | 'changed';
}

/** What a source control can say about the files of a release beside `SourceControl`. */
export interface ReleaseFiles {
  /**
   * The files that a release adds or changes against its baseline, whatever they hold and are. Of a first release of which all
   * history is there, every file. null where the baseline is not known, outside a repository and before a first commit.
   * @throws AqeError AQE2011, AQE2012.
   */
  touchedFiles(query: ReleaseQuery): Promise<readonly TouchedFile[] | null>;
}
