import type { Random } from './random.ts';
import { structureOf, type Span, type Structure } from './structure.ts';

/** A report that is to be damaged. */
export interface Material {
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
  readonly structure: Structure;
  /** A report of another format. */
  readonly other: Uint8Array;
}

/** Damages a report; pure. Null if the report has nothing of what is to be damaged. */
export type Mutation = (material: Material, random: Random) => Uint8Array | null;

export function materialOf(bytes: Uint8Array, other: Uint8Array): Material {
  const text = Buffer.from(bytes).toString('utf8');
  let known: Structure | undefined;
  return {
    bytes,
    text,
    other,
    get structure() {
      return (known ??= structureOf(text));
    },
  };
}

export const encoded = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export function replaced(text: string, { start, end }: Span, by: string): Uint8Array {
  return encoded(text.slice(0, start) + by + text.slice(end));
}

/** Some or all of the places that are given, the same text at each; those within the one before are left alone. */
export function manyReplaced(text: string, spans: readonly Span[], by: string, random: Random): Uint8Array | null {
  const share = random.pick([0.05, 0.3, 1]);
  let result = '';
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at || !random.chance(share)) continue;
    result += text.slice(at, start) + by;
    at = end;
  }
  return at === 0 ? null : encoded(result + text.slice(at));
}

/** Writes a text so that a report of the kind may hold it. */
export function embedded(kind: Structure['kind'], text: string): string {
  if (kind === 'json') return JSON.stringify(text).slice(1, -1);
  if (kind === 'lines') return text;
  return text.replace(/[&<"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function spanIn(random: Random, spans: readonly Span[]): Span | null {
  return spans.length === 0 ? null : random.pick(spans);
}

/** A list with at least so many items, and the index of one of them. */
export function itemIn(
  { structure }: Material,
  random: Random,
  atLeast: number,
): { readonly items: readonly Span[]; readonly separator: string; readonly index: number } | null {
  const lists = structure.lists.filter(({ items }) => items.length >= atLeast);
  if (lists.length === 0) return null;
  const { items, separator } = random.pick(lists);
  return { items, separator, index: random.below(items.length) };
}

export function inserted(bytes: Uint8Array, at: number, more: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

/** Two places in order. */
export function range(random: Random, length: number, longest = length): Span {
  const start = random.below(length + 1);
  return { start, end: Math.min(length, start + random.below(longest + 1)) };
}

export function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

export const xmlDeclaration = /^\ufeff?\s*<\?xml[^>]*\?>/;

/** Puts text behind the XML declaration, in place of a document type. */
export function behindDeclaration(text: string, more: string): string {
  const start = xmlDeclaration.exec(text)?.[0] ?? '';
  const rest = text.slice(start.length).replace(/<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>/, '');
  return start + more + rest;
}

/** Values that hold another one, and the one inside: where a report could nest in itself. */
function nesting({ structure }: Material, random: Random): { readonly outer: Span; readonly inner: Span } | null {
  const inner = spanIn(random, structure.values);
  if (!inner) return null;
  const around = structure.values.filter(
    ({ start, end }) => start <= inner.start && inner.end <= end && end - start > inner.end - inner.start,
  );
  const outer = spanIn(random, around);
  return outer ? { outer, inner } : null;
}

export function nested(material: Material, random: Random, longest: number): Uint8Array | null {
  const found = nesting(material, random);
  if (!found) return null;
  const { outer, inner } = found;
  const { text } = material;
  const before = text.slice(outer.start, inner.start);
  const behind = text.slice(inner.end, outer.end);
  const times = Math.max(2, Math.floor(random.below(longest) / (before.length + behind.length)));
  const middle = text.slice(inner.start, inner.end);
  return replaced(text, outer, before.repeat(times) + middle + behind.repeat(times));
}

export function repeated(material: Material, random: Random, longest: number): Uint8Array | null {
  const found = itemIn(material, random, 1);
  if (!found) return null;
  const { items, separator, index } = found;
  const span = items[index]!;
  const one = material.text.slice(span.start, span.end) + separator;
  return replaced(material.text, { start: span.start, end: span.start }, one.repeat(Math.ceil(longest / one.length)));
}
