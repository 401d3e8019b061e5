import { AqeError } from '../../core/error/aqe-error.ts';
import type { AssignedReader, SignalReader } from '../../ports/signal-reader.ts';
import {
  compressionOf,
  decoderFor,
  encodingOf,
  InvalidBytes,
  withoutUtf8,
  type Decoder,
  type Encoding,
} from './decode.ts';
import { compileGlob, type Glob } from './glob.ts';
import { baseName, escapeControl } from './path-text.ts';

export interface Choice {
  readonly reader: SignalReader;
  readonly start: DecodedStart;
}

/** The first bytes of a file as text, and the decoder for those that follow. */
export interface DecodedStart {
  readonly encoding: Encoding;
  readonly text: string;
  readonly decoder: Decoder;
}

/** Text of the start, in UTF-16 units, that readers see when they are asked whether the file is theirs. */
const headLength = 65_536;

/**
 * The reader that a file is for before anyone looked into it: the forced one, or the one that the config assigns to the file,
 * or the only one that knows the name. A reader that names the file exactly goes before one with a pattern. Null if none or
 * several could be meant.
 */
export function expectedReader(readers: readonly SignalReader[], path: string, format?: string): SignalReader | null {
  if (format !== undefined) return readers.find((reader) => reader.id === format) ?? null;
  const assigned = assignedTo(readers, path);
  const fitting = assigned.length > 0 ? assigned : readersByName(readers, path);
  return fitting.length === 1 ? fitting[0]! : null;
}

function readersByName(readers: readonly SignalReader[], path: string): readonly SignalReader[] {
  const name = baseName(path);
  const exact = readers.filter((reader) => reader.names.includes(name));
  if (exact.length > 0) return exact;
  return readers.filter((reader) => knowsName(reader, name));
}

const globs = new WeakMap<readonly string[], readonly Glob[]>();

/** True if one of the reader's patterns fits the base name. */
export function knowsName(reader: SignalReader, name: string): boolean {
  return matchesOne(reader.names, name);
}

function matchesOne(patterns: readonly string[], path: string): boolean {
  const known = globs.get(patterns) ?? patterns.map(compileGlob);
  globs.set(patterns, known);
  return known.some((glob) => glob.matches(path));
}

function isAssigned(reader: SignalReader): reader is AssignedReader {
  return 'files' in reader;
}

/** Readers that the config assigns to the file. */
function assignedTo(readers: readonly SignalReader[], path: string): readonly SignalReader[] {
  return readers.filter(isAssigned).filter((reader) => matchesOne(reader.files, path));
}

/**
 * The reader for a file by its first bytes, unless the config assigns one. Without a claim by content the name decides, so that
 * the refusal of a broken report says which one it was meant to be.
 * @throws AqeError AQE2001, AQE2002, AQE2004, AQE2009.
 */
export function chooseReader(
  readers: readonly SignalReader[],
  path: string,
  start: Uint8Array,
  format?: string,
): Choice {
  const expected = expectedReader(readers, path, format);
  if (format !== undefined && expected === null) {
    const known = readers.map((reader) => reader.id).join(', ');
    throw new AqeError('AQE2004', `no format is called ${escapeControl(format.slice(0, 40))}; known: ${known}`, {
      path,
    });
  }
  const assigned = assignedTo(readers, path);
  // A format that is asked for settles which of several mappings is meant, and never takes a file away from its mapping.
  const isSettled = expected !== null && isAssigned(expected);
  if (assigned.length > 0 && !isSettled) {
    const others = format === undefined ? '' : `, and the format ${format} is asked for`;
    throw new AqeError('AQE2004', `the config assigns the file to ${titles(assigned)}${others}`, { path });
  }
  if (start.length === 0) throw new AqeError('AQE2001', 'the file has 0 bytes', { path });
  const compression = compressionOf(start);
  if (compression !== null) {
    const code = expected === null ? 'AQE2004' : 'AQE2002';
    throw new AqeError(code, `the file is compressed (${compression}), and compressed reports are not opened`, {
      path,
    });
  }
  const decoded = decodeStart(path, start);
  if (expected !== null && (format !== undefined || isSettled)) return { reader: expected, start: decoded };

  const text = decoded.text.slice(0, headLength);
  const claims = readers.filter((reader) => reader.detects({ path, text }));
  if (claims.length > 1) {
    throw new AqeError('AQE2004', `more than one format claims the file: ${titles(claims)}`, { path });
  }
  const reader = claims[0] ?? expected;
  if (reader === null) throw unclaimed(readers, path, text);
  return { reader, start: decoded };
}

function decodeStart(path: string, start: Uint8Array): DecodedStart {
  const decodedAs = (encoding: Encoding): DecodedStart => {
    const decoder = decoderFor(encoding);
    return { encoding, text: decoder.push(start), decoder };
  };
  const encoding = encodingOf(path, start);
  try {
    return decodedAs(encoding);
  } catch (cause) {
    if (!(cause instanceof InvalidBytes)) throw cause;
    const other = withoutUtf8(encoding);
    if (other === null) throw undecodable(path, encoding);
    return decodedAs(other);
  }
}

export function undecodable(path: string, encoding: Encoding): AqeError {
  return new AqeError('AQE2009', `the file says it is ${encoding.label} and has bytes that are not`, { path });
}

function unclaimed(readers: readonly SignalReader[], path: string, text: string): AqeError {
  if (text.trim() === '' && text.length < headLength) {
    return new AqeError('AQE2001', 'the file has nothing but white space', { path });
  }
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(text))
    return new AqeError('AQE2004', 'the file is an HTML page', { path });
  const named = readersByName(readers, path);
  if (named.length === 0) return new AqeError('AQE2004', 'its content begins like no format that is read', { path });
  return new AqeError('AQE2004', `the name fits ${titles(named)}, the content fits none of them`, { path });
}

function titles(readers: readonly SignalReader[]): string {
  return readers.map((reader) => reader.title).join(', ');
}
