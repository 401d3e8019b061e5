import type * as z from 'zod/mini';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession, ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';
import { JsonString } from './json-string.ts';
import { checkShape, parseJson } from './json.ts';

/** Stands in the rest of the document for what was handed on: for one value, or for several of a list. */
export const handedOn = '\u0000';
const handedOnText = '"\\u0000"';

/** Longest single value, and longest rest, in UTF-16 units. */
const maxLength = 128_000_000;

/** Values of a list that are parsed together: enough to spare the calls, few enough to be gone before memory is tidied up. */
const maxTogether = 32;

/** Keys from the root to a value; `*` is any key or any place in a list. Containers only: a plain value stays in the rest. */
type Path = readonly string[];

export interface JsonItems {
  readonly path: Path;
  /** One value of that place, parsed and not checked; `at` are the keys and places (from 0) that `*` stands for. */
  take(value: unknown, at: readonly (string | number)[]): void;
  /** The value also stays in the rest. Default: {@link handedOn} stands there. */
  readonly keep?: boolean;
}

/**
 * A session for one big JSON value: the values at the given paths are parsed one at a time in the order of the document and
 * dropped, so that memory does not grow with their number. The rest is parsed, checked and handed on at the end.
 * @throws AqeError AQE2001, AQE2002, AQE2003, AQE2005
 */
