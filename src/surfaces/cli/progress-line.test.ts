import { expect, test } from 'vitest';
import { progressLine } from './progress-line.ts';

const terminal = (env: Record<string, string> = {}, isErrTTY = true) => {
  const lines: string[] = [];
  return { lines, io: { err: (text: string) => void lines.push(text), env, isErrTTY, columns: 60 } };
};
const megabytes = (count: number): number => count * 1024 * 1024;

test('a read that takes long is shown on one line that is wiped when it ends', () => {
  const { lines, io } = terminal();
  let time = 0;
  const watch = progressLine(io, () => time)!;

  for (time = 0; time <= 1500; time += 100)
    watch.progress('reports/big\u001b[2J.xml', megabytes(time / 20), megabytes(200));
  watch.done('reports/big\u001b[2J.xml');

  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain('25% of 200 MB');
  expect(lines[0]).not.toContain('\u001b[2J');
  expect(lines.slice(0, -1).every((line) => line.startsWith('\r\u001b[K'))).toBe(true);
  expect(lines.at(-1)).toBe('\r\u001b[K');
});

test('a quick read, and one that nobody watches, leaves nothing on the terminal', () => {
  const quick = terminal();
  let time = 0;
  const watch = progressLine(quick.io, () => time)!;

  for (time = 0; time < 900; time += 100) watch.progress('a', megabytes(1), megabytes(10));
  watch.done('a');

  expect(quick.lines).toEqual([]);
  expect(progressLine(terminal({}, false).io)).toBe(undefined);
  expect(progressLine(terminal({ TERM: 'dumb' }).io)).toBe(undefined);
});

test('several reads share the line', () => {
  const { lines, io } = terminal();
  let time = 0;
  const watch = progressLine(io, () => time)!;

  watch.progress('a', 0, megabytes(100));
  time = 2000;
  watch.progress('b', megabytes(50), megabytes(100));
  watch.done('a');
  watch.done('b');

  expect(lines).toEqual(['\r\u001b[Kreading 2 files: 25% of 200 MB', '\r\u001b[K']);
});
