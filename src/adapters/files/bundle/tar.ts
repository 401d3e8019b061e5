// POSIX.1-2017, pax: ustar headers, and an extended header for a name that does not fit into one. Only what is written here is
// read here: an entry whose header has any other bytes (links, devices, owners, times, sizes said twice) is refused.

const blockSize = 512;
/** Sizes are eleven octal digits. */
const largest = 0o77777777777;
const longestRecord = 8 * blockSize;

/** A problem of the archive, as half a sentence. */
export class TarError extends Error {}

/** The bytes before the content of a file. The same name and size have the same bytes. @throws TarError. */
export function entryHead(name: string, size: number): Uint8Array {
  if (size > largest) throw new TarError(`${name} is larger than an archive can say`);
  if (/^[ -~]{1,100}$/.test(name)) return header(name, size, '0');
  const record = paxRecord(name);
  const plain = name
    .replace(/[^ -~]/g, '_')
    .slice(-100)
    .replace(/^\/+/, '');
  return Buffer.concat([
    header('pax/path', record.length, 'x'),
    record,
    padding(record.length),
    header(plain, size, '0'),
  ]);
}

/** What follows the content. */
export function padding(size: number): Uint8Array {
  return new Uint8Array((blockSize - (size % blockSize)) % blockSize);
}

export const archiveEnd: Uint8Array = new Uint8Array(2 * blockSize);

function header(name: string, size: number, type: '0' | 'x'): Uint8Array {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  };
  block.write(name, 0, 'latin1');
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.fill(0x20, 148, 156);
  block.write(type, 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  octal(0, 329, 7);
  octal(0, 337, 7);
  let sum = 0;
  for (const byte of block) sum += byte;
  octal(sum, 148, 6);
  block[154] = 0;
  return block;
}

/** `<length> path=<name>\n`, where the length counts its own digits. */
function paxRecord(name: string): Uint8Array {
  const rest = Buffer.from(` path=${name}\n`);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Exactly `size` bytes; to be read to the end before the next entry is asked for. */
  content(): AsyncGenerator<Uint8Array, void>;
}

/** The files of an archive in order. @throws TarError for everything that `entryHead` does not write. */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void> {
  const input = byteInput(bytes);
  for (;;) {
    const start = await input.take(blockSize);
    if (start.every((byte) => byte === 0)) break;
    const { name, size } = await headOf(start, input);
    yield { name, size, content: () => input.upTo(size) };
    if ((await input.take(padding(size).length)).some((byte) => byte !== 0))
      throw new TarError(`something is hidden behind ${name}`);
  }
  if ((await input.take(blockSize)).some((byte) => byte !== 0) || (await input.hasMore()))
    throw new TarError('something follows the end of the archive');
}

async function headOf(start: Uint8Array, input: ByteInput): Promise<{ readonly name: string; readonly size: number }> {
  const isLong = start[156] === 0x78;
  const pieces = [start];
  let name = text(start.subarray(0, 100));
  if (isLong) {
    const length = sizeIn(start);
    if (length > longestRecord) throw new TarError('a name is too long');
    const record = await input.take(length);
    name = /^\d+ path=([^]*)\n$/.exec(text(record))?.[1] ?? '';
    pieces.push(record, await input.take(padding(length).length), await input.take(blockSize));
  }
  const head = Buffer.concat(pieces);
  const size = sizeIn(pieces.at(-1)!);
  if (name === '' || !head.equals(entryHead(name, size)))
    throw new TarError(`the header of ${JSON.stringify(name.slice(0, 200))} is none that a bundle has`);
  return { name, size };
}

function sizeIn(block: Uint8Array): number {
  const digits = text(block.subarray(124, 135));
  if (!/^[0-7]{11}$/.test(digits)) throw new TarError('an entry has no size');
  return Number.parseInt(digits, 8);
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

interface ByteInput {
  /** Exactly so many bytes. @throws TarError if there are fewer. */
  take(count: number): Promise<Uint8Array>;
  upTo(count: number): AsyncGenerator<Uint8Array, void>;
  hasMore(): Promise<boolean>;
}

function byteInput(bytes: AsyncIterable<Uint8Array>): ByteInput {
  const source = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const hasMore = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { done, value } = await source.next();
      if (done === true) return false;
      rest = value;
    }
    return true;
  };
  async function* upTo(count: number): AsyncGenerator<Uint8Array, void> {
    for (let left = count; left > 0;) {
      if (!(await hasMore())) throw new TarError('it ends too early');
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    hasMore,
    upTo,
    async take(count) {
      const pieces: Uint8Array[] = [];
      for await (const piece of upTo(count)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}
