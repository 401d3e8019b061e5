import type { Policy } from '../core/policy/policy.ts';
import type { EvidenceFiles } from '../ports/evidence-files.ts';
import type { Clock } from '../ports/clock.ts';
import type { TryMapping } from '../ports/mapping-trial.ts';
import type { Identity } from '../ports/identity.ts';
import type { OutputFile } from '../ports/output-file.ts';
import type { ReleaseQuery, SourceControl } from '../ports/source-control.ts';
import type { Store } from '../ports/store.ts';

export interface WorkspaceOptions {
  readonly project?: string;
  readonly config?: string;
  readonly environment?: string;
  /** Release that will be asked about: its change is looked up while everything else is loaded. */
  readonly release?: ReleaseQuery;
}

/** One project with its policy and everything connected to it. Nothing is opened before it is used. */
export interface Workspace {
  /** Project folder, absolute. */
  readonly project: string;
  /** Config file relative to the project, or null. */
  readonly configPath: string | null;
  readonly policy: Policy;
  /** Effective config values in reading order, each with its origin. */
  readonly values: readonly { readonly path: string; readonly value: unknown; readonly origin: string }[];
  readonly files: EvidenceFiles;
  readonly tryMapping: TryMapping;
  readonly sourceControl: SourceControl;
  readonly store: Store;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly output: OutputFile;
}
