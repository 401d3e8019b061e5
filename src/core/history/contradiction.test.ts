import { expect, test } from 'vitest';
import { contradictionIn, nameProblem, reasonProblem } from './contradiction.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const said = { outcome: 'failed', deployedAt: '2026-03-01T10:00:00.000Z', facts: {} } as const;

test.each([
  [{}, null],
  [{ deployedAt: '2026-03-01T12:05:00.000Z' }, null],
  [{ deployedAt: '2026-03-01T12:05:00.001Z' }, 'future'],
  [{ facts: { recoveredAt: '2026-03-01T10:00:00.000Z' } }, null],
  [{ facts: { recoveredAt: '2026-03-01T09:59:59.999Z' } }, 'before it was deployed'],
  [{ facts: { recoveredAt: '2026-03-02T10:00:00.000Z' } }, 'future'],
  [{ outcome: 'success', facts: { recoveredAt: '2026-03-01T11:00:00.000Z' } }, 'its outcome is success'],
  [{ outcome: 'pending', facts: { recoveredAt: '2026-03-01T11:00:00.000Z' } }, 'its outcome is pending'],
  [{ facts: { committedAt: '2026-03-01T10:05:00.000Z' } }, null],
  [{ facts: { committedAt: '2026-03-01T10:05:01.000Z' } }, 'before its commit'],
  [
    { facts: { committedAt: '2026-03-01T08:00:00.000Z', firstCommitAt: '2026-03-01T09:00:00.000Z' } },
    'younger than its last',
  ],
] as const)('%j is contradicted by %j', (over, word) => {
  const found = contradictionIn({ ...said, ...over }, now);

  if (word === null) expect(found).toBeNull();
  else expect(found).toContain(word);
});

test.each(['', '  ', 'x'.repeat(201), 'a\0b', 'a\nb', 'a\u001b[2J', 'a\ud800'])('%j is no name', (text) => {
  expect(nameProblem(text)).not.toBeNull();
});

test('names and reasons of any language are taken, reasons with line breaks', () => {
  expect(nameProblem('größe-v1.0.0 🎈')).toBeNull();
  expect(reasonProblem('first\nsecond')).toBeNull();
  expect(reasonProblem('a\0b')).not.toBeNull();
  expect(reasonProblem('x'.repeat(2001))).not.toBeNull();
});
