const quote = 0x22;
const backslash = 0x5c;

/** Finds the end of a JSON string whose text comes in pieces. Whether its escapes are right is for the parser to say. */
export class JsonString {
  /** True from the quote that begins a string until the one that ends it. */
  isOpen = false;
  /** The piece ended behind a backslash: what comes first in the next is escaped. */
  #escaped = false;

  /** Index behind the quote that ends the string, or the text's length if it goes on; `from` lies inside of it. */
  skip(text: string, from: number): number {
    const { length } = text;
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    for (; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === backslash) {
        at += 1;
        if (at === length) this.#escaped = true;
      } else if (code === quote) {
        this.isOpen = false;
        return at + 1;
      }
    }
    return length;
  }
}
