/**
 * Finds the release that a commit builds on: of the tagged ancestors that no other tagged ancestor contains, the one with
 * the fewest commits in between. With a maintenance branch merged back, that is the release of the main line even
 * if the maintenance release is younger.
 *
 * Commits come newest first, each after the commits that name it as parent; the first one is the head, whose own tag does not count.
 */
export class NearestRelease {
  readonly #tagged: { has(commit: string): boolean };
  /** Releases that reach a commit not seen yet, one bit each. */
  readonly #reachedBy = new Map<string, number>();
  readonly #candidates: { readonly commit: string; readonly committedAt: number; between: number }[] = [];
  #seen = 0;

  constructor(tagged: { has(commit: string): boolean }) {
    this.#tagged = tagged;
  }

  /** False when the answer cannot change any more. `committedAt` in seconds. */
  push(commit: string, parents: readonly string[], committedAt: number): boolean {
    let bits = this.#reachedBy.get(commit) ?? 0;
    this.#reachedBy.delete(commit);
    if (bits === 0 && this.#seen > 0 && this.#candidates.length < mostCandidates && this.#tagged.has(commit)) {
      bits = 1 << this.#candidates.length;
      this.#candidates.push({ commit, committedAt, between: this.#seen });
    } else {
      this.#candidates.forEach((candidate, index) => {
        if ((bits & (1 << index)) === 0) candidate.between += 1;
      });
    }
    this.#seen += 1;
    for (const parent of parents) this.#reachedBy.set(parent, (this.#reachedBy.get(parent) ?? 0) | bits);
    return !this.#settled();
  }

  get result(): { readonly commit: string; readonly committedAt: number } | null {
    return this.#candidates.toSorted((one, other) => one.between - other.between)[0] ?? null;
  }

  /** The answer is open while some candidate does not reach some commit that is still to come. */
  #settled(): boolean {
    if (this.#candidates.length === 0) return this.#reachedBy.size === 0;
    const all = (1 << this.#candidates.length) - 1;
    for (const bits of this.#reachedBy.values()) if (bits !== all) return false;
    return true;
  }
}

/** Enough for every branch that is maintained at once. */
const mostCandidates = 10;
