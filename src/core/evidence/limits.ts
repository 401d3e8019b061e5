/** Bounds on what is read as evidence. */
export interface EvidenceLimits {
  /** Bytes of one file. */
  readonly maxBytes: number;
  /** Files of one discovery. */
  readonly maxFiles: number;
}
