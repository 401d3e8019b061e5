import { Worker } from 'node:worker_threads';
import type { Actual } from './actual.ts';

export type FileResult =
  | { readonly outcome: 'answered'; readonly actual: Actual }
  | { readonly outcome: 'crashed'; readonly message: string }
  | { readonly outcome: 'timed out' };

const secondsAFile = 30;

/** Reads every file in a thread of its own; one that takes longer than half a minute is given up. */
export async function readFiles(corpus: string, files: readonly string[]): Promise<ReadonlyMap<string, FileResult>> {
  const results = new Map<string, FileResult>();
  let worker: Worker | null = null;
  for (const file of files) {
    worker ??= new Worker(new URL('./worker.ts', import.meta.url), { workerData: { corpus } });
    const result = await ask(worker, file);
    results.set(file, result);
    if (result.outcome === 'answered') continue;
    await worker.terminate();
    worker = null;
  }
  await worker?.terminate();
  return results;
}

function ask(worker: Worker, file: string): Promise<FileResult> {
  const waiting = new AbortController();
  return new Promise<FileResult>((resolve) => {
    const timer = setTimeout(() => resolve({ outcome: 'timed out' }), secondsAFile * 1000);
    const settle = (result: FileResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const onMessage = (answer: { readonly actual: Actual } | { readonly crash: string }): void =>
      settle(
        'crash' in answer
          ? { outcome: 'crashed', message: answer.crash }
          : { outcome: 'answered', actual: answer.actual },
      );
    const onError = (error: Error): void => settle({ outcome: 'crashed', message: error.stack ?? error.message });
    worker.on('message', onMessage);
    worker.on('error', onError);
    waiting.signal.addEventListener('abort', () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    });
    worker.postMessage(file);
  }).finally(() => waiting.abort());
}
