import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { aqe, hasProgram } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

let folder: string;

beforeAll(async () => {
  folder = temporaryFolder();
  for (const shell of shells) writeFileSync(join(folder, shell), (await aqe(folder, ['completion', shell])).out);
});
afterAll(removeTemporaryFolders);

/** What the shell says about a script, and what the script prints. */
function run(program: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Words that bash offers when TAB is pressed behind the last of `words`. */
function offeredByBash(...words: readonly string[]): readonly string[] {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const script = `source ./bash; COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _aqe; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', '--norc', '-c', script).stdout.split('\n').filter(Boolean);
}

describe('bash', () => {
  test('takes the script', () => {
    const result = run('bash', '-n', 'bash');

    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('knows afterwards how to complete aqe and aqe-deploy', () => {
    const { stdout } = run('bash', '--norc', '-c', 'source ./bash; complete -p aqe aqe-deploy');

    expect(stdout).toBe('complete -o filenames -F _aqe aqe\ncomplete -o filenames -F _aqe aqe-deploy\n');
  });

  test.each([
    [['aqe', 'as'], ['assess']],
    [
      ['aqe', 'deploy', 'risk'],
      ['risk', 'risk-score'],
    ],
    [
      ['aqe-deploy', 'check'],
      ['check-gate', 'checklist'],
    ],
    [['aqe', 'deploy', 'config', ''], ['print']],
    [['aqe', 'deploy', 'assess', '--fast'], ['--fast-track']],
    [['aqe', 'deploy', 'assess', '--version', 'v1', '--dry'], ['--dry-run']],
    [
      ['aqe', 'deploy', 'assess', '--format', ''],
      ['text', 'json', 'markdown'],
    ],
    [['aqe', 'deploy', 'assess', '--priority', 'c'], ['critical']],
  ])('offers for %j what fits', (typed, expected) => {
    const offered = offeredByBash(...typed);

    expect(offered).toEqual(expected);
  });

  test('offers every command and deploy behind aqe', () => {
    const offered = offeredByBash('aqe', '');

    const words = commands.flatMap(({ name, aliases = [] }) => [name.split(' ')[0]!, ...aliases]);
    expect(new Set(offered)).toEqual(new Set(['deploy', ...words]));
  });

  test('offers files where a file is meant', () => {
    const offered = offeredByBash('aqe', 'deploy', 'evidence', 'fi');

    expect(offered).toEqual(['fish']);
  });
});

describe.runIf(hasProgram('zsh'))('zsh (runs only where it is installed)', () => {
  test('takes the script', () => {
    const result = run('zsh', '-f', '-n', 'zsh');

    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe.runIf(hasProgram('fish'))('fish (runs only where it is installed)', () => {
  test('takes the script', () => {
    const result = run('fish', '--no-execute', 'fish');

    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.each([
    ['aqe deploy as', ['assess']],
    ['aqe deploy risk', ['risk', 'risk-score']],
    ['aqe deploy config ', ['print']],
    ['aqe deploy assess --fast', ['--fast-track']],
    ['aqe deploy assess --format ', ['json', 'markdown', 'text']],
  ])('offers for %j what fits', (typed, expected) => {
    const { stdout } = run('fish', '--no-config', '-c', `source ./fish; complete -C ${JSON.stringify(typed)}`);

    const offered = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t')[0]);
    expect(offered.filter((word) => !shells.some((shell) => shell === word)).toSorted()).toEqual(expected);
  });
});

test.each(['powershell', '', 'BASH'])('%j is no shell that a script is written for', async (shell) => {
  const { code, out, err } = await aqe(folder, ['completion', shell]);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('bash, zsh, fish');
});
