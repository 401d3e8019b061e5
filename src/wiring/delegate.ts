import { delimiter, join } from 'node:path';
import { handOver } from '../adapters/process/hand-over.ts';
import type { Io } from '../surfaces/cli/command.ts';

/** Verbs of `aqe` that are not ours belong to the agentic-qe fleet, if it is installed in the project or on the PATH; null if not. */
export async function delegate(argv: readonly string[], { cwd, env }: Io): Promise<number | null> {
  const path = [join(cwd, 'node_modules', '.bin'), env['PATH'] ?? ''].join(delimiter);
  return handOver('agentic-qe', argv, { cwd, env: { ...env, PATH: path } });
}
