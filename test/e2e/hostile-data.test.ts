import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aqe, json, type CliOptions, type CliResult } from '../support/cli.ts';
import { gitTestEnvironment, removeTemporaryFolders } from '../support/git-repository.ts';
import { brokenRows, hostileTexts, unsafeIn, withoutColours } from '../support/hostile.ts';
import { npmAudit, project, reportPaths, type Project } from '../support/project.ts';

const texts = Object.values(hostileTexts);
/** Nothing in a name of the operating system or of git holds these. */
const storable = texts.map((text) => text.toWellFormed().replaceAll('\0', '')).filter((text) => text.length < 1000);

let shop: Project;
let before: readonly string[];

beforeAll(() => {
  shop = project({ tests: null });
  shop.write('package.json', JSON.stringify({ name: texts[0] }));
  shop.write('aqe-deploy.yaml', `service: ${JSON.stringify(storable.join(' ').slice(0, 199))}\n`);
  shop.write('reports/junit.xml', junitWith(texts));
  shop.write('reports/ctrf.json', ctrfWith(texts));
  shop.write(reportPaths.audit, npmAudit({ high: texts.length }, texts));
  shop.write(reportPaths.lint, eslintWith(texts));
  commitWith(shop, storable);
  for (const name of fileNames()) writeFileSync(join(shop.root, 'reports', name), '<testsuite name="cut">');
  before = filesOf(shop);
});
afterAll(removeTemporaryFolders);

const filesOf = ({ root }: Project): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^\.(git|agentic-qe)(\/|$)/.test(path))
    .toSorted();

const run = (argv: readonly string[], options: CliOptions = {}): Promise<CliResult> => aqe(shop.root, argv, options);

test('the project holds what it should: names, commits, tags and files of somebody who means no good', () => {
  const log = shop.repository.git('log', '--format=%an %s');
  const refs = shop.repository.git('for-each-ref', '--format=%(refname)');

  expect(log.split('\n').length).toBeGreaterThan(40);
  expect(log).toContain('\u202e');
  expect(refs.split('\n').length).toBeGreaterThan(20);
  expect(fileNames().length).toBeGreaterThan(30);
});

describe.each(
  [
    ['assess', '--version', 'v3.0.0', '--dry-run'],
    ['assess', '--version', 'v3.0.0', '--dry-run', '--json'],
    ['assess', '--version', 'v3.0.0', '--dry-run', '--ascii'],
    ['assess', '--version', 'v3.0.0'],
    ['risk', '--version', 'v3.0.0', '--detailed'],
    ['check-gate', '--version', 'v3.0.0', '--gate', 'tests'],
    ['checklist', '--version', 'v3.0.0'],
    ['blockers', '--version', 'v3.0.0', '--detailed'],
    ['blockers', '--version', 'v3.0.0', '--json'],
    ['explain', '--version', 'v3.0.0'],
    ['evidence'],
    ['evidence', '--json'],
    ['evidence', 'reports/junit.xml', 'reports/ctrf.json'],
    ['doctor'],
    ['config', 'print', '--origin'],
  ].map((argv) => ({ name: argv.join(' '), argv })),
)('$name', ({ argv }) => {
  test.each([
    ['in a pipe', { isTTY: false }],
    ['in colour', { isTTY: true }],
  ])('%s prints nothing but text, and makes no file', async (_, options) => {
    const { code, out, err } = await run(argv, options);

    expect([0, 1, 2, 3, 4]).toContain(code);
    expect(out.length).toBeGreaterThan(100);
    expect(err).not.toContain('internal error');
    expect(unsafeIn(withoutColours(out))).toEqual([]);
    expect(unsafeIn(withoutColours(err))).toEqual([]);
    expect(filesOf(shop)).toEqual(before);
  });
});

