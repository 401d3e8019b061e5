import { expect, test } from 'vitest';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { AssignedReader, SignalReader } from '../../ports/signal-reader.ts';
import { chooseReader, expectedReader } from './choose-reader.ts';

function reader(id: string, mark: string): SignalReader {
  return {
    id,
    title: id,
    gives: ['measure'],
    names: ['*.known'],
    countingUnit: 'a text',
    detects: ({ text }) => text.includes(mark),
    open: () => ({ push: () => undefined, finish: () => ({ producer: { name: id }, facts: [], notices: [] }) }),
  };
}

const assigned = (id: string, files: readonly string[]): AssignedReader => ({
  ...reader(id, '\0'),
  names: [],
  detects: () => false,
  files,
});

const readers = [assigned('one', ['out/**/*.json']), assigned('two', ['out/b.json', 'x']), reader('format', 'FORMAT')];

function chosen(path: string, text: string, format?: string): string {
  try {
    return chooseReader(readers, path, new TextEncoder().encode(text), format).reader.id;
  } catch (error) {
    if (error instanceof AqeError) return `${error.code} ${error.detail}`;
    throw error;
  }
}

test('a file that the config assigns is not offered to any format', () => {
  expect(chosen('out/deep/a.json', 'FORMAT')).toBe('one');
  expect(chosen('x', 'FORMAT')).toBe('two');
  expect(chosen('y', 'FORMAT')).toBe('format');
  expect(expectedReader(readers, 'out/a.json')?.id).toBe('one');
});

test('a file that is assigned twice is refused with both names, unless one of them is asked for', () => {
  expect(chosen('out/b.json', 'FORMAT')).toBe('AQE2004 the config assigns the file to one, two');
  expect(chosen('out/b.json', 'FORMAT', 'two')).toBe('two');
  expect(expectedReader(readers, 'out/b.json')).toBeNull();
});

test('a format that is asked for takes no file away from its mapping', () => {
  expect(chosen('x', 'FORMAT', 'format')).toBe(
    'AQE2004 the config assigns the file to two, and the format format is asked for',
  );
  expect(chosen('y', 'FORMAT', 'one')).toBe('one');
});

test('an assigned file is judged by its bytes all the same', () => {
  expect(chosen('x', '')).toBe('AQE2001 the file has 0 bytes');
  expect(chosen('x', '\u001f\u008b\b\0')).not.toContain('AQE2004');
});
