/** Bounds on what is read as evidence. */
export interface EvidenceLimits {
  /** Bytes of one file. */
  readonly maxBytes: number;
  /** Files of one discovery. */
  readonly maxFiles: number;
  /** Absent: {@link defaultContentLimits}. */
  readonly content?: ContentLimits;
}

/** Bounds on what a file may hold, however small it is. A file above one of them is refused by name (AQE2005). */
export interface ContentLimits {
  /** Values or elements within each other. */
  readonly maxDepth: number;
  /** Elements, values, records or lines. */
  readonly maxItems: number;
  /** UTF-16 units of one string, line, field or tag. */
  readonly maxText: number;
}

export const defaultContentLimits: ContentLimits = { maxDepth: 256, maxItems: 100_000_000, maxText: 16_000_000 };
