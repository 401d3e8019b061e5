import type { Worker } from 'node:worker_threads';
import { AqeError, type ErrorContext } from '../../core/error/aqe-error.ts';
import type { ErrorCode } from '../../core/error/catalog.ts';
import type { ReadWatch } from '../../ports/read-watch.ts';
import type { EvidenceFiles, FileReading } from '../../ports/evidence-files.ts';

type ReadOptions = Parameters<EvidenceFiles['read']>[1];

/** Threads that read files beside the main one, for what is worth the start of a thread. */
export interface ReadingThreads {
  /** Whether a file of that size is for a thread: a big one, or one of so many that together they are big. */
  takes(bytes: number): boolean;
  /** As {@link EvidenceFiles.read}. A file that takes more memory than a thread may have is refused (AQE2005). */
  read(file: { readonly path: string; readonly bytes: number }, options: ReadOptions): Promise<FileReading>;
}

export interface ThreadsOptions {
  /** The module that answers {@link ThreadRequest} by {@link ThreadAnswer}. */
  readonly module: URL;
  /** What the module needs to know at its start; cloned. */
  readonly data: unknown;
  /** Most threads at once. */
  readonly threads: number;
  readonly watch?: ReadWatch | undefined;
}

export interface ThreadRequest {
  readonly path: string;
  readonly options: ReadOptions;
}

/** A refusal loses its class on the way between threads. */
export type ThreadAnswer =
  | { readonly reading: Extract<FileReading, { readonly outcome: 'read' }> }
  | {
      readonly refusal: Omit<Extract<FileReading, { readonly outcome: 'refused' }>, 'error'>;
      readonly error: PlainError;
    }
  | { readonly bug: string };

/** Comes any number of times before the answer: bytes that are read. */
export interface ThreadProgress {
  readonly progress: number;
}

interface PlainError {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly context: ErrorContext;
}

/** Bytes from which on a file gets a thread, and bytes of all files from which on every further one does. */
const alone = 8 * 1024 * 1024;
const together = 4 * 1024 * 1024;

/** Memory of a thread: short-lived objects little, so that a big file is read in little room; the rest is the bound. */
const megabytes = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 3072 };

export function toAnswer(file: FileReading): ThreadAnswer {
  if (file.outcome === 'read') return { reading: file };
  const { error, ...refusal } = file;
  return { refusal, error: { code: error.code, detail: error.detail, context: error.context } };
}

export function readingThreads({ module, data, threads, watch }: ThreadsOptions): ReadingThreads {
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  let started = 0;
  let asked = 0;

  const start = async (): Promise<Worker> => {
    started += 1;
    const { Worker } = await import('node:worker_threads');
    return new Worker(module, { workerData: data, resourceLimits: megabytes });
  };
  const get = async (): Promise<Worker> => {
    const free = idle.pop();
    if (free) {
      free.ref();
      return free;
    }
    return started < threads ? start() : new Promise((resolve) => waiting.push(resolve));
  };
  const startFor = async (give: (worker: Worker) => void): Promise<void> => give(await start());
  const release = (worker: Worker): void => {
    const next = waiting.shift();
    if (next) next(worker);
    else {
      // A thread that nobody waits for does not keep the program from ending.
      worker.unref();
      idle.push(worker);
    }
  };
  const replace = (): void => {
    started -= 1;
    const give = waiting.shift();
    if (give) void startFor(give);
  };

  return {
    takes(bytes) {
      asked += bytes;
      return bytes >= alone || asked >= together;
    },
    async read({ path, bytes }, options) {
      const worker = await get();
      const onProgress = (read: number): void => watch?.progress(path, read, bytes);
      const answer = await ask(worker, { path, options }, onProgress).finally(() => watch?.done(path));
      if (answer === 'out of memory') {
        replace();
        const detail = `reading it takes more than ${megabytes.maxOldGenerationSizeMb} MB of memory`;
        const nothing = { sha256: null, bytes: null, modifiedAt: null } as const;
        return { path, ...nothing, outcome: 'refused', format: null, error: new AqeError('AQE2005', detail, { path }) };
      }
      release(worker);
      if ('bug' in answer) throw new Error(`a thread failed to read ${path}: ${answer.bug}`);
      if ('reading' in answer) return answer.reading;
      const { code, detail, context } = answer.error;
      return { ...answer.refusal, error: new AqeError(code, detail, context) };
    },
  };
}

function ask(
  worker: Worker,
  request: ThreadRequest,
  onProgress: (read: number) => void,
): Promise<ThreadAnswer | 'out of memory'> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (answer: ThreadAnswer | ThreadProgress): void => {
      if ('progress' in answer) return onProgress(answer.progress);
      done();
      resolve(answer);
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      done();
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve('out of memory');
      else reject(error);
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(request);
  });
}
