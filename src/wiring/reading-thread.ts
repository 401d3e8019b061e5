// A thread that reads files for the main one. The program starts it as a module of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { localFiles } from '../adapters/files/local-files.ts';
import { toAnswer, type ThreadAnswer, type ThreadRequest } from '../adapters/files/reading-threads.ts';
import { signalReaders } from '../adapters/signals/index.ts';

const { project } = workerData as { readonly project: string };
const files = localFiles(project, signalReaders);

parentPort!.on('message', ({ path, options }: ThreadRequest) => {
  void files.read(path, options).then(
    (file) => parentPort!.postMessage(toAnswer(file)),
    (error: unknown) => {
      const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
      parentPort!.postMessage({ bug } satisfies ThreadAnswer);
    },
  );
});
