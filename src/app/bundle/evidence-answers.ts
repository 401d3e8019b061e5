import { AqeError } from '../../core/error/aqe-error.ts';
import type { ErrorCode } from '../../core/error/catalog.ts';
import type { EvidenceFiles, FileReading } from '../../ports/evidence-files.ts';
import type { PackedEvidence } from '../../ports/bundle-archive.ts';
import { recording, replaying, type Answers } from './answers.ts';

/** What is kept of one file: its time, and if its bytes are not packed, why they could not be read. */
interface KeptFile {
  readonly modifiedAt: string | null;
  readonly refused: {
    readonly format: string | null;
    readonly code: string;
    readonly detail: string;
    readonly bytes: number | null;
  } | null;
}

const looks = ['discover', 'text', 'digest'] as const;

/** Evidence files, with what they answered kept and every file that was read noted for packing. */
export function recordingFiles(
  files: EvidenceFiles,
  answers: Answers,
  packed: Map<string, PackedEvidence>,
): EvidenceFiles {
  return {
    readers: files.readers,
    ...recording<EvidenceFiles, (typeof looks)[number]>('files', files, looks, answers),
    async read(path, options) {
      const file = await files.read(path, options);
      const { modifiedAt, sha256, bytes } = file;
      if (sha256 !== null && bytes !== null) packed.set(file.path, { path: file.path, sha256, bytes });
      const refused =
        file.outcome === 'refused' && sha256 === null
          ? { format: file.format, code: file.error.code, detail: file.error.detail, bytes }
          : null;
      answers.set(`file ${path}`, { modifiedAt, refused } satisfies KeptFile);
      return file;
    },
  };
}

/** The same files out of a bundle: what is packed is read anew. */
export function replayingFiles(unpacked: EvidenceFiles, answers: Answers): EvidenceFiles {
  return {
    readers: unpacked.readers,
    ...replaying<EvidenceFiles, (typeof looks)[number]>('files', looks, answers),
    async read(path, options): Promise<FileReading> {
      const kept = answers.get(`file ${path}`) as KeptFile | undefined;
      if (kept === undefined) throw new AqeError('AQE3051', 'it lacks a file that it should hold', { path });
      const { modifiedAt, refused } = kept;
      if (refused === null) return { ...(await unpacked.read(path, options)), modifiedAt };
      const error = new AqeError(refused.code as ErrorCode, refused.detail, { path });
      const { format, bytes } = refused;
      return { path, sha256: null, bytes, modifiedAt, outcome: 'refused', format, error };
    },
  };
}
