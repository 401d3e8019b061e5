import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lineFile } from './line-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqe-lines-'));
  path = join(folder, 'a', 'lines.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a file that is not there has no lines, and is not made by reading', async () => {
  expect(await lineFile(path, 'AQE6007').read()).toEqual([]);
  expect(() => statSync(path)).toThrow('ENOENT');
});

test('lines come back in order, from a file that only its owner reads', async () => {
  const file = lineFile(path, 'AQE6007');

  await file.append('one');
  await file.append('zwei é 🎈');

  expect(await file.read()).toEqual(['one', 'zwei é 🎈']);
  expect(readFileSync(path, 'utf8')).toBe('one\nzwei é 🎈\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a line that a crash cut short stays a line of its own', async () => {
  const file = lineFile(path, 'AQE6007');
  await file.append('one');
  appendFileSync(path, '{"tw');

  await file.append('three');

  expect(await file.read()).toEqual(['one', '{"tw', 'three']);
});

test('lines written at the same time do not run into each other', async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `${index}:${'x'.repeat(2_000)}`);

  await Promise.all(lines.map((line, index) => lineFile(path, index % 2 === 0 ? 'AQE6007' : 'AQE6008').append(line)));

  expect((await lineFile(path, 'AQE6007').read()).toSorted()).toEqual(lines.toSorted());
});

test('what cannot be written or read is the error of the file that it is', async () => {
  mkdirSync(path, { recursive: true });
  const link = join(folder, 'link.jsonl');
  writeFileSync(join(folder, 'elsewhere'), '');
  symlinkSync(join(folder, 'elsewhere'), link);

  await expect(lineFile(path, 'AQE6007').append('one')).rejects.toMatchObject({ code: 'AQE6007', context: { path } });
  await expect(lineFile(path, 'AQE6008').read()).rejects.toMatchObject({ code: 'AQE6008', context: { path } });
  await expect(lineFile(link, 'AQE6008').append('one')).rejects.toMatchObject({ code: 'AQE6008' });
  expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('');
});

test('a line feed within a line is a mistake', async () => {
  await expect(lineFile(path, 'AQE6008').append('a\nb')).rejects.toThrow('line feed');
});
