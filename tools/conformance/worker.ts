// Reads one file of the corpus after the other, as the program would, so that a file that hangs can be given up.
import { parentPort, workerData } from 'node:worker_threads';
import { localFiles } from '../../src/adapters/files/local-files.ts';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import type { Actual } from './actual.ts';

const files = localFiles((workerData as { corpus: string }).corpus, signalReaders);
const limits = { maxBytes: 1024 ** 3, maxFiles: 1 };

parentPort!.on('message', (path: string) => {
  void files.read(path, { limits }).then(
    (file) => {
      const actual: Actual =
        file.outcome === 'read'
          ? { outcome: 'read', format: file.format, reading: file.reading }
          : { outcome: 'refused', format: file.format, code: file.error.code, detail: file.error.detail };
      parentPort!.postMessage({ actual });
    },
    (error: unknown) =>
      parentPort!.postMessage({ crash: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
