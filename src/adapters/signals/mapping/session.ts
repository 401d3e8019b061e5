import type { Reading } from '../../../core/evidence/reading.ts';
import type { MappedOutcome } from '../../../core/policy/evidence-mapping.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';

/** Starts reading a file by a mapping; `toReading` is given the outcome of each metric, in their order. */
export type MappingSession = (
  file: { readonly path: string },
  toReading: (outcomes: readonly MappedOutcome[]) => Reading,
) => ReadingSession;
