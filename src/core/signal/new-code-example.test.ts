import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { record } from '../../../test/support/arbitraries.ts';
import { tableAfter } from '../../../test/support/markdown.ts';
import type { ChangedLines, LineRange } from '../evidence/changed-lines.ts';
import { countHits, coverageOfFiles, createHits, markLine } from '../evidence/line-hits.ts';
import { severities, tally, type CodeIssue, type CodeIssues, type FileCoverage } from '../evidence/reading.ts';
import { defaultGradeBands } from './code-signals.ts';
import { metricIds } from './metrics.ts';
import { newCodeOf } from './new-code.ts';
import { signalOf, type SignalSet } from './signal.ts';
import { signalsFrom } from './signals-from.ts';

const page = readFileSync(new URL('../../../docs/explain/new-code.md', import.meta.url), 'utf8');
const plain = (cell = ''): string => cell.replaceAll('`', '');
const coverageRows = tableAfter(page, 'Worked example');
const ratioRows = tableAfter(page, 'Ratios');
const findingRows = tableAfter(page, 'Findings');

/** `10–14, 20` as ranges. */
function rangesOf(cell = ''): readonly LineRange[] {
  return [...cell.matchAll(/(\d+)(?:–(\d+))?/g)].map(([, first, last]) => ({
    first: Number(first),
    last: Number(last ?? first),
  }));
}
const linesOf = (cell = ''): readonly number[] =>
  rangesOf(cell).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

const files = coverageRows.map((row) => plain(row['File']));
const changedLines: ChangedLines = {
  since: 'v1.0.0',
  files: coverageRows.map((row) => ({ path: plain(row['File']), lines: rangesOf(row['New lines']) })),
  projectFiles: [...files, 'src/old.ts'],
  complete: true,
};

function coverageOf(rows: typeof coverageRows): readonly FileCoverage[] {
  return rows.flatMap((row): readonly FileCoverage[] => {
    if (row['Instrumented'] === 'not listed') return [];
    const covered = new Set(linesOf(row['Covered']));
    const hits = createHits();
    for (const line of linesOf(row['Instrumented'])) markLine(hits, line, covered.has(line));
    return [{ path: plain(row['File']), lines: countHits(hits), branches: null, functions: null, hits }];
  });
}

function issuesOf(rows: typeof findingRows): CodeIssues {
  const items = rows.map((row): CodeIssue => {
    const [path, line] = [plain(row['Path']), plain(row['Line'])];
    return {
      rule: 'r',
      severity: severities.find((severity) => severity === row['Severity'])!,
      message: 'm',
      ...(path === 'none' ? {} : { path }),
      ...(line === 'none' ? {} : { line: Number(line) }),
    };
  });
  const counts = tally();
  for (const { severity } of items) counts[severity] += 1;
  return { kind: 'code-issues', counts, suppressed: 0, filesChecked: null, items };
}

function signals(coverage: readonly FileCoverage[], issues: CodeIssues): SignalSet {
  return signalsFrom({
    evidence: [
      record('lcov.info', [coverageOfFiles('v8', coverage)]),
      record('eslint.json', [issues], { format: 'eslint' }),
    ],
    change: null,
    changedLines,
    attested: [],
    gradeBands: defaultGradeBands,
  });
}

const whole = signals(coverageOf(coverageRows), issuesOf(findingRows));
const metricNamed = (name = '') => metricIds.find((id) => id === plain(name))!;

test('the page names every metric that has one of new code', () => {
  const shown = tableAfter(page, 'New code').map((row) => Object.values(row).map(plain));

  expect(Object.fromEntries(shown)).toEqual(newCodeOf);
});

test.each(coverageRows)('the new lines of $File are counted as shown', (row) => {
  const signal = signalOf(signals(coverageOf([row]), issuesOf([])), 'new_line_coverage');

  expect(String(signal?.exact?.whole ?? 0)).toBe(row['Counted']);
  expect(String(signal?.exact?.part ?? 0)).toBe(row['Covered of them']);
});

test.each(ratioRows)('$Metric is computed as it is shown', (row) => {
  const signal = signalOf(whole, metricNamed(row['Metric']))!;

  expect(signal.exact).toEqual({ part: Number(row['Part']), whole: Number(row['Whole']) });
  expect(`${signal.value.toFixed(2)} %`).toBe(row['Value']);
});

test('one changed source file is in no report', () => {
  expect(signalOf(whole, 'new_line_coverage')?.basis).toContain('1 changed source file in no coverage report');
});

test.each(findingRows)('a $Severity finding in $Path, line $Line, is new: $New', (row) => {
  const signal = signalOf(signals([], issuesOf([row])), 'new_code_smells');

  expect(signal?.value).toBe(row['New'] === 'yes' ? 1 : 0);
});

test.each(tableAfter(page, 'Counts'))('$Metric is $Value', (row) => {
  expect(String(signalOf(whole, metricNamed(row['Metric']))?.value)).toBe(row['Value']);
});
