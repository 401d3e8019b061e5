import { AqeError } from '../../core/error/aqe-error.ts';
import {
  clearHits,
  compactHits,
  countHits,
  coverageOfFiles,
  createHits,
  markLine,
  maxHitBytes,
  maxLine,
  unionHits,
} from '../../core/evidence/line-hits.ts';
import type { Count, FileCoverage, LineHits, Reading } from '../../core/evidence/reading.ts';
import type { ByteSession, ReportFile, SignalReader } from '../../ports/signal-reader.ts';
import { branchKey, countKeyedHits, KeyedMarks, keyOf, unionKeyedHits, type KeyedHits } from './shared/keyed-hits.ts';
import { Bounds } from './shared/bounds.ts';
import { readPlainBranches, readPlainLines } from './lcov/plain-lines.ts';
import { isHit, wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';

/** Bytes of a bit set up to which it is wiped for the next record instead of made anew. */
const maxReused = 16_384;
const lineBreak = 0x0a;

/** lcov tracefiles, as written by geninfo(1), istanbul, c8, coverage.py, node:test, cargo-llvm-cov and many others. */
export const lcov: SignalReader = {
  id: 'lcov',
  title: 'lcov tracefile',
  gives: ['coverage'],
  names: ['lcov.info', '*.lcov', '*lcov*.info', 'coverage.info'],
  countingUnit:
    'A line is one (file, line number) with a DA record, a branch one BRDA record, a function one FNDA record; records of the same file are united.',
  detects: ({ text }) => /^(?:TN|SF):/.test(firstRecord(text)),
  open: (file) => new Tracefile(file),
};

function firstRecord(text: string): string {
  let at = 0;
  for (;;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? undefined : Math.min(end, at + 1000)).trim();
    if (end === -1 || (line !== '' && !line.startsWith('#'))) return line;
    at = end + 1;
  }
}

type Dimension = 'lines' | 'branches' | 'functions';
const dimensions: readonly Dimension[] = ['lines', 'branches', 'functions'];
/** Records that state totals: LF and LH for lines, and so on. */
const totals = new Map<string, readonly [Dimension, keyof Count]>([
  ['LF', ['lines', 'whole']],
  ['LH', ['lines', 'part']],
  ['BRF', ['branches', 'whole']],
  ['BRH', ['branches', 'part']],
  ['FNF', ['functions', 'whole']],
  ['FNH', ['functions', 'part']],
]);

interface SourceFile {
  lines?: LineHits;
  branches?: KeyedHits;
  functions?: KeyedHits;
  /** What LF, LH and their like say; the larger where a file has several records. */
  readonly declared: Record<Dimension, Count | null>;
}

/** Scans the text in place: what is kept of a line is a bit or a hash, and the path once a file. */
class Tracefile implements ByteSession {
  readonly #path: string;
  readonly #bounds: Bounds;
  readonly #files = new Map<string, SourceFile>();
  #tail = '';
  #lineNumber = 0;
  #hitBytes = 0;
  #hasContent = false;

  // The record between SF and end_of_record.
  #file: SourceFile | undefined;
  #filePath = '';
  #lines = createHits();
  #hasLines = false;
  readonly #branches = new KeyedMarks();
  readonly #functions = new Map<number, boolean>();
  readonly #called = new Map<number, boolean>();
  readonly #stated: Record<Dimension, { part?: number; whole?: number }> = { lines: {}, branches: {}, functions: {} };

  // What finish() remarks on.
  #lineZero = 0;
  #foreign = 0;
  readonly #disagreements = new Map<Dimension, { records: number; first: string }>();

  constructor(file: ReportFile) {
    this.#path = file.path;
    this.#bounds = new Bounds(file);
  }

  push(piece: string): void {
    let from = 0;
    if (this.#tail !== '') {
      const to = piece.indexOf('\n');
      this.#extendTail(to === -1 ? piece : piece.slice(0, to), to !== -1);
      from = to === -1 ? piece.length : to + 1;
    }
    for (let to = piece.indexOf('\n', from); to !== -1; to = piece.indexOf('\n', from)) {
      this.#scan(piece, from, to);
      from = to + 1;
    }
    if (from < piece.length) this.#extendTail(piece.slice(from), false);
  }

