import type { EvidenceFiles } from './evidence-files.ts';
import type { SignalReader } from './signal-reader.ts';

/** A file of the project that goes into a bundle as it is. */
export interface PackedEvidence {
  /** Relative to the project. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface BundleText {
  readonly name: string;
  readonly text: string;
}

export interface OpenBundle {
  /** Names of the texts and of `evidence/…`, sorted. */
  readonly names: readonly string[];
  /** Lower-case hex. */
  sha256(name: string): string;
  /** @throws AqeError AQE3050 if there is none. */
  text(name: string): string;
  /** The packed evidence as the files of a project, read anew by these readers. */
  files(readers: readonly SignalReader[]): EvidenceFiles;
  /** Removes what was unpacked. */
  close(): Promise<void>;
}

/** Bundles as files: a gzipped tar archive. */
export interface BundleArchive {
  /**
   * Writes a whole archive or nothing. `holdsSecret` looks at the text of each evidence file, piece by piece.
   * @throws AqeError AQE3052 for evidence that is not what it was, or holds a secret; AQE1007.
   */
  write(
    path: string,
    texts: readonly BundleText[],
    evidence: readonly PackedEvidence[],
    holdsSecret: (text: string) => boolean,
  ): Promise<void>;
  /** @throws AqeError AQE3050 for a file that is no bundle, or one that leads out of itself or is too big. */
  open(path: string): Promise<OpenBundle>;
}
