import { AqeError } from '../../core/error/aqe-error.ts';
import { nearest } from '../../core/error/nearest.ts';
import { loadAll, runCommand, type Surroundings } from './command.ts';
import { commandNameIn, plainLine } from './plain-line.ts';
import { printError } from './print-error.ts';

/**
 * Runs one command line (without node and script name, and without a leading `deploy`) and gives the exit status.
 * Never throws: an error is printed and becomes a status.
 */
export async function runProgram(
  argv: readonly string[],
  surroundings: Surroundings,
  programName: string,
): Promise<number> {
  try {
    const { loaders } = surroundings;
    const names = Object.keys(loaders);
    rejectUnknown(argv, names);
    const name = commandNameIn(argv, names);
    const plain = name === null ? null : plainLine(argv, await loaders[name]!(), names);
    if (plain !== null) return await runCommand(plain.command, plain, surroundings);
    const { runWithCommander } = await import('./commander-line.ts');
    return await runWithCommander(argv, await loadAll(loaders), surroundings, programName);
  } catch (error) {
    return printError(error, surroundings.io);
  }
}

/** @throws AqeError AQE1001. Found before the flags are: those of a misspelt command are not to blame. */
function rejectUnknown([verb, next]: readonly string[], names: readonly string[]): void {
  if (verb === undefined || verb.startsWith('-')) return;
  const first = [...new Set(names.map((name) => name.split(' ')[0]!))];
  if (!first.includes(verb)) {
    const guess = nearest(verb, first);
    throw new AqeError(
      'AQE1001',
      `there is no ${JSON.stringify(verb.slice(0, 60))}${guess ? `; did you mean ${guess}?` : ''}`,
    );
  }
  const group = names.filter((name) => name.startsWith(`${verb} `)).map((name) => name.slice(verb.length + 1));
  if (names.includes(verb) || (next !== undefined && (group.includes(next) || next === '--help' || next === '-h')))
    return;
  throw new AqeError('AQE1001', `${verb} is followed by ${group.join(' or ')}`);
}
