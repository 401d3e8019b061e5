import fc from 'fast-check';
import { expect, test } from 'vitest';
import { command, type AnyCommand, type Surroundings } from './command.ts';
import { runWithCommander } from './commander-line.ts';
import { commands } from './commands/index.ts';
import { commandLoaders } from './commands/loaders.ts';
import { commandNameIn, plainLine } from './plain-line.ts';

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

const names = Object.keys(commandLoaders);

/** What the program reads without commander; null for what it leaves to it. */
async function read(argv: readonly string[]): Promise<ReturnType<typeof plainLine>> {
  const name = commandNameIn(argv, names);
  return name === null ? null : plainLine(argv, await commandLoaders[name]!(), names);
}

test('every command stands under its name and its aliases', async () => {
  for (const [name, load] of Object.entries(commandLoaders)) {
    const found = await load();

    expect([found.name, ...(found.aliases ?? [])]).toContain(name);
  }
  expect(names.toSorted()).toEqual(commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]).toSorted());
});

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
  await runWithCommander(argv, recording, { io } as unknown as Surroundings, 'aqe deploy').catch(() => null);
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
      const plainly = await read(argv);
      if (plainly === null) return;
      plain += 1;
      const { flags, positionals } = plainly;
      const empty = Object.values(flags).includes('');
      expect(empty ? null : { command: plainly.command.name, flags, positionals }).toEqual(await withCommander(argv));
    }),
    { numRuns: 2000 },
  );

  expect(plain).toBeGreaterThan(100);
});

const examples = commands
  .flatMap((each) => each.examples)
  .filter((example) => example.startsWith('aqe deploy ') && !example.includes('"'));

test.each(examples)('%s is a plain line', async (example) => {
  const argv = example.replace(/ >.*$/, '').split(' ').slice(2);

  expect(await read(argv)).not.toBeNull();
});

test.each([['risk'], ['assess', '--help'], ['assess', '--version'], ['assess', '--version', 'v1', '--format', 'pdf']])(
  '%s %s is left to those who explain',
  async (...argv) => {
    expect(await read(argv)).toBeNull();
  },
);