export function jsonItemsSession<T>(
  file: ReportFile,
  items: readonly JsonItems[],
  schema: z.ZodMiniType<T>,
  toReading: (rest: T) => Reading,
): ReadingSession {
  const scanner = new ItemScanner(file, items);
  return {
    push: (text) => scanner.push(text),
    finish() {
      const rest = scanner.finish();
      if (rest.trim() === '') throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      return toReading(checkShape(file, schema, parseJson(file, rest)));
    },
  };
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;
const comma = 0x2c;

interface Frame {
  readonly isList: boolean;
  /** The key or place of the member that is being read. */
  at: string | number;
}

/**
 * Finds where values begin and end by counting brackets outside strings. What lies between is judged by JSON.parse, of each
 * value and of the rest, which together refuse whatever is not JSON.
 */
class ItemScanner {
  readonly #file: ReportFile;
  readonly #bounds: Bounds;
  readonly #items: readonly JsonItems[];
  /** Depth from which on no value begins that is asked for. */
  readonly #deepest: number;
  readonly #frames: Frame[] = [];
  #depth = 0;
  readonly #string = new JsonString();
  /** Of a string at a place where keys are looked at: its text so far. */
  #key: string | null = null;
  #expectsKey = false;

  /** The value that is being held, and the depth it began at. */
  #item: JsonItems | null = null;
  #itemDepth = 0;
  #itemAt: readonly (string | number)[] = [];
  /** Whether it is of a list of which all are asked for: then several may be held together. */
  #isList = false;
  #count = 1;
  #held: string[] = [];
  #heldLength = 0;
  readonly #rest: string[] = [];
  #restLength = 0;

  constructor(file: ReportFile, items: readonly JsonItems[]) {
    this.#file = file;
    this.#bounds = new Bounds(file);
    this.#items = items;
    this.#deepest = Math.max(...items.map(({ path }) => path.length));
  }

  push(text: string): void {
    let at = 0;
    while (at < text.length) {
      let from = at;
      if (this.#item === null) {
        at = this.#skim(text, from);
        const begins = this.#item !== null;
        this.#putRest(text.slice(from, begins ? at - 1 : at));
        if (!begins) continue;
        from = at - 1;
      }
      at = this.#skip(text, at);
      this.#put(text.slice(from, at));
      if (this.#depth === this.#itemDepth) this.#give();
    }
  }

  finish(): string {
    // Cut short inside of a value: the rest then ends inside of brackets, which JSON.parse refuses.
    return this.#rest.join('') + this.#held.join('');
  }

  /** Reads on outside of the values that are asked for, up to and with the bracket that begins the next of them. */
  #skim(text: string, from: number): number {
    for (let at = from; at < text.length;) {
      if (this.#string.isOpen) {
        at = this.#skipString(text, at);
        continue;
      }
      const code = text.charCodeAt(at);
      at += 1;
      if (code === quote) {
        this.#string.isOpen = true;
        if (this.#expectsKey) this.#key = '';
      } else if (code === openBrace || code === openBracket) {
        const item = this.#asked();
        if (item) {
          this.#item = item;
          this.#itemDepth = this.#depth;
          this.#itemAt = this.#stars(item.path);
          this.#isList = item.path.at(-1) === '*' && !item.keep && this.#frames.at(-1)?.isList === true;
          this.#count = 1;
        } else if (this.#depth < this.#deepest && this.#frames.length === this.#depth) {
          const isList = code === openBracket;
          this.#frames.push({ isList, at: isList ? 0 : '' });
          this.#expectsKey = !isList;
        }
        this.#deeper();
        if (item) return at;
      } else if (code === closeBrace || code === closeBracket) {
        this.#depth -= 1;
        if (this.#frames.length > this.#depth) this.#frames.pop();
        this.#expectsKey = false;
      } else if (code === comma && this.#depth > 0 && this.#frames.length === this.#depth) {
        const frame = this.#frames.at(-1)!;
        if (frame.isList) frame.at = (frame.at as number) + 1;
        else this.#expectsKey = true;
      }
    }
    return text.length;
  }

  /** Reads on inside of a value that is asked for, up to and with the bracket that ends it. The hot loop. */
  #skip(text: string, from: number): number {
    const { length } = text;
    const outside = this.#itemDepth;
    const { maxDepth } = this.#bounds.limits;
    let at = this.#string.isOpen ? this.#skipString(text, from) : from;
    let depth = this.#depth;
    while (at < length) {
      const code = text.charCodeAt(at);
      at += 1;
      if (code === quote) {
        // Most strings end in the same piece, and not in something escaped.
        const end = text.indexOf('"', at);
        if (end >= 0 && text.charCodeAt(end - 1) !== backslash) at = end + 1;
        else {
          this.#string.isOpen = true;
          at = this.#skipString(text, at);
        }
        // `{` and `[`, and `}` and `]`, differ in one bit that no other of the four has.
      } else if ((code | 0x20) === openBrace) {
        depth += 1;
        if (depth > maxDepth) this.#bounds.depth(depth);
      } else if ((code | 0x20) === closeBrace) {
        depth -= 1;
        if (depth > outside) continue;
        const sibling = this.#isList && this.#count < maxTogether ? siblingAfter(text, at) : 0;
        if (sibling === 0) break;
        // The next of the list begins in the same piece: both are parsed together.
        this.#count += 1;
        depth += 1;
        at = sibling;
      }
    }
    this.#depth = depth;
    return at;
  }

  #deeper(): void {
    this.#depth += 1;
    this.#bounds.depth(this.#depth);
  }

  /** Index behind the string's end, or the text's length; `from` lies inside of the string. */
  #skipString(text: string, from: number): number {
    const to = this.#string.skip(text, from);
    if (this.#key === null) return to;
    if (this.#string.isOpen) {
      this.#key += text.slice(from, to);
      this.#bounds.text(this.#key.length, 'a key');
    } else this.#endKey(this.#key + text.slice(from, to - 1));
    return to;
  }

  #endKey(raw: string): void {
    this.#key = null;
    this.#expectsKey = false;
    const frame = this.#frames.at(-1)!;
    frame.at = raw.includes('\\') ? unescaped(raw) : raw;
  }

  /** What is asked for at the place where a value begins. */
  #asked(): JsonItems | undefined {
    const frames = this.#frames;
    if (frames.length !== this.#depth) return undefined;
    return this.#items.find(
      ({ path }) =>
        path.length === frames.length && path.every((key, index) => key === '*' || key === frames[index]!.at),
    );
  }

  #stars(path: Path): readonly (string | number)[] {
    return path.flatMap((key, index) => (key === '*' ? [this.#frames[index]!.at] : []));
  }

  #give(): void {
    const item = this.#item!;
    const count = this.#count;
    this.#bounds.item(undefined, count);
    const text = this.#held.length === 1 ? this.#held[0]! : this.#held.join('');
    this.#held = [];
    this.#heldLength = 0;
    this.#item = null;
    this.#putRest(item.keep ? text : handedOnText);
    if (!this.#isList) {
      item.take(parseJson(this.#file, text), this.#itemAt);
      return;
    }
    const values = parseJson(this.#file, `[${text}]`) as readonly unknown[];
    const outer = this.#itemAt.slice(0, -1);
    const frame = this.#frames.at(-1)!;
    const first = frame.at as number;
    values.forEach((value, index) => item.take(value, [...outer, first + index]));
    frame.at = first + count - 1;
  }

  #put(text: string): void {
    if (text === '') return;
    this.#held.push(text);
    this.#heldLength += text.length;
    if (this.#heldLength > maxLength) this.#refuse(`one value is longer than ${maxLength} characters`);
  }

  #putRest(text: string): void {
    if (text === '') return;
    // Between two values of a list, hundreds of thousands of times.
    this.#rest.push(text.length < 40 && text.trim() === ',' ? ',' : text);
    this.#restLength += text.length;
    if (this.#restLength > maxLength)
      this.#refuse(`more than ${maxLength} characters besides the values that are read one at a time`);
  }

  #refuse(detail: string): never {
    throw new AqeError('AQE2005', detail, { path: this.#file.path });
  }
}

/** Index behind the bracket of the value that follows a comma; 0 if the text ends before, or something else follows. */
function siblingAfter(text: string, from: number): number {
  let at = skipSpace(text, from);
  if (text.charCodeAt(at) !== comma) return 0;
  at = skipSpace(text, at + 1);
  return (text.charCodeAt(at) | 0x20) === openBrace ? at + 1 : 0;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || (code >= 0x09 && code <= 0x0d); code = text.charCodeAt(++at));
  return at;
}

/** A key with its escapes resolved; one that is not a string is left for JSON.parse of the rest to refuse. */
function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}
