import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type {
  DeploymentHistory,
  HistoryChunk,
  HistoryFormat,
  HistoryRequest,
  HistoryRow,
} from '../../ports/deployment-history.ts';
import { decoderFor, encodingOf, InvalidBytes, type Decoder } from '../files/decode.ts';
import { missingFile, openEvidence, type OpenFile } from '../files/open-evidence.ts';
import { csvHistory } from './csv.ts';
import { formatOf } from './format-of.ts';
import { githubHistory } from './github.ts';
import { gitlabHistory } from './gitlab.ts';
import { ndjsonHistory } from './ndjson.ts';
import { unreadable, type Emit, type HistoryReader } from './reader.ts';

const readers: Readonly<Record<HistoryFormat, (emit: Emit) => HistoryReader>> = {
  ndjson: ndjsonHistory,
  csv: csvHistory,
  github: githubHistory,
  gitlab: gitlabHistory,
};

const pieceSize = 64 * 1024;
/** Rows that are handed on together. */
const together = 1_000;

/** Regular files by paths from the folder `cwd`; holds one piece of a file, and for GitHub and GitLab what was deployed. */
export function historyFiles(cwd: string): DeploymentHistory {
  return { rows: (request) => rowsOf(cwd, request) };
}

async function* rowsOf(cwd: string, { files, statuses, format }: HistoryRequest): AsyncGenerator<HistoryChunk> {
  let rows: HistoryRow[] = [];
  const made = new Map<HistoryFormat, HistoryReader>();
  const readerOf = (wanted: HistoryFormat): HistoryReader => {
    const reader = made.get(wanted) ?? readers[wanted]((row) => void rows.push(row));
    made.set(wanted, reader);
    return reader;
  };
  const asked: readonly (readonly [path: string, format: HistoryFormat | undefined])[] = [
    ...files.map((path) => [path, format] as const),
    ...statuses.map((path) => [path, 'github'] as const),
  ];
  for (const [path, known] of asked) {
    for await (const _ of feed(cwd, path, known, readerOf)) {
      if (rows.length < together) continue;
      yield { rows, notices: [] };
      rows = [];
    }
  }
  const notices = [...made.values()].flatMap((reader) => reader.end());
  for (let at = 0; at < rows.length; at += together) yield { rows: rows.slice(at, at + together), notices: [] };
  yield { rows: [], notices };
}

/** Gives a reader a file piece by piece, and control back after each. @throws AqeError AQE2013–AQE2015. */
async function* feed(
  cwd: string,
  path: string,
  known: HistoryFormat | undefined,
  readerOf: (format: HistoryFormat) => HistoryReader,
): AsyncGenerator<void> {
  try {
    const file = await openAt(cwd, path);
    try {
      yield* feedFrom(file, path, known, readerOf);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw historyError(error, path);
  }
}

async function* feedFrom(
  file: OpenFile,
  path: string,
  known: HistoryFormat | undefined,
  readerOf: (format: HistoryFormat) => HistoryReader,
): AsyncGenerator<void> {
  let session: ReturnType<HistoryReader['open']> | null = null;
  let decoder: Decoder | null = null;
  let isEmpty = true;
  const give = (text: string): void => {
    if (text === '') return;
    isEmpty &&= text.trim() === '';
    session ??= open(text);
    session.push(text);
  };
  const open = (text: string): ReturnType<HistoryReader['open']> => {
    const format = known ?? formatOf(path, text);
    // A page that lists nothing says nothing, whoever wrote it.
    return readerOf(format ?? 'github').open(path);
  };
  for await (const chunk of file.chunks()) {
    for (let at = 0; at < chunk.length; at += pieceSize) {
      const piece = chunk.subarray(at, at + pieceSize);
      decoder ??= decoderFor(encodingOf(path, piece));
      give(decoder.push(piece));
      yield;
    }
  }
  give(decoder?.end() ?? '');
  if (isEmpty || session === null) throw unreadable('the file has no content', { path });
  (session as ReturnType<HistoryReader['open']>).finish();
  yield;
}

async function openAt(cwd: string, path: string): Promise<OpenFile> {
  // The user names the file, links and all; what counts is that it is one.
  const real = await realpath(resolve(cwd, path)).catch((cause: unknown) => {
    const code = codeOf(cause);
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw unreadable(isMissing ? 'there is no such file' : `the system answers ${code}`, { path }, cause);
  });
  const folder = dirname(real);
  const file = await openEvidence(folder, folder, real);
  if (file === null) throw missingFile(path);
  return file;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'with an error';
}

function historyError(error: unknown, path: string): unknown {
  if (error instanceof AqeError) {
    const isOurs = ['AQE2013', 'AQE2014', 'AQE2015'].includes(error.code);
    return isOurs ? error : unreadable(error.detail, { ...error.context, path }, error);
  }
  if (error instanceof InvalidBytes) return unreadable('it is not UTF-8', { path }, error);
  // What the engine throws when hostile input exhausts the stack or the longest string.
  if (error instanceof RangeError) return unreadable('it is nested too deeply or too long to be read', { path }, error);
  return error;
}
