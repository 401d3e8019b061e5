import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aqe, aqeProcess, databaseOf, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { cellsOf, planting, sixes } from '../support/planting.ts';
import { npmAudit, project, reportPaths, type Project } from '../support/project.ts';

// Made anew in every run, so that no secret stands in the repository.
const { issued, planted, env, oneLine, asName, asRef, seenIn, faultsOf } = planting(randomBytes(16).toString('hex'));
/** All secrets in one text. */
const all = planted.map(({ text }) => text).join('\n');
const asXml = (text: string): string => text.replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);

let shop: Project;
let root: string;

beforeAll(() => {
  const config = [
    ...oneLine.map((text) => `# ${text}`),
    `service: ${JSON.stringify(`shop ${oneLine[0]}`)}`,
    'evidence:',
    '  exclude:',
    ...oneLine.filter((text) => text.length <= 200).map((text) => `    - ${JSON.stringify(text)}`),
    '  files:',
    ...asName.map((name) => `    - path: ${JSON.stringify(`reports/missing-${name}.xml`)}`),
    '',
  ].join('\n');
  shop = project({
    config,
    commitMessage: `feat: gift cards ${oneLine[1]}\n\n${all}\n\nCo-authored-by: ${oneLine[2]} <x@example.test>`,
    audit: { critical: 1 },
  });
  ({ root } = shop);
  const cases = planted.map(
    ({ text }) =>
      `<testcase classname="${asXml(text)}" name="${asXml(`logs in with ${text}`)}"><failure message="${asXml(`expected ${text}`)}">${asXml(text)}</failure></testcase>`,
  );
  const counts = `tests="${cases.length}" failures="${cases.length}" errors="0" skipped="0"`;
  shop.write(
    reportPaths.tests,
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}><testsuite name="shop" ${counts}>${cases.join('\n')}</testsuite></testsuites>\n`,
  );
  shop.write(
    reportPaths.lint,
    JSON.stringify(
      planted.map(({ text }, index) => ({
        filePath: `src/${index % 2 === 0 ? 'shop' : text}.ts`,
        messages: [{ ruleId: index % 3 === 0 ? 'no-undef' : text, severity: 2, message: `found ${text}`, line: 1 }],
        errorCount: 1,
        warningCount: 0,
      })),
    ),
  );
  shop.write(
    reportPaths.audit,
    npmAudit(
      { critical: planted.length },
      planted.map(({ text }) => `Leaks ${text}`),
    ),
  );
  for (const [index, name] of asName.entries()) {
    shop.write(
      `reports/${name}/junit-${index}.xml`,
      '<testsuites tests="1"><testsuite name="x" tests="1"><testcase name="y"/></testsuite></testsuites>',
    );
    shop.write(`reports/broken/${name}.xml`, '<testsuites tests="1"><testsuite name="x"');
    shop.write(`src/${name}.ts`, 'export const x = 1;\n');
  }
  for (const [index, texts] of sixes(oneLine).entries()) {
    const text = texts.join(' ');
    shop.write('src/more.ts', `export const more = ${JSON.stringify(text)};\n`);
    // An address is one word.
    const email = `${asName[index % asName.length]!.replace(/[:=]/g, '-')}@example.test`;
    shop.repository.commit(`fix: ${text}`, { name: `Ada ${text.replace(/[<>]/g, '')}`, email });
  }
  for (const [index, name] of asRef.entries()) {
    shop.repository.git('branch', '--', `b${index}-${name}`);
    shop.repository.git('tag', '--', `v2.4.${index + 1}-${name}`, 'HEAD~1');
  }
  shop.repository.git('checkout', '--quiet', '-b', `feature-${asRef[0]}`);
}, 60_000);
afterAll(removeTemporaryFolders);

const release = ['--version', 'v2.5.0'] as const;

/** Every command that prints what came from outside. A new command belongs here. */
const commands: readonly (readonly string[])[] = [
  ...['text', 'json', 'markdown'].map((format) => ['assess', ...release, '--format', format]),
  ['assess', ...release, '--dry-run', '--ascii'],
  ['assess', '--version', asRef[0]!],
  ['risk', ...release],
  ['risk', ...release, '--json'],
  ['confidence', ...release],
  ['confidence', ...release, '--json'],
  ['evidence'],
  ['evidence', '--json'],
  ['explain', ...release, 'test_coverage'],
  ['explain', ...release, 'security'],
  ['blockers', ...release, '--detailed'],
  ['blockers', ...release, '--json'],
  ['checklist', ...release],
  ['checklist', ...release, '--json'],
  ['remediate', ...release],
  ['report', ...release],
  ...['yaml', 'json', 'markdown'].map((format) => ['rollback-plan', ...release, '--format', format]),
  ['config', 'print'],
  ['config', 'print', '--origin'],
  ['doctor'],
  ['outbox'],
  ['outbox', '--json'],
  ['freezes'],
  ['policy', 'lint'],
  ['policy', 'ledger'],
  ...['text', 'json', 'svg'].map((format) => ['backtest', '--format', format]),
  ...['table', 'json', 'chart', 'svg'].map((format) => ['history', '--format', format]),
  ['dora'],
  ['dora', '--json'],
  ...['text', 'json', 'markdown'].map((format) =>
    ['compare', '--baseline', asRef[0]!, '--candidate', 'v2.5.0'].concat('--format', format),
  ),
  ['completion', 'bash'],
];

test('fifty secrets that services issue are planted, and some that only variables hold', () => {
  expect(issued.length).toBeGreaterThanOrEqual(50);
  expect(asName.length).toBeGreaterThanOrEqual(20);
  expect(seenIn(readFileSync(join(root, reportPaths.lint), 'utf8')).length).toBeGreaterThanOrEqual(planted.length - 1);
});

describe.each(commands.map((argv) => ({ name: argv.join(' ').slice(0, 60), argv })))('$name', ({ argv }) => {
  test('shows none of them', async () => {
    const result = await aqe(root, ['deploy', ...argv], { env });

    expect(faultsOf(result)).toEqual([]);
  });
});

test.each(['assess', 'report', 'evidence', 'blockers', 'checklist', 'config print'])(
  '%s --output writes none of them',
  async (name) => {
    const file = `out/${name.replace(' ', '-')}.txt`;
    const argv = [...name.split(' '), ...(/evidence|config/.test(name) ? [] : release), '--output', file];

    const result = await aqe(root, ['deploy', ...argv], { env });

    expect(faultsOf(result)).toEqual([]);
    expect(seenIn(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  },
);

test('words of a person are kept and shown without them', async () => {
  const results: CliResult[] = [];
  for (const texts of sixes(oneLine)) {
    const words = [`--by=Ada ${texts.join(' ')}`, `--note=checked ${texts.join(', ')}`];
    results.push(await aqe(root, ['deploy', 'checklist', '--version=v9', '--attest=monitoring', ...words], { env }));
  }
  results.push(await aqe(root, ['deploy', 'checklist', '--version=v9'], { env }));

  expect(results[0]!.code).toBe(0);
  expect(results.flatMap(faultsOf)).toEqual([]);
}, 60_000);

/** Command lines that are wrong because of a text. */
const mistakes: readonly ((text: string) => readonly string[])[] = [
  (text) => [text],
  (text) => ['assess', `--${text}`],
  (text) => ['assess', ...release, `--format=${text}`],
  (text) => ['check-gate', ...release, `--gate=${text}`],
  (text) => ['assess', ...release, `--revision=${text}`],
  (text) => ['config', 'print', `--config=${text}`],
  (text) => ['config', 'print', `--environment=${text}`],
  (text) => ['evidence', `--output=${text}/x\0`],
];

test.each(mistakes.map((argv, index) => ({ name: argv('SECRET').join(' '), argv, index })))(
  'the error of $name does not repeat them',
  async ({ argv, index }) => {
    const texts = oneLine.filter((_, place) => place % 8 === index);

    const faults: string[] = [];
    for (const text of texts) faults.push(...faultsOf(await aqe(root, ['deploy', ...argv(text)], { env })));

    expect(faults).toEqual([]);
  },
  60_000,
);

test('an error of the config does not quote them', async () => {
  const own = project({ history: 'none' });
  const results = [];
  for (const text of oneLine.filter((_, index) => index % 3 === 1))
    for (const config of [
      `service: [${text}`,
      `${JSON.stringify(text)}: 1\n`,
      `mode: ${JSON.stringify(text)}\n`,
      `evidence:\n  max_age: ${JSON.stringify(text)}\n`,
    ]) {
      own.write('aqe-deploy.yaml', config);
      results.push(await aqe(own.root, ['deploy', 'config', 'print'], { env }));
    }

  expect(results.flatMap(faultsOf)).toEqual([]);
}, 60_000);

test('the state of the project holds none of them', async () => {
  await aqe(root, ['deploy', 'assess', ...release], { env });
  const folder = join(root, '.agentic-qe');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

  const bytes = files.map((name) => readFileSync(join(folder, name)).toString('latin1')).join('\n');
  const cells = cellsOf(databaseOf(root));

  expect(files).toContain('deploy.db');
  expect(cells.join('\n')).toContain('attestation.recorded');
  expect(seenIn(bytes)).toEqual([]);
  expect(seenIn(cells.join('\n'))).toEqual([]);
});

test('the program as a process shows none of them', () => {
  const results = [
    aqeProcess(root, ['deploy', 'assess', ...release], env),
    aqeProcess(root, ['deploy', 'evidence', '--json'], env),
    aqeProcess(root, ['deploy', `--${oneLine[4]}`], env),
  ];

  expect(results.flatMap(faultsOf)).toEqual([]);
}, 60_000);
