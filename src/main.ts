import { enableCompileCache } from 'node:module';
import { basename } from 'node:path';
import type { Io } from './surfaces/cli/command.ts';
import { ownVersion } from './surfaces/cli/own-version.ts';

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  isTTY: process.stdout.isTTY === true,
  columns: process.stdout.columns,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** A reader that went away (`| head`) is not an error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  // Answered before anything else is loaded.
  if (argv.length === 1 && (argv[0] === 'version' || argv[0] === '-V')) {
    io.out(`${ownVersion}\n`);
    return 0;
  }
  enableCompileCache();
  const { run } = await import('./wiring/run.ts');
  return run(argv, io, basename(process.argv[1] ?? 'aqe').startsWith('aqe-deploy') ? 'aqe-deploy' : 'aqe deploy');
}

process.exitCode = await main();
