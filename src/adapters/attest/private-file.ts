import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';

/** No key, and no list of public keys, is anywhere near as long. */
const maxBytes = 65_536;

/**
 * Text of a key file; null if there is none.
 * @throws AqeError AQE3010 for a link, anything but a regular file, and one that others than its owner may read.
 */
export async function readPrivateFile(path: string): Promise<string | null> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK a pipe would wait for somebody to write.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw refused(code === 'ELOOP' ? 'it is a link, not a file' : code, path, cause);
  }
  try {
    const { size, mode, uid, isFile } = await statOf(handle);
    if (!isFile) throw refused('it is not a regular file', path);
    if (process.platform !== 'win32') {
      if ((mode & 0o077) !== 0)
        throw refused(
          `others may use it (mode ${(mode & 0o777).toString(8)}); run chmod 600 on it, or make a new key`,
          path,
        );
      const own = process.getuid?.();
      if (own !== undefined && own !== 0 && uid !== own) throw refused('it belongs to somebody else', path);
    }
    if (size > maxBytes) throw refused(`it is longer than ${maxBytes} bytes`, path);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Text of a file with public keys. @throws AqeError AQE3010. */
export async function readPublicFile(path: string): Promise<string> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size, isFile } = await statOf(handle);
      if (!isFile) throw refused('it is not a regular file', path);
      if (size > maxBytes) throw refused(`it is longer than ${maxBytes} bytes`, path);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cause instanceof AqeError ? cause : refused(codeOf(cause), path, cause);
  }
}

/**
 * Writes a whole file that only its owner can read, and its folder entry, to the disk; false if a file of that name is
 * there already, which stays as it is. Of two writers at once exactly one gets true.
 * @throws AqeError AQE3010.
 */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  return place(path, text, 0o600, async (draft) => {
    try {
      await link(draft, path);
      return true;
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') return false;
      throw cause;
    }
  });
}

/** Writes a whole file in the place of one that may be there. @throws AqeError AQE3010. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await place(path, text, mode, async (draft) => {
    await rename(draft, path);
    return true;
  });
}

/** Appends a line and waits until it is on the disk. @throws AqeError AQE3010. */
export async function appendLine(path: string, line: string): Promise<void> {
  try {
    // A link or a pipe in its place is not written to.
    const flags =
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(path, flags, 0o644);
    try {
      if (!(await statOf(handle)).isFile) throw refused('it is not a regular file', path);
      await handle.writeFile(`${line}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(path));
  } catch (cause) {
    throw cause instanceof AqeError ? cause : refused(codeOf(cause), path, cause);
  }
}

/** Text of a file of ours; null if there is none. @throws AqeError AQE3010, also for anything but a regular file. */
export async function readOwn(path: string): Promise<string | null> {
  try {
    return await readPublicFile(path);
  } catch (error) {
    if (error instanceof AqeError && codeOf(error.cause) === 'ENOENT') return null;
    throw error;
  }
}

/** Renames a file and waits until the folder knows. @throws AqeError AQE3010. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (cause) {
    throw refused(codeOf(cause), to, cause);
  }
}

/** @throws AqeError AQE3010 if it is there and cannot be removed. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw refused(codeOf(cause), path, cause);
  }
}

async function place(
  path: string,
  text: string,
  mode: number,
  put: (draft: string) => Promise<boolean>,
): Promise<boolean> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', mode);
    try {
      // The umask may have taken rights from the owner too.
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const placed = await put(draft);
    await syncFolder(dirname(path));
    return placed;
  } catch (cause) {
    throw refused(
      `it cannot be written (${codeOf(cause)}): its folder has to be there, or can be made, and writable`,
      path,
      cause,
    );
  } finally {
    // Gone after a rename; what cannot be removed either is not worth hiding the first error.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function statOf(
  handle: FileHandle,
): Promise<{ readonly size: number; readonly mode: number; readonly uid: number; readonly isFile: boolean }> {
  const found = await handle.stat();
  return { size: found.size, mode: found.mode, uid: found.uid, isFile: found.isFile() };
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown reason';
}

function refused(detail: string, path: string, cause?: unknown): AqeError {
  return new AqeError('AQE3010', detail, { path }, cause);
}
