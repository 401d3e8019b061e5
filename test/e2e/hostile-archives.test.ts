import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gunzipped } from '../../src/adapters/files/bundle/gunzip.ts';
import { archiveEnd, entryHead } from '../../src/adapters/files/bundle/tar.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import { readingOf, type Reading } from '../support/bundle-reading.ts';
import { archiveOf, edited, tarOf, type Member } from '../support/bundles.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';

let reading: Reading;
let good: Buffer;
let members: readonly Member[];

beforeAll(async () => {
  reading = await readingOf();
  ({ good, members } = reading);
});
afterAll(() => {
  reading.end();
  removeTemporaryFolders();
});

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
  expect(reading.outcome(await reading.read(good))).toBe('same');
  expect(reading.outcome(await reading.read(good, reading.keys))).toBe('same');
  expect(reading.outcome(await reading.read(archiveOf(members), reading.keys))).toBe('same');
  expect(reading.outcome(await reading.read(edited(members, {}), reading.keys))).toBe('same');
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
    const result = await reading.read(make());

    expect(result).toBeInstanceOf(AqeError);
    expect(reading.outcome(result)).toMatch(/^AQE305[03]$/);
    expect((result as AqeError).context).toEqual({ path: expect.stringMatching(/^\d+\.tgz$/) });
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a device', (path: string) => execFileSync('ln', ['-s', '/dev/zero', path])],
    ['nothing', () => undefined],
  ])('%s in place of the file', async (_, make) => {
    const name = reading.fresh();
    make(join(reading.folder, name));

    expect(reading.outcome(await reading.readFile(name))).toBe('AQE3050');
  });

  test('a bomb in it, before it has filled anything', async () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    const bomb = gzipSync(
      Buffer.concat([entryHead('evidence/a', 2 ** 32), ...Array.from({ length: 24 }, () => zeros)]),
    );

    const result = await reading.read(bomb);

    expect(bomb.length).toBeLessThan(500_000);
    expect(result).toMatchObject({ code: 'AQE3050', detail: 'it is larger than a bundle may be' });
  });

  test('a text that is too large in it', async () => {
    const head = entryHead('answers.json', 200 * 1024 * 1024);

    expect(reading.outcome(await reading.read(gzipSync(Buffer.concat([head, Buffer.alloc(1024, 'a')]))))).toBe(
      'AQE3050',
    );
  });

  test('too many files in it', async () => {
    const many = Array.from({ length: 20_200 }, (_, index) => entryHead(`evidence/${index}`, 0));

    expect(reading.outcome(await reading.read(gzipSync(Buffer.concat([...many, archiveEnd]))))).toBe('AQE3050');
  }, 40_000);

  test('too many texts in it', async () => {
    const letters = [...'abcdefghijklmnopqrst'];

    expect(reading.outcome(await reading.read(archiveOf(letters.map((letter) => text(`${letter}.json`, '{}')))))).toBe(
      'AQE3050',
    );
  });
});

test('a flipped bit anywhere is found, or what comes out is the same to the byte', async () => {
  const path = join(reading.folder, 'flip.tgz');
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
  for (const copy of harmless.slice(0, 60)) decisions.add(reading.outcome(await reading.read(copy, reading.keys)));

  // Time stamp, level and system of RFC 1952 say nothing about the content, and some bits of a stream are not used.
  expect([...outcomes.keys()].toSorted()).toEqual(['refused', 'same']);
  expect(outcomes.get('same')).toBeGreaterThanOrEqual(6 * 8);
  expect(outcomes.get('refused')).toBeGreaterThan(1500);
  expect([...decisions]).toEqual(['same']);
}, 30_000);

test('nothing is left behind, and nothing was written elsewhere', () => {
  expect(reading.left()).toEqual([]);
  expect(existsSync('/tmp/aqe-absolute.txt')).toBe(false);
});
