import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { OutputFile } from '../../ports/output-file.ts';

/** Writes beside the target and moves the file into place, so that a full disk leaves the old content. */
export function localOutput(cwd: string): OutputFile {
  return {
    async write(path, text, { exclusive = false } = {}) {
      const target = resolve(cwd, path);
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
