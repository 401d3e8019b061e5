import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventOf } from '../../../test/support/stored-records.ts';
import { drainedLine, readSpool, recoveryId, spoolLine } from './spool.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const spooled = (id: string) => ({ records: {}, events: [eventOf(id)], cause: 'AQE6005 no space' });

/** Lines written one after the other. */
function written(...ids: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const id of ids) lines.push(spoolLine(readSpool(lines, sha256), spooled(id), sha256));
  return lines;
}

test('what was spooled is read back in order, each line with a hash of its own', () => {
  const state = readSpool(written('e1', 'e2', 'e3'), sha256);

  expect(state).toMatchObject({ cutShort: 0, faults: [] });
  expect(state.lines.map(({ content }) => content)).toEqual([spooled('e1'), spooled('e2'), spooled('e3')]);
  expect(new Set(state.lines.map(recoveryId)).size).toBe(3);
});

test('two that write at the same time follow the same line, which is no fault', () => {
  const [first = ''] = written('e1');
  const both = ['e2', 'e3'].map((id) => spoolLine(readSpool([first], sha256), spooled(id), sha256));

  const state = readSpool([first, ...both], sha256);

  expect([state.lines.length, state.faults]).toEqual([3, []]);
});

test('a marker says which lines are in the log', () => {
  const lines = written('e1', 'e2');
  const [first] = readSpool(lines, sha256).lines;

  const state = readSpool([...lines, drainedLine([first!.hash])], sha256);

  expect([state.drained.has(first!.hash), state.drained.size, state.faults]).toEqual([true, 1, []]);
});

test('a line that a crash cut short is counted and no fault', () => {
  const [first = '', second = ''] = written('e1', 'e2');

  expect(readSpool([first, second.slice(0, 40)], sha256)).toMatchObject({
    lines: [{ text: first }],
    cutShort: 1,
    faults: [],
  });
});

const [one = '', two = '', three = ''] = written('e1', 'e2', 'e3');

test.each([
  ['edited', [one, two.replace('no space', 'no cause'), three], 'line 2 of the spool is not as it was written'],
  ['removed from the middle', [one, three], 'line 2 of the spool follows one that is not there'],
  ['doubled', [one, one], 'line 2 of the spool stands there twice'],
  ['marked and not there', [drainedLine(['0f'])], 'the spool says of a line that is not there that it is in the log'],
  [
    'no event',
    [spoolLine(readSpool([], sha256), { records: {}, events: [], cause: '' }, sha256)],
    'line 1 of the spool is not as it was written',
  ],
])('a line that was %s is a fault', (_, lines, fault) => {
  expect(readSpool(lines, sha256).faults).toContain(fault);
});
