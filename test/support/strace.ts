import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** What a system call is made to do: end the process before it runs, or fail. */
export type Fault = 'SIGKILL' | 'ENOSPC' | 'EIO';

export interface FaultyRun {
  /** null if the process was killed. */
  readonly code: number | null;
  readonly output: string;
  /** Whether the call was reached. */
  readonly injected: boolean;
}

/** System calls by which files are changed. */
export const writes = ['pwrite64', 'write', 'fsync', 'fdatasync', 'ftruncate', 'unlink'] as const;
export type WriteCall = (typeof writes)[number];

/** strace, from Debian's packages where it is not there yet; false on systems that have none. */
export function hasStrace(): boolean {
  if (process.platform !== 'linux') return false;
  if (spawnSync('strace', ['-V']).status === 0) return true;
  if (process.getuid?.() !== 0) return false;
  spawnSync('apt-get', ['update'], { timeout: 120_000 });
  spawnSync('apt-get', ['install', '-y', 'strace'], { timeout: 240_000 });
  return spawnSync('strace', ['-V']).status === 0;
}

/** How often a command makes each call on these files. */
export async function countCalls(
  command: readonly string[],
  paths: readonly string[],
  options: RunOptions,
): Promise<ReadonlyMap<WriteCall, number>> {
  const { output } = await traced(command, paths, [], options);
  return new Map(
    writes.map((call) => [
      call,
      output.split('\n').filter((line) => new RegExp(`^(?:\\[pid +\\d+\\] )?${call}\\(`).test(line)).length,
    ]),
  );
}

/** Runs a command with the n-th call (from 1) of this kind on these files made to fail, alone or with all that follow. */
export async function withFault(
  command: readonly string[],
  paths: readonly string[],
  at: { readonly call: WriteCall; readonly nth: number; readonly fault: Fault; readonly andAllLater?: boolean },
  options: RunOptions,
): Promise<FaultyRun> {
  const what = at.fault === 'SIGKILL' ? 'signal=SIGKILL' : `error=${at.fault}`;
  const run = await traced(
    command,
    paths,
    ['-e', `inject=${at.call}:${what}:when=${at.nth}${at.andAllLater ? '+' : ''}`],
    options,
  );
  return { ...run, injected: /\(INJECTED\)|killed by SIGKILL/.test(run.output) };
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

async function traced(
  command: readonly string[],
  paths: readonly string[],
  inject: readonly string[],
  { cwd, env }: RunOptions,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const watch = paths.flatMap((path) => ['-P', path]);
  const args = ['-f', '-qq', ...watch, '-e', `trace=${writes.join(',')}`, ...inject, ...command];
  const child = spawn('strace', args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
