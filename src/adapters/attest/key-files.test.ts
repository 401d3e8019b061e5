import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { first, pems, second } from '../../../test/support/attest.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/git-repository.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import { openText } from '../../core/attest/dsse.ts';
import { rotationStatement } from '../../core/attest/rotation.ts';
import { decodeUtf8 } from '../../core/attest/utf8.ts';
import { ed25519 } from './ed25519.ts';
import { createPersonalKey, keyFolder, personalKeyPath, personalSigner, systemSigner } from './key-files.ts';
import { publicKeysIn, publicKeysOf } from './public-keys.ts';
import { rotateSystemKey } from './rotate-key.ts';

afterAll(removeTemporaryFolders);

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AqeError) return `${error.code} ${error.detail}`;
    throw error;
  }
  return 'accepted';
}

function file(text: string, mode = 0o600): string {
  const path = join(temporaryFolder(), 'key.pem');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const at = '2026-03-02T08:00:00.000Z';
const rotation = (from: Parameters<typeof rotationStatement>[0], to: Parameters<typeof rotationStatement>[1]): string =>
  rotationStatement(from, to, at);

test.each([
  [{ HOME: '/home/ada' }, '/home/ada/.config/aqe-deploy/identity.pem'],
  [{ HOME: '/home/ada', XDG_CONFIG_HOME: '/cfg' }, '/cfg/aqe-deploy/identity.pem'],
  [{ HOME: '/home/ada', XDG_CONFIG_HOME: 'cfg' }, '/home/ada/.config/aqe-deploy/identity.pem'],
  [{ HOME: '/home/ada', XDG_CONFIG_HOME: '/cfg', AQE_KEY_FILE: '/run/key' }, '/run/key'],
])('with %j the personal key is at %s', (env, path) => {
  expect(personalKeyPath(env)).toBe(path);
});

test('a personal key is made once, for its owner alone, and signs', async () => {
  const env = { XDG_CONFIG_HOME: temporaryFolder() };
  const path = personalKeyPath(env);

  const made = await createPersonalKey(path);
  const again = await refusal(createPersonalKey(path));
  const nowhere = await refusal(createPersonalKey(join(path, 'below-a-file')));
  const signer = await personalSigner(env);

  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(again).toMatch(/^AQE1006 /);
  expect(nowhere).toContain('it cannot be written (');
  expect(signer).toMatchObject({ keyId: made.keyId, publicKey: made.publicKey, path });
  expect(readdirSync(join(path, '..'))).toEqual(['identity.pem']);
});

test('nobody who has no key has one', async () => {
  expect(await personalSigner({ XDG_CONFIG_HOME: temporaryFolder() })).toBeNull();
});

test.each([
  ['the variable', { AQE_KEY: pems.first }],
  ['the variable on one line', { AQE_KEY: pems.first.replaceAll('\n', '\\n') }],
])('a personal key is taken from %s', async (_, env) => {
  expect((await personalSigner(env))?.keyId).toBe(first.keyId);
});

test('a file that is named is used, and has to be there', async () => {
  const path = file(pems.second);

  expect((await personalSigner({ AQE_KEY_FILE: path }))?.keyId).toBe(second.keyId);
  expect(await refusal(personalSigner({ AQE_KEY_FILE: `${path}.x` }))).toMatch(/^AQE3010 AQE_KEY_FILE names it/);
  expect(await refusal(systemSigner('/', { AQE_SYSTEM_KEY_FILE: `${path}.x` }))).toMatch(
    /^AQE3010 AQE_SYSTEM_KEY_FILE/,
  );
});

test('two ways to name one key are one too many', async () => {
  expect(await refusal(personalSigner({ AQE_KEY: pems.first, AQE_KEY_FILE: '/x' }))).toMatch(/^AQE3010 both AQE_KEY/);
});

test.each([0o640, 0o604, 0o660, 0o644, 0o610, 0o601])('a key file of mode %o is refused', async (mode) => {
  expect(await refusal(personalSigner({ AQE_KEY_FILE: file(pems.first, mode) }))).toMatch(/^AQE3010 others may use it/);
});

test('a key file is a file: no link, no folder, no pipe, nothing long', async () => {
  const target = file(pems.first);
  const link = `${target}.link`;
  symlinkSync(target, link);
  const pipe = `${target}.pipe`;
  const made = spawnSync('mkfifo', ['-m', '600', pipe]).status;

  expect(await refusal(personalSigner({ AQE_KEY_FILE: link }))).toBe('AQE3010 it is a link, not a file');
  expect(await refusal(personalSigner({ AQE_KEY_FILE: temporaryFolder() }))).toBe('AQE3010 it is not a regular file');
  expect(made === 0 ? await refusal(personalSigner({ AQE_KEY_FILE: pipe })) : 'no mkfifo').toMatch(
    /not a regular|no mkfifo/,
  );
  expect(await refusal(personalSigner({ AQE_KEY_FILE: file('x'.repeat(65_537)) }))).toMatch(/longer than 65536 bytes/);
});

test('a link is not replaced by a new key either', async () => {
  const target = file(pems.first);
  const link = `${target}.link`;
  symlinkSync(target, link);
  symlinkSync(`${target}.nothing`, `${target}.dangling`);

  expect(await refusal(createPersonalKey(link))).toMatch(/^AQE1006 /);
  expect(await refusal(createPersonalKey(`${target}.dangling`))).toMatch(/^AQE1006 /);
  expect(readFileSync(target, 'utf8')).toBe(pems.first);
  expect(existsSync(`${target}.nothing`)).toBe(false);
});

test('the key of a project is made on first use and stays', async () => {
  const root = temporaryFolder();

  const made = await systemSigner(root, {});
  const again = await systemSigner(root, {});

  const folder = keyFolder(root);
  expect(again.keyId).toBe(made.keyId);
  expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'system.pem', 'system.pub']);
  expect(statSync(join(folder, 'system.pem')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'system.pub'), 'utf8')).toBe(`${made.publicKey}\n`);
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('*.pem');
});

