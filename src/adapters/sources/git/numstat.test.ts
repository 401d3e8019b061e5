import { expect, test } from 'vitest';
import type { ChangedFile } from '../../../core/evidence/change-metrics.ts';
import { numstatReader } from './numstat.ts';

function read(prefix: string, ...records: readonly string[]): readonly ChangedFile[] {
  const files: ChangedFile[] = [];
  const push = numstatReader((file) => files.push(file), prefix);
  for (const record of records) push(record);
  return files;
}

test('counts, binary files and moved files are told apart', () => {
  const files = read('', '1\t2\ta\tb\nc', '-\t-\tlogo.png', '3\t0\t', 'old', 'new', '0\t0\tlast');

  expect(files).toEqual([
    { path: 'a\tb\nc', added: 1, deleted: 2, binary: false },
    { path: 'logo.png', added: 0, deleted: 0, binary: true },
    { path: 'new', from: 'old', added: 3, deleted: 0, binary: false },
    { path: 'last', added: 0, deleted: 0, binary: false },
  ]);
});

test('paths are relative to the project', () => {
  const files = read('shop/', '1\t0\tshop/a', '0\t0\t', 'shop/b', 'shop/c');

  expect(files.map(({ path, from }) => [path, from])).toEqual([
    ['a', undefined],
    ['c', 'b'],
  ]);
});

test.each(['', 'x', '1\t2', '1\t-2\ta', ' 1\t2\ta'])('record %j is refused', (record) => {
  expect(() => read('', record)).toThrow(expect.objectContaining({ code: 'AQE2011' }));
});

test('a path outside the project is refused', () => {
  expect(() => read('shop/', '1\t0\tother/a')).toThrow(expect.objectContaining({ code: 'AQE2011' }));
});
