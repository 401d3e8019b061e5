import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/surfaces/cli/commands/index.ts';
import { address, keyOf, pemOf } from '../support/approvals.ts';
import { membersOf } from '../support/bundles.ts';
import { aqe, databaseOf, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { mailServer, type MailServer } from '../support/mail-server.ts';
import { cellsOf, payloadsIn, planting, sixes, unwrapped } from '../support/planting.ts';
import { mistakes } from '../support/mistakes.ts';
import { project, type Project } from '../support/project.ts';
import { rolloutWith } from '../support/rollouts.ts';

// Made anew in every run, so that no secret stands in the repository.
const { planted, env, oneLine, asName, asRef, seenIn, faultsOf } = planting(randomBytes(16).toString('hex'));
const people = ['ada', 'bob', 'cyd', 'dan'] as const;
const version = 'v2.5.0';
/** Long enough for a justification, short enough for a text of the config. */
const shortOnes = oneLine.filter((text) => text.length <= 150);
const quoted = (text: string): string => JSON.stringify(text);
const until = '2099-12-31';

/** A person can write into each of these. */
const config = (mail: number, hook: number): string =>
  [
    ...oneLine.map((text) => `# ${text}`),
    'service: shop',
    'people:',
    ...people.map(
      (name, index) =>
        `  ${address(name)}: { name: ${quoted(`Dr. ${shortOnes[index]}`)}, key: ${keyOf(name).publicKey}, aliases: [${name}@example.org] }`,
    ),
    ...shortOnes.map((text, index) => `  person-${index}@example.com: { name: ${quoted(text)} }`),
    ...asName
      .filter((text) => !text.includes(':'))
      .map((text) => `  ${quoted(`${text.slice(0, 200)}@example.com`)}: {}`),
    'roles:',
    `  VP Engineering: [${address('bob')}]`,
    `  CTO: [${address('cyd')}, ${address('dan')}]`,
    ...shortOnes.map((text) => `  ${quoted(`Head of ${text}`)}: [${address('bob')}, ${address('dan')}]`),
    'approvals:',
    '  required:',
    ...shortOnes.map(
      (text) => `    - { name: ${quoted(`ask ${text}`)}, when: always, from: [${quoted(`Head of ${text}`)}] }`,
    ),
    '  escalation: [{ after: 1ms, to: [boss@example.com] }]',
    'gate_overrides: { requires_approval_from: [CTO], min_approvals: 2 }',
    'waivers:',
    ...oneLine.map(
      (text, index) =>
        `  - { ${['gate: code_quality', `rule: ${quoted(text.slice(0, 190))}`, `finding: ${quoted(text.slice(0, 190))}`, `package: ${quoted(text.slice(0, 190))}`][text.length > 190 ? 0 : index % 4]}, reason: ${quoted(`agreed: ${text}`)}, approver: ${quoted(text.length > 190 ? 'ada' : text)}, expires: ${until} }`,
    ),
    'freezes:',
    ...oneLine.map(
      (text, index) =>
        `  - { name: ${quoted(text.length > 190 ? `freeze ${index}` : text)}, zone: UTC, start: 2099-01-${String((index % 28) + 1).padStart(2, '0')}T00:00, duration: 1h, reason: ${quoted(text)} }`,
    ),
    `rollout: ${JSON.stringify(rolloutWith(shortOnes))}`,
    'notify:',
    `  smtp: { host: 127.0.0.1, port: ${mail}, security: none, from: aqe@example.com }`,
    '  webhooks:',
    ...asName
      .slice(0, 20)
      .map(
        (text, index) =>
          `    - { name: hook${index}, url: ${quoted(`http://127.0.0.1:${hook}/${encodeURIComponent(text)}?token=${encodeURIComponent(text)}`)}, secret_env: SHOP_1_TOKEN }`,
      ),
    `outbound: { allow_hosts: ['127.0.0.1:${hook}'] }`,
    '',
  ].join('\n');

const rulesOfOne = `people: { ${address('bob')}: { key: ${keyOf('bob').publicKey} } }\napprovals: { required: [{ when: always }] }\n`;

let shop: Project;
let mail: MailServer;
let hooks: Server;
const bodies: string[] = [];
const results: { readonly line: string; readonly result: CliResult }[] = [];

async function run(who: (typeof people)[number] | null, ...argv: readonly string[]): Promise<CliResult> {
  const own = { ...env, HOME: join(shop.root, 'nobody'), ...(who !== null && { AQE_KEY: pemOf(who) }) };
  const result = await aqe(shop.root, argv, { env: own });
  results.push({ line: argv.slice(0, 3).join(' '), result });
  return result;
}
const deploy = (who: (typeof people)[number] | null, verb: string, ...flags: readonly string[]): Promise<CliResult> =>
  run(who, 'deploy', verb, '--version', version, ...flags);

beforeAll(async () => {
  mail = await mailServer({ authOptional: true });
  hooks = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      bodies.push(Buffer.concat(pieces).toString('utf8'));
      response.writeHead(bodies.length % 3 === 0 ? 500 : 204).end(planted.map(({ text }) => text).join('\n'));
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  shop = project({
    config: config(mail.port, (hooks.address() as AddressInfo).port),
    coverage: { lines: [60, 100], branches: [60, 100] },
    commitMessage: `feat: gift cards ${oneLine[1]}`,
  });
  await deploy(null, 'assess', '--attestation', 'statement.json');
}, 60_000);
afterAll(async () => {
  await mail.stop();
  await new Promise((resolve) => hooks.close(resolve));
  removeTemporaryFolders();
});

test('fifty kinds and those that variables hold stand in every place of the config', () => {
  const text = readFileSync(join(shop.root, 'aqe-deploy.yaml'), 'utf8');

  expect(planted.length).toBeGreaterThanOrEqual(58);
  expect(seenIn(text)).toHaveLength(planted.length);
  expect(shortOnes.length).toBeGreaterThanOrEqual(50);
  expect(results[0]!.result.code).toBe(1);
  expect(existsSync(join(shop.root, 'statement.json'))).toBe(true);
});

test('what people say is recorded, and shown without them', async () => {
  const codes: number[] = [];
  for (const texts of sixes(oneLine)) {
    const text = texts.join(' ').slice(0, 1900);
    const say = async (...line: Parameters<typeof deploy>) => codes.push((await deploy(...line)).code);
    await say('ada', 'approve-request', `--comment=please ${text}`, `--recipients=cyd@example.com,${mailbox(texts)}`);
    await say('bob', 'approve', `--comment=looked ${text}`);
    await say('dan', 'reject', `--comment=no ${text}`);
    await say('dan', 'approve', `--comment=yes ${text}`);
    await say('cyd', 'override', '--gate=test_coverage', `--justification=generated ${text}`);
    await say('cyd', 'emergency-approve', `--justification=down ${text}`);
    await say('bob', 'review', `--note=was right ${text}`);
    await say(null, 'approve', `--approver=${address('bob')}`, `--comment=${text}`);
  }

  expect(results.filter(({ result }) => result.code === 2).map(({ line, result }) => `${line}: ${result.err}`)).toEqual(
    [],
  );
  expect(new Set(codes)).toEqual(new Set([0, 4]));
  expect(results.flatMap(({ line, result }) => faultsOf(result).map((fault) => `${line}: ${fault}`))).toEqual([]);
}, 120_000);

test('what people and other systems say of deployments is kept, and shown without them', async () => {
  const from = results.length;
  for (const [index, texts] of sixes(oneLine).entries()) {
    const text = texts.join(' ').slice(0, 1900);
    const words = [
      `--reason=broke ${text}`,
      `--as=Ada ${text.slice(0, 150)}`,
      `--deployment=${texts[0]!.slice(0, 200)}`,
    ];
    await deploy('bob', 'record', '--outcome=failed', ...words);
    await deploy('bob', 'record', '--outcome=hotfixed', ...words, '--json');
    const row = { version: texts[0]!.slice(0, 200), outcome: 'success', deployed_at: '2026-01-01T10:00:00Z' };
    const more = { ...row, environment: shortOnes[index]!, service: shortOnes[index + 1]!, reason: text };
    shop.write('history.ndjson', `${JSON.stringify(row)}\n${JSON.stringify(more)}\n`);
    await run('bob', 'deploy', 'history', 'import', 'history.ndjson');
    await run('bob', 'deploy', 'history', 'import', 'history.ndjson', '--dry-run', '--json');
    // What is wrong with a file is told without them too.
    shop.write('history.csv', `version,deployed_at,outcome\n${texts[0]},${texts[1]},${texts[2]}\n`);
    await run('bob', 'deploy', 'history', 'import', 'history.csv');
    shop.write(
      'history.json',
      JSON.stringify([{ sha: texts[0], ref: texts[1], environment: texts[2], id: 1, created_at: texts[3] }]),
    );
    await run('bob', 'deploy', 'history', 'import', 'history.json', '--format', 'github');
  }
  await run('bob', 'deploy', 'history', 'import', '--from-git-tags', '--dry-run');

  const own = results.slice(from);
  expect(own.flatMap(({ line, result }) => faultsOf(result).map((fault) => `${line}: ${fault}`))).toEqual([]);
  expect(new Set(own.map(({ result }) => result.code))).toEqual(new Set([0, 2]));
  expect(seenIn(cellsOf(databaseOf(shop.root)).join('\n'))).toEqual([]);
}, 120_000);

/** An address that is a secret, if one of them can be a part of one. */
function mailbox(texts: readonly string[]): string {
  const name = texts.find((text) => /^[\w=+.-]{6,60}$/.test(text)) ?? 'dan';
  return `${name}@example.com`;
}

test('errors about them do not repeat them', async () => {
  const faults: string[] = [];
  let cases = 0;
  for (const [index, argv] of mistakes.entries())
    for (const text of oneLine.filter((_, place) => place % 6 === index % 6)) {
      cases += 1;
      const result = await run('bob', ...argv(text));
      faults.push(...faultsOf(result).map((fault) => `${argv('SECRET').join(' ')}: ${fault}`));
    }

  expect(cases).toBeGreaterThan(350);
  expect(faults).toEqual([]);
}, 120_000);

test('an environment, a revision and a database that are named after one are not shown', async () => {
  const names = asRef.filter((text) => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text)).slice(0, 12);
  const own = project({ config: `service: shop\nenvironments:\n${names.map((name) => `  ${name}: {}\n`).join('')}` });
  const faults: string[] = [];
  for (const name of names) {
    own.repository.git('branch', '--', name);
    for (const argv of [
      ['deploy', 'assess', '--version', version, '--environment', name],
      ['deploy', 'approve', '--version', version, '--environment', name],
      ['deploy', 'approvals', '--version', version, '--environment', name],
      ['deploy', 'freezes', '--environment', name],
      ['deploy', 'policy', 'lint', '--policy-ref', name],
      ['deploy', 'assess', '--version', version, '--policy-ref', name, '--environment', names[0]!, '--json'],
      ['deploy', 'policy', 'diff', name, '.', '--environment', names[0]!],
    ]) {
      const result = await aqe(own.root, argv, { env: { ...env, AQE_KEY: pemOf('bob') } });
      faults.push(...faultsOf(result).map((fault) => `${argv.slice(0, 3).join(' ')}: ${fault}`));
    }
  }
  for (const text of oneLine) {
    const AQE_DATABASE_URL = `postgres://shop:${encodeURIComponent(text)}@127.0.0.1:1/shop`;
    for (const argv of [
      ['db', 'status'],
      ['db', 'copy'],
      ['deploy', 'approvals', '--version', version],
    ])
      faults.push(...faultsOf(await aqe(own.root, argv, { env: { ...env, AQE_DATABASE_URL } })));
  }

  expect(names.length).toBeGreaterThanOrEqual(10);
  expect(faults).toEqual([]);
  expect(seenIn(cellsOf(databaseOf(own.root)).join('\n'))).toEqual([]);
}, 120_000);

