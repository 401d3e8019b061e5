import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyCommand } from '../../src/surfaces/cli/command.ts';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { aqe, json } from '../support/cli.ts';
import { acting, needsMore, wordsOf } from '../support/command-lines.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

const commandOf = (name: string): AnyCommand | undefined => commands.find((command) => command.name === name);
const formats = (name: string): readonly string[] => {
  const flag = commandOf(name)?.flags['format'];
  return flag?.type === 'string' ? (flag.choices ?? []) : [];
};

/** Every command that prints a result in a format, with what it needs to run. */
const printing = commands
  .filter(({ name }) => formats(name).length > 0 && !needsMore.has(name) && !acting.has(name))
  .map(({ name, flags }) => ({
    name,
    argv: [
      ...wordsOf({ name }),
      ...('version' in flags ? ['--version', 'v2.5.0'] : []),
      ...('dry-run' in flags ? ['--dry-run'] : []),
    ],
  }));
const inEveryFormat = printing.flatMap(({ name, argv }) =>
  formats(name).map((format) => ({ name, format, argv: [...argv, '--format', format] })),
);

let shop: Project;

beforeAll(() => {
  shop = project();
});
afterAll(removeTemporaryFolders);

test('at least ten commands print JSON', () => {
  const names = inEveryFormat.filter(({ format }) => format === 'json').map(({ name }) => name);

  expect(names.length).toBeGreaterThanOrEqual(10);
});

describe.each(printing)('$name', ({ argv }) => {
  test('prints JSON with a schemaVersion and nothing else on stdout', async () => {
    const { out, err } = await aqe(shop.root, [...argv, '--format', 'json']);

    expect(json({ out })).toMatchObject({ schemaVersion: '1' });
    expect(out).toBe(`${JSON.stringify(JSON.parse(out), null, 2)}\n`);
    expect(err).toMatch(/^exit \d: [^\n]+\n$/);
  });

  test('refuses a format that it does not have', async () => {
    const { code, out, err } = await aqe(shop.root, [...argv, '--format', 'pdf']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AQE1002');
  });

  test('is 2 with AQE1007 when --output cannot be written, and leaves no draft', async () => {
    const { code, out, err } = await aqe(shop.root, [...argv, '--output', 'package.json/report']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AQE1007');
    expect(err).toContain('package.json/report');
    expect(readdirSync(shop.root).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });
});

test.each(printing.filter(({ name }) => 'json' in (commandOf(name)?.flags ?? {})))(
  '$name takes --json for --format json',
  async ({ argv }) => {
    const short = await aqe(shop.root, [...argv, '--json']);
    const long = await aqe(shop.root, [...argv, '--format', 'json']);

    expect(Object.keys(json(short))).toEqual(Object.keys(json(long)));
  },
);

describe.each(inEveryFormat)('$name --format $format', ({ name, format, argv }) => {
  const file = `out/${name.replace(' ', '-')}.${format}`;

  test('--output writes what would be printed, and prints nothing', async () => {
    const printed = await aqe(shop.root, argv);
    const written = await aqe(shop.root, [...argv, '--output', file]);

    const text = readFileSync(join(shop.root, file), 'utf8');
    expect(written).toMatchObject({ code: printed.code, out: '' });
    expect(written.err).toContain(`wrote ${file}\n`);
    expect(ageless(text)).toBe(ageless(printed.out));
    expect(text).toMatch(/[^\n]\n$/);
  });
});

describe('--output', () => {
  const risk = ['risk', '--version', 'v2.5.0', '--output'];

  test('replaces a file as a whole', async () => {
    shop.write('old.txt', 'x'.repeat(100_000));

    await aqe(shop.root, [...risk, 'old.txt']);

    expect(readFileSync(join(shop.root, 'old.txt'), 'utf8')).toMatch(/^Risk of shop v2\.5\.0/);
  });

  test('is relative to where the command is called', async () => {
    await aqe(join(shop.root, 'src'), [...risk, 'here.txt']);

    expect(existsSync(join(shop.root, 'src/here.txt'))).toBe(true);
  });

  test.each(['.', 'folder'])('to the folder %s is AQE1007 and the folder stays', async (path) => {
    mkdirSync(join(shop.root, 'folder'), { recursive: true });
    writeFileSync(join(shop.root, 'folder/kept'), '');

    const { code, err } = await aqe(shop.root, [...risk, path]);

    expect(code).toBe(2);
    expect(err).toContain('AQE1007');
    expect(readdirSync(join(shop.root, 'folder'))).toEqual(['kept']);
  });

  test('that fails keeps what was assessed: the verdict is not lost with the paper', async () => {
    const own = project();

    const { code } = await aqe(own.root, ['assess', '--version', 'v2.5.0', '--output', 'package.json/x']);

    expect(code).toBe(2);
    expect(existsSync(join(own.root, '.agentic-qe/deploy.db'))).toBe(true);
  });
});

/** Without what changes from second to second. */
function ageless(text: string): string {
  return text
    .replace(/\b\d+s( old| \|)/g, 'Ns$1')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
}
