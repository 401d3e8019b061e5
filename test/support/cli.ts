import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Trust } from '../../src/app/trust.ts';
import type { Workspace } from '../../src/app/workspace.ts';
import { localOutput } from '../../src/adapters/files/local-output.ts';
import type { Io } from '../../src/surfaces/cli/command.ts';
import { commandLoaders } from '../../src/surfaces/cli/commands/loaders.ts';
import { runProgram } from '../../src/surfaces/cli/program.ts';
import { openBundles } from '../../src/wiring/bundles.ts';
import { run } from '../../src/wiring/run.ts';
import { openTrust } from '../../src/wiring/trust.ts';
import { openWorkspace } from '../../src/wiring/workspace.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly program?: 'aqe deploy' | 'aqe-deploy';
}

/** Runs one command line in this process, as if it were typed in `cwd`. No colour and no terminal unless asked for. */
export async function aqe(cwd: string, argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return captured(cwd, options, (io) => run(argv, io, options.program ?? 'aqe deploy'));
}

/** The same with parts of the workspace replaced: a clock that stands still, ids that are known. */
export async function aqeWith(
  parts: Partial<Workspace>,
  cwd: string,
  argv: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  return captured(cwd, options, (io) => {
    const open = async (asked: Parameters<typeof openWorkspace>[1]): Promise<Workspace> => ({
      ...(await openWorkspace(cwd, asked, undefined, io.env)),
      ...parts,
    });
    const trust = async (): Promise<Trust> => ({
      ...openTrust(cwd, io.env),
      ...(parts.clock && { clock: parts.clock }),
    });
    const bundles = async () => openBundles(cwd);
    const output = localOutput(cwd);
    return runProgram(
      argv,
      { io, loaders: commandLoaders, open, trust, bundles, output },
      options.program ?? 'aqe deploy',
    );
  });
}

async function captured(
  cwd: string,
  { env = {}, isTTY = false, columns = 80 }: CliOptions,
  work: (io: Io) => Promise<number>,
): Promise<CliResult> {
  let out = '';
  let err = '';
  const io: Io = {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    isTTY,
    isErrTTY: false,
    columns,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  };
  const before = children();
  const code = await work(io);
  // A command that fails early leaves git at work, and the test may remove the folder under it.
  while (children() > before) await setImmediate();
  return { code, out, err };
}

function children(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The program as a process of its own, for what one process cannot have: another PATH, user or mount. */
export function aqeProcess(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): CliResult {
  return childProcess([process.execPath, main, ...argv], cwd, env);
}

/** A shell line run with the command words of `prefix` before it; in it `aqe` is the program. */
export function shell(prefix: readonly string[], cwd: string, line: string): CliResult {
  const aqe = `aqe() { "${process.execPath}" "${main}" "$@"; }`;
  return childProcess([...prefix, 'sh', '-c', `${aqe}; ${line}`], cwd, {});
}

function childProcess(
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): CliResult {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1', ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error) throw error;
  return { code: status ?? -1, out: stdout, err: stderr };
}

/** Words before a command that give it mounts of its own; null where the machine does not permit it. */
export const privateMounts: readonly string[] | null =
  [
    ['unshare', '-m'],
    ['unshare', '-rm'],
  ].find(
    ([program = '', ...args]) => spawnSync(program, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0,
  ) ?? null;

/** Whether a program is on the PATH. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

/** JSON that was printed. */
export function json<T = Record<string, unknown>>({ out }: Pick<CliResult, 'out'>): T {
  return JSON.parse(out) as T;
}

/** State database of a project. */
export function databaseOf(root: string): string {
  return join(root, '.agentic-qe', 'deploy.db');
}
