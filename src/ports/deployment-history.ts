import type { DeploymentFacts, OutcomeState } from '../core/history/outcome.ts';

export const historyFormats = ['ndjson', 'csv', 'github', 'gitlab'] as const;
export type HistoryFormat = (typeof historyFormats)[number];

/** Where something stands, for errors. */
export interface HistoryPlace {
  readonly path: string;
  readonly line?: number;
}

/** One deployment as its origin states it: words and times are read, nothing is inferred. */
export interface HistoryRow {
  readonly place: HistoryPlace;
  readonly source: HistoryFormat | 'git-tags';
  readonly version: string;
  readonly deployment: string;
  /** null: the origin does not say. */
  readonly service: string | null;
  readonly environment: string | null;
  readonly outcome: OutcomeState;
  /** ISO-8601 UTC. */
  readonly deployedAt: string;
  readonly reason: string;
  readonly facts: DeploymentFacts;
  /** False for an attempt that never reached the environment, or has not yet. */
  readonly live: boolean;
}

export interface HistoryChunk {
  readonly rows: readonly HistoryRow[];
  /** What was left out or is doubtful, for people. */
  readonly notices: readonly string[];
}

export interface HistoryRequest {
  /** Paths from the current folder. */
  readonly files: readonly string[];
  /** Further files, with statuses of GitHub deployments. */
  readonly statuses: readonly string[];
  /** Absent: each file's content says. */
  readonly format?: HistoryFormat;
}

/** Files in which other systems, or people, wrote down what was deployed. Their text is hostile. */
export interface DeploymentHistory {
  /**
   * The rows, some at a time; asked again it reads the files again. A format that needs all of its files first gives its rows at the end.
   * @throws AqeError AQE2013 for a word or time that cannot be, AQE2014 for a file that cannot be read or was cut short, AQE2015.
   */
  rows(request: HistoryRequest): AsyncIterable<HistoryChunk>;
}
