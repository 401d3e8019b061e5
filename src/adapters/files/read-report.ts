import { createHash } from 'node:crypto';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { ContentLimits } from '../../core/evidence/limits.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { ByteSession, ReadingSession, ReportFile, SignalReader } from '../../ports/signal-reader.ts';
import { chooseReader, expectedReader, undecodable, type Choice, type DecodedStart } from './choose-reader.ts';
import { decoderFor, encodingOf, InvalidBytes, withoutUtf8, type Encoding } from './decode.ts';
import type { OpenFile } from './open-evidence.ts';

/** Bytes decoded at once: V8 takes more than twice as long for longer strings, which it allocates one by one. */
const pieceSize = 64 * 1024;

export type Outcome = { readonly sha256: string | null } & (
  | { readonly outcome: 'read'; readonly format: string; readonly reading: Reading }
  | { readonly outcome: 'refused'; readonly format: string | null; readonly error: AqeError }
);

/** What is done with the bytes in the pass that reads them; null as a digest if somebody else computes it. */
interface Digest {
  update(bytes: Uint8Array): void;
  hex(): string | null;
}

function sha256(): Digest {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

const noDigest = (): Digest => ({ update: () => undefined, hex: () => null });

export interface ReportOptions {
  /** Forces a reader. */
  readonly format?: string | undefined;
  /** Absent: the defaults. */
  readonly limits?: ContentLimits | undefined;
  /** False leaves the digest to somebody else. Default: true. */
  readonly withDigest?: boolean;
}

/**
 * Finds the reader of an open file and runs it, in one pass and holding one chunk in memory. Throws nothing but bugs of a
 * reader.
 */
export async function readReport(
  file: OpenFile,
  readers: readonly SignalReader[],
  { format, limits, withDigest = true }: ReportOptions,
): Promise<Outcome> {
  let expected = expectedReader(readers, file.path, format)?.id ?? null;
  const chunks = file.chunks();
  try {
    const { value: first = new Uint8Array() } = await chunks.next();
    const choice = chooseOrRefusal(readers, file.path, first, format);
    if (choice instanceof AqeError) return refused(expected, choice, withDigest ? await sha256Of(file) : null);
    expected = choice.reader.id;
    const digest = withDigest ? sha256 : noDigest;
    const hash = digest();
    hash.update(first);
    const open = (): QuietSession => quietSession(choice.reader, { path: file.path, ...(limits ? { limits } : {}) });
    return await readWith(choice.reader, file, choice.start, chunks, { hash, digest, open });
  } catch (error) {
    if (error instanceof AqeError) return refused(expected, error, null);
    throw error;
  }
}

/** SHA-256 of the bytes as they lie on disk, in hexadecimal. @throws AqeError AQE2008 if they change meanwhile. */
export async function sha256Of(file: OpenFile): Promise<string> {
  return (await hexOf(file, sha256()))!;
}

async function hexOf(file: OpenFile, hash: Digest): Promise<string | null> {
  for await (const chunk of file.chunks()) hash.update(chunk);
  return hash.hex();
}

/** The whole file as text. @throws AqeError AQE2008, AQE2009. */
export async function textOf(file: OpenFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of file.chunks()) pieces.push(chunk.slice());
  const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  const encoding = encodingOf(file.path, bytes);
  try {
    return wholeText(bytes, encoding);
  } catch (cause) {
    if (!(cause instanceof InvalidBytes)) throw cause;
    const other = withoutUtf8(encoding);
    if (other === null) throw undecodable(file.path, encoding);
    return wholeText(bytes, other);
  }
}

function wholeText(bytes: Uint8Array, encoding: Encoding): string {
  const decoder = decoderFor(encoding);
  return decoder.push(bytes) + decoder.end();
}

function chooseOrRefusal(...args: Parameters<typeof chooseReader>): Choice | AqeError {
  try {
    return chooseReader(...args);
  } catch (error) {
    if (error instanceof AqeError) return error;
    throw error;
  }
}

async function readWith(
  reader: SignalReader,
  file: OpenFile,
  start: DecodedStart,
  chunks: AsyncIterable<Uint8Array>,
  { hash, digest, open }: { readonly hash: Digest; digest(): Digest; open(): QuietSession },
): Promise<Outcome> {
  const { encoding } = start;
  const session = open();
  try {
    await feed(session, start, chunks, hash);
  } catch (cause) {
    if (!(cause instanceof InvalidBytes)) throw cause;
    const other = withoutUtf8(encoding);
    if (other === null) return refused(reader.id, undecodable(file.path, encoding), await hexOf(file, digest()));
    // A session cannot forget what it was told, so a fresh one reads from the start.
    const afresh = { encoding: other, text: '', decoder: decoderFor(other) };
    return readWith(reader, file, afresh, file.chunks(), { hash: digest(), digest, open });
  }
  const reading = session.finish();
  const hex = hash.hex();
  if (reading instanceof AqeError) return refused(reader.id, reading, hex);
  const notices = [...reading.notices, ...encoding.notices];
  return { outcome: 'read', format: reader.id, reading: { ...reading, notices }, sha256: hex };
}

/** Gives a session the start of a file and what follows it, and feeds `hash` with the bytes in the same pass. @throws InvalidBytes */
async function feed(
  session: QuietSession,
  { text, decoder }: DecodedStart,
  chunks: AsyncIterable<Uint8Array>,
  hash: Digest,
): Promise<void> {
  session.push(text);
  for await (const chunk of chunks) {
    hash.update(chunk);
    if (session.pushBytes && decoder.isPlain(chunk)) {
      session.pushBytes(chunk);
      continue;
    }
    for (let at = 0; at < chunk.length; at += pieceSize) session.push(decoder.push(chunk.subarray(at, at + pieceSize)));
  }
  session.push(decoder.end());
}

interface QuietSession {
  push(text: string): void;
  /** Undefined for a session that takes text only. */
  readonly pushBytes: ((bytes: Uint8Array) => void) | undefined;
  finish(): Reading | AqeError;
}

/** A session that keeps its first refusal instead of throwing it, so that the bytes are hashed to their end. */
function quietSession(reader: SignalReader, file: ReportFile): QuietSession {
  let refusal: AqeError | null = null;
  const attempt = <T>(work: () => T): T | null => {
    if (refusal !== null) return null;
    try {
      return work();
    } catch (error) {
      refusal = asRefusal(error, file.path);
      return null;
    }
  };
  const session = attempt(() => reader.open(file));
  const bytesSession = session && takesBytes(session) ? session : null;
  return {
    push: (text) => (text === '' ? undefined : void attempt(() => session?.push(text))),
    pushBytes: bytesSession ? (bytes) => void attempt(() => bytesSession.pushBytes(bytes)) : undefined,
    finish: () => attempt(() => session!.finish()) ?? refusal!,
  };
}

function takesBytes(session: ReadingSession): session is ByteSession {
  return 'pushBytes' in session;
}

/** A sentence of a reader is short, yet it may name what is of any length in a report. */
const maxDetail = 250;

function shortened(detail: string): string {
  return detail.length <= maxDetail ? detail : `${detail.slice(0, maxDetail).toWellFormed()}…`;
}

/** Bugs of the reader are thrown on. */
function asRefusal(error: unknown, path: string): AqeError {
  if (error instanceof AqeError) {
    const detail = shortened(error.detail);
    if (error.context['path'] !== undefined && detail === error.detail) return error;
    return new AqeError(error.code, detail, { ...error.context, path: error.context['path'] ?? path }, error);
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
