import fc from 'fast-check';
import { expect, test } from 'vitest';
import { command, type AnyCommand, type Surroundings } from './command.ts';
import { runWithCommander } from './commander-line.ts';
import { commands } from './commands/index.ts';
import { plainLine } from './plain-line.ts';

const words = [
  ...commands.flatMap(({ name, aliases = [] }) => [...name.split(' '), ...aliases]),
  ...new Set(commands.flatMap(({ flags }) => Object.keys(flags).map((flag) => `--${flag}`))),
  '--format=json',
  '--json=true',
  '--version=v1',
  '--output=',
  '--no-json',
  '--verson',
  '--',
  '-',
  '-V',
  '-h',
  '--help',
  'v1.0.0',
  'json',
  'critical',
  'reports/junit.xml',
  'stamp',
  '',
  '-1',
  'a=b',
  '__proto__',
];

/** What commander makes of a line: the command that it would run and with what; null if it runs none. */
async function withCommander(argv: readonly string[]): Promise<unknown> {
  let seen: unknown = null;
  const recording = commands.map((each): AnyCommand =>
    command({
      ...each,
      run({ flags, positionals }) {
        seen = { command: each.name, flags, positionals };
        return Promise.resolve(0);
      },
    }),
  );
  const io = {
    cwd: '/',
    env: {},
    isTTY: false,
    isErrTTY: false,
    columns: 80,
    out: () => undefined,
    err: () => undefined,
  };
  await runWithCommander(argv, { io, commands: recording } as unknown as Surroundings, 'aqe deploy').catch(() => null);
  return seen;
}

const line = fc.tuple(
  fc.constantFrom(...commands.map(({ name }) => name.split(' '))),
  fc.array(fc.constantFrom(...words), { maxLength: 6 }),
  fc.boolean(),
);

test('a plain line means the same to both readers', async () => {
  let plain = 0;

  await fc.assert(
    fc.asyncProperty(line, async ([name, rest, versioned]) => {
      const argv = [...name, ...(versioned ? ['--version', 'v1.0.0'] : []), ...rest];
      const read = plainLine(argv, commands);
      if (read === null) return;
      plain += 1;
      const { flags, positionals } = read;
      const empty = Object.values(flags).includes('');
      expect(empty ? null : { command: read.command.name, flags, positionals }).toEqual(await withCommander(argv));
    }),
    { numRuns: 2000 },
  );

  expect(plain).toBeGreaterThan(100);
});

const examples = commands
  .flatMap((each) => each.examples)
  .filter((example) => example.startsWith('aqe deploy ') && !example.includes('"'));

test.each(examples)('%s is a plain line', (example) => {
  const argv = example.replace(/ >.*$/, '').split(' ').slice(2);

  const read = plainLine(argv, commands);

  expect(read).not.toBeNull();
});

test.each([
  ['assess'],
  ['assess', '--help'],
  ['assess', '--version'],
  ['assess', '--version', 'v1', '--format', 'pdf'],
])('%s %s is left to those who explain', (...argv) => {
  const read = plainLine(argv, commands);

  expect(read).toBeNull();
});