describe.each(
  [
    ['report', '--version', 'v3.0.0'],
    ['remediate', '--version', 'v3.0.0'],
    ['assess', '--version', 'v3.0.0', '--format', 'markdown', '--dry-run'],
  ].map((argv) => ({ name: argv.join(' '), argv })),
)('$name', ({ argv }) => {
  test('has no HTML, link, image or mention of others in its markdown, and every row has its cells', async () => {
    const { out } = await run(argv);

    expect(out).toMatch(/^# /);
    expect(unsafeIn(out)).toEqual([]);
    expect(out).not.toMatch(/<|(?<!\\)\]\(|@|:\/\/|www\./);
    expect(out.replace(/^(```|`[0-9a-f]{64}`)/gm, '')).not.toMatch(/(?<![\\`])`(?![0-9a-f]{64}`|[,`])[^`]*evil/);
    expect(brokenRows(out)).toEqual([]);
  });
});

test('the escapes of JSON stand for the characters that there are', async () => {
  const { out } = await run(['assess', '--version', 'v3.0.0', '--dry-run', '--json']);

  const { change } = json<{ change: { authors: { name: string }[] } }>({ out });
  expect(change.authors.map(({ name }) => name)).toContain(hostileTexts['right-to-left override']);
  expect(out).toContain('v1\\u202egpj.exe');
});

test('a page spells the characters that it does not show', async () => {
  const { out } = await run(['report', '--version', 'v3.0.0']);

  expect(out).toContain('\\\\u{9b}31mred');
});

/** Lists in an output are short, so the texts come in turns of as many as are shown. */
const turns = Array.from({ length: Math.ceil(texts.length / 8) }, (_, turn) => texts.slice(8 * turn, 8 * turn + 8));

describe.each(turns.map((some, turn) => ({ turn, some })))(
  'turn $turn of test names, findings and advisories',
  ({ some }) => {
    let loose: Project;

    beforeAll(() => {
      loose = project({ tests: null, history: 'none' });
      loose.write('reports/junit.xml', junitWith(some));
      loose.write('reports/ctrf.json', ctrfWith(some));
      loose.write(reportPaths.audit, npmAudit({ high: some.length }, some));
      loose.write(reportPaths.lint, eslintWith(some));
    });

    test.each([
      ['blockers', '--version', 'v3.0.0', '--detailed'],
      ['blockers', '--version', 'v3.0.0', '--json'],
      ['remediate', '--version', 'v3.0.0'],
      ['remediate', '--version', 'v3.0.0', '--json'],
      ['report', '--version', 'v3.0.0'],
      ['evidence', '--json'],
    ])('shows nothing but text in %s', async (...argv) => {
      const { out, err } = await aqe(loose.root, argv);

      expect(out.length).toBeGreaterThan(500);
      expect(unsafeIn(out + err)).toEqual([]);
      if (out.startsWith('# ')) expect(out).not.toMatch(/<|(?<!\\)\]\(|@|:\/\/|www\./);
      if (out.startsWith('# ')) expect(brokenRows(out)).toEqual([]);
    });
  },
);

test('no name of a test becomes a key that the program trusts', async () => {
  await run(['assess', '--version', 'v3.0.0', '--dry-run', '--json']);

  expect('polluted' in {}).toBe(false);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** Base names that the file system takes. */
function fileNames(): readonly string[] {
  return storable
    .filter((text) => !text.includes('/') && Buffer.byteLength(text) < 200)
    .map((text) => `junit-${text}.xml`);
}

function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"'\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('\0', '');
}

function junitWith(names: readonly string[]): string {
  const cases = names.map(
    (name) =>
      `<testcase classname="${xml(name)}" name="${xml(name)}" file="${xml(name)}"><failure message="${xml(name)}">${xml(name)}</failure></testcase>`,
  );
  return `<testsuites><testsuite name="${xml(names[0]!)}">${cases.join('\n')}</testsuite></testsuites>`;
}

function ctrfWith(names: readonly string[]): string {
  const tests = names.map((name) => ({ name, status: 'failed', duration: 1, message: name, filePath: name }));
  const summary = {
    tests: tests.length,
    passed: 0,
    failed: tests.length,
    pending: 0,
    skipped: 0,
    other: 0,
    start: 1,
    stop: 2,
  };
  return JSON.stringify({ results: { tool: { name: names[0] }, summary, tests } });
}

function eslintWith(names: readonly string[]): string {
  return JSON.stringify(
    names.map((name) => ({
      filePath: name,
      messages: [{ ruleId: name, severity: 2, message: name, line: 1 }],
      errorCount: 1,
      warningCount: 0,
    })),
  );
}

/** One commit for each text, as subject and author, and a tag and a branch where git takes the name. One call of git makes them all. */
function commitWith({ repository }: Project, names: readonly string[]): void {
  const env = { ...gitTestEnvironment() };
  const valid = names.filter(
    (name) => spawnSync('git', ['check-ref-format', `refs/tags/${name}`], { env }).status === 0 && !/[\s'"]/.test(name),
  );
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const person = (name: string, index: number): string =>
    `${name.replaceAll(/[<>\n\r]/g, '') || 'x'} <a${index}@example.org> 1767240000 +0000`;
  const commits = names.map(
    (name, index) =>
      `commit refs/heads/main\nauthor ${person(name, index)}\ncommitter ${person(name, index)}\n${data(`feat: ${name}`)}${index === 0 ? 'from refs/heads/main^0\n' : ''}`,
  );
  const refs = valid.flatMap((name) =>
    ['tags', 'heads'].map((kind) => `reset refs/${kind}/${name}\nfrom refs/heads/main^0\n`),
  );
  const { status, stderr } = spawnSync('git', ['fast-import', '--quiet', '--force'], {
    cwd: repository.root,
    env,
    input: [...commits, ...refs].join('\n'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