  pushBytes(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let from = 0;
    if (this.#tail !== '') {
      const to = bytes.indexOf(lineBreak);
      this.#extendTail(bytes.toString('latin1', 0, to === -1 ? bytes.length : to), to !== -1);
      from = to === -1 ? bytes.length : to + 1;
    }
    const end = bytes.lastIndexOf(lineBreak) + 1;
    for (;;) {
      if (this.#file) from = this.#plainLines(bytes, from, end);
      if (from >= end) break;
      const to = bytes.indexOf(lineBreak, from);
      const line = bytes.toString('latin1', from, to);
      this.#scan(line, 0, line.length);
      from = to + 1;
    }
    if (from < bytes.length) this.#extendTail(bytes.toString('latin1', from), false);
  }

  #plainLines(bytes: Uint8Array, from: number, end: number): number {
    const lines = readPlainLines(bytes, from, end, this.#lines);
    if (lines.count > 0) this.#hasLines = true;
    const branches = readPlainBranches(bytes, lines.next, end, this.#branches);
    const count = lines.count + branches.count;
    this.#lineNumber += count;
    this.#bounds.item(this.#lineNumber, count);
    return branches.next;
  }

  /** Adds to the line that the last piece ended within. */
  #extendTail(text: string, ends: boolean): void {
    this.#tail += text;
    this.#bounds.text(this.#tail.length, 'a line', this.#lineNumber + 1);
    if (!ends) return;
    const line = this.#tail;
    this.#tail = '';
    this.#scan(line, 0, line.length);
  }

  finish(): Reading {
    const tail = this.#tail.trim();
    const isCut = this.#file
      ? tail !== 'end_of_record'
      : tail !== '' && ['TN:', 'SF:'].some((start) => start.startsWith(tail));
    if (isCut) this.#refuse('AQE2002', 'it ends within a record: end_of_record is missing');
    this.#scan(tail, 0, tail.length);
    if (this.#file) this.#refuse('AQE2002', 'it ends with the first line of a record');
    if (!this.#hasContent) throw new AqeError('AQE2001', 'the file has no content', { path: this.#path });
    const coverage = coverageOfFiles('unknown', this.#coverageByFile());
    if (!coverage.lines)
      throw new AqeError('AQE2007', 'no file of it has a line that can be covered', { path: this.#path });
    return { producer: { name: 'lcov' }, facts: [coverage], notices: this.#notices() };
  }

  #scan(text: string, from: number, end: number): void {
    let to = end;
    while (to > from && text.charCodeAt(to - 1) <= 0x20) to -= 1;
    this.#lineNumber += 1;
    this.#bounds.item(this.#lineNumber);
    if (to === from) return;
    this.#hasContent = true;
    if (text.startsWith('DA:', from)) this.#dataLine(text, from + 3, to);
    else if (text.startsWith('BRDA:', from)) this.#branch(text, from + 5, to);
    else if (text.startsWith('end_of_record', from) && to - from === 13) this.#close();
    else this.#other(text.slice(from, to));
  }

  /** `DA:<line>,<hits>[,<checksum>]` */
  #dataLine(text: string, from: number, to: number): void {
    this.#inRecord('DA');
    const comma = this.#comma(text, from, to, 'DA');
    const line = this.#number(text, from, comma);
    let end = text.indexOf(',', comma + 1);
    if (end === -1 || end > to) end = to;
    const hit = this.#hit(text, comma + 1, end, 'DA');
    if (line === 0) this.#lineZero += 1;
    else markLine(this.#lines, line, hit);
    this.#hasLines = true;
  }

  /** `BRDA:<line>,[e]<block>,<branch>,<taken>`, where taken `-` says that the line was never reached */
  #branch(text: string, from: number, to: number): void {
    this.#inRecord('BRDA');
    const comma = this.#comma(text, from, to, 'BRDA');
    const last = text.lastIndexOf(',', to - 1);
    if (last === comma) this.#refuse('AQE2003', 'BRDA has less than four fields');
    const taken = text.charCodeAt(last + 1) === 0x2d && last + 2 === to ? false : this.#hit(text, last + 1, to, 'BRDA');
    const line = this.#number(text, from, comma);
    if (line === 0) {
      this.#lineZero += 1;
      return;
    }
    const plain = /^(\d{1,4}),(\d{1,5})$/.exec(text.slice(comma + 1, last));
    const packed = plain ? branchKey(line, Number(plain[1]), Number(plain[2])) : Number.NaN;
    this.#branches.mark(Number.isNaN(packed) ? keyOf(text, from, last) : packed, taken);
  }

  #other(line: string): void {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1);
    const total = totals.get(name);
    if (name === 'SF') this.#openFile(value);
    else if (name === 'TN' || line.startsWith('#')) return;
    else if (!this.#file) {
      // After a complete record this is what a shell left behind; before one it is another format.
      if (this.#files.size === 0) this.#refuse('AQE2003', 'it starts with neither TN: nor SF:');
      this.#foreign += 1;
    } else if (total) {
      this.#stated[total[0]][total[1]] = wholeNumber(value, name, this.#path, this.#lineNumber);
    } else if (name === 'FN') {
      // `FN:<line>,[<last line>,]<name>`; names have commas too.
      this.#function(value, /^\d+,(?:\d+,)?/.exec(value)?.[0].length ?? 0, this.#functions, false);
    } else if (name === 'FNDA') {
      const comma = this.#comma(value, 0, value.length, 'FNDA');
      this.#function(value, comma + 1, this.#called, this.#hit(value, 0, comma, 'FNDA'));
    } else if (name === 'FNA') {
      // lcov 2.2: `FNA:<index>,<hits>,<name>`; all names of one index are the same function.
      const comma = this.#comma(value, 0, value.length, 'FNA');
      const end = value.indexOf(',', comma + 1);
      const hit = this.#hit(value, comma + 1, end === -1 ? value.length : end, 'FNA');
      const key = keyOf(`#${value}`, 0, comma + 1);
      this.#called.set(key, hit || this.#called.get(key) === true);
    } else if (!/^[A-Za-z_]+$/.test(name)) this.#refuse('AQE2003', 'a line is no record');
  }

  #function(text: string, from: number, into: Map<number, boolean>, hit: boolean): void {
    let key = keyOf(text, from, text.length);
    // The second function of a name is another function: static ones in C, methods in JavaScript.
    while (into.has(key)) key += 1;
    into.set(key, hit);
  }

  #openFile(path: string): void {
    if (this.#file) this.#refuse('AQE2002', `SF: before the end_of_record of ${this.#filePath}`);
    if (path === '') this.#refuse('AQE2003', 'SF: names no file');
    this.#filePath = ownText(path);
    const known = this.#files.get(path);
    this.#file = known ?? { declared: { lines: null, branches: null, functions: null } };
    if (!known) this.#files.set(this.#filePath, this.#file);
  }

  #close(): void {
    const file = this.#file;
    if (!file) return this.#refuse('AQE2003', 'end_of_record without SF:');
    const counted: Record<Dimension, Count | null> = { lines: null, branches: null, functions: null };
    if (this.#hasLines) {
      counted.lines = countHits(this.#lines);
      this.#hitBytes -= 2 * (file.lines?.instrumented.length ?? 0);
      file.lines = file.lines ? unionHits(file.lines, this.#lines) : compactHits(this.#lines);
      this.#hitBytes += 2 * file.lines.instrumented.length;
      if (this.#hitBytes > maxHitBytes) this.#refuse('AQE2005', 'line numbers too high for too many files');
      if (this.#lines.instrumented.length > maxReused) this.#lines = createHits();
      else clearHits(this.#lines);
    }
    if (this.#branches.size > 0) {
      counted.branches = this.#branches.count;
      file.branches = this.#branches.unitedWith(file.branches);
    }
    for (const key of this.#functions.keys()) if (!this.#called.has(key)) this.#called.set(key, false);
    if (this.#called.size > 0) {
      counted.functions = countMap(this.#called);
      file.functions = unionKeyedHits(file.functions, this.#called);
    }
    for (const dimension of dimensions) this.#reconcile(file, dimension, counted[dimension]);
    this.#branches.clear();
    this.#functions.clear();
    this.#called.clear();
    this.#hasLines = false;
    this.#file = undefined;
  }

  #reconcile(file: SourceFile, dimension: Dimension, counted: Count | null): void {
    const { part, whole } = this.#stated[dimension];
    this.#stated[dimension] = {};
    if (whole === undefined) return;
    if (part !== undefined && part > whole)
      this.#refuse('AQE2003', `${part} of ${whole} ${dimension} are said to be hit`);
    const known = file.declared[dimension];
    file.declared[dimension] = {
      part: Math.max(part ?? 0, known?.part ?? 0),
      whole: Math.max(whole, known?.whole ?? 0),
    };
    if (!counted || (counted.whole === whole && counted.part === (part ?? counted.part))) return;
    const seen = this.#disagreements.get(dimension) ?? {
      records: 0,
      first: `${this.#filePath} states ${part ?? '?'} of ${whole} and lists ${counted.part} of ${counted.whole}`,
    };
    seen.records += 1;
    this.#disagreements.set(dimension, seen);
  }

  #coverageByFile(): FileCoverage[] {
    return Array.from(this.#files, ([path, file]) => ({
      path,
      lines: file.lines ? countHits(file.lines) : file.declared.lines,
      branches: file.branches ? countKeyedHits(file.branches) : measured(file.declared.branches),
      functions: file.functions ? countKeyedHits(file.functions) : measured(file.declared.functions),
      ...(file.lines ? { hits: file.lines } : {}),
    }));
  }

  #notices(): string[] {
    const notices = Array.from(
      this.#disagreements,
      ([dimension, { records, first }]) =>
        `stated and listed ${dimension} differ, the list counts: ${first} (records that differ: ${records})`,
    );
    const stated = Array.from(this.#files.values()).filter((file) => !file.lines && measured(file.declared.lines));
    if (stated.length > 0) notices.push(`files without DA records, whose LF and LH were taken: ${stated.length}`);
    if (this.#lineZero > 0) notices.push(`records of line 0, ignored: ${this.#lineZero}`);
    if (this.#foreign > 0) notices.push(`lines outside of any record, ignored: ${this.#foreign}`);
    return notices;
  }

  #number(text: string, from: number, to: number): number {
    let value = 0;
    for (let at = from; at < to; at += 1) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) value = Number.NaN;
      else value = value * 10 + digit;
    }
    if (to === from || Number.isNaN(value))
      this.#refuse('AQE2003', `line number ${JSON.stringify(text.slice(from, Math.min(to, from + 40)))}`);
    if (value > maxLine) this.#refuse('AQE2005', `line number ${value} is above ${maxLine}`);
    return value;
  }

  #hit(text: string, from: number, to: number, what: string): boolean {
    let hit = false;
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      if (code < 0x30 || code > 0x39)
        return isHit(text.slice(from, to), `a count of ${what}`, this.#path, this.#lineNumber);
      if (code !== 0x30) hit = true;
    }
    return to > from ? hit : isHit('', `a count of ${what}`, this.#path, this.#lineNumber);
  }

  #comma(text: string, from: number, to: number, what: string): number {
    const comma = text.indexOf(',', from);
    return comma === -1 || comma >= to ? this.#refuse('AQE2003', `${what} has less fields than its format`) : comma;
  }

  #inRecord(what: string): void {
    if (!this.#file) this.#refuse('AQE2003', `${what} before SF:`);
  }

  #refuse(code: 'AQE2002' | 'AQE2003' | 'AQE2005', detail: string): never {
    throw new AqeError(code, detail, { path: this.#path, line: this.#lineNumber });
  }
}

function countMap(items: ReadonlyMap<number, boolean>): Count {
  let part = 0;
  for (const hit of items.values()) if (hit) part += 1;
  return { part, whole: items.size };
}

function measured(count: Count | null): Count | null {
  return count && count.whole > 0 ? count : null;
}
