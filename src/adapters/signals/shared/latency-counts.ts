/** Values below are counted one by one. */
const exactBelow = 65_536;
/** From there on, a class is at most one part in this many of its values wide. */
const fineness = 4096;

/**
 * How often each latency occurred, in whole units of the caller's choice (1 ms, 0.1 ms …). Memory is bounded whatever the
 * number of values: below 65,536 units percentiles are exact, above they are rounded up by less than 0.025 %.
 */
export class LatencyCounts {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** `value` is a non-negative whole number of units. */
  add(value: number, times = 1): void {
    const upper = upperBound(value);
    this.#counts.set(upper, (this.#counts.get(upper) ?? 0) + times);
    this.#total += times;
  }

  /**
   * Milliseconds by percentile for p50, p90, p95 and p99, by nearest rank: the smallest value that at least that share of
   * all values is not above. Empty without values.
   */
  percentiles(unitsPerMs = 1): Record<number, number> {
    const wanted = [50, 90, 95, 99];
    const found: Record<number, number> = {};
    let seen = 0;
    for (const [value, times] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += times;
      while (wanted.length > 0 && seen * 100 >= wanted[0]! * this.#total) found[wanted.shift()!] = value / unitsPerMs;
    }
    return found;
  }
}

function upperBound(value: number): number {
  if (value < exactBelow) return value;
  const step = 2 ** (Math.floor(Math.log2(value)) - Math.log2(fineness));
  return Math.ceil(value / step) * step;
}
