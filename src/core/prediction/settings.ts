/** How a team wants its outcomes to be learned from. */
export interface PredictionSettings {
  /** Share of releases that are expected to fail before anything is known of this team, between 0 and 1 and neither of them. */
  readonly priorFailureRate: number;
  /** Milliseconds; deployments before that are not learned from. null: all are. */
  readonly window: number | null;
  /** Hours of the local clock, 0–24: from is within, to is not. */
  readonly workingHours: { readonly from: number; readonly to: number };
  /** How many times a failure that went out costs what a good release costs that was held back. */
  readonly costRatio: number;
}
