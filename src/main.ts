import { enableCompileCache } from 'node:module';
import { basename } from 'node:path';
import type { Io } from './surfaces/cli/command.ts';
import { ownVersion } from './surfaces/cli/own-version.ts';

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  isTTY: process.stdout.isTTY === true,
  isErrTTY: process.stderr.isTTY === true,
  columns: process.stdout.columns,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

// Until something is loaded there is nothing to hide.
let redact = (text: string): string => text;

// Node ends with status 1 on an error that nobody catches, and 1 means blocked here: nothing but a verdict may say that.
const broken = (error: unknown): void => {
  try {
    process.stderr.write(
      redact(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n  exit 2\n`),
    );
  } catch {
    // Standard error is gone too; the exit status still tells.
  }
  process.exit(2);
};
process.on('uncaughtException', broken);
process.on('unhandledRejection', broken);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that went away (`| head`) has seen enough: the verdict and its status stand.
    if (error.code !== 'EPIPE') broken(error);
  });
}

async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  // Answered before anything else is loaded.
  if (argv.length === 1 && (argv[0] === 'version' || argv[0] === '-V')) {
    io.out(`${ownVersion}\n`);
    return 0;
  }
  enableCompileCache();
  const { run, redactionOf } = await import('./wiring/run.ts');
  const redaction = redactionOf(io.env);
  ({ redact } = redaction);
  const name = basename(process.argv[1] ?? 'aqe').startsWith('aqe-deploy') ? 'aqe-deploy' : 'aqe deploy';
  return run(argv, io, name, redaction);
}

process.exitCode = await main();
