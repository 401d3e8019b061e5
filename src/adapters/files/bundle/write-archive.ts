import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { PackedEvidence, WriteBundle } from '../../../ports/bundle-archive.ts';
import { regularTarget } from '../local-output.ts';
import { missingFile, openEvidence } from '../open-evidence.ts';
import { errorCode } from '../path-text.ts';
import { collisionKey, evidenceFolder, isEntryName } from './entry-names.ts';
import { bundleLimits } from './limits.ts';
import { readArchive } from './read-archive.ts';
import { secretSearch } from './secret-search.ts';
import { archiveEnd, entryHead, padding, TarError } from './tar.ts';

/** See the port. The archive has its name only when it is whole and was looked at. */
export async function writeArchive(
  root: string,
  { file, shown }: { readonly file: string; readonly shown: string },
  bundle: WriteBundle,
): Promise<{ readonly sha256: string }> {
  refuseTooMuch(bundle);
  const target = await regularTarget(file, shown);
  const draft = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  const digest = createHash('sha256');
  try {
    await mkdir(dirname(target), { recursive: true });
    await pipeline(
      entries(root, await realpath(root), bundle),
      createGzip(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          digest.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    );
    const written = await readArchive(draft, shown).catch((error: unknown) => {
      throw unreadable(error);
    });
    try {
      await bundle.check(written);
    } finally {
      await written.close();
    }
    await rename(draft, target);
    return { sha256: digest.digest('hex') };
  } catch (cause) {
    if (cause instanceof AqeError) throw cause;
    if (cause instanceof TarError) throw new AqeError('AQE3052', cause.message, {}, cause);
    const code = errorCode(cause);
    if (code === undefined) throw cause;
    throw new AqeError('AQE1007', code, { path: shown }, cause);
  } finally {
    // What cannot be removed either is not worth hiding the first error.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** What was written as a bundle must not turn out to be none. */
function unreadable(error: unknown): unknown {
  if (!(error instanceof AqeError) || error.code !== 'AQE3050') return error;
  return new AqeError('AQE3052', `nobody could read it again: ${error.detail}`, {}, error);
}

async function* entries(root: string, real: string, bundle: WriteBundle): AsyncGenerator<Uint8Array, void> {
  for (const { name, text } of bundle.texts) {
    const bytes = new TextEncoder().encode(text);
    yield entryHead(name, bytes.length);
    yield bytes;
    yield padding(bytes.length);
  }
  for (const file of bundle.evidence) yield* evidenceEntry(root, real, file, bundle);
  yield archiveEnd;
}

async function* evidenceEntry(
  root: string,
  real: string,
  { path, sha256, bytes }: PackedEvidence,
  { holdsSecret }: WriteBundle,
): AsyncGenerator<Uint8Array, void> {
  const file = await openEvidence(root, real, path);
  if (file === null) throw missingFile(path);
  try {
    if (file.bytes !== bytes) throw changed(path);
    const digest = createHash('sha256');
    const search = secretSearch(holdsSecret);
    yield entryHead(evidenceFolder + path, bytes);
    for await (const chunk of file.chunks()) {
      digest.update(chunk);
      if (search.foundIn(chunk))
        throw new AqeError('AQE3052', 'it holds what looks like a secret, which a bundle would hand on', { path });
      // The chunk is another one's memory.
      yield Uint8Array.from(chunk);
    }
    if (digest.digest('hex') !== sha256) throw changed(path);
    yield padding(bytes);
  } finally {
    await file.close();
  }
}

function refuseTooMuch({ texts, evidence }: WriteBundle): void {
  const keys = new Map<string, string>();
  let bytes = 0;
  for (const { path, bytes: size } of evidence) {
    const name = evidenceFolder + path;
    const key = collisionKey(name);
    if (!isEntryName(name))
      throw new AqeError(
        'AQE3052',
        'its name is none that every system can keep; leave it out under evidence.exclude',
        {
          path,
        },
      );
    const other = keys.get(key);
    if (other !== undefined) throw new AqeError('AQE3052', `some systems take its name for that of ${other}`, { path });
    keys.set(key, path);
    bytes += size;
  }
  for (const { name, text } of texts)
    if (Buffer.byteLength(text) > bundleLimits.text)
      throw new AqeError('AQE3052', `${name} would be larger than ${bundleLimits.text} bytes`);
  if (bytes > bundleLimits.bytes || evidence.length + texts.length > bundleLimits.entries)
    throw new AqeError('AQE3052', `the evidence is more than a bundle may hold (${bundleLimits.bytes} bytes)`);
}

function changed(path: string): AqeError {
  return new AqeError('AQE3052', 'it is not what the decision was made from', { path });
}