test('every page about it shows none of them', async () => {
  const cases = [...sixes(shortOnes)].map(
    (texts) =>
      `  - name: ${quoted(texts[0]!)}\n    others: good\n    expect: { decision: BLOCKED, gates: { code_quality: pass } }\n`,
  );
  shop.write('cases.yaml', `cases:\n${cases.join('')}`);
  shop.write(
    'other.yaml',
    `service: shop\n${shortOnes.map((text) => `# ${text}\n`).join('')}waivers: [{ gate: tests, reason: ${quoted(oneLine[0]!)}, approver: ${quoted(shortOnes[3]!)}, expires: ${until} }]\n`,
  );
  const from = results.length;
  for (const format of ['text', 'json', 'markdown']) await deploy(null, 'assess', '--format', format);
  for (const format of ['yaml', 'json', 'markdown']) await deploy(null, 'rollback-plan', '--format', format);
  for (const argv of [
    ['approvals', '--version', version],
    ['approvals', '--version', version, '--json'],
    ['freezes', '--count', '100'],
    ['freezes', '--count', '100', '--json'],
    ['freezes', '--at', '2099-01-03T00:30Z'],
    ['outbox', '--deliver'],
    ['outbox', '--deliver', '--given-up'],
    ['outbox', '--deliver', '--given-up', '--json'],
    ['outbox', '--json'],
    ['policy', 'lint', '--format', 'json'],
    ['policy', 'lint', '--strict'],
    ['policy', 'diff', '.', 'other.yaml'],
    ['policy', 'diff', 'other.yaml', '.', '--json'],
    ['policy', 'test', 'cases.yaml'],
    ['policy', 'test', 'cases.yaml', '--json'],
    ['policy', 'ledger'],
    ['policy', 'ledger', '--json'],
    ['history'],
    ['history', '--format', 'svg'],
    ['dora', '--all-environments'],
    ['compare', '--baseline', version, '--candidate', version],
    ['config', 'print', '--origin'],
    ['report', '--version', version],
  ])
    await run('bob', 'deploy', ...argv);
  for (const argv of [
    ['audit', 'show', '--limit', '1000'],
    ['audit', 'show', '--limit', '1000', '--json'],
    ['audit', 'export'],
    ['audit', 'export', '--json'],
    ['audit', 'verify', '--json'],
    ['db', 'status', '--json'],
    ['db', 'migrate'],
    ['db', 'copy', '--to', 'copy.db', '--json'],
    ['keys', 'show', '--json'],
    ['keys', 'rotate'],
    [
      'verify',
      'statement.json',
      '--keys',
      '.agentic-qe/keys',
      '--service',
      'shop',
      '--digest',
      `gitCommit:${shop.repository.head}`,
      '--json',
    ],
  ])
    await run('bob', ...argv);

  const own = results.slice(from);
  expect(own.flatMap(({ line, result }) => faultsOf(result).map((fault) => `${line}: ${fault}`))).toEqual([]);
  // A receiver that answers 500 is a failed delivery.
  const failed = own.filter(({ line, result }) => result.code === 2 && !line.startsWith('deploy outbox --deliver'));
  expect(failed.map(({ line, result }) => `${line}: ${result.err}`)).toEqual([]);
}, 120_000);

