import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { BundleArchive, BundleText, OpenBundle, PackedEvidence } from '../../ports/bundle-archive.ts';
import { localFiles } from './local-files.ts';
import { missingFile, openEvidence } from './open-evidence.ts';

const evidenceFolder = 'evidence/';
/** What one bundle may hold: entries, bytes unpacked, and bytes of one text. */
const limits = { entries: 50_000, bytes: 16 * 1024 ** 3, text: 256 * 1024 ** 2 };
/** Characters of one piece of evidence that are looked at together with the next, so that no secret lies between two. */
const overlap = 8192;

/** Bundles of the project `root`; paths of archives are relative to `cwd`. */
export function bundleArchive(root: string, cwd: string): BundleArchive {
  return {
    async write(path, texts, evidence, holdsSecret) {
      const target = resolve(cwd, path);
      const draft = `${target}.${randomUUID().slice(0, 8)}.tmp`;
      const { createTarPacker } = await import('modern-tar');
      const { readable, controller } = createTarPacker();
      try {
        await mkdir(dirname(target), { recursive: true });
        const real = await realpath(root);
        const written = pipeline(
          Readable.fromWeb(readable as Parameters<typeof Readable.fromWeb>[0]),
          createGzip(),
          createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
        );
        // Its error is for the `await` below.
        written.catch(() => undefined);
        for (const { name, text } of texts) await addText(controller, name, text);
        for (const file of evidence) await addEvidence(controller, root, real, file, holdsSecret);
        controller.finalize();
        await written;
        await rename(draft, target);
      } catch (cause) {
        controller.error(cause);
        if (cause instanceof AqeError) throw cause;
        throw new AqeError('AQE1007', (cause as NodeJS.ErrnoException).code ?? 'unknown reason', { path }, cause);
      } finally {
        await rm(draft, { force: true });
      }
    },
    open: (path) => openBundle(resolve(cwd, path), path),
  };
}

type Packer = ReturnType<(typeof import('modern-tar'))['createTarPacker']>['controller'];

/** Every entry has the same time: equal contents make equal archives. */
const header = (name: string, size: number) => ({ name, size, type: 'file', mode: 0o644, mtime: new Date(0) }) as const;

async function addText(packer: Packer, name: string, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  const writer = packer.add(header(name, bytes.length)).getWriter();
  await writer.write(bytes);
  await writer.close();
}

async function addEvidence(
  packer: Packer,
  root: string,
  real: string,
  { path, sha256, bytes }: PackedEvidence,
  holdsSecret: (text: string) => boolean,
): Promise<void> {
  if (!isSafe(`${evidenceFolder}${path}`))
    throw new AqeError('AQE3052', 'its name is none that every system can keep', { path });
  const file = await openEvidence(root, real, path);
  if (file === null) throw missingFile(path);
  try {
    if (file.bytes !== bytes) throw changed(path);
    const digest = createHash('sha256');
    const decoder = new TextDecoder('utf-8');
    const writer = packer.add(header(`${evidenceFolder}${path}`, bytes)).getWriter();
    let before = '';
    for await (const chunk of file.chunks()) {
      digest.update(chunk);
      const text = before + decoder.decode(chunk, { stream: true });
      if (holdsSecret(text))
        throw new AqeError('AQE3052', 'it holds what looks like a secret, which a bundle would hand on', { path });
      before = text.slice(-overlap);
      await writer.write(new Uint8Array(chunk));
    }
    if (digest.digest('hex') !== sha256) throw changed(path);
    await writer.close();
  } finally {
    await file.close();
  }
}

function changed(path: string): AqeError {
  return new AqeError('AQE3052', 'it is not what the decision was made from', { path });
}

async function openBundle(file: string, shown: string): Promise<OpenBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'aqe-bundle-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const digests = await unpack(file, folder, shown);
    const texts = new Map<string, string>();
    for (const name of digests.keys())
      if (!name.startsWith(evidenceFolder)) texts.set(name, await readFile(join(folder, name), 'utf8'));
    return {
      names: [...digests.keys()].sort(),
      sha256: (name) => digests.get(name) ?? '',
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
    if (cause instanceof AqeError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw refusal(code ?? message, shown, cause);
  }
}

/** Writes the files of an archive into the folder and gives the SHA-256 of each. */
async function unpack(file: string, folder: string, shown: string): Promise<ReadonlyMap<string, string>> {
  const { createTarDecoder } = await import('modern-tar');
  const digests = new Map<string, string>();
  let total = 0;
  await mkdir(join(folder, evidenceFolder));
  const gunzip = createGunzip();
  const source = createReadStream(file);
  source.on('error', (error) => gunzip.destroy(error));
  const entries = Readable.toWeb(source.pipe(gunzip)).pipeThrough(
    createTarDecoder({ strict: true }) as unknown as Parameters<ReturnType<typeof Readable.toWeb>['pipeThrough']>[0],
  ) as unknown as AsyncIterable<{
    readonly header: { readonly name: string; readonly size: number; readonly type: string };
    readonly body: AsyncIterable<Uint8Array>;
  }>;
  for await (const { header: of, body } of entries) {
    const { name, size, type } = of;
    const isEvidence = name.startsWith(evidenceFolder);
    if (type !== 'file' || !isSafe(name)) throw refusal(`it has an entry that a bundle has not: ${name}`, shown);
    if (digests.has(name)) throw refusal(`it has ${name} twice`, shown);
    total += size;
    if (digests.size >= limits.entries || total > limits.bytes || (!isEvidence && size > limits.text))
      throw refusal('it is larger than a bundle may be', shown);
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const digest = createHash('sha256');
    const handle = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of body) {
        digest.update(chunk);
        await handle.write(chunk);
      }
    } finally {
      await handle.close();
    }
    digests.set(name, digest.digest('hex'));
  }
  return digests;
}

/** A relative path with no way up and nothing that a file system reads in another way. */
function isSafe(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (name.length > 1000 || /[\\\u0000-\u001f\u007f:]/.test(name)) return false;
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.length > 255)) return false;
  return parts.length > 1 ? parts[0] === 'evidence' : /^[a-z][a-z.-]*$/.test(name);
}

function refusal(detail: string, path: string, cause?: unknown): AqeError {
  return new AqeError('AQE3050', detail, { path }, cause);
}
