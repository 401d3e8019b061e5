import { describe, expect, test } from 'vitest';
import { severities } from '../../../core/evidence/reading.ts';
import { signalReaders } from '../index.ts';
import { cvssSeverity, severityIn } from './severity.ts';

const table = { words: { error: 'high', warning: 'medium' } } as const;

describe('words of other tools', () => {
  test.each([
    ['error', 'high'],
    ['ERROR', 'high'],
    [' Warning ', 'medium'],
    ['note', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
    [undefined, 'unknown'],
    ['constructor', 'unknown'],
  ])('%j is looked up without regard to case, and unknown where the table has no row', (word, expected) => {
    const severity = severityIn(table, word);

    expect(severity).toBe(expected);
  });

  test.each(signalReaders.filter((reader) => reader.severities).map((reader) => [reader.id, reader] as const))(
    '%s states its words in lower case, worst first',
    (_, reader) => {
      const { words } = reader.severities!;
      const ranks = Object.entries(words)
        // Keys that are numbers come first in any object.
        .filter(([word]) => !/^\d+$/.test(word))
        .map(([, severity]) => severities.indexOf(severity));

      expect(Object.keys(words).filter((word) => word !== word.trim().toLowerCase())).toEqual([]);
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    },
  );

  test.each([
    [10, 'critical'],
    [9, 'critical'],
    [8.9, 'high'],
    [7, 'high'],
    [6.9, 'medium'],
    [4, 'medium'],
    [3.9, 'low'],
    [0.05, 'low'],
    [0, 'info'],
    [-1, 'unknown'],
    [11, 'unknown'],
    [Number.NaN, 'unknown'],
  ])('a CVSS score of %d is %s', (score, expected) => {
    const severity = cvssSeverity(score);

    expect(severity).toBe(expected);
  });
});
