import { randomUUID } from 'node:crypto';
import { link, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { OutputFile } from '../../ports/output-file.ts';

/** Writes beside the target and moves the file into place, so that a full disk leaves the old content. */
export function localOutput(cwd: string): OutputFile {
  return {
    async write(path, text, { exclusive = false } = {}) {
      const target = await regularTarget(resolve(cwd, path), path);
      const draft = `${target}.${randomUUID().slice(0, 8)}.tmp`;
      try {
        await mkdir(dirname(target), { recursive: true });
        await writeFile(draft, text, { flag: 'wx', flush: true });
        if (exclusive) await link(draft, target);
        else await rename(draft, target);
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code === 'EEXIST' && exclusive) throw new AqeError('AQE1006', 'it is left as it is', { path }, cause);
        throw new AqeError('AQE1007', code ?? 'unknown reason', { path }, cause);
      } finally {
        // The draft is gone after a rename; what cannot be removed either is not worth hiding the first error.
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** Where a path leads: a link is followed, so that it stays a link. @throws AqeError AQE1007 for a device, pipe or folder. */
export async function regularTarget(target: string, shown: string): Promise<string> {
  try {
    const real = await realpath(target);
    if ((await stat(real)).isFile()) return real;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return target;
    throw new AqeError('AQE1007', (cause as NodeJS.ErrnoException).code ?? 'unknown reason', { path: shown }, cause);
  }
  throw new AqeError('AQE1007', 'it exists and is not a regular file; leave --output out to print', { path: shown });
}
