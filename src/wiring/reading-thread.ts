// A thread that reads files for the main one. The program starts it as a module of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { localFiles } from '../adapters/files/local-files.ts';
import {
  toAnswer,
  type ThreadAnswer,
  type ThreadProgress,
  type ThreadRequest,
} from '../adapters/files/reading-threads.ts';
import { signalReaders } from '../adapters/signals/index.ts';
import type { EvidenceMapping } from '../core/policy/evidence-mapping.ts';
import { mappingReaders } from './mapped-readers.ts';

/** What a thread is told at its start. */
export interface ThreadData {
  readonly project: string;
  readonly mappings: readonly EvidenceMapping[];
}

const { project, mappings } = workerData as ThreadData;
const files = mappingReaders(mappings).then((mapped) =>
  localFiles(project, [...mapped, ...signalReaders], { withDigest: false, onBytes }),
);
const port = parentPort!;
/** Bytes between two reports of progress. */
const step = 8 * 1024 * 1024;

function onBytes(_path: string, read: number): void {
  // Chunks are a megabyte: each eighth is told.
  if (read % step === 0) port.postMessage({ progress: read } satisfies ThreadProgress);
}

async function answer({ path, options }: ThreadRequest): Promise<ThreadAnswer> {
  try {
    return toAnswer(await (await files).read(path, options));
  } catch (error) {
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (request: ThreadRequest) => {
  void answer(request).then((reply) => port.postMessage(reply));
});
