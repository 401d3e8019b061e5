import { AqeError } from '../../../core/error/aqe-error.ts';
import { endOfDoctype } from './xml-doctype.ts';
import { Attributes, Name, Names, Occurrence, type XmlAttributes } from './xml-memory.ts';
import {
  char,
  characterOf,
  incomplete,
  isSpace,
  malformed,
  maxReference,
  newlinesIn,
  normalLines,
  normalSpace,
  withoutBrackets,
  xmlDeclaration,
  xmlName,
} from './xml-text.ts';

const maxAttributes = 256;
/** Characters of one tag, comment, processing instruction or document type declaration: these are held until they end. */
const maxMarkup = 2 ** 24;

export interface XmlEvents {
  open(name: string, attributes: XmlAttributes): void;
  close(name: string): void;
  /** Text and CDATA of the root, in pieces that are not empty. */
  text(piece: string): void;
  /** Asked before each piece of text whether it matters; one that does not is checked and skipped. */
  wantsText(): boolean;
  comment(text: string): void;
  /** What stands between `<!DOCTYPE` and its `>`. */
  doctype(text: string): void;
}

/**
 * Scans XML 1.0 (any 1.x is read as such, which the standard asks for) from text in pieces and reports what it consists
 * of. Well-formedness is enforced; of a document type declaration only the end is looked for. Markup is read where it
 * lies, led by the experience that tags repeat: what followed a name the last time is compared before anything is searched.
 * @throws AqeError AQE2002, or AQE2005 for markup that is too large.
 */
export class XmlScanner {
  readonly #path: string;
  readonly #events: XmlEvents;
  #names = new Names();
  readonly #open: Name[] = [];
  readonly #ampersand = new Occurrence('&');
  readonly #newline = new Occurrence('\n');
  readonly #tab = new Occurrence('\t');
  readonly #endOfCdata = new Occurrence(']]>');
  /** The text that is scanned: what was left over, and one piece. */
  #text = '';
  /** Lines before it. */
  #lines = 1;
  /** A character that may belong to the next one: a carriage return or half of a surrogate pair. */
  #carried = '';
  #held = '';
  /** Length that the held text must have to be looked at again; doubling keeps long markup linear. */
  #enough = 2;
  #atStart = true;
  /** Start of the markup that is read. */
  #at = 0;
  #inCdata = false;
  #seenDoctype = false;
  #seenRoot = false;
  #tags = 0;
  /** Where the next `<` is, as far as that is known. */
  #less = -1;
  /** The element that was opened last. */
  #last = new Name('', '', '');

  constructor(path: string, events: XmlEvents) {
    this.#path = path;
    this.#events = events;
  }

  push(piece: string): void {
    const all = this.#carried + piece;
    const last = all.charCodeAt(all.length - 1);
    const cut = last === char.carriageReturn || (last >= 0xd800 && last <= 0xdbff) ? all.length - 1 : all.length;
    this.#carried = all.slice(cut);
    const more = normalLines(cut === all.length ? all : all.slice(0, cut));
    if (this.#held.length + more.length < this.#enough) {
      this.#held += more;
      return;
    }
    // Joined rather than added: V8 looks up single characters faster in one flat string.
    this.#held = this.#held === '' ? more : [this.#held, more].join('');
    this.#scan(false);
  }

