/** A time, or a repeated one, in which nothing is released. */
export interface FreezeRule {
  readonly name: string;
  /** null: all of them. */
  readonly environments: readonly string[] | null;
  readonly regions: readonly string[] | null;
  /** IANA name. */
  readonly zone: string;
  /** Local time in the zone, `2026-12-20T00:00`. */
  readonly start: string;
  /** Local time, exclusive; null where `durationMs` says it. */
  readonly end: string | null;
  readonly durationMs: number | null;
  /** RFC 5545 recurrence from `start`; null: once. */
  readonly rrule: string | null;
  readonly reason: string;
}

/** A freeze that holds now. Times are ISO-8601 UTC. */
export interface FrozenBy {
  readonly name: string;
  readonly reason: string;
  readonly zone: string;
  readonly from: string;
  readonly until: string;
  readonly regions: readonly string[] | null;
}
