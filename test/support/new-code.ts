/** Releases with new lines, and reports about them. */
import fc from 'fast-check';
import type { ChangedLines, LineRange } from '../../src/core/evidence/changed-lines.ts';
import type { EvidenceRecord } from '../../src/core/evidence/evidence.ts';
import { countHits, coverageOfFiles, createHits, markLine } from '../../src/core/evidence/line-hits.ts';
import {
  tally,
  type CodeIssue,
  type CodeIssues,
  type FileCoverage,
  type Severity,
} from '../../src/core/evidence/reading.ts';
import { defaultGradeBands } from '../../src/core/signal/code-signals.ts';
import type { MetricResult, SignalSet } from '../../src/core/signal/signal.ts';
import { signalsFrom } from '../../src/core/signal/signals-from.ts';
import { change as anyChange, record } from './arbitraries.ts';

export const change = fc.sample(anyChange, { numRuns: 1, seed: 1 })[0]!;
export const sourceFiles = ['src/a.ts', 'src/b.ts', 'lib/c.ts'];

const rangesOf = (lines: readonly number[]): readonly LineRange[] => lines.map((line) => ({ first: line, last: line }));

/** New lines by file; files without any are not in the change. */
export function changed(
  lines: Readonly<Record<string, readonly number[]>>,
  of: Partial<ChangedLines> = {},
): ChangedLines {
  const files = Object.entries(lines).flatMap(([path, own]) =>
    own.length > 0 ? [{ path, lines: rangesOf([...new Set(own)].toSorted((a, b) => a - b)) }] : [],
  );
  const projectFiles = [...new Set([...sourceFiles, ...files.map(({ path }) => path)])];
  return { since: 'v1.0.0', files, projectFiles, complete: true, ...of };
}

export function fileOf(path: string, lines: Readonly<Record<number, boolean>>): FileCoverage {
  const hits = createHits();
  for (const [line, hit] of Object.entries(lines)) markLine(hits, Number(line), hit);
  return { path, lines: countHits(hits), branches: null, functions: null, hits };
}

export const covered = (...lines: readonly number[]): Record<number, boolean> =>
  Object.fromEntries(lines.map((line) => [line, true]));
export const missed = (...lines: readonly number[]): Record<number, boolean> =>
  Object.fromEntries(lines.map((line) => [line, false]));

export const coverageReport = (path: string, files: readonly FileCoverage[], format = 'lcov'): EvidenceRecord =>
  record(path, [coverageOfFiles('v8', files)], { format });

export function lint(items: readonly CodeIssue[], hidden: Partial<Record<Severity, number>> = {}): CodeIssues {
  const counts = tally();
  for (const { severity } of items) counts[severity] += 1;
  for (const [severity, count] of Object.entries(hidden)) counts[severity as Severity] += count;
  return { kind: 'code-issues', counts, suppressed: 0, filesChecked: null, items };
}
export const issue = (severity: Severity, path?: string, line?: number): CodeIssue => ({
  rule: 'r',
  severity,
  message: 'm',
  ...(path === undefined ? {} : { path }),
  ...(line === undefined ? {} : { line }),
});
export const lintReport = (path: string, ...of: Parameters<typeof lint>): EvidenceRecord =>
  record(path, [lint(...of)], { format: 'eslint' });

export function signals(
  changedLines: ChangedLines | null,
  evidence: readonly EvidenceRecord[],
  of = change,
): SignalSet {
  return signalsFrom({ evidence, change: of, changedLines, attested: [], gradeBands: defaultGradeBands });
}
export const coverageWith = (changedLines: ChangedLines | null, ...evidence: readonly EvidenceRecord[]): MetricResult =>
  signals(changedLines, evidence).new_line_coverage;

export const exactOf = (result: MetricResult) => (result.state === 'measured' ? result.signal.exact : result.state);
export const valueOf = (result: MetricResult) => (result.state === 'measured' ? result.signal.value : result.state);
