import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gunzipped } from '../../src/adapters/files/bundle/gunzip.ts';
import { archiveEnd, entryHead } from '../../src/adapters/files/bundle/tar.ts';
import { readBundle, type ReadBundle } from '../../src/app/bundle/read-bundle.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { entryHash } from '../../src/core/audit/chain.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import type { PinnedKey } from '../../src/ports/key-files.ts';
import { json as jsonOf } from '../../src/surfaces/cli/commands/assessing.ts';
import { openBundles } from '../../src/wiring/bundles.ts';
import { openTrust } from '../../src/wiring/trust.ts';
import { archiveOf, bundleOf, edited, membersOf, tarOf, type Edits, type Member } from '../support/bundles.ts';
import { aqe } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { project } from '../support/project.ts';

const usual = process.env['TMPDIR'];
afterAll(() => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  removeTemporaryFolders();
});

let good: Buffer;
let members: readonly Member[];
let keys: readonly PinnedKey[];
let decision: string;
let folder: string;
/** Where bundles are unpacked. */
let temporary: string;

beforeAll(async () => {
  const shop = project({
    coverage: { lines: [9, 10], branches: [9, 10] },
    mutants: [9, 10],
    tests: { passed: 3 },
  });
  // Something to stand in the log before the decision.
  for (const item of ['monitoring', 'communication-plan'])
    await aqe(shop.root, [
      'checklist',
      '--version',
      'v2.5.0',
      '--attest',
      item,
      '--by',
      'a@b.example',
      '--note',
      'it is so',
    ]);
  const { file, assessed } = await bundleOf(shop);
  good = readFileSync(file);
  decision = assessed.out;
  members = await membersOf(good);
  const key = readFileSync(join(shop.root, '.agentic-qe/keys/system.pub'), 'utf8');
  folder = temporaryFolder();
  writeFileSync(join(folder, 'shop.pub'), key);
  keys = await openTrust(folder, {}).keys.publicKeys('shop.pub');
  temporary = join(folder, 'unpacked', 'deep', 'deeper');
  mkdirSync(temporary, { recursive: true });
  process.env['TMPDIR'] = temporary;
});

let count = 0;

/** Reads a bundle as the command does; gives the decision, or the error that a user gets. */
async function read(archive: Uint8Array, withKeys: readonly PinnedKey[] | null = null): Promise<ReadBundle | AqeError> {
  const name = `${(count += 1)}.tgz`;
  writeFileSync(join(folder, name), archive);
  return readFile(name, withKeys);
}

async function readFile(name: string, withKeys: readonly PinnedKey[] | null = null): Promise<ReadBundle | AqeError> {
  try {
    return await readBundle({ ...openBundles(folder), json: jsonOf }, name, withKeys);
  } catch (error) {
    if (error instanceof AqeError) return error;
    throw error;
  }
}

/** What became of a bundle: the code of an error, `same` for the same decision, `other` for another one. */
function outcome(result: ReadBundle | AqeError): string {
  if (result instanceof AqeError) return result.code;
  return result.text === decision ? 'same' : 'other';
}

const text = (name: string, content: string): Member => ({ name, content: Buffer.from(content) });
const withMore = (...more: readonly Member[]): Buffer => archiveOf([...members, ...more]);

/** A header as any program may write it. */
function anyHead(name: string, size: number, { type = '0', link = '', prefix = '' } = {}): Buffer {
  const head = Buffer.from(entryHead('x', size));
  head.fill(0, 0, 100);
  head.write(name, 0, 'latin1');
  head.write(type, 156, 'latin1');
  head.write(link, 157, 'latin1');
  head.write(prefix, 345, 'latin1');
  return summed(head);
}

