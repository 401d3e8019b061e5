import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin', 'aqe.cjs');

/** A process to time, or to prepare with. It counts as done with one of the statuses. */
export interface Job {
  readonly args: readonly string[];
  /** Default: this Node. */
  readonly program?: string;
  readonly cwd?: string;
  readonly statuses?: readonly number[];
}

/** What Node itself needs to start and end: the peer of every figure of ours. */
export const bareNode: Job = { args: ['-e', '0'] };

export function aqe(args: readonly string[], cwd: string = root, statuses: readonly number[] = [0]): Job {
  return { args: [program, ...args], cwd, statuses };
}

/** Milliseconds that the process took, from its start to its end. @throws Error when it ends with another status. */
export function run({ program: name = process.execPath, args, cwd = root, statuses = [0] }: Job): number {
  const started = performance.now();
  const child = spawnSync(name, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  const took = performance.now() - started;
  if (child.status === null || !statuses.includes(child.status))
    throw new Error(`${args.join(' ')} ended with ${child.status ?? child.signal}: ${child.stderr}`);
  return took;
}

/**
 * Median times of the jobs. They take turns, so that a busy machine slows all of them alike and their ratio says
 * something on any machine. The first rounds only warm caches up.
 */
export function medians(jobs: readonly Job[], rounds = 21, warmUps = 2): readonly number[] {
  const times = jobs.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round += 1)
    jobs.forEach((job, index) => {
      const took = run(job);
      if (round >= 0) times[index]!.push(took);
    });
  return times.map(median);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Most memory that a run of ours took, in bytes, threads included. */
export function peakMemory({ args, cwd = root, statuses = [0] }: Job): number {
  const report = 'process.on("exit",()=>process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}`))';
  const child = spawnSync(process.execPath, ['--import', `data:text/javascript,${report}`, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const kilobytes = /peak (\d+)$/.exec(child.stderr)?.[1];
  if (child.status === null || !statuses.includes(child.status) || kilobytes === undefined)
    throw new Error(`${args.join(' ')} ended with ${child.status ?? child.signal}: ${child.stderr}`);
  return Number(kilobytes) * 1024;
}

/** Whether a program can be started. */
export function isThere(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Output of a tool. @throws Error when it fails. */
export function tool(name: string, args: readonly string[], cwd: string): string {
  const child = spawnSync(name, args, { cwd, encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${name} ${args.join(' ')} failed: ${child.stderr}${child.stdout}`);
  return child.stdout;
}
