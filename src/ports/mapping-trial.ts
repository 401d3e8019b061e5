import type { EvidenceLimits } from '../core/evidence/limits.ts';
import type { EvidenceMapping, MappedOutcome } from '../core/policy/evidence-mapping.ts';
import type { FileReading } from './evidence-files.ts';

export interface MappingTrial {
  readonly file: FileReading;
  /** What each metric of the mapping came to, in their order; empty if the file could not be read to its end. */
  readonly outcomes: readonly MappedOutcome[];
}

/** Reads a file of the project by a mapping, whether or not that is for it. Never throws for what the file contains or is. */
export type TryMapping = (path: string, mapping: EvidenceMapping, limits: EvidenceLimits) => Promise<MappingTrial>;
