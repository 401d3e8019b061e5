import { AqeError } from '../../core/error/aqe-error.ts';
import { catalog, type ErrorCode } from '../../core/error/catalog.ts';
import type { PackedEvidence } from '../../ports/bundle-archive.ts';
import type { EvidenceFiles, FileReading } from '../../ports/evidence-files.ts';
import { keptOf, recording, replaying, type Answers } from './answers.ts';

/** What is kept of one file: its time, and if its bytes are not packed, why they were not read. */
interface KeptFile {
  readonly modifiedAt: string | null;
  readonly refused:
    | (Pick<FileReading, 'sha256' | 'bytes'> & {
        readonly format: string | null;
        readonly code: string;
        readonly detail: string;
      })
    | null;
}

const looks = ['discover', 'text', 'digest'] as const;

export interface RecordedFiles {
  readonly files: EvidenceFiles;
  /**
   * Keeps what was read, and gives the files that have to be packed, sorted: those that count as evidence. Of the others, which
   * no reader knows, only that is kept.
   */
  settle(isEvidence: (path: string) => boolean): readonly PackedEvidence[];
}

export function recordingFiles(
  files: EvidenceFiles,
  answers: Answers,
  clean: (plain: unknown) => unknown,
): RecordedFiles {
  const read = new Map<string, FileReading>();
  return {
    files: {
      readers: files.readers,
      ...recording<EvidenceFiles, (typeof looks)[number]>('files', files, looks, answers, clean),
      async read(path, options) {
        const file = await files.read(path, options);
        read.set(path, file);
        return file;
      },
    },
    settle(isEvidence) {
      const packed = new Map<string, PackedEvidence>();
      for (const [asked, file] of read) {
        const { path, sha256, bytes, modifiedAt } = file;
        const isPacked = sha256 !== null && bytes !== null && (file.outcome === 'read' || isEvidence(path));
        if (isPacked) packed.set(path, { path, sha256, bytes });
        const refused =
          isPacked || file.outcome === 'read'
            ? null
            : { sha256, bytes, format: file.format, code: file.error.code, detail: file.error.detail };
        answers.set(`file ${asked}`, clean({ modifiedAt, refused } satisfies KeptFile));
      }
      return [...packed.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}

/** The same files out of a bundle: what is packed is read anew. */
export function replayingFiles(unpacked: EvidenceFiles, answers: Answers): EvidenceFiles {
  return {
    readers: unpacked.readers,
    ...replaying<EvidenceFiles, (typeof looks)[number]>('files', looks, answers),
    async read(path, options): Promise<FileReading> {
      const { modifiedAt, refused } = keptOf(answers, `file ${path}`) as KeptFile;
      if (refused === null) return { ...(await unpacked.read(path, options)), modifiedAt };
      const { format, bytes, sha256, code, detail } = refused;
      if (!Object.hasOwn(catalog, code)) throw new AqeError('AQE3051', 'it holds an error that is not known');
      const error = new AqeError(code as ErrorCode, detail, { path });
      return { path, sha256, bytes, modifiedAt, outcome: 'refused', format, error };
    },
  };
}
