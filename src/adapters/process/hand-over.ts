import { spawn } from 'node:child_process';
import { findProgram } from './find-program.ts';

/**
 * Runs a program in our place: it gets our terminal and environment, and its exit status is ours.
 * @returns null if there is no such program.
 */
export async function handOver(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<number | null> {
  const file = await findProgram(program, options.env['PATH'] ?? '');
  if (file === null) return null;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: 'inherit', shell: false });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 130));
  });
}
