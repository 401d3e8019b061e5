import { createHash, type Hash } from 'node:crypto';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { chooseReader, expectedReader, undecodable, type Choice } from './choose-reader.ts';
import { decoderFor, encodingOf, InvalidBytes, withoutUtf8, type Encoding } from './decode.ts';
import type { OpenFile } from './open-evidence.ts';

export type Outcome = { readonly sha256: string | null } & (
  | { readonly outcome: 'read'; readonly format: string; readonly reading: Reading }
  | { readonly outcome: 'refused'; readonly format: string | null; readonly error: AqeError }
);

/** Finds the reader of an open file and runs it, holding one chunk in memory. Throws nothing but bugs of a reader. */
export async function readReport(
  file: OpenFile,
  readers: readonly SignalReader[],
  format: string | undefined,
): Promise<Outcome> {
  let expected = expectedReader(readers, file.path, format)?.id ?? null;
  try {
    const choice = chooseOrRefusal(readers, file.path, await firstChunk(file), format);
    if (choice instanceof AqeError) return refused(expected, choice, await sha256Of(file));
    expected = choice.reader.id;
    return await readWith(choice, file);
  } catch (error) {
    if (error instanceof AqeError) return refused(expected, error, null);
    throw error;
  }
}

/** SHA-256 of the bytes as they lie on disk, in hexadecimal. @throws AqeError AQE2008 if they change meanwhile. */
export async function sha256Of(file: OpenFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.chunks()) hash.update(chunk);
  return hash.digest('hex');
}

/** The whole file as text. @throws AqeError AQE2008, AQE2009. */
export async function textOf(file: OpenFile): Promise<string> {
  let encoding = encodingOf(file.path, await firstChunk(file));
  for (;;) {
    const pieces: string[] = [];
    try {
      for await (const piece of texts(file, encoding)) pieces.push(piece);
      return pieces.join('');
    } catch (cause) {
      if (!(cause instanceof InvalidBytes)) throw cause;
      const other = withoutUtf8(encoding);
      if (other === null) throw undecodable(file.path, encoding);
      encoding = other;
    }
  }
}

async function firstChunk(file: OpenFile): Promise<Uint8Array> {
  for await (const chunk of file.chunks()) return chunk;
  return new Uint8Array();
}

function chooseOrRefusal(...args: Parameters<typeof chooseReader>): Choice | AqeError {
  try {
    return chooseReader(...args);
  } catch (error) {
    if (error instanceof AqeError) return error;
    throw error;
  }
}

async function readWith({ reader, encoding }: Choice, file: OpenFile): Promise<Outcome> {
  const hash = createHash('sha256');
  const session = quietSession(reader, file.path);
  try {
    for await (const text of texts(file, encoding, hash)) session.push(text);
  } catch (cause) {
    if (!(cause instanceof InvalidBytes)) throw cause;
    const other = withoutUtf8(encoding);
    // A session cannot forget what it was told, so a fresh one reads from the start.
    if (other !== null) return readWith({ reader, encoding: other }, file);
    return refused(reader.id, undecodable(file.path, encoding), await sha256Of(file));
  }
  const reading = session.finish();
  const sha256 = hash.digest('hex');
  if (reading instanceof AqeError) return refused(reader.id, reading, sha256);
  const notices = [...reading.notices, ...encoding.notices];
  return { outcome: 'read', format: reader.id, reading: { ...reading, notices }, sha256 };
}

/** Text of the file in pieces; `hash` is fed with the bytes in the same pass. @throws InvalidBytes */
async function* texts(file: OpenFile, encoding: Encoding, hash?: Hash): AsyncGenerator<string, void> {
  const decoder = decoderFor(encoding);
  for await (const chunk of file.chunks()) {
    hash?.update(chunk);
    const text = decoder.push(chunk);
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

interface QuietSession {
  push(text: string): void;
  finish(): Reading | AqeError;
}

/** A session that keeps its first refusal instead of throwing it, so that the bytes are hashed to their end. */
function quietSession(reader: SignalReader, path: string): QuietSession {
  let refusal: AqeError | null = null;
  const attempt = <T>(work: () => T): T | null => {
    if (refusal !== null) return null;
    try {
      return work();
    } catch (error) {
      refusal = asRefusal(error, path);
      return null;
    }
  };
  const session = attempt(() => reader.open({ path }));
  return {
    push: (text) => void attempt(() => session?.push(text)),
    finish: () => attempt(() => session!.finish()) ?? refusal!,
  };
}

/** Bugs of the reader are thrown on. */
function asRefusal(error: unknown, path: string): AqeError {
  if (error instanceof AqeError) {
    if (error.context['path'] !== undefined) return error;
    return new AqeError(error.code, error.detail, { ...error.context, path }, error);
  }
  // What the engine throws when hostile input exhausts the stack or the longest string.
  if (error instanceof RangeError) {
    return new AqeError('AQE2005', 'it is nested too deeply or is too long to be read', { path }, error);
  }
  throw error;
}

function refused(format: string | null, error: AqeError, sha256: string | null): Outcome {
  return { outcome: 'refused', format, error, sha256 };
}
