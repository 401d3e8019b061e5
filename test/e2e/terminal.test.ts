import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { aqe, type CliOptions, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

const pages: readonly (readonly string[])[] = [
  ['assess', '--version', 'v2.5.0', '--dry-run'],
  ['risk', '--version', 'v2.5.0', '--detailed'],
  ['check-gate', '--version', 'v2.5.0', '--gate', 'test_coverage'],
  ['checklist', '--version', 'v2.5.0'],
  ['blockers', '--version', 'v2.5.0', '--detailed'],
  ['explain', '--version', 'v2.5.0'],
  ['explain', 'gate', '--version', 'v2.5.0'],
  ['evidence'],
  ['doctor'],
];
// oxlint-disable-next-line no-control-regex
const colour = /\u001b\[\d+m/g;
const escape = '\u001b';

let shop: Project;
/** Without history, which saves the calls of git where only the colours matter. */
let loose: Project;

beforeAll(() => {
  const shape = {
    coverage: { lines: [70, 100], branches: [92, 100] },
    tests: { passed: 4, failed: 2 },
    mutants: null,
  } as const;
  shop = project(shape);
  loose = project({ ...shape, history: 'none' });
  for (const each of [shop, loose]) each.write('reports/junit-cut.xml', '<testsuite name="cut">');
});
afterAll(removeTemporaryFolders);

const show = (argv: readonly string[], options: CliOptions = {}): Promise<CliResult> => aqe(shop.root, argv, options);

describe.each(pages.map((argv) => ({ name: argv.join(' '), argv })))('$name', ({ argv }) => {
  test('has colours of SGR only on a terminal, and the text without them is that of a pipe', async () => {
    const terminal = await show(argv, { isTTY: true });
    const pipe = await show(argv, { isTTY: false });

    expect(terminal.out).toMatch(colour);
    expect(terminal.out.replace(colour, '')).not.toContain(escape);
    expect(pipe.out).not.toContain(escape);
    expect(ageless(terminal.out.replace(colour, ''))).toBe(ageless(pipe.out));
  });

  test.each([
    ['NO_COLOR on a terminal', { isTTY: true, env: { NO_COLOR: '1' } }],
    ['NO_COLOR against FORCE_COLOR', { isTTY: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }],
    ['TERM=dumb on a terminal', { isTTY: true, env: { TERM: 'dumb' } }],
    ['FORCE_COLOR=0 in a pipe', { isTTY: false, env: { FORCE_COLOR: '0' } }],
  ] satisfies readonly (readonly [string, CliOptions])[])('has no colour with %s', async (_, options) => {
    const { out, err } = await aqe(loose.root, argv, options);

    expect(out + err).not.toContain(escape);
  });

  test('has colour in a pipe with FORCE_COLOR', async () => {
    const { out } = await aqe(loose.root, argv, { isTTY: false, env: { FORCE_COLOR: '1' } });

    expect(out).toMatch(colour);
  });

  test('opens no colour without closing it on the same line', async () => {
    const { out } = await aqe(loose.root, argv, { isTTY: true });

    const open = out.split('\n').filter((line) => {
      const codes = [...line.matchAll(colour)].map(([code]) => code);
      return codes.length % 2 !== 0;
    });
    expect(open).toEqual([]);
  });

  test.each([
    ['--ascii', ['--ascii'], {}],
    ['TERM=dumb', [], { env: { TERM: 'dumb' } }],
  ] as const)('is printable ASCII only with %s', async (_, flags, options) => {
    const { out, err } = await aqe(loose.root, [...argv, ...flags], options);

    expect(out + err).toMatch(/^[\u0020-\u007e\n]*$/);
  });

  test.each([80, 100, 60])('has no line over %i columns on such a terminal', async (columns) => {
    const { out, err } = await show(argv, { columns });
    const ascii = await aqe(loose.root, [...argv, '--ascii'], { columns });

    expect(longer(out, columns)).toEqual([]);
    expect(longer(ascii.out, columns)).toEqual([]);
    expect(longer(err, 80)).toEqual([]);
  });

  test('ends every line and has no blank at the end of one', async () => {
    const { out } = await show(argv);

    expect(out).toMatch(/\n$/);
    expect(out.split('\n').filter((line) => line.endsWith(' '))).toEqual([]);
  });
});

describe('--help', () => {
  const helps = commands.map(({ name }) => [...name.split(' '), '--help']);

  test.each(helps.map((argv) => [argv]))('%j is on stdout, 0, and within 80 columns', async (argv) => {
    const { code, out, err } = await show(argv, { columns: 80 });

    const prose = out.slice(0, out.indexOf('\nExamples:'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(longer(prose, 80)).toEqual([]);
  });

  test('without a command is 2, on stderr', async () => {
    const { code, out, err } = await show(['deploy']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: aqe deploy <command>');
  });

  test('of the program is 0 and names every command', async () => {
    const { code, out } = await show(['--help']);

    expect(code).toBe(0);
    for (const { name } of commands) expect(out).toContain(name.split(' ')[0]);
  });
});

test('an error on a terminal is coloured, in a pipe it is not', async () => {
  const argv = ['assess', '--version', 'v2.5.0', '--config', 'none.yaml'];

  const terminal = await show(argv, { isTTY: true });
  const pipe = await show(argv);

  expect(terminal.err.replace(colour, '')).toBe(pipe.err);
  expect(terminal.err).toMatch(colour);
});

function longer(text: string, columns: number): readonly string[] {
  return text.split('\n').filter((line) => [...line].length > columns);
}

function ageless(text: string): string {
  return text.replace(/\b\d+s old/g, 'Ns old');
}
