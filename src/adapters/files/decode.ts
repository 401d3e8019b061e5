import { isAscii } from 'node:buffer';
import { AqeError } from '../../core/error/aqe-error.ts';

/** How the bytes of one file are to be read as text. */
export interface Encoding {
  /** Label for `TextDecoder`. */
  readonly label: string;
  /** Bytes of the byte order mark at the start, which is no part of the text. */
  readonly skip: number;
  /** What a reader of the result should know about the choice. */
  readonly notices: readonly string[];
}

/** Turns bytes into text, chunk by chunk, strictly: wrong bytes are never replaced. */
export interface Decoder {
  /** @throws InvalidBytes */
  push(bytes: Uint8Array): string;
  /** Whether the bytes are text as they stand: ASCII, in an encoding that contains it, and no character is half read. */
  isPlain(bytes: Uint8Array): boolean;
  /** @throws InvalidBytes if the last character is cut off. */
  end(): string;
}

/** The bytes are not text of the encoding. Callers catch it: they try {@link withoutUtf8} or refuse the file. */
export class InvalidBytes extends Error {
  override readonly name = 'InvalidBytes';
}

const marks: readonly (readonly [label: string, bytes: readonly number[]])[] = [
  // UTF-32 first: its little-endian mark starts with the one of UTF-16.
  ['utf-32', [0xff, 0xfe, 0, 0]],
  ['utf-32', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Chooses by byte order mark, then by the zero bytes that give UTF-16 away, then by the XML declaration; else UTF-8.
 * @throws AqeError AQE2009 if the choice is an encoding that cannot be decoded.
 */
export function encodingOf(path: string, start: Uint8Array): Encoding {
  const mark = marks.find(([, bytes]) => bytes.every((byte, at) => start[at] === byte));
  const label = mark?.[0] ?? labelByZeros(start);
  if (label === 'utf-32') throw new AqeError('AQE2009', 'the file is UTF-32', { path });
  if (label !== null) return { label, skip: mark?.[1].length ?? 0, notices: [] };
  const declared = declaredEncoding(start);
  if (declared === null) return { label: 'utf-8', skip: 0, notices: [] };
  const known = canonical(path, declared);
  if (!known.startsWith('utf-16')) return { label: known, skip: 0, notices: [] };
  // The declaration could be read byte by byte, so it cannot be true.
  return { label: 'utf-8', skip: 0, notices: [`declared as ${declared} and read as UTF-8, which it is`] };
}

/** The second choice for bytes that are not UTF-8 although nothing says otherwise; null if there is none. */
export function withoutUtf8(encoding: Encoding): Encoding | null {
  if (encoding.label !== 'utf-8') return null;
  const notice = 'not valid UTF-8 and read as windows-1252: letters beyond ASCII may be wrong';
  return { label: 'windows-1252', skip: encoding.skip, notices: [...encoding.notices, notice] };
}

export function decoderFor(encoding: Encoding): Decoder {
  const decoder = new TextDecoder(encoding.label, { fatal: true, ignoreBOM: true });
  let skip = encoding.skip;
  let midway = false;
  let lastByte = 0;
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch (cause) {
      if (cause instanceof TypeError) throw new InvalidBytes(`not ${encoding.label}`, { cause });
      throw cause;
    }
  };
  return {
    push(bytes) {
      // Node is far quicker with bytes that stand for themselves, which UTF-8 shows by an ASCII character at the end.
      const open = encoding.label !== 'utf-8' || (bytes.at(-1) ?? 0x80) >= 0x80;
      const text = decode(bytes.subarray(skip), midway || open);
      lastByte = bytes.at(-1) ?? lastByte;
      midway ||= open;
      skip = Math.max(0, skip - bytes.length);
      return text;
    },
    isPlain: (bytes) => encoding.label === 'utf-8' && skip === 0 && lastByte < 0x80 && isAscii(bytes),
    end: () => decode(new Uint8Array(), false),
  };
}

/** Markup and JSON start with an ASCII character or white space, which UTF-16 and UTF-32 write with zero bytes. */
function labelByZeros(start: Uint8Array): string | null {
  const zeros = [...start.subarray(0, 4)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if (zeros === 'x000' || zeros === '000x') return 'utf-32';
  if (zeros === 'x0x0' || zeros === 'x0') return 'utf-16le';
  if (zeros === '0x0x' || zeros === '0x') return 'utf-16be';
  return null;
}

function declaredEncoding(start: Uint8Array): string | null {
  const text = String.fromCharCode(...start.subarray(0, 1024));
  const declaration = /^\s*<\?xml\s([^?>]*)\?>/.exec(text)?.[1];
  return /\bencoding\s*=\s*["']\s*([^"']*)["']/.exec(declaration ?? '')?.[1]?.trim() ?? null;
}

function canonical(path: string, label: string): string {
  // Only what XML allows as a name is shown: the rest of the file is nobody's business in an error.
  const shown = /^[A-Za-z][A-Za-z0-9._-]{0,39}$/.test(label) ? ` ${label}` : '';
  try {
    return new TextDecoder(label, { fatal: true }).encoding;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AqeError('AQE2009', `the XML declaration names an encoding${shown} that is not known`, { path }, cause);
  }
}

const packed: readonly (readonly [name: string, mark: string])[] = [
  ['gzip', '\x1f\x8b'],
  ['zip', 'PK\x03\x04'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['xz', '\xfd7zXZ\x00'],
  ['bzip2', 'BZh91AY&SY'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
];

/** Name of the compression whose mark the file starts with. Nothing compressed is ever opened: bombs stay closed. */
export function compressionOf(start: Uint8Array): string | null {
  const text = String.fromCharCode(...start.subarray(0, 16));
  return packed.find(([, mark]) => text.startsWith(mark))?.[0] ?? null;
}
