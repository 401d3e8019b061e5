import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { OpenBundle } from '../../../ports/bundle-archive.ts';
import { localFiles } from '../local-files.ts';
import { errorCode } from '../path-text.ts';
import { collisionKey, evidenceFolder, isEntryName } from './entry-names.ts';
import { gunzipped, GzipError } from './gunzip.ts';
import { bundleLimits, mostBytesOf } from './limits.ts';
import { TarError, tarEntries, type TarEntry } from './tar.ts';

// Windows does not know the flag; elsewhere a pipe must not be waited for.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** See the port. `shown` is the file as the user named it. */
export async function readArchive(file: string, shown: string): Promise<OpenBundle> {
  const folder = await temporaryFolder();
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const digests = await unpack(file, folder);
    const texts = await textsIn(folder, digests.keys());
    return {
      names: [...digests.keys()].sort(),
      sha256: (name) => digests.get(name) ?? null,
      text(name) {
        const text = texts.get(name);
        if (text === undefined) throw refusal(`it has no ${name}`, shown);
        return text;
      },
      files: (readers) => localFiles(join(folder, evidenceFolder), readers),
      close,
    };
  } catch (cause) {
    await close();
    const reason = reasonOf(cause);
    if (reason === null) throw cause;
    throw refusal(reason, shown, cause);
  }
}

/** A problem of the bundle, as half a sentence; null for what is none. */
class BundleError extends Error {}

function reasonOf(cause: unknown): string | null {
  if (cause instanceof BundleError || cause instanceof TarError || cause instanceof GzipError) return cause.message;
  const code = errorCode(cause);
  if (code === undefined) return null;
  if (code === 'ENOENT') return 'there is no such file';
  return code.startsWith('Z_') ? 'it is damaged or was cut short' : `the system answers ${code}`;
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'aqe-bundle-'));
  } catch (cause) {
    throw new AqeError('AQE1007', errorCode(cause) ?? 'unknown reason', { path: tmpdir() }, cause);
  }
}

/** Writes the files of an archive into the folder and gives the SHA-256 of each. */
async function unpack(file: string, folder: string): Promise<ReadonlyMap<string, string>> {
  await mkdir(join(folder, evidenceFolder));
  const archive = await open(file, flags);
  try {
    const stat = await archive.stat();
    if (!stat.isFile()) throw new BundleError('it is not a regular file');
    const most = mostBytesOf(stat.size);
    const digests = new Map<string, string>();
    const keys = new Set<string>();
    const folders = new Set([folder]);
    let total = 0;
    let texts = 0;
    for await (const entry of tarEntries(gunzipped(archive, stat.size, most))) {
      const { name, size } = entry;
      const key = collisionKey(name);
      if (!isEntryName(name)) throw new BundleError(`it has an entry that no bundle has: ${name.slice(0, 200)}`);
      if (keys.has(key))
        throw new BundleError(`it has ${name.slice(0, 200)} twice, or a name that is the same elsewhere`);
      total += size;
      if (!isEvidence(name)) texts += 1;
      const isTooMuch = keys.size >= bundleLimits.entries || texts > bundleLimits.texts || total > most;
      if (isTooMuch || (!isEvidence(name) && size > bundleLimits.text))
        throw new BundleError('it is larger than a bundle may be');
      keys.add(key);
      const path = join(folder, name);
      if (!folders.has(dirname(path))) await mkdir(dirname(path), { recursive: true });
      folders.add(dirname(path));
      digests.set(name, await unpackEntry(entry, path));
    }
    return digests;
  } finally {
    await archive.close();
  }
}

async function unpackEntry({ content }: TarEntry, path: string): Promise<string> {
  const digest = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content()) {
      digest.update(chunk);
      await writeAll(file, chunk);
    }
  } finally {
    await file.close();
  }
  return digest.digest('hex');
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
}

async function textsIn(folder: string, names: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (const name of names) {
    if (isEvidence(name)) continue;
    const bytes = await readFile(join(folder, name));
    try {
      texts.set(name, decoder.decode(bytes));
    } catch (cause) {
      throw new BundleError(`${name} is not UTF-8`, { cause });
    }
  }
  return texts;
}

function isEvidence(name: string): boolean {
  return name.startsWith(evidenceFolder);
}

function refusal(detail: string, path: string, cause?: unknown): AqeError {
  return new AqeError('AQE3050', detail, { path }, cause);
}