test('of twenty first uses at once one makes the key and all have it', async () => {
  const root = temporaryFolder();

  const signers = await Promise.all(Array.from({ length: 20 }, () => systemSigner(root, {})));

  expect(new Set(signers.map(({ keyId }) => keyId)).size).toBe(1);
  expect(readdirSync(keyFolder(root)).sort()).toEqual(['.gitignore', 'system.pem', 'system.pub']);
});

test('processes that start together end with one key', () => {
  const root = temporaryFolder();
  const module = JSON.stringify(join(import.meta.dirname, 'key-files.ts'));
  const code = `import(${module}).then(({ systemSigner }) => systemSigner(process.argv[1], {})).then(({ keyId }) => console.log(keyId));`;

  const { status, stdout } = spawnSync(
    'sh',
    ['-c', 'for i in 1 2 3 4; do "$0" -e "$1" "$2" & done; wait', process.execPath, code, root],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
      timeout: 60_000,
    },
  );

  const ids = stdout.trim().split('\n');
  expect(status).toBe(0);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(1);
});

test('a public half that was lost or belongs to another key is written anew', async () => {
  const root = temporaryFolder();
  const { publicKey } = await systemSigner(root, {});
  const pub = join(keyFolder(root), 'system.pub');
  writeFileSync(pub, `${second.publicKey}\n`);

  await systemSigner(root, {});

  expect(readFileSync(pub, 'utf8')).toBe(`${publicKey}\n`);
});

test('a pipeline brings the system key along, and nothing is written', async () => {
  const root = temporaryFolder();

  const byText = await systemSigner(root, { AQE_SYSTEM_KEY: pems.first });
  const byFile = await systemSigner(root, { AQE_SYSTEM_KEY_FILE: file(pems.second) });

  expect([byText.keyId, byFile.keyId]).toEqual([first.keyId, second.keyId]);
  expect(readdirSync(root)).toEqual([]);
});

test('a system key that others can read, or that is a link, is not used', async () => {
  const root = temporaryFolder();
  await systemSigner(root, {});
  const path = join(keyFolder(root), 'system.pem');
  chmodSync(path, 0o644);
  const linked = temporaryFolder();
  mkdirSync(keyFolder(linked), { recursive: true });
  symlinkSync(file(pems.first), join(keyFolder(linked), 'system.pem'));

  expect(await refusal(systemSigner(root, {}))).toMatch(/^AQE3010 others may use it/);
  expect(await refusal(systemSigner(linked, {}))).toBe('AQE3010 it is a link, not a file');
});

