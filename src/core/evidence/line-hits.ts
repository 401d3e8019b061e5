import type { Count, Coverage, FileCoverage, LineHits } from './reading.ts';

/** Highest line number that bit sets hold: 2 MiB a set. No source file comes near it. */
export const maxLine = 2 ** 24 - 1;

/** Bytes that the bit sets of all files of one report may take together. */
export const maxHitBytes = 256 * 1024 * 1024;

/** Line hits that are still being marked; the two sets always have the same length. */
export interface GrowingLineHits {
  instrumented: Uint8Array;
  covered: Uint8Array;
}

export function createHits(): GrowingLineHits {
  return { instrumented: new Uint8Array(0), covered: new Uint8Array(0) };
}

/** Marks line 1..`maxLine` as instrumented, and as covered if it was hit; a line once covered stays covered. Grows by doubling. */
export function markLine(hits: GrowingLineHits, line: number, hit: boolean): void {
  const byte = line >> 3;
  if (byte >= hits.instrumented.length) {
    const length = Math.max(64, hits.instrumented.length * 2, byte + 1);
    hits.instrumented = resized(hits.instrumented, length);
    hits.covered = resized(hits.covered, length);
  }
  const bit = 1 << (line & 7);
  hits.instrumented[byte]! |= bit;
  if (hit) hits.covered[byte]! |= bit;
}

/** Forgets every mark and keeps the memory for the next file. */
export function clearHits(hits: GrowingLineHits): void {
  hits.instrumented.fill(0);
  hits.covered.fill(0);
}

/** Lines instrumented in either, covered in either; as short as its highest line allows, and independent of both. */
export function unionHits(a: LineHits, b: LineHits): LineHits {
  const length = Math.max(usedBytes(a), usedBytes(b));
  const instrumented = resized(a.instrumented, length);
  const covered = resized(a.covered, length);
  for (let byte = Math.min(length, b.instrumented.length) - 1; byte >= 0; byte -= 1) {
    instrumented[byte]! |= b.instrumented[byte]!;
    covered[byte]! |= b.covered[byte] ?? 0;
  }
  return { instrumented, covered };
}

/** The same lines in the shortest sets that hold them, independent of the original. */
export function compactHits(hits: LineHits): LineHits {
  const length = usedBytes(hits);
  return { instrumented: resized(hits.instrumented, length), covered: resized(hits.covered, length) };
}

/** Covered of instrumented lines. */
export function countHits(hits: LineHits): Count {
  const { instrumented, covered } = hits;
  let part = 0;
  let whole = 0;
  for (let byte = 0; byte < instrumented.length; byte += 1) {
    const bits = instrumented[byte]!;
    if (bits === 0) continue;
    whole += ones(bits);
    part += ones(bits & (covered[byte] ?? 0));
  }
  return { part, whole };
}

/** Sum of the counts that are known; null if none is, or if there is nothing to count. */
export function sumCounts(counts: Iterable<Count | null>): Count | null {
  let part = 0;
  let whole = 0;
  for (const count of counts) {
    part += count?.part ?? 0;
    whole += count?.whole ?? 0;
  }
  return whole === 0 ? null : { part, whole };
}

/** Coverage of files that were counted one by one: every total is the sum over the files. */
export function coverageOfFiles(engine: string, files: readonly FileCoverage[]): Coverage {
  return {
    kind: 'coverage',
    engine,
    lines: sumCounts(files.map((file) => file.lines)),
    branches: sumCounts(files.map((file) => file.branches)),
    functions: sumCounts(files.map((file) => file.functions)),
    statements: null,
    files,
  };
}

function resized(bytes: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  result.set(length < bytes.length ? bytes.subarray(0, length) : bytes);
  return result;
}

function usedBytes(hits: LineHits): number {
  let length = hits.instrumented.length;
  while (length > 0 && hits.instrumented[length - 1] === 0) length -= 1;
  return length;
}

function ones(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const fours = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (fours + (fours >> 4)) & 0x0f;
}