test('mails, webhooks, statements, checkpoints, bundles and the database hold none of them', async () => {
  const folder = join(shop.root, '.agentic-qe');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  const texts: Record<string, string> = {
    database: cellsOf(databaseOf(shop.root)).join('\n'),
    'copied database': cellsOf(join(shop.root, 'copy.db')).join('\n'),
    statement: readFileSync(join(shop.root, 'statement.json'), 'utf8'),
  };
  for (const name of files) texts[name] = readFileSync(join(folder, name)).toString('latin1');
  for (const [index, { raw }] of mail.received.entries()) texts[`mail ${index}`] = unwrapped(raw);
  for (const [index, body] of bodies.entries()) texts[`webhook ${index}`] = body;
  const faults = Object.entries(texts).flatMap(([name, text]) =>
    [text, ...payloadsIn(text)].flatMap((each) => seenIn(each).map((fault) => `${name}: ${fault}`)),
  );

  expect(mail.received.length).toBeGreaterThan(2);
  expect(bodies.length).toBeGreaterThan(20);
  expect(files).toContain('audit-checkpoints.jsonl');
  expect(Object.values(texts).flatMap(payloadsIn).length).toBeGreaterThan(20);
  expect(faults).toEqual([]);
  process.stdout.write(
    `${planted.length} secrets; ${results.length} commands; ${Object.keys(texts).length} files, mails and bodies; ${Object.values(texts).flatMap(payloadsIn).length} signed payloads\n`,
  );
}, 60_000);

