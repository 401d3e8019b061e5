import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  cvssBands,
  cvssSeverity,
  eslintSeverity,
  npmSeverity,
  sarifLevelSeverity,
  severityWords,
  trivySeverity,
} from './severity.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/severities.md'), 'utf8');

describe('words of other tools', () => {
  test.each([
    ['an ESLint parse error', eslintSeverity(2, true), 'critical'],
    ['an ESLint error', eslintSeverity(2, false), 'high'],
    ['an ESLint warning', eslintSeverity(1, false), 'medium'],
    ['an ESLint number of the future', eslintSeverity(3, false), 'unknown'],
    ['a SARIF level in capitals', sarifLevelSeverity('ERROR'), 'high'],
    ['the SARIF level note', sarifLevelSeverity('note'), 'low'],
    ['a SARIF level of another vocabulary', sarifLevelSeverity('critical'), 'unknown'],
    ['npm moderate', npmSeverity('moderate'), 'medium'],
    ['npm without a word', npmSeverity(''), 'unknown'],
    ['Trivy UNKNOWN', trivySeverity('UNKNOWN'), 'unknown'],
    ['Trivy LOW', trivySeverity('LOW'), 'low'],
    ['a name every object inherits', trivySeverity('constructor'), 'unknown'],
  ])('%s has its own place', (_, severity, expected) => {
    expect(severity).toBe(expected);
  });

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

test('the reference page states every mapping', () => {
  const rows = Object.values(severityWords).flatMap((words) => Object.entries(words));

  const missing = rows.filter(
    ([word, severity]) => !new RegExp(`^\\| [^|]*\`${word}\`[^|]*\\| *${severity} *\\|`, 'im').test(page),
  );

  expect(missing).toEqual([]);
  for (const [from, severity] of cvssBands)
    expect(page).toMatch(new RegExp(`^\\| ${from}[^|]*\\| *${severity} *\\|`, 'm'));
});
