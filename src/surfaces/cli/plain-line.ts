import { parseArgs } from 'node:util';
import type { AnyCommand, FlagSpecs, Invocation } from './command.ts';

/**
 * Reads a command line that a command can run with as it stands; null for every other one: help, mistakes, the unusual.
 * Loading the library that reads those takes a third of the time that Node itself needs to start.
 */
export function plainLine(
  argv: readonly string[],
  command: AnyCommand,
  names: readonly string[],
): ({ readonly command: AnyCommand } & Invocation<FlagSpecs>) | null {
  const words = command.name.split(' ').length;
  const parsed = parse(argv.slice(words), command.flags);
  if (parsed === null || !takes(command, parsed.positionals)) return null;
  // `evidence --json stamp` is the command `evidence stamp`.
  if (parsed.positionals.some((word) => names.includes(`${command.name} ${word}`))) return null;
  const flags: Record<string, string | boolean | undefined> = {};
  for (const [flag, spec] of Object.entries(command.flags)) {
    const value = parsed.values[flag];
    if (spec.type === 'boolean') flags[flag] = value === true;
    else {
      if (value === undefined && spec.required) return null;
      if (typeof value === 'string' && spec.choices && !spec.choices.includes(value)) return null;
      flags[flag] = value ?? spec.default;
    }
  }
  return { command, flags, positionals: parsed.positionals } as ReturnType<typeof plainLine>;
}

/** The name or alias of the command that a line begins with: of two words, else of one. */
export function commandNameIn([first = '', second = '']: readonly string[], names: readonly string[]): string | null {
  return [`${first} ${second}`, first].find((name) => names.includes(name)) ?? null;
}

function parse(args: readonly string[], flags: FlagSpecs) {
  const options = Object.fromEntries(Object.entries(flags).map(([flag, { type }]) => [flag, { type }]));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch {
    // It will be explained by those who do nothing else.
    return null;
  }
}

function takes({ positional }: AnyCommand, { length }: readonly string[]): boolean {
  if (positional === undefined) return length === 0;
  return (length > 0 || !positional.required) && (length < 2 || positional.many);
}
