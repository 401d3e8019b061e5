import type { MetricId } from '../signal/metrics.ts';
import type { FactKind, Reading } from './reading.ts';

/** What ties evidence to the release: strongest first. */
export const bindings = ['report', 'sidecar', 'sources', 'config', 'history', 'file-time', 'none'] as const;
export type Binding = (typeof bindings)[number];

/** Which stage of testing a test report belongs to; null where nothing says so. */
export type TestStage = 'unit' | 'integration' | 'e2e';

/** One piece of evidence for one release: a report in one of the states, with its provenance. */
export interface EvidenceRecord {
  /** Path relative to the project: the id under which signals name it. */
  readonly path: string;
  readonly state: 'measured' | 'missing' | 'stale' | 'unreadable';
  /** Why it is not measured; empty when it is. Carries the error code of an unreadable report. */
  readonly reason: string;
  readonly code: string | null;
  readonly format: string | null;
  /** Kinds of facts the report gives, or its format could give if it is not readable. */
  readonly kinds: readonly FactKind[];
  /** The metrics it is about, if a mapping of the config says which; absent: all that its kinds give. */
  readonly metrics?: readonly MetricId[];
  readonly stage: TestStage | null;
  readonly sha256: string | null;
  readonly bytes: number | null;
  /** Commit the evidence belongs to as far as known. */
  readonly commit: string | null;
  readonly artifact: string | null;
  /** When it was measured as far as known, ISO-8601 UTC. */
  readonly takenAt: string | null;
  readonly boundBy: Binding;
  /** Present when the report could be read, stale or not. */
  readonly reading: Reading | null;
}
