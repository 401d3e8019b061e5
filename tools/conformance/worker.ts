// Reads one file of the corpus after the other, as the program would, so that a file that hangs can be given up.
import { parentPort, workerData } from 'node:worker_threads';
import { localFiles } from '../../src/adapters/files/local-files.ts';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import type { Actual } from './actual.ts';

const files = localFiles((workerData as { corpus: string }).corpus, signalReaders);
const limits = { maxBytes: 1024 ** 3, maxFiles: 1 };
const port = parentPort!;

async function answer(path: string): Promise<{ readonly actual: Actual } | { readonly crash: string }> {
  try {
    const file = await files.read(path, { limits });
    if (file.outcome === 'read') return { actual: { outcome: 'read', format: file.format, reading: file.reading } };
    const { code, detail } = file.error;
    return { actual: { outcome: 'refused', format: file.format, code, detail } };
  } catch (error) {
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (path: string) => void answer(path).then((reply) => port.postMessage(reply)));
