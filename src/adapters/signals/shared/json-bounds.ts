import type { ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';
import { JsonString } from './json-string.ts';

const quote = 0x22;
const comma = 0x2c;

/**
 * Holds a JSON text to the limits of its file before it is parsed as a whole: parsing would need room for all of it first.
 * Counts brackets, commas and the lengths of strings; whether the text is JSON is for the parser to say.
 */
export class JsonBounds {
  readonly #bounds: Bounds;
  #depth = 0;
  readonly #string = new JsonString();
  /** Length so far of a string that the last piece ended in. */
  #length = 0;

  constructor(file: ReportFile) {
    this.#bounds = new Bounds(file);
  }

  /** @throws AqeError AQE2005 */
  push(text: string): void {
    const { length } = text;
    let items = 0;
    let at = 0;
    while (at < length) {
      if (this.#string.isOpen) {
        const from = at;
        at = this.#string.skip(text, at);
        this.#length += at - from;
        this.#bounds.text(this.#length, 'a string');
        continue;
      }
      const code = text.charCodeAt(at);
      at += 1;
      if (code === quote) {
        this.#string.isOpen = true;
        this.#length = 0;
      } else if (code === comma) items += 1;
      // `{` and `[`, and `}` and `]`, differ in one bit that no other of the four has.
      else if ((code | 0x20) === 0x7b) {
        items += 1;
        this.#depth += 1;
        this.#bounds.depth(this.#depth);
      } else if ((code | 0x20) === 0x7d) this.#depth -= 1;
    }
    this.#bounds.item(undefined, items);
  }
}
