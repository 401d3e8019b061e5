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
  finish(): Reading;
}

/**
 * A streaming session for XML formats. Well-formedness is enforced, entities beyond the five predefined ones and
 * internal entity declarations are refused, nothing is ever fetched; a DOCTYPE without declarations is allowed since
 * coverage formats carry one. Control characters that XML forbids become U+FFFD first: tools put ANSI colours in messages.
 */
export function xmlSession(file: { readonly path: string }, handler: XmlHandler): ReadingSession {
  const parser = new SaxesParser({ position: true, xmlns: false });
  let depth = 0;
  let seenText = false;
  const refuse = (code: 'AQE2002' | 'AQE2003' | 'AQE2005', detail: string): never => {
    throw new AqeError(code, detail, { path: file.path, line: parser.line });
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
    for (const _ in tag.attributes) if (++count > maxAttributes) refuse('AQE2005', `more than ${maxAttributes} attributes on one element`);
    handler.open(tag, depth);
  });
  parser.on('closetag', (tag: SaxesTagPlain) => {
    handler.close(tag.name, depth);
    depth -= 1;
  });
  if (handler.text) {
    const onText = handler.text.bind(handler);
    parser.on('text', onText);
    parser.on('cdata', onText);
  }
  return {
    push(text) {
      if (!seenText) seenText = /\S/.test(text);
      parser.write(withoutForbidden(text));
    },
    finish() {
      if (!seenText) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      parser.close();
      return handler.finish();
    },
  };
}

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function withoutForbidden(text: string): string {
  return forbidden.test(text) ? text.replace(forbidden, '\ufffd') : text;
}
