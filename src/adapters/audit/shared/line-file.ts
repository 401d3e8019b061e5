import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AqeError } from '../../../core/error/aqe-error.ts';

/** A file of lines that only grows. Several processes may add to it at the same time. */
export interface LineFile {
  append(line: string): Promise<void>;
  read(): Promise<readonly string[]>;
}

/** The file, readable by its owner only, is made with the first line. Failures get the code given. */
export function lineFile(path: string, code: 'AQE6007' | 'AQE6008'): LineFile {
  const failure = (error: unknown): AqeError =>
    new AqeError(code, error instanceof Error ? error.message : String(error), { path }, error);
  return {
    async append(line) {
      try {
        await appendDurably(path, line);
      } catch (error) {
        throw failure(error);
      }
    },
    async read() {
      try {
        return (await textOf(path)).split('\n').filter((line) => line !== '');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw failure(error);
      }
    },
  };
}

/** Without O_NONBLOCK a pipe in its place would wait for somebody to write. */
async function textOf(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is not a regular file');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function appendDurably(path: string, line: string): Promise<void> {
  if (line.includes('\n')) throw new Error('a line has no line feed in it');
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    0o600,
  );
  let first: boolean;
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error('it is not a regular file');
    const { size } = found;
    first = size === 0;
    // Whatever a crash cut short stays a line of its own.
    const last = first ? null : await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    const start = last === null || last.buffer.toString('latin1') === '\n' ? '' : '\n';
    // One write: with O_APPEND nobody else's line can come into it.
    const bytes = Buffer.from(`${start}${line}\n`);
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) throw new Error('the disk took only a part of the line');
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (first) await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
