import type { AqeError } from '../core/error/aqe-error.ts';
import type { EvidenceLimits } from '../core/evidence/limits.ts';
export type { EvidenceLimits };
import type { Reading } from '../core/evidence/reading.ts';
import type { SignalReader } from './signal-reader.ts';

export interface Discovery {
  /** Sorted by path. `name`: a reader knows the file name; `folder`: it lies in a report folder and may be anything. */
  readonly candidates: readonly { readonly path: string; readonly because: 'name' | 'folder' }[];
  /** Places that could not be looked at or were left out, with the reason, sorted. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Paths that match each glob that was asked for, evidence or not, sorted; at most 1,000 for one glob. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}

export type FileReading = {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  /** Of the bytes as they lie on disk; null if they could not be read. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  /** ISO-8601 UTC; null if the file could not be opened. */
  readonly modifiedAt: string | null;
} & (
  | { readonly outcome: 'read'; readonly format: string; readonly reading: Reading }
  /** `format` is null when no reader claims the file. */
  | { readonly outcome: 'refused'; readonly format: string | null; readonly error: AqeError }
);

/** Files of one project as evidence: found, opened safely, limited, decoded, and read by the reader that claims them. */
export interface EvidenceFiles {
  /**
   * `exclude`: globs relative to the project (`**` and `*`) of what is no evidence; `find`: globs of files to look for besides,
   * excluded or not, of which foreign folders (node_modules and the like) are searched only if the glob spells them out.
   * One walk answers both. Never follows links; never throws for single entries. @throws AqeError AQE1008 if the project
   * folder cannot be read.
   */
  discover(options: {
    readonly exclude: readonly string[];
    readonly limits: EvidenceLimits;
    readonly find?: readonly string[];
  }): Promise<Discovery>;
  /** Never throws for what a file contains or is: that is a refusal. `format` forces a reader. A programming error in a reader is thrown on. */
  read(path: string, options: { readonly format?: string; readonly limits: EvidenceLimits }): Promise<FileReading>;
  /** SHA-256 and size of a file, opened with the same care. @throws AqeError AQE2008, AQE2005. */
  digest(
    path: string,
    limits: EvidenceLimits,
  ): Promise<{ readonly sha256: string; readonly bytes: number; readonly modifiedAt: string }>;
  /** A small text file inside the project (config sidecars, runbooks); null if there is none. @throws AqeError as `digest`. */
  text(path: string, maxBytes: number): Promise<string | null>;
  readonly readers: readonly SignalReader[];
}
