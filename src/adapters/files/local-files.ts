import { realpath } from 'node:fs/promises';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { EvidenceFiles, EvidenceLimits, FileReading } from '../../ports/evidence-files.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { expectedReader } from './choose-reader.ts';
import { discover } from './discover.ts';
import { missingFile, openEvidence, type OpenFile } from './open-evidence.ts';
import { errorCode, escapeControl } from './path-text.ts';
import type { ReadingThreads } from './reading-threads.ts';
import { readReport, sha256Of, textOf } from './read-report.ts';

export interface LocalFilesOptions {
  /** Where big files are read. Absent: here. */
  readonly threads?: ReadingThreads;
  /** False leaves digests to somebody else. Default: true. */
  readonly withDigest?: boolean;
  /** Told after each chunk how much of the file is read. */
  onBytes?(path: string, read: number): void;
}

/** Files of the project folder `root` on the local disk, read by the readers given. */
export function localFiles(
  root: string,
  readers: readonly SignalReader[],
  { threads, withDigest = true, onBytes }: LocalFilesOptions = {},
): EvidenceFiles {
  let known: Promise<string> | undefined;
  // A folder that cannot be found is looked for again the next time.
  const realRoot = (): Promise<string> =>
    (known ??= realRootOf(root).catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
  return {
    readers,
    async discover(options) {
      return discover(await realRoot(), readers, options);
    },
    async read(path, { format, limits }) {
      const real = await realRoot();
      try {
        return await withFile(root, real, path, (file) =>
          threads?.takes(file.bytes)
            ? readInThread(file, threads, { limits, ...(format === undefined ? {} : { format }) })
            : readFile(onBytes ? counting(file, onBytes) : file, readers, limits, { format, withDigest }),
        );
      } catch (error) {
        if (!(error instanceof AqeError)) throw error;
        const expected = expectedReader(readers, path, format)?.id ?? null;
        const nothing = { sha256: null, bytes: null, modifiedAt: null } as const;
        return { path: escapeControl(path), ...nothing, outcome: 'refused', format: expected, error };
      }
    },
    async digest(path, { maxBytes }) {
      return withFile(root, await realRoot(), path, async (file) => {
        requireSize(file, maxBytes);
        return { sha256: await sha256Of(file), bytes: file.bytes, modifiedAt: file.modifiedAt };
      });
    },
    async text(path, maxBytes) {
      const file = await openEvidence(root, await realRoot(), path);
      if (file === null) return null;
      return closing(file, () => {
        requireSize(file, maxBytes);
        return textOf(file);
      });
    },
  };
}

async function readFile(
  file: OpenFile,
  readers: readonly SignalReader[],
  { maxBytes, content }: EvidenceLimits,
  { format, withDigest }: { readonly format: string | undefined; readonly withDigest: boolean },
): Promise<FileReading> {
  const { path, bytes, modifiedAt } = file;
  if (bytes <= maxBytes)
    return { path, bytes, modifiedAt, ...(await readReport(file, readers, { format, withDigest, limits: content })) };
  const expected = expectedReader(readers, path, format)?.id ?? null;
  return { path, bytes, modifiedAt, sha256: null, outcome: 'refused', format: expected, error: tooBig(file, maxBytes) };
}

function counting(file: OpenFile, onBytes: NonNullable<LocalFilesOptions['onBytes']>): OpenFile {
  return {
    ...file,
    async *chunks() {
      let read = 0;
      for await (const chunk of file.chunks()) {
        yield chunk;
        read += chunk.length;
        onBytes(file.path, read);
      }
    },
  };
}

/** The thread reads while this one computes the digest. @throws AqeError AQE2008 if the two did not see the same file. */
async function readInThread(
  file: OpenFile,
  threads: ReadingThreads,
  options: Parameters<EvidenceFiles['read']>[1],
): Promise<FileReading> {
  const [reading, sha256] = await Promise.all([threads.read(file, options), sha256Of(file)]);
  const same = reading.bytes === file.bytes && reading.modifiedAt === file.modifiedAt;
  if (reading.outcome === 'read' && !same)
    throw new AqeError('AQE2008', 'it changed while it was read', { path: file.path });
  return { ...reading, bytes: file.bytes, modifiedAt: file.modifiedAt, sha256 };
}

async function withFile<T>(
  root: string,
  realRoot: string,
  path: string,
  work: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const file = await openEvidence(root, realRoot, path);
  if (file === null) throw missingFile(path);
  return closing(file, () => work(file));
}

async function closing<T>(file: OpenFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

function requireSize(file: OpenFile, maxBytes: number): void {
  if (file.bytes > maxBytes) throw tooBig(file, maxBytes);
}

function tooBig({ path, bytes }: OpenFile, maxBytes: number): AqeError {
  return new AqeError('AQE2005', `the file has ${bytes} bytes, the limit is ${maxBytes}`, { path });
}

async function realRootOf(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (cause) {
    const reason = `the system answers ${errorCode(cause) ?? 'with an error'}`;
    throw new AqeError('AQE1008', reason, { path: escapeControl(root) }, cause);
  }
}
