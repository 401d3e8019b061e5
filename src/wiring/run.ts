import { localOutput } from '../adapters/files/local-output.ts';
import type { OutputFile } from '../ports/output-file.ts';
import type { Io, Surroundings } from '../surfaces/cli/command.ts';
import { commandLoaders } from '../surfaces/cli/commands/loaders.ts';
import { progressLine } from '../surfaces/cli/progress-line.ts';
import { runProgram } from '../surfaces/cli/program.ts';
import { redactedIo, redactedOutput, redactionOf, type Redaction } from './redaction.ts';

export { redactionOf };

/** Runs one command line. All that it prints or writes passes the redaction. `aqe deploy X`, `aqe X` and `aqe-deploy X` are the same for our own commands. */
export async function run(
  argv: readonly string[],
  terminal: Io,
  programName: string,
  redaction: Redaction = redactionOf(terminal.env),
): Promise<number> {
  const io = redactedIo(terminal, redaction.redact);
  const output: OutputFile = {
    write: (...args) => localOutput(io.cwd).write(...args),
  };
  const surroundings: Surroundings = {
    io,
    loaders: commandLoaders,
    output: redactedOutput(output, redaction.redact),
    trust: async () => (await import('./trust.ts')).openTrust(io.cwd, io.env),
    bundles: async () => (await import('./bundles.ts')).openBundles(io.cwd),
    open: async (options) =>
      (await import('./workspace.ts')).openWorkspace(io.cwd, options, progressLine(io), io.env, redaction),
  };
  const [verb] = argv;
  // Our own version is asked for as -V anywhere; `--version` always names a release.
  const given = verb === 'deploy' ? argv.slice(1) : argv;
  const words = given.length === 1 && given[0] === '-V' ? ['version'] : given;
  if (
    verb !== undefined &&
    verb !== 'deploy' &&
    programName !== 'aqe-deploy' &&
    !verb.startsWith('-') &&
    !isOurs(verb)
  ) {
    const { delegate } = await import('./delegate.ts');
    const status = await delegate(argv, io);
    if (status !== null) return status;
  }
  return runProgram(words, surroundings, programName);
}

function isOurs(verb: string): boolean {
  return Object.keys(commandLoaders).some((name) => name.split(' ')[0] === verb);
}
