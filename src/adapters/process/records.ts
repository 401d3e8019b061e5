import { StringDecoder } from 'node:string_decoder';

/** `latin1` keeps every byte apart, for names that are hashed and not shown. */
export type TextEncoding = 'utf8' | 'latin1';

/** Cuts a byte stream into records. A record longer than `maxLength` characters loses its end; memory stays bounded by it. */
export class RecordSplitter {
  readonly #decoder: StringDecoder;
  readonly #separator: string;
  readonly #maxLength: number;
  #rest = '';

  constructor(separator: '\0' | '\n', encoding: TextEncoding, maxLength: number) {
    this.#decoder = new StringDecoder(encoding);
    this.#separator = separator;
    this.#maxLength = maxLength;
  }

  /** Records that these bytes complete, without their separator. */
  *push(bytes: Buffer): Generator<string> {
    const text = this.#decoder.write(bytes);
    let start = 0;
    for (let end = text.indexOf(this.#separator); end >= 0; end = text.indexOf(this.#separator, start)) {
      const record = this.#join(text.slice(start, end));
      start = end + 1;
      this.#rest = '';
      yield record;
    }
    this.#rest = this.#join(text.slice(start));
  }

  /** What stands after the last separator; empty if the stream ended with one. */
  end(): string {
    return this.#join(this.#decoder.end());
  }

  #join(more: string): string {
    const joined = this.#rest === '' ? more : this.#rest + more;
    return joined.length > this.#maxLength ? joined.slice(0, this.#maxLength) : joined;
  }
}
