import type { Reading } from '../../../core/evidence/reading.ts';
import { ownText } from './own-text.ts';
import type { XmlElement, XmlHandler } from './xml.ts';

/** One element with all that is in it. */
export interface XmlPart {
  /** Without its namespace prefix, as are all names here. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlPart[];
  /** Its own text, trimmed. */
  readonly text: string;
}

export interface PartsHandler {
  readonly roots: readonly string[];
  /** Elements that are handed on whole, by their path from the root: `analysis/dependencies/dependency`. */
  readonly parts: readonly string[];
  /** Elements left out wherever they stand in a part. */
  readonly skip: readonly string[];
  part(part: XmlPart, path: string): void;
  finish(): Reading;
}

interface OpenPart extends XmlPart {
  readonly children: XmlPart[];
  text: string;
}

/** A handler for `xmlSession` that holds one part of the document at a time. */
export function partsHandler(handler: PartsHandler): XmlHandler {
  const wanted = new Set(handler.parts);
  const skipped = new Set(handler.skip);
  /** Elements around the part that is read. */
  const outside: string[] = [];
  const inside: OpenPart[] = [];
  let skipDepth = 0;
  return {
    roots: handler.roots,
    open(element: XmlElement): void {
      const name = localName(element.name);
      if (skipDepth > 0 || (inside.length > 0 && skipped.has(name))) skipDepth += 1;
      else if (inside.length > 0 || wanted.has([...outside, name].join('/'))) {
        const part: OpenPart = { name, attributes: element.attributes, children: [], text: '' };
        inside.at(-1)?.children.push(part);
        inside.push(part);
      } else outside.push(name);
    },
    close(): void {
      if (skipDepth > 0) {
        skipDepth -= 1;
        return;
      }
      const part = inside.pop();
      if (!part) {
        outside.pop();
        return;
      }
      part.text = ownText(part.text.trim());
      if (inside.length === 0) handler.part(part, [...outside, part.name].join('/'));
    },
    text(piece: string): void {
      const part = inside.at(-1);
      if (part && skipDepth === 0) part.text += piece;
    },
    wantsText: () => inside.length > 0 && skipDepth === 0,
    finish: () => handler.finish(),
  };
}

export function childOf(part: XmlPart | undefined, name: string): XmlPart | undefined {
  return part?.children.find((child) => child.name === name);
}

export function childrenOf(part: XmlPart | undefined, name: string): readonly XmlPart[] {
  return part?.children.filter((child) => child.name === name) ?? [];
}

/** Text of a child; undefined if it is not there or has none. */
export function textOf(part: XmlPart | undefined, name: string): string | undefined {
  return childOf(part, name)?.text || undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
