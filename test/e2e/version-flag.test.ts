import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { aqe, aqeProcess } from '../support/cli.ts';
import { acting, wordsOf } from '../support/command-lines.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
/** Shows evidence and not a release, whose name only chooses the commit. */
const silentOnTheName: ReadonlySet<string> = new Set(['evidence']);
const lines = commands
  .filter((command) => 'version' in command.flags)
  .flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => ({ name, argv: wordsOf(command, name) })),
  );
const reading = lines.filter(({ name }) => !acting.has(name));
/** Those that show something of any release where none is named. */
const ofAny: ReadonlySet<string> = new Set(['evidence', 'audit show']);

let shop: Project;

beforeAll(() => {
  shop = project();
});
afterAll(removeTemporaryFolders);

describe('--version names a release', () => {
  test('in at least the nine commands about releases', () => {
    const names = lines.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(['assess', 'risk', 'risk-score', 'check-gate', 'checklist']));
    expect(names.length).toBeGreaterThanOrEqual(9);
  });

  test.each(lines.filter(({ name }) => acting.has(name)))(
    'in $name, which records something and never prints our own version',
    async ({ argv }) => {
      const spaced = await aqe(shop.root, ['deploy', ...argv, '--version', 'v2.5.0']);
      const joined = await aqe(shop.root, ['deploy', ...argv, '--version=v2.5.0']);

      for (const { out, err } of [spaced, joined]) {
        expect(out + err).not.toContain(manifest.version);
        expect(err).not.toContain('AQE1002');
        expect(out + err).toContain('v2.5.0');
      }
    },
  );

  test.each(reading)('in $name, which never prints our own version', async ({ name, argv }) => {
    const { code, out, err } = await aqe(shop.root, ['deploy', ...argv, '--version', 'v2.5.0']);

    expect([0, 1, 3, 4]).toContain(code);
    expect(out + err).not.toContain(manifest.version);
    expect(out.replaceAll('\\', '').includes('v2.5.0')).toBe(!silentOnTheName.has(name));
  });

  test.each(reading)('written --version=v2.5.0 in $name too', async ({ argv }) => {
    const spaced = await aqe(shop.root, ['deploy', ...argv, '--version', 'v2.5.0']);

    const joined = await aqe(shop.root, ['deploy', ...argv, '--version=v2.5.0']);

    expect(joined.code).toBe(spaced.code);
    expect(ageless(joined.out)).toBe(ageless(spaced.out));
  });

  test.each(lines.filter(({ name }) => !ofAny.has(name)))('$name refuses to guess it', async ({ argv }) => {
    const { code, out, err } = await aqe(shop.root, ['deploy', ...argv]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AQE1002');
    expect(err).toContain('--version');
  });

  test.each([[['--version']], [['deploy', '--version']], [['deploy', '--version', 'v2.5.0']]])(
    '%j without a command is a mistake and prints no version',
    async (argv) => {
      const { code, out } = await aqe(shop.root, argv);

      expect({ code, out }).toEqual({ code: 2, out: '' });
    },
  );

  test('an empty value, as of an unset variable, is refused', async () => {
    const { code, err } = await aqe(shop.root, ['deploy', 'assess', '--version', '']);

    expect(code).toBe(2);
    expect(err).toContain('--version is empty');
  });
});

describe('our own version', () => {
  test.each([[['version']], [['deploy', 'version']], [['-V']], [['deploy', '-V']]])(
    'is printed by aqe %j',
    async (argv) => {
      const result = await aqe(shop.root, argv);

      expect(result).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
    },
  );

  test.each([[['version']], [['-V']]])('is printed by the program itself for %j', (argv) => {
    const result = aqeProcess(shop.root, argv);

    expect(result).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });
});

describe('aqe deploy X, aqe X and aqe-deploy X are the same command', () => {
  test.each([
    [['help']],
    [['help', 'exit-codes']],
    [['completion', 'bash']],
    [['config', 'print', '--origin']],
    [['assess', '--version', 'v2.5.0', '--dry-run']],
  ])('for %j', async (argv) => {
    const deploy = await aqe(shop.root, ['deploy', ...argv]);

    const short = await aqe(shop.root, argv);
    const hyphen = await aqe(shop.root, argv, { program: 'aqe-deploy' });

    expect(deploy.code).toBe(0);
    expect([short, hyphen].map(({ code, out }) => ({ code, out: ageless(out) }))).toEqual(
      Array.from({ length: 2 }, () => ({ code: 0, out: ageless(deploy.out) })),
    );
  });
});

/** Without what changes from second to second. */
function ageless(text: string): string {
  return text
    .replace(/\b\d+s old/g, 'Ns old')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\| \d+s \|/g, '| Ns |');
}
