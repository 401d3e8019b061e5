import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';

const maxDepth = 256;
const maxAttributes = 256;

export interface XmlElement {
  readonly name: string;
  /** Null-prototype object: attribute names such as `__proto__` are plain keys. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface XmlHandler {
  /** Names a document of this format may have as its root; any other root is refused. */
  readonly roots: readonly string[];
  /** `depth` is 1 for the root. */
  open(element: XmlElement, depth: number): void;
  close(name: string, depth: number): void;
  /** Text and CDATA, in pieces. */
  text?(piece: string): void;
  /** Asked after each tag: whether the text that follows matters. Text that does not is skipped without being held. Default: it does. */
  wantsText?(): boolean;
  comment?(text: string): void;
  finish(): Reading;
}

/**
 * A streaming session for XML formats. Well-formedness is enforced, entities beyond the five predefined ones and
 * internal entity declarations are refused, nothing is ever fetched; a DOCTYPE without declarations is allowed since
 * coverage formats carry one. Characters that XML forbids, plain or as a reference, become U+FFFD first: tools put ANSI
 * colours in messages.
 */
export function xmlSession(file: { readonly path: string }, handler: XmlHandler): ReadingSession {
  const parser = new SaxesParser({ position: true, xmlns: false });
  let depth = 0;
  let seenText = false;
  let heldBack = '';
  const refuse = (code: 'AQE2002' | 'AQE2003' | 'AQE2005', detail: string): never => {
    throw new AqeError(code, detail, { path: file.path, line: parser.line });
  };
  const onText = handler.text?.bind(handler);
  const listen = (): void => {
    if (onText && handler.wantsText?.() !== false) parser.on('text', onText);
    else parser.off('text');
  };
  parser.on('error', (error) => refuse('AQE2002', error.message.replace(/^(?:[^:]*:)?\d+:\d+: /, '')));
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype)) refuse('AQE2002', 'the document declares entities, which are never resolved');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => {
    depth += 1;
    if (depth > maxDepth) refuse('AQE2005', `elements nested deeper than ${maxDepth}`);
    if (depth === 1 && !handler.roots.includes(tag.name)) {
      refuse('AQE2003', `the root element is <${tag.name}>, expected <${handler.roots.join('> or <')}>`);
    }
    let count = 0;
    for (const _ in tag.attributes) {
      if (++count > maxAttributes) refuse('AQE2005', `more than ${maxAttributes} attributes on one element`);
    }
    handler.open(tag, depth);
    listen();
  });
  parser.on('closetag', (tag: SaxesTagPlain) => {
    handler.close(tag.name, depth);
    depth -= 1;
    listen();
  });
  if (onText) {
    parser.on('cdata', (text) => {
      if (handler.wantsText?.() !== false) onText(text);
    });
  }
  if (handler.comment) parser.on('comment', handler.comment.bind(handler));
  const write = (text: string): void => {
    try {
      parser.write(allowed(text));
    } catch (cause) {
      // The one RangeError of string building: a single text longer than V8's limit.
      if (cause instanceof RangeError) refuse('AQE2005', 'one text of the document is longer than a string can be');
      throw cause;
    }
  };
  return {
    push(text) {
      if (!seenText) seenText = /\S/.test(text);
      const all = heldBack + text;
      const cut = startOfOpenReference(all);
      heldBack = all.slice(cut);
      write(all.slice(0, cut));
    },
    finish() {
      if (!seenText) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      write(heldBack);
      parser.close();
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

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const allForbidden = new RegExp(forbidden, 'g');
const reference = /&#(?:x([0-9a-f]{1,8})|([0-9]{1,10}));/gi;

function allowed(text: string): string {
  const plain = forbidden.test(text) ? text.replace(allForbidden, '\ufffd') : text;
  if (!plain.includes('&#')) return plain;
  return plain.replace(reference, (whole, hex: string | undefined, decimal: string | undefined) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return isAllowed(code) ? whole : '\ufffd';
  });
}

function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff && code <= 0x10ffff);
}

/** Where a character reference begins that the end of the text may have cut in two; the text's length if there is none. */
function startOfOpenReference(text: string): number {
  const at = text.lastIndexOf('&', text.length);
  return at !== -1 && text.length - at < 14 && !text.includes(';', at) ? at : text.length;
}
