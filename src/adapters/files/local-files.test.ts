import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from 'vitest';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { FileReading } from '../../ports/evidence-files.ts';
import type { ReadingSession, SignalReader } from '../../ports/signal-reader.ts';
import { localFiles } from './local-files.ts';

const test = base.extend<{ root: string }>({
  // oxlint-disable-next-line no-empty-pattern -- fixtures must take their context apart
  root: async ({}, use) => {
    const root = mkdtempSync(join(tmpdir(), 'aqe-read-'));
    await use(root);
    rmSync(root, { recursive: true });
  },
});

const limits = { maxBytes: 10_000_000, maxFiles: 10 };

/** A format that is its name in capitals, or in markup, and any text; its reading tells the text back. */
function reader(id: string, names: readonly string[], session: Partial<ReadingSession> = {}): SignalReader {
  const mark = id.toUpperCase();
  return {
    id,
    title: `The ${id} format`,
    gives: ['measure'],
    names,
    countingUnit: 'a text',
    detects: ({ text }) => text.startsWith(mark) || text.includes(`<${id}`),
    open() {
      let all = '';
      return {
        push(text) {
          all += text;
          session.push?.(text);
        },
        finish: () => {
          if (session.finish) return session.finish();
          if (all.includes('broken')) throw new AqeError('AQE2003', 'broken it says');
          return { producer: { name: all }, facts: [], notices: ['from the reader'] };
        },
      };
    },
  };
}

const words = reader('words', ['words*.txt', 'list.txt']);

async function readBytes(root: string, bytes: string | Uint8Array, name = 'a.txt'): Promise<FileReading> {
  writeFileSync(join(root, name), bytes);
  return localFiles(root, [words]).read(name, { limits });
}

test('a file is read by the reader that claims its content, with the digest of its bytes', async ({ root }) => {
  mkdirSync(join(root, 'reports'));

  const reading = await readBytes(root, 'WORDS ä', 'reports/any.bin');

  expect(reading).toEqual({
    path: 'reports/any.bin',
    sha256: createHash('sha256').update('WORDS ä').digest('hex'),
    bytes: 8,
    modifiedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    outcome: 'read',
    format: 'words',
    reading: { producer: { name: 'WORDS ä' }, facts: [], notices: ['from the reader'] },
  });
});

test.each([
  ['UTF-8', 'é€😀'],
  ['UTF-16', 'é€😀'],
])('%s text of many chunks comes out whole', async (encoding, unit) => {
  const root = mkdtempSync(join(tmpdir(), 'aqe-read-'));
  const text = `WORDS ${unit.repeat(100_000)}`;
  const bytes = encoding === 'UTF-8' ? Buffer.from(text) : Buffer.from(`\ufeff${text}`, 'utf16le');

  const reading = await readBytes(root, bytes);

  rmSync(root, { recursive: true });
  expect(reading).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex'), outcome: 'read' });
  expect(reading.outcome === 'read' && reading.reading.producer.name === text).toBe(true);
});

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const lossy = expect.stringContaining('windows-1252');