function summed(head: Buffer): Buffer {
  head.fill(0x20, 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  head[155] = 0x20;
  return head;
}

const special = (name: string, type: string, link = ''): Member => ({
  name,
  content: Buffer.alloc(0),
  head: anyHead(name, 0, { type, link }),
});
const pax = (record: string, name = 'evidence/a'): Member[] => [
  { name: 'pax', content: Buffer.from(record), head: anyHead('pax/path', Buffer.byteLength(record), { type: 'x' }) },
  text(name, 'a'),
];

test('the bundle that all of these were made from is good', async () => {
  expect(outcome(await read(good))).toBe('same');
  expect(outcome(await read(good, keys))).toBe('same');
  expect(outcome(await read(archiveOf(members), keys))).toBe('same');
  expect(outcome(await read(edited(members, {}), keys))).toBe('same');
});

/** Archives that no writer of ours makes. Each is refused before anything in it is believed. */
const archives: Readonly<Record<string, () => Uint8Array>> = {
  'a way up': () => withMore(text('evidence/../../up.txt', 'x')),
  'a way up at the start': () => withMore(text('../up.txt', 'x')),
  'a way up at the end': () => withMore(text('evidence/a/..', 'x')),
  'an absolute name': () => withMore(text('/tmp/aqe-absolute.txt', 'x')),
  'two slashes': () => withMore(text('evidence//a', 'x')),
  'a dot': () => withMore(text('evidence/./a', 'x')),
  'an empty name': () => withMore({ name: '', content: Buffer.from('x'), head: anyHead('', 1) }),
  'a folder': () => withMore(special('evidence/a/', '5')),
  'a name that ends in a slash': () => withMore(text('evidence/a/', 'x')),
  'a backslash': () => withMore(text('evidence\\..\\..\\up.txt', 'x')),
  'a drive letter': () => withMore(text('C:/up.txt', 'x')),
  'a stream of a file': () => withMore(text('evidence/a:b', 'x')),
  'a device of Windows': () => withMore(text('evidence/NUL.txt', 'x')),
  'a dot at the end': () => withMore(text('evidence/a.', 'x')),
  'a line feed in a name': () => withMore(text('evidence/a\nb', 'x')),
  'a NUL in a name': () => withMore(...pax('19 path=evidence/a\0b\n'.replace('19', '21'))),
  'an escape in a name': () => withMore(text('evidence/\u001b[2Ja', 'x')),
  'half a character in a name': () =>
    withMore({ name: 'x', content: Buffer.from('x'), head: anyHead('evidence/\u00ff', 1) }),
  'a text that no bundle has': () => withMore(text('README', 'x')),
  'a text that no manifest knows': () => withMore(text('more.json', '{}')),
  'a folder beside the evidence': () => withMore(text('other/a', 'x')),
  'a symbolic link': () => withMore(special('evidence/a', '2', '/etc/passwd')),
  'a file behind a symbolic link': () => withMore(special('evidence/a', '2', '/tmp'), text('evidence/a/x', 'x')),
  'a hard link': () => withMore(special('evidence/a', '1', '/etc/passwd')),
  'a pipe': () => withMore(special('evidence/a', '6')),
  'a character device': () => withMore(special('evidence/a', '3')),
  'a block device': () => withMore(special('evidence/a', '4')),
  'a file of an unknown kind': () => withMore(special('evidence/a', 'Z')),
  'an old kind of file': () => withMore(special('evidence/a', '\0')),
  'one name twice': () => withMore(text('evidence/a', 'x'), text('evidence/a', 'y')),
  'a text twice': () => withMore(text('decision.json', '{}')),
  'a name in capitals as well': () => withMore(text('evidence/a', 'x'), text('evidence/A', 'y')),
  'a name in another normal form as well': () => withMore(text('evidence/\u00e9', 'x'), text('evidence/e\u0301', 'y')),
  'a file that is a folder as well': () => withMore(text('evidence/a', 'x'), text('evidence/a/b', 'y')),
  'a name in front of the name': () =>
    withMore({ name: 'x', content: Buffer.from('x'), head: anyHead('up.txt', 1, { prefix: '..' }) }),
  'an extended header with a size': () => withMore(...pax('16 size=9999999\n')),
  'an extended header with a name that leads up': () => withMore(...pax('14 path=../up\n')),
  'an extended header with two names': () => withMore(...pax('19 path=evidence/b\n19 path=evidence/c\n')),
  'an extended header for a name that needs none': () => withMore(...pax('19 path=evidence/b\n')),
  'an extended header for all': () =>
    withMore({ name: 'g', content: Buffer.from('11 uid=0000\n'), head: anyHead('pax', 12, { type: 'g' }) }),
  'an extended header that is long': () => withMore(...pax(`99999 path=${'a'.repeat(99_987)}\n`)),
  'a long name of GNU tar': () =>
    withMore({
      name: 'l',
      content: Buffer.from('evidence/../../up\0'),
      head: anyHead('././@LongLink', 18, { type: 'L' }),
    }),
  'a name of 300 characters in one part': () => withMore(text(`evidence/${'a'.repeat(300)}`, 'x')),
  'a name of 2,000 characters': () => withMore(text(`evidence/${'a/'.repeat(1000)}a`, 'x')),
  'a size that is longer than the file': () =>
    gzipSync(Buffer.concat([entryHead('manifest.json', 10_000_000), Buffer.from('{}')])),
  'a size that is shorter than the content': () =>
    withMore({ name: 'x', content: Buffer.alloc(5000, 'x'), head: anyHead('evidence/a', 1) }),
  'a negative size': () => {
    const head = anyHead('evidence/a', 0);
    head.write('-0000000001', 124, 'latin1');
    return withMore({ name: 'x', content: Buffer.alloc(0), head: summed(head) });
  },
  'a size in base 256': () => {
    const head = anyHead('evidence/a', 0);
    head.fill(0xff, 124, 136);
    return withMore({ name: 'x', content: Buffer.alloc(0), head: summed(head) });
  },
  'a wrong sum': () => {
    const head = anyHead('evidence/a', 0);
    head[100] = 0x37;
    return withMore({ name: 'x', content: Buffer.alloc(0), head });
  },
  'an owner': () => {
    const head = anyHead('evidence/a', 0);
    head.write('root', 265, 'latin1');
    return withMore({ name: 'x', content: Buffer.alloc(0), head: summed(head) });
  },
  'something hidden behind a file': () => {
    const tar = tarOf([text('evidence/a', 'x')]);
    tar[600] = 1;
    return gzipSync(tar);
  },
  'something behind the end': () => gzipSync(Buffer.concat([tarOf(members), entryHead('evidence/z', 0), archiveEnd])),
  'zeros behind the end': () => gzipSync(Buffer.concat([tarOf(members), archiveEnd])),
  'one block at the end': () => gzipSync(tarOf(members).subarray(0, -512)),
  'no end': () => gzipSync(tarOf(members).subarray(0, -1024)),
  'nothing at all in it': () => gzipSync(Buffer.alloc(0)),
  'no members': () => archiveOf([]),
  'a tar archive that is cut': () => gzipSync(tarOf(members).subarray(0, 5000)),
  'a compressed file that is cut': () => good.subarray(0, -9),
  'half a compressed file': () => good.subarray(0, good.length / 2),
  'a letter behind the compressed file': () => Buffer.concat([good, Buffer.from('x')]),
  'a zero behind the compressed file': () => Buffer.concat([good, Buffer.alloc(1)]),
  'two compressed files': () => Buffer.concat([good, good]),
  'an archive in two compressed files': () =>
    Buffer.concat([gzipSync(tarOf(members).subarray(0, 1024)), gzipSync(tarOf(members).subarray(1024))]),
  'a compressed file with a comment': () => {
    const head = Buffer.from(good.subarray(0, 10));
    head[3] = 16;
    return Buffer.concat([head, Buffer.from('hello\0'), good.subarray(10)]);
  },
  'a wrong checksum': () => {
    const copy = Buffer.from(good);
    copy.writeUInt32LE(1, copy.length - 8);
    return copy;
  },
  'a wrong length': () => {
    const copy = Buffer.from(good);
    copy.writeUInt32LE(1, copy.length - 4);
    return copy;
  },
  'no compression': () => tarOf(members),
  'another compression': () => deflateRawSync(tarOf(members)),
  'no bytes': () => Buffer.alloc(0),
  'a page of a web site': () => Buffer.from('<!doctype html><title>404</title>'.repeat(100)),
};

describe('an archive is refused that has', () => {
  test.each(Object.entries(archives))('%s', async (_, make) => {
    const result = await read(make());

    expect(result).toBeInstanceOf(AqeError);
    expect(outcome(result)).toMatch(/^AQE305[03]$/);
    expect((result as AqeError).context).toEqual({ path: `${count}.tgz` });
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a device', (path: string) => execFileSync('ln', ['-s', '/dev/zero', path])],
    ['nothing', () => undefined],
  ])('%s in place of the file', async (_, make) => {
    const name = `${(count += 1)}.tgz`;
    make(join(folder, name));

    expect(outcome(await readFile(name))).toBe('AQE3050');
  });

  test('a bomb in it, before it has filled anything', async () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    const bomb = gzipSync(
      Buffer.concat([entryHead('evidence/a', 2 ** 32), ...Array.from({ length: 24 }, () => zeros)]),
    );

    const result = await read(bomb);

    expect(bomb.length).toBeLessThan(500_000);
    expect(result).toMatchObject({ code: 'AQE3050', detail: 'it is larger than a bundle may be' });
  });

  test('a text that is too large in it', async () => {
    const head = entryHead('answers.json', 200 * 1024 * 1024);

    expect(outcome(await read(gzipSync(Buffer.concat([head, Buffer.alloc(1024, 'a')]))))).toBe('AQE3050');
  });

  test('too many files in it', async () => {
    const many = Array.from({ length: 20_200 }, (_, index) => entryHead(`evidence/${index}`, 0));

    expect(outcome(await read(gzipSync(Buffer.concat([...many, archiveEnd]))))).toBe('AQE3050');
  }, 20_000);

  test('too many texts in it', async () => {
    const letters = [...'abcdefghijklmnopqrst'];

    expect(outcome(await read(archiveOf(letters.map((letter) => text(`${letter}.json`, '{}')))))).toBe('AQE3050');
  });
});