  finish(): void {
    this.#held += normalLines(this.#carried);
    this.#scan(true);
    const open = this.#open.at(-1);
    if (open) throw this.#malformed(`unclosed tag: ${open.text.slice(0, 80)}`, 0);
    if (this.#held !== '') throw this.#malformed('it ends within markup', 0);
    if (!this.#seenRoot) throw this.#malformed('it has no root element', 0);
  }

  /** Line of the markup that is read. */
  get line(): number {
    return this.#place(this.#at).line;
  }

  #scan(isLast: boolean): void {
    const text = this.#held;
    this.#text = text;
    this.#less = -1;
    for (const each of [this.#ampersand, this.#newline, this.#tab, this.#endOfCdata]) each.in(text);
    let at = this.#atStart && text.charCodeAt(0) === char.byteOrderMark ? 1 : 0;
    while (at < text.length) {
      this.#at = at;
      const next = this.#inCdata
        ? this.#cdata(at)
        : text.charCodeAt(at) === char.less
          ? this.#markup(at)
          : this.#characters(at, isLast);
      if (next === incomplete) break;
      this.#atStart = false;
      at = next;
    }
    this.#lines += newlinesIn(text, at);
    this.#held = text.slice(at);
    this.#text = this.#held;
    this.#at = 0;
    if (this.#held.length > maxMarkup) throw this.#tooLarge(`a tag or comment of more than ${maxMarkup} characters`, 0);
    this.#enough = 2 * this.#held.length;
  }

  #markup(at: number): number {
    switch (this.#text.charCodeAt(at + 1)) {
      case char.slash:
        return this.#closeTag(at);
      case char.question:
        return this.#instruction(at);
      case char.exclamation:
        if (this.#text.startsWith('<!--', at)) return this.#comment(at);
        if (this.#text.startsWith('<![CDATA[', at)) return this.#openCdata(at);
        if (this.#text.startsWith('<!DOCTYPE', at)) return this.#doctype(at);
        if (this.#text.length - at < 9) return incomplete;
        throw this.#malformed('`<!` begins neither a comment nor CDATA nor DOCTYPE', at);
      default:
        return this.#openTag(at);
    }
  }

  #openTag(at: number): number {
    const text = this.#text;
    if (this.#names.areTooMany) {
      this.#names = new Names();
      this.#last = new Name('', '', '');
    }
    let element = this.#last.next;
    let end = at + (element?.opening.length ?? 0);
    if (!element || !text.startsWith(element.opening, at) || !endsName(text.charCodeAt(end))) {
      end = this.#endOfName(at + 1);
      if (end === incomplete) return incomplete;
      element = this.#names.element(text.slice(at + 1, end));
    }
    if (this.#seenRoot && this.#open.length === 0) throw this.#malformed('documents may contain only one root', at);
    this.#less = text.indexOf('<', at + 1);
    const attributes = new Attributes();
    const tag = (this.#tags += 1);
    let previous: Name | undefined;
    let name = element.first;
    for (let count = 0; ; count += 1) {
      let from: number;
      let ending = '"';
      const code = text.charCodeAt(end);
      if (code === char.greater) break;
      if (code === char.space && name !== undefined && text.startsWith(name.opening, end))
        from = end + name.opening.length;
      else {
        const start = this.#skipSpace(end);
        const first = text.charCodeAt(start);
        if (first === char.greater || first === char.slash) {
          end = start;
          break;
        }
        if (start === text.length) return incomplete;
        if (start === end) throw this.#malformed('a character that is not allowed in a tag', end);
        const endOfName = this.#endOfName(start);
        if (endOfName === incomplete) return incomplete;
        const sign = this.#skipSpace(endOfName);
        const value = this.#skipSpace(sign + 1);
        if (sign >= text.length) return incomplete;
        if (text.charCodeAt(sign) !== char.equals) throw this.#malformed('an attribute without a value', start);
        if (value >= text.length) return incomplete;
        ending = text.charAt(value);
        if (ending !== '"' && ending !== "'") throw this.#malformed('an attribute value without quotes', start);
        name = this.#names.attribute(text.slice(start, endOfName));
        if (previous === undefined) element.first = name;
        else previous.next = name;
        from = value + 1;
      }
      end = text.indexOf(ending, from);
      if (this.#less !== -1 && (end === -1 || end > this.#less)) {
        throw this.#malformed('`<` in an attribute value', this.#less);
      }
      if (end === -1) return incomplete;
      if (name.tag === tag) throw this.#malformed(`the attribute ${name.text.slice(0, 80)} twice`, from);
      if (count === maxAttributes) throw this.#tooLarge(`more than ${maxAttributes} attributes on one element`, from);
      name.tag = tag;
      attributes[name.text] = this.#value(from, end);
      end += 1;
      previous = name;
      name = name.next;
    }
    const isEmpty = text.charCodeAt(end) === char.slash;
    if (isEmpty) {
      end += 1;
      if (end === text.length) return incomplete;
      if (text.charCodeAt(end) !== char.greater) throw this.#malformed('a slash that does not end its tag', end);
    }
    this.#last.next = element;
    this.#last = element;
    this.#seenRoot = true;
    this.#open.push(element);
    this.#events.open(element.text, attributes);
    if (isEmpty) this.#close(element);
    return end + 1;
  }

  #closeTag(at: number): number {
    const text = this.#text;
    const element = this.#open.at(-1);
    if (element !== undefined && text.startsWith(element.closing, at)) {
      this.#close(element);
      return at + element.closing.length;
    }
    const endOfName = this.#endOfName(at + 2);
    if (endOfName === incomplete) return incomplete;
    const end = this.#skipSpace(endOfName);
    if (end === text.length) return incomplete;
    if (text.charCodeAt(end) !== char.greater)
      throw this.#malformed('a character that is not allowed in a closing tag', end);
    const name = text.slice(at + 2, endOfName);
    if (name !== element?.text) throw this.#malformed(`unexpected closing tag: ${name.slice(0, 80)}`, at);
    this.#close(element);
    return end + 1;
  }

  #close(element: Name): void {
    this.#events.close(element.text);
    this.#open.pop();
  }

  #comment(at: number): number {
    const end = this.#text.indexOf('--', at + 4);
    if (end === -1 || end + 2 === this.#text.length) return incomplete;
    if (this.#text.charCodeAt(end + 2) !== char.greater) throw this.#malformed('`--` within a comment', end);
    this.#events.comment(this.#text.slice(at + 4, end));
    return end + 3;
  }

  #instruction(at: number): number {
    const end = this.#text.indexOf('?>', at + 2);
    if (end === -1) return incomplete;
    const endOfName = this.#endOfName(at + 2);
    const after = this.#text.charCodeAt(endOfName);
    if (after !== char.question && !isSpace(after))
      throw this.#malformed('a processing instruction without a name', at);
    const name = this.#text.slice(at + 2, endOfName);
    if (name.toLowerCase() === 'xml') {
      if (name !== 'xml' || !this.#atStart) throw this.#malformed('an XML declaration that is not at the start', at);
      if (!xmlDeclaration.test(this.#text.slice(endOfName, end))) throw this.#malformed('a wrong XML declaration', at);
    }
    return end + 2;
  }

  #doctype(at: number): number {
    if (this.#seenDoctype || this.#seenRoot) throw this.#malformed('a DOCTYPE in the wrong place', at);
    const end = endOfDoctype(this.#text, at + 9);
    if (end === malformed) throw this.#malformed('`--` within a comment', at);
    if (end === incomplete) return incomplete;
    this.#seenDoctype = true;
    this.#events.doctype(this.#text.slice(at + 9, end));
    return end + 1;
  }

  #openCdata(at: number): number {
    if (this.#open.length === 0) throw this.#malformed('text outside of the root element', at);
    this.#inCdata = true;
    return at + 9;
  }

  #cdata(at: number): number {
    const text = this.#text;
    const found = this.#endOfCdata.within(at, text.length);
    const end = found === -1 ? withoutBrackets(text, at) : found;
    if (end > at && this.#events.wantsText()) this.#events.text(text.slice(at, end));
    if (found === -1) return end === at ? incomplete : end;
    this.#inCdata = false;
    return end + 3;
  }

  /** Text up to the next markup, or as much of it as can be judged. */
  #characters(at: number, isLast: boolean): number {
    const text = this.#text;
    if (this.#less < at) this.#less = text.indexOf('<', at);
    let end = this.#less;
    if (end === -1) {
      end = text.length;
      if (!isLast) {
        const reference = text.lastIndexOf('&');
        const isCut = reference >= at && end - reference < maxReference && !text.includes(';', reference);
        end = isCut ? reference : withoutBrackets(text, at);
        if (end === at) return incomplete;
      }
    }
    if (this.#open.length === 0) {
      if (this.#skipSpace(at) < end) throw this.#malformed('text outside of the root element', at);
      return end;
    }
    if (this.#endOfCdata.within(at, end) !== -1) throw this.#malformed('`]]>` in text', at);
    const hasReference = this.#ampersand.within(at, end) !== -1;
    if (this.#events.wantsText()) this.#events.text(hasReference ? this.#resolved(at, end) : text.slice(at, end));
    else if (hasReference) this.#resolved(at, end);
    return end;
  }

  #value(from: number, end: number): string {
    const isPlain = this.#newline.within(from, end) === -1 && this.#tab.within(from, end) === -1;
    if (isPlain && this.#ampersand.within(from, end) === -1) return this.#text.slice(from, end);
    return this.#resolved(from, end, isPlain ? undefined : normalSpace);
  }

  /** The text from `from` to `end` with its references replaced, and the rest of it as `change` makes it. */
  #resolved(from: number, end: number, change = (text: string): string => text): string {
    const text = this.#text;
    let result = '';
    let at = from;
    for (;;) {
      const reference = this.#ampersand.within(at, end);
      if (reference === -1) return result + change(text.slice(at, end));
      const semicolon = text.slice(reference, Math.min(end, reference + maxReference)).indexOf(';');
      const character = characterOf(text.slice(reference + 1, reference + Math.max(semicolon, 1)));
      if (character === undefined) throw this.#malformed('a reference to an entity that is not defined', reference);
      result += change(text.slice(at, reference)) + character;
      at = reference + semicolon + 1;
    }
  }

  /** Position behind the name at `at`. */
  #endOfName(at: number): number {
    xmlName.lastIndex = at;
    if (xmlName.test(this.#text)) return xmlName.lastIndex < this.#text.length ? xmlName.lastIndex : incomplete;
    if (at >= this.#text.length) return incomplete;
    throw this.#malformed('a character that is not allowed in a name', at);
  }

  #skipSpace(at: number): number {
    let end = at;
    while (isSpace(this.#text.charCodeAt(end))) end += 1;
    return end;
  }

  #malformed(detail: string, at: number): AqeError {
    return new AqeError('AQE2002', detail, this.#place(at));
  }

  #tooLarge(detail: string, at: number): AqeError {
    return new AqeError('AQE2005', detail, this.#place(at));
  }

  #place(at: number): { readonly path: string; readonly line: number } {
    return { path: this.#path, line: this.#lines + newlinesIn(this.#text, at) };
  }
}

function endsName(code: number): boolean {
  return code === char.greater || code === char.slash || isSpace(code);
}
