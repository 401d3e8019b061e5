import { spellingsOf } from './spellings.ts';
import { tokenFormats, type Span, type TokenFormat } from './token-formats.ts';

/** Takes the secrets out of a text. The same text gives the same result; doing it twice changes nothing more. */
export type Redact = (text: string) => string;

export const redacted = '[redacted]';

/**
 * A function that replaces the known secrets, in any spelling of `spellingsOf`, and every text of a token format by `[redacted]`.
 * Linear in the length of the text.
 */
export function redactor(known: readonly string[]): Redact {
  const finder = finderOf(known);
  return (text) => {
    if (text.length < 4) return text;
    // What stood between two secrets can be one by itself once they are gone.
    for (let before = text; ;) {
      const after = replaced(before, finder);
      if (after === before) return after;
      before = after;
    }
  };
}

/** JSON-like data with every text redacted, keys too. Other values stay what they are; an array or object is made anew only if it changes. */
export function redactDeep<T>(value: T, redact: Redact): T {
  // Keys and words come again and again: each is looked at once.
  const seen = new Map<string, string>();
  return deep(value, (text) => {
    if (text.length > 80) return redact(text);
    const before = seen.get(text);
    if (before !== undefined) return before;
    const after = redact(text);
    seen.set(text, after);
    return after;
  }) as T;
}

function deep(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => deep(item, redact));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const before = Object.entries(value);
  const names = new Set<string>();
  const after = before.map(([key, each]) => [fresh(redact(key), names), deep(each, redact)] as const);
  return after.some(([key, each], index) => key !== before[index]![0] || each !== before[index]![1])
    ? Object.fromEntries(after)
    : value;
}

/** Two keys that differ in their secrets only stay two. */
function fresh(key: string, names: Set<string>): string {
  let name = key;
  for (let count = 2; names.has(name); count += 1) name = `${key} (${count})`;
  names.add(name);
  return name;
}

type Candidate = Pick<TokenFormat, 'find'>;

interface Finder {
  /** 1 where three characters hash to the start of a candidate. */
  readonly table: Uint8Array;
  readonly candidates: ReadonlyMap<number, readonly Candidate[]>;
}

const buckets = 1 << 14;

function hash(first: number, second: number, third: number): number {
  // Capitals fall together with small letters.
  return (((first | 32) << 9) ^ ((second | 32) << 4) ^ (third | 32)) & (buckets - 1);
}

function finderOf(known: readonly string[]): Finder {
  const table = new Uint8Array(buckets);
  const candidates = new Map<number, Candidate[]>();
  const add = (start: string, candidate: Candidate): void => {
    const key = hash(start.charCodeAt(0), start.charCodeAt(1), start.charCodeAt(2));
    table[key] = 1;
    const bucket = candidates.get(key);
    if (bucket === undefined) candidates.set(key, [candidate]);
    else if (!bucket.includes(candidate)) bucket.push(candidate);
  };
  const spellings = [...new Set(known.flatMap(spellingsOf))].filter((text) => !redacted.includes(text));
  // The longest first: a secret may begin with another one.
  for (const text of spellings.toSorted((a, b) => b.length - a.length)) add(text, spelling(text));
  for (const format of tokenFormats) for (const start of format.starts) add(start, format);
  return { table, candidates };
}

function spelling(secret: string): Candidate {
  // The page breaks lines at spaces.
  const broken = secret.includes(' ') ? secret.split(' ') : null;
  return {
    find(text, at) {
      let length = 0;
      while (length < secret.length && text.charCodeAt(at + length) === secret.charCodeAt(length)) length += 1;
      const to = at + length;
      if (length === secret.length) return { from: at, to };
      if (length < 4) return null;
      if (text[to] === '…' || text.startsWith('...', to)) return { from: at, to };
      const end = broken && brokenEnd(text, at, broken);
      return end === null ? null : { from: at, to: end };
    },
  };
}

/** End of the words at `at` if only white space stands between them. */
function brokenEnd(text: string, at: number, words: readonly string[]): number | null {
  let end = at;
  for (const [index, each] of words.entries()) {
    const from = end;
    while (index > 0 && end - from < 40 && (text[end] === ' ' || text[end] === '\n')) end += 1;
    if ((index > 0 && end === from) || !text.startsWith(each, end)) return null;
    end += each.length;
  }
  return end;
}

function replaced(text: string, finder: Finder): string {
  let result = '';
  let edge = 0;
  for (let at = 0; at < text.length;) {
    const span = next(text, at, edge, finder);
    if (span === null) break;
    result += text.slice(edge, span.from) + redacted;
    // Markdown must not take the mark and what follows for a link.
    if (text[span.to] === '(' || text[span.to] === '[') result += ' ';
    edge = at = span.to;
  }
  return edge === 0 ? text : result + text.slice(edge);
}

function next(text: string, start: number, edge: number, { table, candidates }: Finder): Span | null {
  const last = text.length - 2;
  let first = text.charCodeAt(start);
  let second = text.charCodeAt(start + 1);
  for (let at = start; at < last; at += 1) {
    const third = text.charCodeAt(at + 2);
    const key = hash(first, second, third);
    first = second;
    second = third;
    if (table[key] === 0) continue;
    for (const candidate of candidates.get(key)!) {
      const span = candidate.find(text, at, edge);
      if (span !== null) return span.from < edge ? { from: edge, to: span.to } : span;
    }
  }
  return null;
}
