import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import { errorCode, escapeControl, hasControl } from './path-text.ts';

/** A regular file of the project, open. */
export interface OpenFile {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** ISO-8601 UTC. */
  readonly modifiedAt: string;
  /**
   * The bytes from the start on; may be called again. A chunk is valid until the next one is asked for. Never gives more
   * than `bytes`.
   * @throws AqeError AQE2008 if the file is not what it was when it was opened.
   */
  chunks(): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

const chunkSize = 1024 * 1024;

// Windows knows neither flag.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file by a path that may be hostile: relative to the project or absolute within it. Links are followed as long
 * as they stay inside. `realRoot` is the project folder without links, `root` the same as the user names it. Null if
 * there is nothing at that path.
 * @throws AqeError AQE2008 for everything that is not a regular file inside the project.
 */
export async function openEvidence(root: string, realRoot: string, path: string): Promise<OpenFile | null> {
  const inside = pathInside(root, realRoot, path);
  try {
    const real = await realPathOf(join(realRoot, inside));
    if (real === null) return null;
    if (!isBelow(realRoot, real)) throw refusal(inside, 'it is reached over a link that leads out of the project');
    // A device may act on being opened, so look first; whatever is swapped in after the look is found out below.
    if (!(await lstat(real)).isFile()) throw refusal(inside, 'it is not a regular file');
    return await openRegular(realRoot, real, inside);
  } catch (cause) {
    if (cause instanceof AqeError) throw cause;
    throw refusal(inside, reasonOf(cause), cause);
  }
}

/** The path relative to the project. @throws AqeError AQE2008 if it does not lead into it as it is written. */
function pathInside(root: string, realRoot: string, path: string): string {
  if (hasControl(path)) throw refusal(path, 'the path has control characters');
  const parts = (sep === '\\' ? path.replaceAll('\\', '/') : path).split('/');
  if (parts.includes('..')) throw refusal(path, 'the path has a part `..`');
  if (!isAbsolute(path)) return named(path, parts.filter((part) => part !== '' && part !== '.').join('/'));
  for (const base of [resolve(root), realRoot]) {
    const below = relative(base, path);
    if (!isAbsolute(below) && below.split(sep)[0] !== '..') return named(path, below.split(sep).join('/'));
  }
  throw refusal(path, 'it lies outside the project');
}

function named(path: string, inside: string): string {
  if (inside === '') throw refusal(path, 'the path names no file');
  return inside;
}

/** Null if there is nothing; a link to nothing is something. */
async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const link = await lstat(path).catch(() => null);
    if (link === null) return null;
    throw cause;
  }
}

async function openRegular(realRoot: string, real: string, path: string): Promise<OpenFile> {
  const handle = await open(real, flags);
  try {
    const opened = await handle.stat({ bigint: true });
    if (!opened.isFile()) throw refusal(path, 'it is not a regular file');
    if (!isBelow(realRoot, await whereOpened(handle, real))) {
      throw refusal(path, 'a folder on the way to it was replaced while it was opened');
    }
    return {
      path,
      bytes: Number(opened.size),
      modifiedAt: isoTime(path, Number(opened.mtimeMs)),
      async *chunks() {
        // A small file needs no more than itself and one byte to see its end.
        const buffer = new Uint8Array(Math.min(chunkSize, Number(opened.size) + 1));
        let at = 0;
        for (;;) {
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, at).catch((cause: unknown) => {
            throw refusal(path, reasonOf(cause), cause);
          });
          if (bytesRead === 0) break;
          at += bytesRead;
          if (at > opened.size) break;
          yield buffer.subarray(0, bytesRead);
          // All of it, and there was room for more.
          if (BigInt(at) === opened.size && bytesRead < buffer.length) break;
        }
        const now = await handle.stat({ bigint: true });
        const same = BigInt(at) === opened.size && now.size === opened.size && now.mtimeNs === opened.mtimeNs;
        if (!same) throw refusal(path, 'it changed while it was read');
      },
      close: () => handle.close(),
    };
  } catch (cause) {
    await handle.close();
    throw cause;
  }
}

/** Where the open file lies. Linux knows for sure; elsewhere the path is resolved once more. */
async function whereOpened(handle: FileHandle, real: string): Promise<string> {
  return readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(real));
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function isoTime(path: string, milliseconds: number): string {
  const latest = Date.UTC(9999, 11, 31);
  if (Math.abs(milliseconds) > latest) throw refusal(path, 'its time of modification is not a date');
  return new Date(milliseconds).toISOString();
}

function refusal(path: string, detail: string, cause?: unknown): AqeError {
  return new AqeError('AQE2008', detail, { path: escapeControl(path) }, cause);
}

/** What {@link openEvidence} says by null, for callers that need the file. */
export function missingFile(path: string): AqeError {
  return refusal(path, 'there is no such file');
}

function isMissing(cause: unknown): boolean {
  const code = errorCode(cause);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function reasonOf(cause: unknown): string {
  const code = errorCode(cause);
  if (code === 'ENOENT') return 'it is a link to nothing, or was removed just now';
  if (code === 'EACCES' || code === 'EPERM') return 'there is no permission to read it';
  if (code === 'ELOOP') return 'it is a link that leads to itself, or was replaced by a link just now';
  if (code === undefined) throw cause;
  return `the system refuses to open it (${code})`;
}