test.for([
  ['UTF-8 with mark', Buffer.from('\ufeffWORDS ä'), 'WORDS ä', []],
  ['UTF-16 LE with mark', Buffer.from('\ufeffWORDS ä', 'utf16le'), 'WORDS ä', []],
  ['UTF-16 BE with mark', Buffer.from('\ufeffWORDS ä', 'utf16le').swap16(), 'WORDS ä', []],
  ['UTF-16 LE', Buffer.from('WORDS ä', 'utf16le'), 'WORDS ä', []],
  ['UTF-16 BE', Buffer.from('WORDS ä', 'utf16le').swap16(), 'WORDS ä', []],
  ['declared latin1', latin(`<?xml version="1.0" encoding="ISO-8859-1"?><words a="ä"/>`), 'ä"/>', []],
  ['declared UTF-8, and it is not', latin(`<?xml version="1.0" encoding="UTF-8"?><words a="ä"/>`), 'ä"/>', [lossy]],
  ['latin1 unannounced', latin('WORDS ä'), 'WORDS ä', [lossy]],
  ['UTF-8 cut within a character', Buffer.from('WORDS ä').subarray(0, 7), 'WORDS Ã', [lossy]],
] as const)('%s is decoded', async ([, bytes, end, notices], { root }) => {
  const reading = await readBytes(root, bytes);

  expect(reading).toMatchObject({ outcome: 'read', sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(reading.outcome === 'read' && reading.reading).toMatchObject({
    producer: { name: expect.stringMatching(new RegExp(`${end}$`)) },
    notices: ['from the reader', ...notices],
  });
});

test('a byte that is not UTF-8 far into the file starts a fresh session', async ({ root }) => {
  const bytes = Buffer.concat([Buffer.from(`WORDS ${'x'.repeat(700_000)}`), latin('ä')]);

  const reading = await readBytes(root, bytes);

  expect(reading.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(reading.outcome === 'read' && reading.reading.producer.name).toBe(`WORDS ${'x'.repeat(700_000)}ä`);
  expect(reading.outcome === 'read' && reading.reading.notices).toEqual(['from the reader', lossy]);
});

test.for([
  ['0 bytes', 'a.txt', '', 'AQE2001', null],
  ['0 bytes under a known name', 'words-1.txt', '', 'AQE2001', 'words'],
  ['white space', 'a.txt', ' \n\t', 'AQE2001', null],
  ['another format', 'a.txt', 'other', 'AQE2004', null],
  ['an HTML page', 'a.txt', '\n<!DOCTYPE html><p>502', 'AQE2004', null],
  ['a known name with other content', 'list.txt', 'broken', 'AQE2003', 'words'],
  ['an unknown label', 'list.txt', '<?xml version="1.0" encoding="klingon"?>', 'AQE2009', 'words'],
  ['UTF-16 with half a character', 'a.txt', Buffer.from('WORDS x', 'utf16le').subarray(0, 13), 'AQE2009', 'words'],
  ['UTF-16 with half a pair first', 'list.txt', Buffer.from('ab\ud800c', 'utf16le'), 'AQE2009', 'words'],
  ['a gzip file', 'a.txt', gzipSync('WORDS'), 'AQE2004', null],
  ['a gzip file under a known name', 'words.txt', gzipSync('WORDS'), 'AQE2002', 'words'],
] as const)('%s is refused', async ([, name, content, code, format], { root }) => {
  const reading = await readBytes(root, content, name);

  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(reading).toMatchObject({ outcome: 'refused', format, sha256, bytes: Buffer.byteLength(content) });
  expect(reading).toMatchObject({ error: { code, context: { path: name } } });
});

test.each([
  ['<html>', 'HTML page'],
  [gzipSync('WORDS'), 'compressed (gzip)'],
])('the refusal says what the file is instead', async (content, detail) => {
  const root = mkdtempSync(join(tmpdir(), 'aqe-read-'));

  const reading = await readBytes(root, content);

  rmSync(root, { recursive: true });
  expect(reading).toMatchObject({ error: { detail: expect.stringContaining(detail) } });
});

test('a known name is believed when its reader accepts the content', async ({ root }) => {
  const reading = await readBytes(root, 'plain', 'list.txt');

  expect(reading).toMatchObject({ outcome: 'read', format: 'words', reading: { producer: { name: 'plain' } } });
});

test('content goes before the name', async ({ root }) => {
  writeFileSync(join(root, 'list.txt'), 'OTHER text');

  const reading = await localFiles(root, [words, reader('other', [])]).read('list.txt', { limits });

  expect(reading).toMatchObject({ outcome: 'read', format: 'other' });
});

test('an exact name goes before a pattern, and two patterns decide nothing', async ({ root }) => {
  writeFileSync(join(root, 'list.txt'), '');
  writeFileSync(join(root, 'listing.txt'), 'neither');
  const files = localFiles(root, [reader('one', ['list*.txt']), reader('two', ['*ing.txt']), words]);

  const exact = await files.read('list.txt', { limits });
  const several = await files.read('listing.txt', { limits });

  expect(exact).toMatchObject({ format: 'words', error: { code: 'AQE2001' } });
  expect(several).toMatchObject({ format: null, error: { code: 'AQE2004' } });
  expect(several).toMatchObject({ error: { detail: expect.stringContaining('The one format, The two format') } });
});

test('a file that two readers claim is given to neither', async ({ root }) => {
  writeFileSync(join(root, 'list.txt'), 'WORDS <other>');

  const reading = await localFiles(root, [words, reader('other', [])]).read('list.txt', { limits });

  expect(reading).toMatchObject({ outcome: 'refused', error: { code: 'AQE2004' } });
  expect(reading).toMatchObject({ error: { detail: expect.stringContaining('The words format, The other format') } });
});

test('a forced format goes before content and name', async ({ root }) => {
  writeFileSync(join(root, 'list.txt'), 'WORDS');
  const files = localFiles(root, [words, reader('other', [])]);

  const forced = await files.read('list.txt', { format: 'other', limits });
  const unknown = await files.read('list.txt', { format: 'wrods', limits });

  expect(forced).toMatchObject({ outcome: 'read', format: 'other' });
  expect(unknown).toMatchObject({ outcome: 'refused', format: null, error: { code: 'AQE2004' } });
  expect(unknown).toMatchObject({ error: { detail: 'no format is called wrods; known: words, other' } });
});

test('the first refusal of a session stands, and the file is hashed to its end', async ({ root }) => {
  const text = `WORDS ${'x'.repeat(700_000)}`;
  writeFileSync(join(root, 'a'), text);
  let calls = 0;
  const push = (): never => {
    calls += 1;
    throw new AqeError('AQE2002', `call ${calls}`, { line: 3 });
  };

  const reading = await localFiles(root, [reader('words', [], { push })]).read('a', { limits });

  expect(reading).toMatchObject({ format: 'words', sha256: createHash('sha256').update(text).digest('hex') });
  expect(reading).toMatchObject({ error: { detail: 'call 1', context: { path: 'a', line: 3 } } });
});

test('input that exhausts the stack of a reader is over a limit; a bug of a reader is thrown on', async ({ root }) => {
  writeFileSync(join(root, 'a'), 'WORDS');
  const deep = (): never => deep();
  const bug = (): never => {
    throw new TypeError('a bug');
  };

  const exhausted = await localFiles(root, [reader('words', [], { push: deep })]).read('a', { limits });
  const broken = localFiles(root, [reader('words', [], { finish: bug })]).read('a', { limits });

  expect(exhausted).toMatchObject({ outcome: 'refused', format: 'words', error: { code: 'AQE2005' } });
  await expect(broken).rejects.toThrow('a bug');
});

test('a file over the limit is refused unread; one at the limit is read', async ({ root }) => {
  writeFileSync(join(root, 'words.txt'), 'WORDS');
  const files = localFiles(root, [words]);

  const at = await files.read('words.txt', { limits: { ...limits, maxBytes: 5 } });
  const over = await files.read('words.txt', { limits: { ...limits, maxBytes: 4 } });

  expect(at.outcome).toBe('read');
  expect(over).toMatchObject({ bytes: 5, sha256: null, format: 'words', error: { code: 'AQE2005' } });
  expect(over.modifiedAt).not.toBe(null);
});

test.for([
  ['grows', (path: string) => appendFileSync(path, 'more')],
  ['is cut', (path: string) => truncateSync(path, 300_000)],
  ['is written again', (path: string) => writeFileSync(path, 'y'.repeat(600_006))],
] as const)('a file that %s while it is read is refused', async ([, change], { root }) => {
  const path = join(root, 'a');
  writeFileSync(path, `WORDS ${'x'.repeat(600_000)}`);
  const files = localFiles(root, [reader('words', [], { push: () => change(path) })]);

  const reading = await files.read('a', { limits });

  expect(reading).toMatchObject({ outcome: 'refused', format: 'words', sha256: null, bytes: 600_006 });
  expect(reading).toMatchObject({ error: { code: 'AQE2008', detail: 'it changed while it was read' } });
});

test('no refusal repeats what the file says', async ({ root }) => {
  const contents = ['hush', latin('\xffhush'), '<?xml version="1.0" encoding="hush hush"?>', '<html>hush'];

  const readings = await Promise.all(contents.map((content, at) => readBytes(root, content, `${at}.txt`)));

  expect(readings.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused', 'refused']);
  expect(JSON.stringify(readings)).not.toContain('hush');
  expect(readings.map((reading) => (reading.outcome === 'refused' ? reading.error.message : '')).join()).not.toContain(
    'hush',
  );
});

test('a small text file is read whole, in any encoding; a missing one is null', async ({ root }) => {
  writeFileSync(join(root, 'utf16.md'), Buffer.from('\ufeffsteps', 'utf16le'));
  writeFileSync(join(root, 'latin.md'), latin('Schritt für Schritt'));
  writeFileSync(join(root, 'empty.md'), '');
  const files = localFiles(root, []);

  const texts = await Promise.all(
    ['utf16.md', 'latin.md', 'empty.md', 'none.md'].map((path) => files.text(path, 1000)),
  );

  expect(texts).toEqual(['steps', 'Schritt für Schritt', '', null]);
});

test('a project folder that does not exist is an error for every question', async ({ root }) => {
  const files = localFiles(join(root, 'none'), [words]);

  const answers = await Promise.allSettled([
    files.read('a', { limits }),
    files.digest('a', limits),
    files.text('a', 10),
    files.discover({ exclude: [], limits }),
  ]);

  expect(answers).toEqual(
    answers.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'AQE1008' }) })),
  );
});
