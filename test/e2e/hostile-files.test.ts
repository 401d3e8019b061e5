import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pemOf } from '../support/approvals.ts';
import { assess, configOf, oneApproval, version } from '../support/approving-shop.ts';
import { aqe, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

/** What stands where a file of ours should. `victim` is a file elsewhere. */
const things: Readonly<Record<string, (path: string, victim: string) => void>> = {
  'a link to a file': (path, victim) => symlinkSync(victim, path),
  'a link to nothing': (path) => symlinkSync('/nonexistent/file', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a link to a device that never ends': (path) => symlinkSync('/dev/zero', path),
  'a link to a full device': (path) => symlinkSync('/dev/full', path),
  'a pipe': (path) => void spawnSync('mkfifo', [path]),
  'a folder': (path) => void mkdirSync(path),
  'a file of 3 GiB': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 3 * 1024 ** 3);
  },
  'a file of bytes that are no text': (path) => writeFileSync(path, new Uint8Array([0, 255, 254, 10, 0x1b, 0x5b])),
};

/** Places of files that the program reads or writes, below the project, and commands that come there. */
const places: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '.agentic-qe/keys/system.pem': [
    ['deploy', 'assess', '--version', version],
    ['keys', 'show'],
    ['keys', 'rotate'],
  ],
  '.agentic-qe/keys/system.pub': [
    ['deploy', 'assess', '--version', version],
    ['audit', 'verify'],
    ['keys', 'rotate'],
  ],
  '.agentic-qe/keys/system.next.pem': [['keys', 'rotate']],
  '.agentic-qe/keys/rotations.jsonl': [['keys', 'rotate']],
  '.agentic-qe/audit-checkpoints.jsonl': [['deploy', 'assess', '--version', version], ['audit', 'verify'], ['doctor']],
  '.agentic-qe/audit-spool.jsonl': [['deploy', 'assess', '--version', version], ['audit', 'verify'], ['doctor']],
  'nobody/.config/aqe-deploy/identity.pem': [
    ['deploy', 'approve', '--version', version],
    ['keys', 'init'],
    ['keys', 'show'],
  ],
  'team/ada@example.com.pub': [
    ['deploy', 'assess', '--version', version],
    ['deploy', 'freezes'],
  ],
  'statement.json': [
    [
      'verify',
      'statement.json',
      '--keys',
      '.agentic-qe/keys',
      '--service',
      'shop',
      '--digest',
      `sha256:${'0'.repeat(64)}`,
    ],
    ['audit', 'verify', '--checkpoint', 'statement.json'],
    ['deploy', 'assess', '--version', version, '--attestation', 'statement.json'],
    ['deploy', 'assess', '--version', version, '--output', 'statement.json'],
    ['deploy', 'bundle', '--version', version, '--output', 'statement.json'],
    ['deploy', 'assess', '--bundle', 'statement.json'],
    ['deploy', 'policy', 'test', 'statement.json'],
  ],
};

const secret = 'kept as it is\n';

async function run(shop: Project, argv: readonly string[]): Promise<CliResult> {
  const late = AbortSignal.timeout(20_000);
  const hung = new Promise<never>((_, reject) =>
    late.addEventListener('abort', () => reject(new Error(`${argv.join(' ')} hangs`))),
  );
  return Promise.race([aqe(shop.root, argv, { env: { HOME: join(shop.root, 'nobody') } }), hung]);
}

const cells = Object.keys(places).flatMap((place) => Object.keys(things).map((thing) => ({ place, thing })));

test('there are at least sixty cells', () => {
  expect(cells.length).toBeGreaterThanOrEqual(60);
});

describe.each(cells)('$thing for $place', ({ place, thing }) => {
  test('is a clear answer, is not followed or overwritten, and nothing waits', async () => {
    const shop = project({ config: `keys_directory: team\n${configOf(oneApproval)}` });
    await assess(shop);
    const elsewhere = temporaryFolder();
    const victim = join(elsewhere, 'victim');
    writeFileSync(victim, secret, { mode: 0o600 });
    const path = join(shop.root, place);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    things[thing]!(path, victim);
    const kind = lstatSync(path).mode & 0o170000;

    const results: CliResult[] = [];
    for (const argv of places[place]!) results.push(await run(shop, argv));

    for (const { code, out, err } of results) {
      expect([0, 1, 2, 3, 4]).toContain(code);
      expect(err).not.toContain('this is a bug');
      expect(out + err).not.toContain(secret.trim());
      // oxlint-disable-next-line no-control-regex
      expect(out + err).not.toMatch(/\u001b|\u0000/);
    }
    // What a person names with --output may be a link to a file of theirs: it is written through, or replaced.
    const isNamed = place === 'statement.json' && thing === 'a link to a file';
    if (!isNamed) expect(readFileSync(victim, 'utf8')).toBe(secret);
    const isPlain = kind === 0o100000;
    const isReplaced = place === 'statement.json' && thing === 'a link to nothing';
    const mayBeReplaced = isPlain || isReplaced || place === '.agentic-qe/keys/system.pub';
    if (!mayBeReplaced) expect(lstatSync(path).mode & 0o170000).toBe(kind);
  }, 60_000);
});

test('a key file that others can read, or whose folder another file is moved into meanwhile, is used only as the file that was opened', async () => {
  const shop = project({ config: configOf(oneApproval) });
  await assess(shop);
  const path = join(shop.root, 'nobody', '.config', 'aqe-deploy', 'identity.pem');
  mkdirSync(dirname(path), { recursive: true, mode: 0o777 });
  chmodSync(dirname(path), 0o777);
  const keys = ['bob', 'mallory'].map((name) => {
    const file = join(shop.root, `${name}.pem`);
    writeFileSync(file, pemOf(name), { mode: 0o600 });
    return file;
  });
  const draft = (): void => {
    const [from] = keys.splice(0, 1);
    writeFileSync(`${path}.new`, readFileSync(from!), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    keys.push(from!);
  };

  const codes: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    draft();
    const running = run(shop, ['deploy', 'approve', '--version', version]);
    setImmediate(draft);
    codes.push((await running).code);
  }

  // Bob may; of Mallory nothing is taken. Nothing between the two comes of a change at the wrong time.
  expect(codes.every((code) => code === 0 || code === 2)).toBe(true);
}, 60_000);
