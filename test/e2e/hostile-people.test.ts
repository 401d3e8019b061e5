import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportColumns } from '../../src/core/audit/export-row.ts';
import { address, keyOf, pemOf } from '../support/approvals.ts';
import { aqe, type CliOptions, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { brokenRows, hostileTexts, unsafeIn, withoutColours } from '../support/hostile.ts';
import { project, type Project } from '../support/project.ts';
import { shopWith } from '../support/approving-shop.ts';

afterAll(removeTemporaryFolders);

/** One text for each control character, and for what terminals, markdown and spreadsheets take for more than text. */
const sequences: readonly string[] = [
  ...Object.values(hostileTexts),
  ...Array.from({ length: 31 }, (_, index) => `a${String.fromCharCode(index + 1)}b`),
  ...Array.from({ length: 32 }, (_, index) => `a${String.fromCharCode(index + 0x80)}b`),
  '=cmd|" /C calc"!A0',
  '+1+1',
  '-2+3',
  '@SUM(1+1)',
  '\t=1',
  '\r=1',
  ' =1',
  '\n=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  '"=1',
  '",=1',
  '\ufeff=1',
  '| a | b |',
  '|---|',
  '[x]: https://evil.example',
  '<https://evil.example>',
  '![][x]',
  '- [ ] x',
  '1. x',
  '+ x',
  '# x',
  '> x',
  '    code',
  '\\|',
  '\\\\|',
  '$x$',
  '~~x~~',
  'www.evil.example',
  'x@evil.example',
  ':evil:',
  '===',
]
  .map((text) => text.toWellFormed().replaceAll('\0', ''))
  .filter((text) => text.trim() !== '' && text.length <= 190);
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll('\u0085', '\\u0085').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
const names = [...new Set(sequences)];
const version = 'v2.5.0';

const config = [
  'service: shop',
  'people:',
  ...['ada', 'bob', 'cyd'].map(
    (name) => `  ${address(name)}: { name: ${quoted(`x${names[0]}`)}, key: ${keyOf(name).publicKey} }`,
  ),
  'roles:',
  `  CTO: [${address('cyd')}]`,
  ...names.map((text) => `  ${quoted(`role ${text}`)}: [${address('bob')}]`),
  'approvals:',
  '  required:',
  ...names.map(
    (text, index) =>
      `    - { name: ${quoted(text)}, when: always, from: [${quoted(`role ${names[(index + 1) % names.length]}`)}] }`,
  ),
  'gate_overrides: { requires_approval_from: [CTO] }',
  'waivers:',
  ...names.map(
    (text, index) =>
      `  - { ${['rule', 'finding', 'package'][index % 3]}: ${quoted(text)}, reason: ${quoted(text)}, approver: ${quoted(text)}, expires: 2099-12-31 }`,
  ),
  'freezes:',
  ...names
    .slice(0, 100)
    .map(
      (text) =>
        `  - { name: ${quoted(text)}, zone: UTC, start: 2099-01-01T00:00, duration: 1h, reason: ${quoted(names.at(-names.indexOf(text) - 1)!)} }`,
    ),
  '',
].join('\n');

let shop: Project;
/** With people and their words only. */
let quiet: Project;
const run = (
  who: 'ada' | 'bob' | 'cyd',
  argv: readonly string[],
  options: CliOptions = {},
  { root }: Project = shop,
): Promise<CliResult> =>
  aqe(root, argv, { ...options, env: { HOME: join(root, 'nobody'), AQE_KEY: pemOf(who), ...options.env } });

/** What is wrong with how a command ended: a crash of ours, characters that are more than text. */
function faultsOf({ code, out, err }: CliResult): readonly string[] {
  return [
    ...([0, 1, 2, 3, 4].includes(code) ? [] : [`exit ${code}`]),
    ...(err.includes('this is a bug') ? [err] : []),
    ...unsafeIn(withoutColours(out).replaceAll('\r\n', '\n')),
    ...unsafeIn(withoutColours(err)),
  ];
}

beforeAll(async () => {
  shop = project({ config, coverage: { lines: [60, 100], branches: [60, 100] }, history: 'none' });
  quiet = shopWith(
    'gate_overrides: { requires_approval_from: [CTO] }\napprovals: { required: [{ when: always }], allow_author: true }\n',
    {
      coverage: { lines: [60, 100], branches: [60, 100] },
      history: 'none',
    },
  );
  for (const each of [shop, quiet]) await run('bob', ['deploy', 'assess', '--version', version], {}, each);
}, 30_000);

test('there are at least 120 texts, each in nine places of the config', () => {
  expect(names.length).toBeGreaterThanOrEqual(120);
});

describe('words of people', () => {
  const verbs = [
    ['bob', (text: string) => ['approve', `--comment=${text}`]],
    ['bob', (text: string) => ['reject', `--comment=${text}`]],
    ['cyd', (text: string) => ['override', '--gate=test_coverage', `--justification=0123456789 ${text}`]],
    ['cyd', (text: string) => ['emergency-approve', `--justification=0123456789 ${text}`]],
    ['bob', (text: string) => ['review', `--note=${text}`]],
    ['ada', (text: string) => ['approve-request', `--comment=${text}`, '--recipients=cyd@example.com']],
  ] as const;
  const mistakes = [
    (text: string) => ['approve', `--withdraw=${text}`],
    (text: string) => ['approve', `--approver=${text}`],
    (text: string) => ['approve', `--digest=${text}`],
    (text: string) => ['approve', `--expires=${text}`],
    (text: string) => ['approve-request', `--recipients=${text}`],
    (text: string) => ['override', `--gate=${text}`, '--justification=0123456789'],
  ] as const;
  /** Each begins with another text: what stands first is what a line or a cell is taken for. */
  const packs = names
    .map((_, index) =>
      names
        .slice(index, index + 6)
        .join(' ')
        .slice(0, 1800),
    )
    .filter((_, index) => index % 12 === 0);

  test.each(verbs.map(([who, words]) => ({ name: words('TEXT').join(' '), who, words })))(
    'of $name are text in each answer',
    async ({ who, words }) => {
      for (const [index, text] of packs.entries()) {
        const [verb = '', ...flags] = words(text);
        const options = index % 2 === 0 ? { env: { FORCE_COLOR: '1' } } : {};
        expect(faultsOf(await run(who, ['deploy', verb, `--version=${version}`, ...flags], options, quiet))).toEqual(
          [],
        );
      }
    },
    60_000,
  );

  test('that do not belong where they stand are text in the error', async () => {
    for (const [index, text] of names.entries()) {
      const [verb = '', ...flags] = mistakes[index % mistakes.length]!(text);
      const options = index % 2 === 0 ? { env: { FORCE_COLOR: '1' } } : {};
      expect(faultsOf(await run('cyd', ['deploy', verb, `--version=${version}`, ...flags], options, quiet))).toEqual(
        [],
      );
    }
  }, 60_000);

  test.each([
    ['deploy', 'approvals', '--version', version],
    ['deploy', 'assess', '--version', version, '--dry-run'],
    ['deploy', 'outbox'],
    ['audit', 'show', '--limit', '1000'],
  ])('that were recorded are text in %s %s', async (...argv) => {
    for (const more of [[], ['--json']]) {
      expect(faultsOf(await run('bob', [...argv, ...more], {}, quiet))).toEqual([]);
      expect(faultsOf(await run('bob', [...argv, ...more], { isTTY: true }, quiet))).toEqual([]);
    }
  });

  test('of those who make keys are text', async () => {
    const folder = temporaryFolder();
    for (const [index, text] of names.entries()) {
      const name = `${text.replaceAll(/[\s@<>,;:"'\\]/g, '') || 'x'}@example.com`;
      expect(faultsOf(await run('bob', ['keys', 'init', `--name=${name}`, `--output=${folder}/${index}.pem`]))).toEqual(
        [],
      );
    }
  }, 60_000);
});

describe.each(
  [
    ['deploy', 'assess', '--version', version, '--dry-run'],
    ['deploy', 'approvals', '--version', version],
    ['deploy', 'freezes', '--count', '100'],
    ['deploy', 'freezes', '--at', '2099-01-01T00:30Z'],
    ['deploy', 'outbox'],
    ['deploy', 'policy', 'lint'],
    ['deploy', 'policy', 'diff', '.', 'other.yaml'],
    ['deploy', 'policy', 'ledger'],
    ['audit', 'show', '--limit', '1000'],
    ['audit', 'verify'],
    ['db', 'status'],
    ['deploy', 'config', 'print', '--origin'],
  ].map((argv) => ({ name: argv.join(' '), argv })),
)('$name', ({ argv }) => {
  test.each([
    ['in a pipe', [], {}],
    ['in colour', [], { isTTY: true }],
    ['as ASCII', ['--ascii'], {}],
    ['as JSON', ['--json'], {}],
  ] satisfies readonly (readonly [string, readonly string[], CliOptions])[])(
    '%s is text',
    async (_, flags, options) => {
      shop.write('other.yaml', 'service: shop\n');
      const result = await run('bob', [...argv, ...flags], options);

      expect(faultsOf(result)).toEqual([]);
    },
  );
});

test('markdown has no link, image, HTML or mention of others, and every row its cells', async () => {
  for (const format of ['assess', 'report']) {
    const { out } = await run('bob', [
      'deploy',
      format,
      '--version',
      version,
      ...(format === 'assess' ? ['--format', 'markdown', '--dry-run'] : []),
    ]);

    expect(out).toMatch(/^# /);
    expect(unsafeIn(out)).toEqual([]);
    expect(out).not.toMatch(/<|(?<!\\)\]\(|(?<!\\)\]:|@|:\/\/|www\./);
    expect(brokenRows(out)).toEqual([]);
  }
});

test('CSV has cells that no spreadsheet takes for a formula, and reads back as the rows that there are', async () => {
  const { out } = await run('bob', ['audit', 'export', '--format', 'csv'], {}, quiet);
  const written = await run('bob', ['audit', 'export', '--format', 'csv', '--output', 'log.csv'], {}, quiet);
  const asJson = JSON.parse((await run('bob', ['audit', 'export', '--json'], {}, quiet)).out) as {
    readonly entries: readonly Record<string, unknown>[];
  };

  const rows = rowsOf(out);
  expect(written.code).toBe(0);
  expect(readFileSync(join(quiet.root, 'log.csv'), 'utf8')).toBe(out);
  expect(rows.map((row) => row.length)).toEqual(rows.map(() => exportColumns.length));
  expect(rows.length).toBe(asJson.entries.length + 1);
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.flat().filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
  expect(unsafeIn(out.replaceAll('\r\n', '\n'))).toEqual([]);
});

/** Rows of RFC 4180. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = field.exec(text); match; match = field.exec(text)) {
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
  }
  expect(rows.at(-1)).toEqual([]);
  return rows.slice(0, -1);
}
