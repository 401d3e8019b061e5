import type { BinnedColumns } from './binning.ts';

export interface BoostingSettings {
  readonly trees: number;
  readonly learningRate: number;
  /** Questions from the root to a leaf, at most. */
  readonly depth: number;
  /** Least Σ weight · p · (1 − p) of a leaf. */
  readonly leafCurvature: number;
  /** Shrinks the values of leaves: G / (H + l2). */
  readonly l2: number;
  /** Share of rows and of columns that one tree looks at. Which ones follows from their number, not from chance. */
  readonly rowShare: number;
  readonly columnShare: number;
  /** Try one cut a column instead of all: weaker trees that differ more. */
  readonly oneCut: boolean;
  /** 1: more never lowers the log-odds; −1: never raises them; one entry a column. */
  readonly monotone?: readonly (-1 | 0 | 1)[];
  /** Fits of other series look at other rows, columns and cuts. */
  readonly series: number;
}

/** What every tree of one fit shares. */
export interface Growth {
  readonly data: BinnedColumns;
  readonly settings: BoostingSettings;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}
