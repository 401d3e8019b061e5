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
  /** Names of the texts and of `evidence/…`, sorted. No two of them are one file on any system. */
  readonly names: readonly string[];
  /** Lower-case hex; null for a name that it has not. */
  sha256(name: string): string | null;
  /** @throws AqeError AQE3050 if there is none. */
  text(name: string): string;
  /** The packed evidence as the files of a project, read anew by these readers. */
  files(readers: readonly SignalReader[]): EvidenceFiles;
  /** Removes what was unpacked. */
  close(): Promise<void>;
}

export interface WriteBundle {
  /** Packed in this order, before the evidence. */
  readonly texts: readonly BundleText[];
  readonly evidence: readonly PackedEvidence[];
  /** Looks at the text of each evidence file, piece by piece. */
  holdsSecret(text: string): boolean;
  /** Looks at the archive as a reader will find it, before it gets its name. What it throws is thrown on. */
  check(bundle: OpenBundle): Promise<void>;
}

/** Bundles as files: a gzipped tar archive. Equal contents make equal bytes on one version of the program. */
export interface BundleArchive {
  /**
   * Writes a whole archive or nothing, and gives the SHA-256 of the file, lower-case hex.
   * @throws AqeError AQE3052 for evidence that is not what it was, that holds a secret, or that no bundle can hold; AQE1007.
   */
  write(path: string, bundle: WriteBundle): Promise<{ readonly sha256: string }>;
  /**
   * Unpacks into a folder of its own, in bounded time and space.
   * @throws AqeError AQE3050 for a file that is no bundle, or one that leads out of itself or is too big; AQE1007.
   */
  open(path: string): Promise<OpenBundle>;
}
