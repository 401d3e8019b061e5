import { incomplete } from './xml-text.ts';

/** Different names that are remembered. No format has as many; a hostile file may. */
const maxNames = 1024;

/** Attributes of one element by name: an object without any property but these, so that `__proto__` is a plain key. */
export type XmlAttributes = Readonly<Record<string, string>>;

// V8 handles such objects far quicker than those of Object.create(null).
export class Attributes {
  [name: string]: string;
}
Reflect.deleteProperty(Attributes.prototype, 'constructor');
Object.setPrototypeOf(Attributes.prototype, null);

/** A name that was met, and what will stand around it the next time. */
export class Name {
  readonly text: string;
  /** How it stands in a tag as almost all tools write it: `<name` or ` name="`. */
  readonly opening: string;
  /** Of an element: its closing tag. */
  readonly closing: string;
  /** The name that followed it the last time: the next element, or the next attribute of the same element. */
  next: Name | undefined;
  /** Of an element: its first attribute the last time. */
  first: Name | undefined;
  /** Of an attribute: number of the tag that had it last. */
  tag = 0;

  constructor(text: string, opening: string, closing: string) {
    this.text = text;
    this.opening = opening;
    this.closing = closing;
  }
}

/** One {@link Name} for each text. Drop all of them or none: an attribute with two names could stand in one tag twice. */
export class Names {
  readonly #elements = new Map<string, Name>();
  readonly #attributes = new Map<string, Name>();

  get areTooMany(): boolean {
    return this.#elements.size + this.#attributes.size > maxNames;
  }

  element(text: string): Name {
    let name = this.#elements.get(text);
    if (!name) this.#elements.set(text, (name = new Name(text, `<${text}`, `</${text}>`)));
    return name;
  }

  attribute(text: string): Name {
    let name = this.#attributes.get(text);
    if (!name) this.#attributes.set(text, (name = new Name(text, ` ${text}="`, '')));
    return name;
  }
}

/** Where a mark occurs next: one search through a text for all its tags. */
export class Occurrence {
  readonly #mark: string;
  #text = '';
  #at = incomplete;

  constructor(mark: string) {
    this.#mark = mark;
  }

  in(text: string): void {
    this.#text = text;
    this.#at = incomplete;
  }

  /** Position of the first one in `from`..`end`, or -1. `from` never goes back. */
  within(from: number, end: number): number {
    if (this.#at < from) {
      const found = this.#text.indexOf(this.#mark, from);
      this.#at = found === -1 ? this.#text.length : found;
    }
    return this.#at < end ? this.#at : -1;
  }
}
