import type { AnyCommand, FlagSpec } from '../../src/surfaces/cli/command.ts';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { exitMeanings } from '../../src/surfaces/cli/exit-codes.ts';
import { code, codeBlock, page, table, text } from './page.ts';

export function cliPage(): string {
  return page(
    'Command line',
    'src/surfaces/cli/commands',
    '`aqe` and `aqe-deploy` are one program: `aqe deploy assess` and `aqe-deploy assess` are the same command. Results go to ' +
      'stdout, everything else to stderr.',
    table(
      ['command', 'what it does'],
      commands.map((command) => [`[${code(lineOf(command))}](#${anchorOf(command)})`, text(command.summary)]),
    ),
    '## Exit statuses',
    table(
      ['status', 'meaning'],
      Object.entries(exitMeanings).map(([status, meaning]) => [status, text(meaning)]),
    ),
    'A command whose section has no table of its own ends with 0 when it did its work.',
    ...commands.flatMap(section),
  );
}

function section(command: AnyCommand): readonly string[] {
  const { summary, description, aliases = [], positional, flags, examples, exits = {} } = command;
  const rows = Object.entries(flags).map(([name, spec]) => flagRow(name, spec));
  const statuses = Object.entries(exits).map(([status, meaning]) => [status, text(meaning)]);
  return [
    `## ${lineOf(command)}`,
    text(summary),
    ...(description ? [text(description)] : []),
    codeBlock([usageOf(command)]),
    ...(aliases.length > 0 ? [`Also: ${aliases.map(code).join(', ')}.`] : []),
    ...(positional ? [`${code(positional.name.toUpperCase())}: ${text(positional.summary)}`] : []),
    ...(rows.length > 0 ? [table(['flag', 'meaning'], rows)] : []),
    codeBlock(examples),
    ...(statuses.length > 0 ? [table(['exit status', 'meaning'], statuses)] : []),
  ];
}

function lineOf({ under, name }: AnyCommand): string {
  return under === 'deploy' ? `aqe deploy ${name}` : `aqe ${name}`;
}

function anchorOf(command: AnyCommand): string {
  return lineOf(command).replaceAll(' ', '-');
}

function usageOf(command: AnyCommand): string {
  const { positional, flags } = command;
  const required = Object.entries(flags).flatMap(([name, spec]) =>
    spec.type === 'string' && spec.required ? [`--${name} ${spec.value}`] : [],
  );
  const optional = Object.keys(flags).length > required.length ? ['[flags]'] : [];
  const words = positional && `${positional.name.toUpperCase()}${positional.many ? '…' : ''}`;
  return [
    lineOf(command),
    ...(words ? [positional.required ? words : `[${words}]`] : []),
    ...required,
    ...optional,
  ].join(' ');
}

function flagRow(name: string, spec: FlagSpec): readonly string[] {
  if (spec.type === 'boolean') return [code(`--${name}`), text(spec.summary)];
  const notes = [
    spec.required ? ' Required.' : '',
    spec.default === undefined ? '' : ` Default: ${code(spec.default)}.`,
  ];
  return [code(`--${name} ${spec.value}`), text(spec.summary) + notes.join('')];
}