test('a rotation is stated by both keys, and the old public half stays', async () => {
  const root = temporaryFolder();
  const old = await systemSigner(root, {});

  const { from, to } = await rotateSystemKey(root, {}, rotation);
  const now = await systemSigner(root, {});

  const folder = keyFolder(root);
  const lines = readFileSync(join(folder, 'rotations.jsonl'), 'utf8').trimEnd().split('\n');
  const opened = openText(lines[0]!, [from, to], ed25519.verify);
  expect([from.keyId, now.keyId]).toEqual([old.keyId, to.keyId]);
  expect(to.keyId).not.toBe(old.keyId);
  expect(lines).toHaveLength(1);
  expect(opened.keyIds).toEqual([from.keyId, to.keyId]);
  expect(JSON.parse(decodeUtf8(opened.payload)!)).toEqual({
    schemaVersion: '1',
    at,
    from: { keyId: from.keyId, publicKey: from.publicKey },
    to: { keyId: to.keyId, publicKey: to.publicKey },
  });
  expect((await publicKeysIn(folder))?.map(({ keyId }) => keyId).sort()).toEqual([from.keyId, to.keyId].sort());
  expect(readdirSync(folder).sort()).toEqual([
    '.gitignore',
    `retired-${old.keyId.slice(0, 16)}.pub`,
    'rotations.jsonl',
    'system.pem',
    'system.pub',
  ]);
});

test('of two rotations at once one is made', async () => {
  const root = temporaryFolder();
  await systemSigner(root, {});

  const results = await Promise.all([0, 1].map(() => refusal(rotateSystemKey(root, {}, rotation))));

  const lines = readFileSync(join(keyFolder(root), 'rotations.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(results.filter((result) => result === 'accepted')).toHaveLength(lines.length);
});

test('a rotation that failed before its statement was kept leaves the old key', async () => {
  const root = temporaryFolder();
  const old = await systemSigner(root, {});

  const failed = rotateSystemKey(root, {}, () => {
    throw new Error('the disk is full');
  });

  await expect(failed).rejects.toThrow('the disk is full');
  expect((await systemSigner(root, {})).keyId).toBe(old.keyId);
  expect(await refusal(rotateSystemKey(root, {}, rotation))).toBe('accepted');
});

test('a rotation that another process has begun is not begun twice', async () => {
  const root = temporaryFolder();
  const old = await systemSigner(root, {});
  writeFileSync(join(keyFolder(root), 'system.next.pem'), pems.second, { mode: 0o600 });

  const refused = await refusal(rotateSystemKey(root, {}, rotation));

  expect(refused).toMatch(/^AQE3010 another rotation/);
  expect((await systemSigner(root, {})).keyId).toBe(old.keyId);
});

test('a key that the environment brings is not rotated here', async () => {
  expect(await refusal(rotateSystemKey(temporaryFolder(), { AQE_SYSTEM_KEY: pems.first }, rotation))).toMatch(
    /^AQE3010 AQE_SYSTEM_KEY names the system key/,
  );
});

test('public keys are read from text, lines and PEM, with the verifier they are pinned to', async () => {
  const lines = file(`# ours\n\n${first.publicKey} https://example.com/a\n${second.publicKey}\n`);
  const pem = file(`-----BEGIN PUBLIC KEY-----\n${first.publicKey}\n-----END PUBLIC KEY-----\n`);
  const pinned = { keyId: first.keyId, publicKey: first.publicKey, verifier: 'https://example.com/a' };

  expect(await publicKeysOf(first.publicKey)).toEqual([{ ...pinned, verifier: null }]);
  expect(await publicKeysOf(lines)).toEqual([
    pinned,
    { keyId: second.keyId, publicKey: second.publicKey, verifier: null },
  ]);
  expect(await publicKeysOf(pem)).toEqual([{ ...pinned, verifier: null }]);
});

test.each([
  ['a private key', pems.first, 'it holds a private key; name the public one'],
  ['nothing', '# nothing\n', 'it holds no public key'],
  ['words', 'hello', 'it is not a public Ed25519 key (base64 of its SPKI form, or PEM)'],
  ['three words', `${first.publicKey} a b`, 'it is not a public Ed25519 key (base64 of its SPKI form, or PEM)'],
  ['a broken PEM', '-----BEGIN PUBLIC KEY-----\nx\n', 'it holds no public key'],
])('a file with %s is not trusted', async (_, text, reason) => {
  expect(await refusal(publicKeysOf(file(text)))).toBe(`AQE3010 ${reason}`);
});

test('a folder gives the keys of its .pub files, and null where there is none', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'b.pub'), `${second.publicKey}\n`);
  writeFileSync(join(folder, 'a.pub'), `${first.publicKey}\n`);
  writeFileSync(join(folder, 'c.txt'), 'not a key');

  expect((await publicKeysIn(folder))?.map(({ keyId }) => keyId)).toEqual([first.keyId, second.keyId]);
  expect(await publicKeysIn(join(folder, 'none'))).toBeNull();
});
