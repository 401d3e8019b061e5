// Runs inputs in a process of its own, which may read nothing but the project, write nothing, start nothing, compile no
// text and hold little: a reader that does otherwise throws, and one that hangs or eats memory is given up.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, readSync, rmSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fuzzInput } from './inputs.ts';
import { failureOf, readersFor, type Failure, type RunRequest, type RunResult } from './run.ts';

export type Question =
  | ({ readonly ask: 'run' } & RunRequest)
  | { readonly ask: 'reduce'; readonly seed: number; readonly reader: string; readonly number: number };
export type Answer =
  | { readonly result: RunResult; readonly peakMegabytes: number }
  | { readonly bytes: string }
  | { readonly bug: string };

/** Where the process writes the number of the input that it is at. */
export const progressHandle = 3;
/** Memory for objects, in megabytes; the process ends when a reader wants more. */
const heapMegabytes = 320;
/** Seconds by the clock after which an input has no answer: far more than the bound on processor time. */
const patience = 30;

const root = resolve(import.meta.dirname, '../..');
const module = fileURLToPath(new URL('./answer.ts', import.meta.url));

export interface FuzzProcess {
  /** Runs the inputs that are asked for, up to one that ends the process or changes what all readers share. */
  run(request: RunRequest): Promise<RunResult>;
  /** A smaller input with the same problem. */
  reduce(failure: Failure): Promise<Uint8Array>;
  /** Most memory that one process had, in megabytes. */
  readonly peakMegabytes: number;
  stop(): void;
}

export function fuzzProcess(seconds = patience): FuzzProcess {
  const folder = mkdtempSync(join(tmpdir(), 'aqe-fuzz-'));
  const progress = openSync(join(folder, 'progress'), 'w+');
  let child: ChildProcess | null = null;
  let peakMegabytes = 0;

  const start = (): ChildProcess =>
    fork(module, {
      cwd: root,
      execArgv: [
        '--permission',
        `--allow-fs-read=${root}`,
        '--disallow-code-generation-from-strings',
        `--max-old-space-size=${heapMegabytes}`,
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=SecurityWarning',
      ],
      env: {},
      stdio: ['ignore', 'inherit', 'pipe', progress, 'ipc'],
    });

  const ask = (question: Question): Promise<Answer | { readonly ended: string; readonly at: number }> =>
    new Promise((done) => {
      const asked = (child ??= start());
      let talk = '';
      let seen = -1;
      let since = performance.now();
      const watch = setInterval(() => {
        const at = numberAt(progress);
        if (at !== seen) [seen, since] = [at, performance.now()];
        else if (performance.now() - since > seconds * 1000) end(`there is no answer after ${seconds} s`);
      }, 250);
      const settle = (): void => {
        clearInterval(watch);
        asked.removeAllListeners('message').removeAllListeners('exit');
        asked.stderr?.removeAllListeners('data');
      };
      const end = (reason: string): void => {
        settle();
        child = null;
        asked.kill('SIGKILL');
        done({ ended: reason, at: numberAt(progress) });
      };
      asked.stderr?.on('data', (text: Buffer) => {
        talk = (talk + text.toString()).slice(-4000);
      });
      asked.once('exit', (code, signal) => {
        const isMemory = /out of memory|heap limit/i.test(talk);
        end(
          isMemory
            ? `more than ${heapMegabytes} MB of memory is held`
            : `the process ended (${code ?? signal}): ${talk.slice(0, 400)}`,
        );
      });
      asked.once('message', (answer) => {
        settle();
        done(answer as Answer);
      });
      asked.send(question);
    });

  return {
    async run(request) {
      const answer = await ask({ ...request, ask: 'run' });
      if ('ended' in answer) return lost(request, answer);
      if (!('result' in answer)) throw new Error('bug' in answer ? answer.bug : 'the process answers another question');
      peakMegabytes = Math.max(peakMegabytes, answer.peakMegabytes);
      if (answer.result.isTampered) {
        child?.kill('SIGKILL');
        child = null;
      }
      return answer.result;
    },
    async reduce({ seed, reader, number }) {
      const whole = fuzzInput(seed, readersFor(reader).fixtures, number).bytes;
      const answer = await ask({ ask: 'reduce', seed, reader, number });
      return 'bytes' in answer ? Buffer.from(answer.bytes, 'base64') : whole;
    },
    get peakMegabytes() {
      return peakMegabytes;
    },
    stop() {
      child?.kill('SIGKILL');
      child = null;
      closeSync(progress);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function numberAt(handle: number): number {
  const buffer = Buffer.alloc(8);
  return readSync(handle, buffer, 0, 8, 0) === 8 ? buffer.readDoubleLE() : -1;
}

/** What is known of a run whose process ended before its answer. */
function lost(
  { seed, reader, from }: RunRequest,
  { ended, at }: { readonly ended: string; readonly at: number },
): RunResult {
  const input = fuzzInput(seed, readersFor(reader).fixtures, at);
  return {
    reader,
    inputs: Math.max(0, at - from + 1),
    outcomes: {},
    failures: [failureOf(reader, seed, input, ended)],
    isTampered: false,
    slowest: { number: at, milliseconds: 0 },
    seconds: 0,
  };
}
