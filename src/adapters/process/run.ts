import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { findProgram } from './find-program.ts';
import { beginning, byRecord, collected, type Output, type RecordSink } from './output.ts';
import { ProcessFailure } from './process-failure.ts';

export interface RunOptions {
  readonly cwd: string;
  /** The whole environment of the child; nothing is inherited. `PATH` is also where the program is looked up. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Limit in bytes of the output; with `records` the length of one record, whose end is cut off. */
  readonly maxOutput: number;
  /** Takes the output record by record instead of collecting it; memory stays flat. */
  readonly records?: RecordSink;
  /** Written to standard input, which is empty otherwise. */
  readonly input?: string;
}

export interface RunResult {
  readonly exitCode: number;
  /** Empty if `records` took the output. */
  readonly stdout: string;
  /** The first 16 KiB. */
  readonly stderr: string;
}

/**
 * Runs a program and waits for its end. This folder is the only place that starts child processes: never through a shell, arguments are
 * passed as they are. What `records.take` throws ends the child and is thrown on.
 * @throws ProcessFailure
 */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const file = await findProgram(program, options.env['PATH'] ?? '');
  if (file === null) throw new ProcessFailure('not-found', `${program} is not installed`);
  const child = start(file, args, options);
  child.stdin?.on('error', () => undefined); // A child may close its input early; its exit status tells what happened.
  child.stdin?.end(options.input);
  return outcome(child, options);
}

type Child = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

function start(file: string, args: readonly string[], { cwd, env, input }: RunOptions): Child {
  const stdin = input === undefined ? 'ignore' : 'pipe';
  try {
    return spawn(file, args, { cwd, env, shell: false, windowsHide: true, stdio: [stdin, 'pipe', 'pipe'] }) as Child;
  } catch (error) {
    throw new ProcessFailure('not-started', 'the arguments cannot be passed to a program', error);
  }
}

function outcome(child: Child, options: RunOptions): Promise<RunResult> {
  const stdout = options.records ? byRecord(options.records, options.maxOutput) : collected(options.maxOutput);
  const stderr = beginning(16_384);
  return new Promise((resolve, reject) => {
    let enough = false;
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      // The pipes are closed too: a grandchild that holds them open must not keep us waiting.
      child.stdout.destroy();
      child.stderr.destroy();
      action();
    };
    const fail = (error: unknown): void => {
      child.kill('SIGKILL');
      settle(() => reject(error));
    };
    const listen = (stream: Readable, output: Output): void => {
      stream.on('data', (bytes: Buffer) => {
        try {
          if (enough || output.push(bytes)) return;
          enough = true;
          child.kill('SIGKILL');
          stream.destroy();
        } catch (error) {
          fail(error);
        }
      });
    };
    const timer = setTimeout(
      () => fail(new ProcessFailure('timeout', `no end within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
    listen(child.stdout, stdout);
    listen(child.stderr, stderr);
    child.on('error', (error) => fail(new ProcessFailure('not-started', 'the program cannot be started', error)));
    child.on('close', (code, signal) => {
      if (code === null && !enough) return fail(new ProcessFailure('killed', `ended by ${signal}`));
      try {
        const result = { exitCode: enough ? 0 : (code ?? 0), stdout: stdout.finish(), stderr: stderr.finish() };
        settle(() => resolve(result));
      } catch (error) {
        fail(error);
      }
    });
  });
}
