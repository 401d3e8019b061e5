import type { ContentLimits } from '../core/evidence/limits.ts';
import type { FactKind, Reading, Severity } from '../core/evidence/reading.ts';

/** The start of a file, enough to tell what it is. */
export interface EvidenceHead {
  /** Path relative to the project, with forward slashes. */
  readonly path: string;
  /** The first 64 KiB at most, decoded, without byte order mark. */
  readonly text: string;
}

/**
 * Turns one tool's report into a reading. Readers are pure: the caller opens, limits and decodes the file and pushes
 * its text in pieces, so that a reader of a big format need not hold the file in memory.
 */
export interface SignalReader {
  /** Kebab-case, permanent: it stands in configs and stored evidence. */
  readonly id: string;
  /** Format name as its users say it. */
  readonly title: string;
  /** What the format can say; shown when evidence of that kind is missing. */
  readonly gives: readonly FactKind[];
  /** Metrics that its facts of the kind `measure` are about. */
  readonly measures?: readonly string[];
  /** File names (globs over the base name, `*` only) by which discovery finds the format outside report folders. */
  readonly names: readonly string[];
  /** What is counted as one, in one sentence for the reference page. */
  readonly countingUnit: string;
  /** How the tool's words for severity are mapped; absent for formats without such words. Shown on the reference page. */
  readonly severities?: SeverityTable;
  /** Cheap look at name and first bytes, by content before name. Never throws. Exactly one reader claims a well-formed file. */
  detects(head: EvidenceHead): boolean;
  /** Starts reading one file. */
  open(file: ReportFile): ReadingSession;
}

/** What a session knows of the file it reads. */
export interface ReportFile {
  readonly path: string;
  /** Absent: the defaults. */
  readonly limits?: ContentLimits;
}

/** A reader that the config assigns to files: it is for them whatever they contain. */
export interface AssignedReader extends SignalReader {
  /** Globs relative to the project. */
  readonly files: readonly string[];
}

export interface SeverityTable {
  /** The tool's words in lower case, worst first, and ours. A word that is not here is `unknown`, never the mildest one. */
  readonly words: Readonly<Record<string, Severity>>;
  /** What else decides, in one or two sentences for the reference page. */
  readonly note?: string;
}

/** A session that also looks into bytes itself, for formats in which nearly every line is a few digits. */
export interface ByteSession extends ReadingSession {
  /** ASCII only; between pieces of text, in the order of the file. The bytes are valid during the call. */
  pushBytes(bytes: Uint8Array): void;
}

export interface ReadingSession {
  /** @throws AqeError with a 2xxx code as soon as the text cannot be this format. */
  push(text: string): void;
  /** @throws AqeError with a 2xxx code when the file is this format but unusable (cut short, tool failed, nothing measured). */
  finish(): Reading;
}
