import type { Count, LineHits } from './reading.ts';

/** Lines `first` to `last`, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** One file at the head of a release and its lines that the baseline has not. */
export interface ChangedFileLines {
  /** Relative to the project; text of others. */
  readonly path: string;
  /** Ascending and apart; never empty. */
  readonly lines: readonly LineRange[];
}

/** The new code of a release: every line that it adds or changes since its baseline. */
export interface ChangedLines {
  /** What the baseline is called; null for a first release, whose every line is new. */
  readonly since: string | null;
  /** Binary files, symbolic links, submodules and lock files have no lines here; nor have files that only moved. */
  readonly files: readonly ChangedFileLines[];
  /** Every file of the project at the head, by which paths of reports are found. */
  readonly projectFiles: readonly string[];
  /** False if the change has more separate places than are kept: then some of its lines are not here. */
  readonly complete: boolean;
}

export function holdsLine(ranges: readonly LineRange[], line: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.last < line) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low]!.first <= line;
}

/** The same lines, ascending and apart. */
export function joinRanges(ranges: readonly LineRange[]): readonly LineRange[] {
  const joined: LineRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.first - other.first)) {
    const before = joined.at(-1);
    if (before && range.first <= before.last + 1)
      joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    else joined.push(range);
  }
  return joined;
}

/** Covered of instrumented lines, counting only lines of the ranges. */
export function countWithin({ instrumented, covered }: LineHits, ranges: readonly LineRange[]): Count {
  let part = 0;
  let whole = 0;
  for (const { first, last } of ranges) {
    const end = Math.min(last, instrumented.length * 8 - 1);
    for (let line = first; line <= end; line += 1) {
      const bit = 1 << (line & 7);
      if ((instrumented[line >> 3]! & bit) === 0) continue;
      whole += 1;
      if (((covered[line >> 3] ?? 0) & bit) !== 0) part += 1;
    }
  }
  return { part, whole };
}
