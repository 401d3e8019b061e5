import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession, ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';
import type { XmlAttributes } from './xml-memory.ts';
import { XmlScanner } from './xml-scanner.ts';

export interface XmlElement {
  readonly name: string;
  /** Has no properties but the attributes: names such as `__proto__` are plain keys. */
  readonly attributes: XmlAttributes;
}

export interface XmlHandler {
  /** Names a document of this format may have as its root; any other root is refused. Absent: any name. */
  readonly roots?: readonly string[];
  /** `depth` is 1 for the root. */
  open(element: XmlElement, depth: number): void;
  close(name: string, depth: number): void;
  /** Text and CDATA, in pieces. */
  text?(piece: string): void;
  /** Asked before each piece of text: whether it matters. Text that does not is checked and skipped. Default: it does. */
  wantsText?(): boolean;
  comment?(text: string): void;
  finish(): Reading;
}

/**
 * A streaming session for XML formats. Well-formedness is enforced, entities beyond the five predefined ones and
 * internal entity declarations are refused, nothing is ever fetched; a DOCTYPE without declarations is allowed since
 * coverage formats carry one. Characters that XML forbids, plain or as a reference, become U+FFFD: tools put ANSI
 * colours in messages.
 */
export function xmlSession(file: ReportFile, handler: XmlHandler): ReadingSession {
  const bounds = new Bounds(file);
  let depth = 0;
  let seenText = false;
  const refuse = (code: 'AQE2002' | 'AQE2003', detail: string): never => {
    throw new AqeError(code, detail, { path: file.path, line: scanner.line });
  };
  const scanner = new XmlScanner(file.path, {
    open(name, attributes) {
      depth += 1;
      // A line is found by counting: not for every element.
      if (depth > bounds.limits.maxDepth) bounds.depth(depth, scanner.line);
      bounds.item();
      if (depth === 1 && handler.roots && !handler.roots.includes(name)) {
        refuse('AQE2003', `the root element is <${name}>, expected <${handler.roots.join('> or <')}>`);
      }
      handler.open({ name, attributes }, depth);
    },
    close(name) {
      handler.close(name, depth);
      depth -= 1;
    },
    text: (piece) => handler.text?.(piece),
    wantsText: () => handler.text !== undefined && handler.wantsText?.() !== false,
    comment: (text) => handler.comment?.(text),
    doctype(text) {
      if (/<!ENTITY/i.test(text)) refuse('AQE2002', 'the document declares entities, which are never resolved');
    },
  });
  return {
    push(text) {
      if (!seenText) seenText = /\S/.test(text);
      scanner.push(text);
    },
    finish() {
      if (!seenText) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      scanner.finish();
      return handler.finish();
    },
  };
}

export interface XmlStart {
  readonly root: string;
  /** The root's attributes as they are written. */
  readonly attributes: string;
  /** The document type declaration as it is written, or the empty string. */
  readonly doctype: string;
}

let lastStart: { readonly text: string; readonly start: XmlStart | undefined } = { text: '', start: undefined };

/** What a document's first characters say of it, by a look and without judging them; undefined if they are not XML. */
export function xmlStart(text: string): XmlStart | undefined {
  // Every XML reader is asked about the same head in turn.
  if (lastStart.text !== text) lastStart = { text, start: startOf(text) };
  return lastStart.start;
}

function startOf(text: string): XmlStart | undefined {
  let doctype = '';
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
    let end: number;
    if (text.startsWith('<?', at)) end = after(text, '?>', at);
    else if (text.startsWith('<!--', at)) end = after(text, '-->', at);
    else if (text.startsWith('<!DOCTYPE', at)) {
      const bracket = text.indexOf('[', at);
      const close = text.indexOf('>', at);
      end = bracket !== -1 && bracket < close ? after(text, '>', text.indexOf(']', bracket)) : close + 1;
      doctype = text.slice(at, end);
    } else break;
    if (end <= at) return undefined;
    at = end;
  }
  const tag = /<([A-Za-z_][\w.:-]*)((?:[\s/][^>]*)?)(?:>|$)/y;
  tag.lastIndex = at;
  const match = tag.exec(text);
  return match ? { root: match[1]!, attributes: match[2]!, doctype } : undefined;
}

/** Index behind `mark`, 0 if it does not occur. */
function after(text: string, mark: string, from: number): number {
  const index = from < 0 ? -1 : text.indexOf(mark, from);
  return index === -1 ? 0 : index + mark.length;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff;
}
