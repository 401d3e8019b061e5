import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { envelopeLimits } from '../../core/attest/dsse.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { EnvelopeFile } from '../../ports/envelope-file.ts';

/** Files on this machine; paths are relative to `cwd`. */
export function localEnvelopes(cwd: string): EnvelopeFile {
  return {
    async read(path) {
      const bytes = await bytesOf(resolve(cwd, path), path);
      try {
        // A byte order mark is a change of the text like any other.
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch (cause) {
        throw new AqeError('AQE3011', 'it is not UTF-8', { path }, cause);
      }
    },
  };
}

async function bytesOf(file: string, path: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw new AqeError('AQE3011', 'it is not a regular file', { path });
      if (found.size > envelopeLimits.text)
        throw new AqeError('AQE3011', `it is longer than ${envelopeLimits.text} bytes`, { path });
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof AqeError) throw cause;
    throw new AqeError('AQE3011', (cause as NodeJS.ErrnoException).code ?? 'unknown reason', { path }, cause);
  }
}