const swapped = (from: string | RegExp, to: string) => (of: string) => {
  const changed = of.replace(from, to);
  if (changed === of) throw new Error(`there is no ${String(from)}`);
  return changed;
};
const linesOf = (change: (lines: readonly string[]) => readonly string[]) => (of: string) =>
  change(of.trimEnd().split('\n'))
    .map((line) => `${line}\n`)
    .join('');
const anyJson = (value: unknown) => () => JSON.stringify(value);
const part = (change: (value: Record<string, never>) => unknown) => (of: string) =>
  JSON.stringify(change(JSON.parse(of) as Record<string, never>));
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Bundles whose manifest fits them, although somebody changed them. */
const edits: Readonly<Record<string, Edits>> = {
  'a kinder decision': { 'decision.json': swapped(/"exitCode": \d/, '"exitCode": 0,\n  "checked": 1') },
  'a decision of another time': { 'decision.json': swapped(/"createdAt": "20/, '"createdAt": "19') },
  'a decision with spaces': { 'decision.json': (of) => `${of} ` },
  'no decision': { 'decision.json': () => null },
  'a decision that is a list': { 'decision.json': anyJson([]) },
  'a decision that is nothing': { 'decision.json': anyJson(null) },
  'a decision that is no JSON': { 'decision.json': () => '{"id":' },
  'other answers': { 'answers.json': swapped(/"name": "Ada"/, '"name": "Eve"') },
  'a fresher file': { 'answers.json': swapped(/"modifiedAt": "20/, '"modifiedAt": "21') },
  'no answers': { 'answers.json': anyJson({}) },
  'answers of another shape': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, 7]))),
  },
  'answers that are lists': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: [] }]))),
  },
  'answers that are nothing': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: null }]))),
  },
  'answers that are numbers': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: 1e308 }]))),
  },
  'answers that are errors of no kind': {
    'answers.json': part((of) =>
      Object.fromEntries(Object.keys(of).map((key) => [key, { threw: { code: 'toString' } }])),
    ),
  },
  'answers that are errors': {
    'answers.json': part((of) =>
      Object.fromEntries(Object.keys(of).map((key) => [key, { threw: { code: 'AQE2011', detail: 'x', context: {} } }])),
    ),
  },
  'answers that are broken maps': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: { '@map': [1] } }]))),
  },
  'answers in a list': { 'answers.json': anyJson([1]) },
  'answers that are deep': { 'answers.json': () => `{"a":${deep(200_000)}}` },
  'answers that are many': { 'answers.json': () => `{"a":[${'0,'.repeat(6_000_000)}0]}` },
  'answers with a prototype': {
    'answers.json': part((of) => ({ ...of, x: 1 })),
    'request.json': swapped('{', '{"__proto__":{"strict":true},'),
  },
  'answers that are no JSON': { 'answers.json': () => 'undefined' },
  'another policy': { 'policy.json': swapped(/"threshold": \d+/, '"threshold": 1') },
  'no policy': { 'policy.json': anyJson({}) },
  'a policy that is a list': { 'policy.json': anyJson([]) },
  'a policy that is deep': { 'policy.json': () => deep(200_000) },
  'a policy of wrong kinds': {
    'policy.json': part((of) =>
      Object.fromEntries(Object.entries(of).map(([key, value]) => [key, Array.isArray(value) ? {} : []])),
    ),
  },
  'a policy without gates': { 'policy.json': part((of) => ({ ...of, gates: [] })) },
  'other evidence': { 'evidence/reports/junit.xml': swapped('sells 1"', 'sells 9"') },
  'no evidence': { 'evidence/reports/junit.xml': () => null },
  'another request': { 'request.json': swapped('"strict": false', '"strict": true') },
  'a request at another time': { 'request.json': swapped(/"now": "20/, '"now": "21') },
  'a request at no time': { 'request.json': swapped(/"now": "[^"]*"/, '"now": "soon"') },
  'a request for another release': { 'request.json': swapped('"version": "v2.5.0"', '"version": "v2.5.1"') },
  'a request of another version of the program': {
    'request.json': swapped('"schemaVersion": "1"', '"schemaVersion": "2"'),
  },
  'a request that is a text': { 'request.json': anyJson('x') },
  'a request of wrong kinds': { 'request.json': swapped('"zone": {', '"zones": {') },
  'no request': { 'request.json': () => null },
  'no audit log': { 'audit.jsonl': () => '' },
  'an audit log that is gone': { 'audit.jsonl': () => null },
  'an audit log without its end': { 'audit.jsonl': linesOf((lines) => lines.slice(0, -1)) },
  'an audit log without an entry': { 'audit.jsonl': linesOf((lines) => [lines[0]!, ...lines.slice(2)]) },
  'an audit log in another order': { 'audit.jsonl': linesOf((lines) => lines.toReversed()) },
  'an audit log with an entry twice': { 'audit.jsonl': linesOf((lines) => [...lines, lines.at(-1)!]) },
  'an audit log with other words': { 'audit.jsonl': swapped('it is so', 'it is not') },
  'an audit log whose number are others': { 'audit.jsonl': swapped('"seq":2', '"seq":7') },
  'an audit log of another shape': { 'audit.jsonl': linesOf(() => ['{"seq":"1"}']) },
  'an audit log with more in a line': { 'audit.jsonl': swapped('{"seq":1', '{"more":0,"seq":1') },
  'an audit log that is no JSON': { 'audit.jsonl': () => 'x\n' },
  'no manifest': { 'manifest.json': () => null },
  'a manifest without lists': { 'manifest.json': anyJson({ schemaVersion: '1' }) },
  'a manifest of another version': { 'manifest.json': anyJson({ schemaVersion: '2', texts: [], evidence: [] }) },
  'a manifest that names nothing': { 'manifest.json': anyJson({ schemaVersion: '1', texts: [], evidence: [] }) },
  'a manifest that names what is not there': {
    'manifest.json': part((of) => ({
      ...of,
      texts: [...(of['texts'] as object[]), { name: 'more.json', sha256: '' }],
    })),
  },
  'a manifest with other digests': { 'manifest.json': swapped(/"sha256": "[0-9a-f]{4}/, '"sha256": "0000') },
  'a manifest that does not know a file': {
    'manifest.json': part((of) => ({ ...of, evidence: (of['evidence'] as object[]).slice(1) })),
  },
  'a manifest of wrong kinds': { 'manifest.json': part((of) => ({ ...of, texts: [1] })) },
  'a manifest with a prototype': { 'manifest.json': swapped('{', '{"__proto__":{},') },
  'a manifest that is deep': { 'manifest.json': () => deep(200_000) },
  'a text that is no UTF-8': { 'approvals.json': (of) => of },
};

describe('a bundle is refused, whatever its manifest says, with', () => {
  test.each(Object.entries(edits))('%s', async (name, change) => {
    const archive =
      name === 'a text that is no UTF-8'
        ? archiveOf(
            members.map((each) => (each.name === 'approvals.json' ? { ...each, content: Buffer.from([0xff]) } : each)),
          )
        : edited(members, change);

    const result = await read(archive);

    expect(outcome(result)).toMatch(/^AQE305[013]$/);
    expect(result).toBeInstanceOf(AqeError);
  });
});

describe('with the key of the project, a bundle is refused', () => {
  const signed: Readonly<Record<string, Edits>> = {
    'without its statement': { 'decision.dsse.json': () => null },
    'with a statement that is none': { 'decision.dsse.json': () => '{}\n' },
    'with another signature': { 'decision.dsse.json': swapped(/"sig":"..../, '"sig":"AAAA') },
    'with a statement that has more in it': { 'decision.dsse.json': swapped('{"payloadType"', '{"x":1,"payloadType"') },
    'with other checkpoints as the statement': { 'decision.dsse.json': (of) => of.replace('in-toto', 'aqe') },
  };
  test.each(Object.entries(signed))('%s', async (_, change) => {
    const archive = edited(members, change);

    expect(outcome(await read(archive))).toBe('same');
    expect(outcome(await read(archive, keys))).toBe('AQE3053');
  });

  test('that somebody made from other evidence, consistent in itself', async () => {
    // Another project with the same name, whose every part fits.
    const shop = project({ tests: { passed: 3 }, coverage: { lines: [10, 10], branches: [10, 10] }, mutants: [9, 10] });
    const { file } = await bundleOf(shop);
    const forged = await membersOf(readFileSync(file));
    const statement = members.find(({ name }) => name === 'decision.dsse.json')!;
    const archive = edited([...forged.filter(({ name }) => name !== statement.name), statement], {});

    const unchecked = await read(archive);
    const checked = await read(archive, keys);

    expect(unchecked).not.toBeInstanceOf(AqeError);
    expect(checked).toMatchObject({ code: 'AQE3053' });
    expect((checked as AqeError).detail).toMatch(/what was signed is another decision/);
  });

  test('whose audit log is another one than its signed checkpoints know, consistent in itself', async () => {
    const shop = project({ coverage: { lines: [9, 10], branches: [9, 10] }, mutants: [9, 10], tests: { passed: 3 } });
    const { file } = await bundleOf(shop);
    const log = (await membersOf(readFileSync(file))).find(({ name }) => name === 'audit.jsonl')!;
    const own = members.find(({ name }) => name === 'audit.jsonl')!;
    const body = JSON.parse(Buffer.from(own.content).toString('utf8').trimEnd().split('\n').at(-1)!) as {
      body: string;
    };
    const entry = JSON.parse(Buffer.from(log.content).toString('utf8').trimEnd()) as { body: string; prev: string };
    const hash = entryHash(entry.prev, body.body, (of) => systemIdentity.sha256(of));
    const forged = `${JSON.stringify({ seq: 1, body: body.body, prev: entry.prev, hash })}\n`;
    const archive = edited(members, { 'audit.jsonl': () => forged });

    expect(outcome(await read(archive))).toBe('same');
    expect(await read(archive, keys)).toMatchObject({
      code: 'AQE3053',
      detail: expect.stringContaining('entry 1 of its audit log is another one'),
    });
  });
});

test('a flipped bit anywhere is found, or what comes out is the same to the byte', async () => {
  const path = join(folder, 'flip.tgz');
  const whole = gunzipSync(good);
  const content = async (copy: Uint8Array): Promise<string> => {
    writeFileSync(path, copy);
    const file = await open(path);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of gunzipped(file, copy.length, 2 ** 28)) chunks.push(Uint8Array.from(chunk));
      return Buffer.concat(chunks).equals(whole) ? 'same' : 'other';
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      return 'refused';
    } finally {
      await file.close();
    }
  };
  let state = 20_260_302;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const places = [
    ...Array.from({ length: 18 * 8 }, (_, bit) => bit),
    ...Array.from({ length: 9 * 8 }, (_, bit) => (good.length - 9) * 8 + bit),
    ...Array.from({ length: 1500 }, () => Math.floor(random() * good.length * 8)),
  ];
  const outcomes = new Map<string, number>();
  const harmless: Buffer[] = [];
  for (const bit of places) {
    const copy = Buffer.from(good);
    copy[bit >> 3]! ^= 1 << (bit & 7);
    const found = await content(copy);
    outcomes.set(found, (outcomes.get(found) ?? 0) + 1);
    if (found === 'same') harmless.push(copy);
  }
  const decisions = new Set<string>();
  for (const copy of harmless.slice(0, 60)) decisions.add(outcome(await read(copy, keys)));

  // Time stamp, level and system of RFC 1952 say nothing about the content, and some bits of a stream are not used.
  expect([...outcomes.keys()].toSorted()).toEqual(['refused', 'same']);
  expect(outcomes.get('same')).toBeGreaterThanOrEqual(6 * 8);
  expect(outcomes.get('refused')).toBeGreaterThan(1500);
  expect([...decisions]).toEqual(['same']);
}, 30_000);

test('a flipped byte of a member is found, also where the archive is made anew around it', async () => {
  const outcomes = new Set<string>();
  for (const { name, content } of members)
    for (let at = 0; at < 8; at += 1) {
      const copy = Buffer.from(content);
      if (copy.length === 0) continue;
      copy[Math.floor((copy.length * at) / 8)]! ^= 1;
      outcomes.add(
        outcome(await read(archiveOf(members.map((each) => (each.name === name ? { name, content: copy } : each))))),
      );
    }

  expect([...outcomes].filter((each) => !/^AQE305[013]$/.test(each))).toEqual([]);
});

test('nothing is left behind, and nothing was written elsewhere', () => {
  expect(readdirSync(join(folder, 'unpacked'), { recursive: true }).toSorted()).toEqual(['deep', 'deep/deeper']);
  expect(readdirSync(folder).filter((name) => !/^(?:\d+|flip)\.tgz$|^shop\.pub$|^unpacked$/.test(name))).toEqual([]);
  expect(existsSync('/tmp/aqe-absolute.txt')).toBe(false);
});