test('a bundle holds none of what people and git said, and is not made of a config that holds one', async () => {
  const own = project({
    config: `service: shop\n${rulesOfOne}`,
    commitMessage: `feat: ${oneLine.slice(0, 9).join(' ')}`,
  });
  const say = (who: (typeof people)[number], ...argv: readonly string[]): Promise<CliResult> =>
    aqe(own.root, ['deploy', ...argv, '--version', version], { env: { HOME: '/nonexistent', AQE_KEY: pemOf(who) } });
  await say('ada', 'assess');
  await say('bob', 'approve', `--comment=${oneLine.slice(0, 20).join(' ').slice(0, 1900)}`);
  await say('ada', 'assess');

  const packed = await say('bob', 'bundle', '--output', 'release.aqe.tgz');
  const refused = await run('bob', 'deploy', 'bundle', '--version', version, '--output', 'release.aqe.tgz');

  const members = await membersOf(readFileSync(join(own.root, 'release.aqe.tgz')));
  const texts = members
    .filter(({ name }) => !name.startsWith('evidence/'))
    .map(({ content }) => Buffer.from(content).toString('utf8'));
  expect({ code: packed.code, err: packed.err }).toMatchObject({ code: 0 });
  expect(texts.length).toBeGreaterThan(3);
  expect(texts.flatMap((text) => [text, ...payloadsIn(text)]).flatMap(seenIn)).toEqual([]);
  expect(faultsOf(refused)).toEqual([]);
  expect(refused.err).toContain('AQE3052');
  expect(existsSync(join(shop.root, 'release.aqe.tgz'))).toBe(false);
}, 60_000);

test('every command is run somewhere here or with reports and git that hold them', () => {
  const elsewhere = ['assess', 'evidence', 'risk', 'confidence', 'backtest', 'check-gate']
    .concat(['checklist', 'blockers', 'remediate', 'explain', 'report'])
    .concat(['config print', 'doctor', 'completion', 'version', 'help', 'init', 'configure-gates', 'evidence stamp']);
  const run = new Set(results.map(({ line }) => line.replace(/^deploy /, '')));

  const left = commands
    .map(({ name }) => name)
    .filter(
      (name) => !elsewhere.includes(name) && ![...run].some((line) => line === name || line.startsWith(`${name} `)),
    );

  expect(left).toEqual([]);
});
