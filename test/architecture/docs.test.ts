import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { configSchema } from '../../src/config/schema.ts';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { aqeCalls, anchorsOf, fencesOf, linksOf, problemOf } from '../support/docs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const top = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const pages = [...top, ...globSync('docs/**/*.md', { cwd: root })].sort();
const howTo = pages.filter((path) => path === 'README.md' || path.startsWith('docs/guides/'));
const scripts = (JSON.parse(read('package.json')) as { readonly scripts?: Readonly<Record<string, string>> }).scripts;

describe('the documentation', () => {
  test('is looked at in full', () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(howTo.length).toBeGreaterThan(4);
  });

  test.each(pages)('%s links to files and headings that exist', (page) => {
    const broken = linksOf(read(page)).filter((link) => !leadsSomewhere(page, link));

    expect(broken).toEqual([]);
  });

  test.each(howTo)('%s shows commands and flags that exist', (page) => {
    const calls = fencesOf(read(page)).flatMap(aqeCalls);

    const problems = calls.flatMap((call) => problemOf(call, commands) ?? []);

    expect(problems).toEqual([]);
  });

  test.each(pages)('%s names scripts of package.json only', (page) => {
    const named = [...read(page).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);

    expect(named.filter((name) => !Object.hasOwn(scripts ?? {}, name))).toEqual([]);
  });

  test.each(howTo)('%s shows configs that are valid', async (page) => {
    const configs = fencesOf(read(page)).filter(({ language, text }) => language === 'yaml' && isConfig(text));

    const checked = configs.map(({ text }) => parseConfig(page, text));

    await expect(Promise.all(checked)).resolves.toHaveLength(configs.length);
  });

  test('explains the architecture in at most 200 lines', () => {
    expect(read('ARCHITECTURE.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  test('starts with the two commands that a newcomer runs', () => {
    const shown = fencesOf(read('README.md')).map(({ text }) => text.trim());

    expect(shown.slice(0, 2)).toEqual([
      'npm ci && npx aqe deploy assess --version v2.5.0 --project examples/checkout',
      'npm ci && npm test',
    ]);
  });
});

describe('the check of commands', () => {
  test.each([
    ['an unknown command', 'aqe deploy asess --version v1', 'asess'],
    ['an unknown flag', 'npx aqe deploy assess --version v1 --loud', '--loud'],
    ['a required flag that is left out', 'aqe-deploy check-gate --version v1', '--gate'],
    ['a value that is no choice', 'aqe deploy report --version v1 --format pdf', 'pdf'],
    ['a command in the second line', 'cd x\nA=1 aqe deploy assess \\\n  --version v1 \\\n  --nope', '--nope'],
    ['a command in a pipeline of a workflow', '- run: npx aqe deploy evidence stamp --no a', '--no'],
  ])('finds %s', (_, text, found) => {
    const calls = aqeCalls({ language: 'sh', text });

    const problems = calls.map((call) => problemOf(call, commands));

    expect(problems).toEqual([expect.stringContaining(found)]);
  });

  test('takes what is right', () => {
    const text = [
      'npx aqe deploy assess --version ${{ github.ref_name }} --format json > readiness.json',
      'aqe deploy risk-score --version=v1 | head && aqe doctor # all is well',
      'aqe deploy checklist --version v1 --attest monitoring --by a --note "two words; --not-a-flag"',
    ].join('\n');

    const calls = aqeCalls({ language: 'sh', text });

    expect(calls.map((call) => problemOf(call, commands))).toEqual([null, null, null, null]);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  if (/^[a-z]+:/i.test(link)) return true;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), decodeURIComponent(path));
  if (relative(root, target).startsWith('..') || !existsSync(target)) return false;
  if (anchor === undefined) return true;
  return statSync(target).isFile() && anchorsOf(readFileSync(target, 'utf8')).has(anchor);
}

/** Workflows are YAML too. */
function isConfig(text: string): boolean {
  const keys = [...text.matchAll(/^(\w+):/gm)].map(([, key = '']) => key);
  return keys.length > 0 && keys.every((key) => Object.hasOwn(configSchema.shape, key));
}
