import { Command as Commander, CommanderError, Option } from 'commander';
import { AqeError } from '../../core/error/aqe-error.ts';
import { runCommand, type AnyCommand, type FlagSpec, type Surroundings } from './command.ts';
import { printError } from './print-error.ts';

/**
 * Reads any command line: help, mistakes with what was probably meant, and everything that `plain-line.ts` leaves.
 * @throws AqeError and what commands throw.
 */
export async function runWithCommander(
  argv: readonly string[],
  commands: readonly AnyCommand[],
  surroundings: Surroundings,
  programName: string,
): Promise<number> {
  let status = 0;
  try {
    const program = buildProgram(surroundings, wanted(commands, argv), programName, (code) => {
      status = code;
    });
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return commanderStatus(error, surroundings);
    throw error;
  }
}

function commanderStatus(error: CommanderError, { io }: Surroundings): number {
  if (error.exitCode === 0) return 0;
  // Help shown because no command was given has been printed already.
  if (error.code === 'commander.help') return 2;
  const code = error.code === 'commander.unknownCommand' ? 'AQE1001' : 'AQE1002';
  return printError(
    new AqeError(
      code,
      error.message
        .replace(/^error: /, '')
        .replace(/\s+/g, ' ')
        .trim(),
      {},
    ),
    io,
  );
}

function buildProgram(
  surroundings: Surroundings,
  commands: readonly AnyCommand[],
  name: string,
  done: (code: number) => void,
): Commander {
  const { io } = surroundings;
  const root = configured(new Commander(name), surroundings)
    .usage('<command> [flags]')
    .description('May this release go to production? A go/no-go decision from evidence, with its reasons.')
    .helpCommand(false)
    .addHelpText(
      'after',
      `\nRun \`${name} <command> --help\` for one command, \`aqe help exit-codes\` for the exit statuses.`,
    );
  for (const command of [...commands].sort((a, b) => a.name.split(' ').length - b.name.split(' ').length)) {
    const words = command.name.split(' ');
    const parent = words
      .slice(0, -1)
      .reduce(
        (at, word) => at.commands.find((child) => child.name() === word) ?? configured(at.command(word), surroundings),
        root,
      );
    addCommand(parent, words.at(-1)!, command, surroundings, done);
  }
  root.action(() => {
    io.err(`${root.helpInformation()}\n`);
    throw new CommanderError(2, 'commander.help', 'no command');
  });
  return root;
}

/** The commands that a command line can mean: those of its first word, or all where it is no command (help, a mistake). */
function wanted(commands: readonly AnyCommand[], [verb]: readonly string[]): readonly AnyCommand[] {
  const meant = commands.filter(
    (command) => command.name.split(' ')[0] === verb || command.aliases?.includes(verb ?? ''),
  );
  return meant.length > 0 ? meant : commands;
}

function configured(commander: Commander, { io }: Surroundings): Commander {
  return commander
    .exitOverride()
    .showSuggestionAfterError(true)
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(100, io.columns ?? 80),
    });
}

function addCommand(
  parent: Commander,
  word: string,
  command: AnyCommand,
  surroundings: Surroundings,
  done: (code: number) => void,
): void {
  const existing = parent.commands.find((child) => child.name() === word);
  const commander = configured(existing ?? parent.command(word), surroundings)
    .summary(command.summary)
    .description([command.summary, command.description].filter(Boolean).join('\n\n'));
  for (const alias of command.aliases ?? []) commander.alias(alias);
  if (command.positional) {
    const { name, summary, required, many } = command.positional;
    const text = `${name}${many ? '...' : ''}`;
    commander.argument(required ? `<${text}>` : `[${text}]`, summary);
  } else commander.allowExcessArguments(false);
  for (const [flag, spec] of Object.entries(command.flags)) commander.addOption(optionOf(flag, spec));
  const exits = Object.entries(command.exits ?? {}).map(([code, meaning]) => `  ${code}  ${meaning}`);
  commander.addHelpText(
    'after',
    [
      '',
      'Examples:',
      ...command.examples.map((example) => `  ${example}`),
      ...(exits.length > 0 ? ['', 'Exit status:', ...exits] : []),
    ].join('\n'),
  );
  commander.action(async () => {
    const given = commander.opts<Record<string, unknown>>();
    const flags = Object.fromEntries(
      Object.entries(command.flags).map(([flag, spec]) => [
        flag,
        given[camel(flag)] ?? (spec.type === 'boolean' ? false : undefined),
      ]),
    );
    done(await runCommand(command, { flags: flags as never, positionals: commander.args }, surroundings));
  });
}

function optionOf(flag: string, spec: FlagSpec): Option {
  if (spec.type === 'boolean') return new Option(`--${flag}`, spec.summary);
  const option = new Option(`--${flag} <${spec.value}>`, spec.summary);
  if (spec.choices) option.choices(spec.choices);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.required) option.makeOptionMandatory();
  return option;
}

function camel(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
