import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableAfter } from '../../../test/support/markdown.ts';
import { codeSignals, defaultGradeBands } from './code-signals.ts';
import { grades } from './metrics.ts';

const page = readFileSync(new URL('../../../docs/explain/grade.md', import.meta.url), 'utf8');

describe('docs/explain/grade.md', () => {
  test('shows the default bands', () => {
    const shown = tableAfter(page, 'Bands').map((row) => [row['Grade'], row['At most']]);

    const expected = grades.map((grade) => [grade, grade === 'E' ? 'any' : String(defaultGradeBands[grade])]);

    expect(shown).toEqual(expected);
  });

  test.each(tableAfter(page, 'Worked example'))('computes $Grade for $Lines lines as it is shown', (row) => {
    const count = (column: string): number => Number.parseInt(row[column] ?? '', 10);
    const counts = {
      critical: count('Critical'),
      high: count('High'),
      medium: count('Medium'),
      low: count('Low'),
      info: 0,
      unknown: count('Unknown'),
    };
    const fact = { kind: 'code-issues', counts, suppressed: 0, filesChecked: null, items: [] } as const;

    const signals = codeSignals(
      [{ source: 'eslint.json', format: 'eslint', tool: 'eslint', fact }],
      count('Lines'),
      defaultGradeBands,
    );

    expect(Object.fromEntries(signals.map(({ metric, value }) => [metric, value]))).toEqual({
      critical_issues: count('Critical issues'),
      code_smells: count('Code smells'),
      maintainability: grades.findIndex((grade) => grade === row['Grade']) + 1,
    });
  });
});
