import { markLine, maxLine, type GrowingLineHits } from '../../../core/evidence/line-hits.ts';
import type { KeyedMarks } from '../shared/keyed-hits.ts';

/*
 * The common forms of the two records of which a tracefile has millions, read from bytes without a call or a string for any
 * of them. `end` lies behind a line break: a look past the bytes would turn every number here into a floating one.
 */

/** How far it went: the start of the first line that is none of these, and how many there were. */
export interface PlainLines {
  readonly next: number;
  readonly count: number;
}

const lineBreak = 0x0a;
const zero = 0x30;
/** Of a digit's value: what a comma and a line break give in its place. */
const comma = 0x2c - zero;
const ending = lineBreak - zero;

/** `DA:<line>,<hits>` */
export function readPlainLines(bytes: Uint8Array, from: number, end: number, lines: GrowingLineHits): PlainLines {
  let { instrumented, covered } = lines;
  let start = from;
  let count = 0;
  // D, A, :
  while (start < end && bytes[start] === 0x44 && bytes[start + 1] === 0x41 && bytes[start + 2] === 0x3a) {
    let at = start + 3;
    let line = 0;
    let digit = bytes[at]! - zero;
    while (digit >= 0 && digit <= 9 && line <= maxLine) {
      line = line * 10 + digit;
      digit = bytes[++at]! - zero;
    }
    if (digit !== comma || line === 0 || line > maxLine) break;
    const hits = at + 1;
    let hit = 0;
    digit = bytes[++at]! - zero;
    while (digit >= 0 && digit <= 9) {
      hit |= digit;
      digit = bytes[++at]! - zero;
    }
    if (digit !== ending || at === hits) break;
    const byte = line >> 3;
    if (byte < instrumented.length) {
      const bit = 1 << (line & 7);
      instrumented[byte]! |= bit;
      if (hit !== 0) covered[byte]! |= bit;
    } else {
      markLine(lines, line, hit !== 0);
      ({ instrumented, covered } = lines);
    }
    count += 1;
    start = at + 1;
  }
  return { next: start, count };
}

/** Highest line, block and branch that `branchKey` packs. */
const limits = [maxLine, 2 ** 12 - 1, 2 ** 16 - 1] as const;

/** `BRDA:<line>,<block>,<branch>,<taken>`; the keys are those of `branchKey`. */
export function readPlainBranches(bytes: Uint8Array, from: number, end: number, branches: KeyedMarks): PlainLines {
  let start = from;
  let count = 0;
  // B, R, D, A, :
  while (
    start < end &&
    bytes[start] === 0x42 &&
    bytes[start + 1] === 0x52 &&
    bytes[start + 2] === 0x44 &&
    bytes[start + 3] === 0x41 &&
    bytes[start + 4] === 0x3a
  ) {
    let at = start + 5;
    let key = 0;
    let field = 0;
    for (; field < 3; field += 1) {
      const first = at;
      const limit = limits[field]!;
      let value = 0;
      let digit = bytes[at]! - zero;
      while (digit >= 0 && digit <= 9 && value <= limit) {
        value = value * 10 + digit;
        digit = bytes[++at]! - zero;
      }
      if (digit !== comma || at === first || value > limit || (field === 0 && value === 0)) break;
      key = key * (limit + 1) + value;
      at += 1;
    }
    if (field < 3) break;
    let hit = 0;
    // A dash says that the line was never reached.
    if (bytes[at] === 0x2d) at += 1;
    else {
      const first = at;
      let digit = bytes[at]! - zero;
      while (digit >= 0 && digit <= 9) {
        hit |= digit;
        digit = bytes[++at]! - zero;
      }
      if (at === first) break;
    }
    if (bytes[at] !== lineBreak) break;
    branches.mark(key, hit !== 0);
    count += 1;
    start = at + 1;
  }
  return { next: start, count };
}
