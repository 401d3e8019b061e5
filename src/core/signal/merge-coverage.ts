import { countHits, sumCounts, unionHits } from '../evidence/line-hits.ts';
import type { Count, Coverage, FileCoverage } from '../evidence/reading.ts';

export interface CoverageReport {
  /** Path of the report. */
  readonly source: string;
  readonly format: string;
  readonly coverage: Coverage;
}

/** Coverage of one run or of several runs joined line by line. */
export interface MergedCoverage {
  readonly sources: readonly string[];
  readonly lines: Count | null;
  readonly branches: Count | null;
}

/**
 * Joins reports of one format file by file (a line is covered if any run covered it) and keeps formats and engines apart:
 * they count differently, and several of them usually describe the same run. Reports without files stand alone.
 */
export function mergeCoverage(reports: readonly CoverageReport[]): readonly MergedCoverage[] {
  const groups = new Map<string, CoverageReport[]>();
  for (const report of [...reports].sort((a, b) => (a.source < b.source ? -1 : 1))) {
    const { coverage, format, source } = report;
    const key = coverage.files.length === 0 ? `alone\n${source}` : `${format}\n${coverage.engine}`;
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? single(group[0]!) : joined(group)));
}

function single({ source, coverage }: CoverageReport): MergedCoverage {
  return { sources: [source], lines: coverage.lines, branches: coverage.branches };
}

function joined(group: readonly CoverageReport[]): MergedCoverage {
  const files = new Map<string, FileCoverage>();
  for (const { source, coverage } of group) {
    for (const file of coverage.files) {
      // Go names files by import path, which is the same wherever the tests of a package run.
      const isRooted = coverage.engine === 'go' || isAbsolute(file.path);
      const key = isRooted ? file.path : packageOf(source) + file.path;
      const known = files.get(key);
      files.set(key, known ? joinFile(known, file) : file);
    }
  }
  return {
    sources: group.map(({ source }) => source),
    lines: sumCounts([...files.values()].map((file) => file.lines)),
    branches: sumCounts([...files.values()].map((file) => file.branches)),
  };
}

function joinFile(a: FileCoverage, b: FileCoverage): FileCoverage {
  const hits = a.hits && b.hits ? unionHits(a.hits, b.hits) : undefined;
  return {
    path: a.path,
    lines: hits ? countHits(hits) : atLeast(a.lines, b.lines),
    branches: atLeast(a.branches, b.branches),
    functions: atLeast(a.functions, b.functions),
    ...(hits ? { hits } : {}),
  };
}

/** A lower bound for the union of two runs over the same items: the better run, or the worse ratio when they do not even agree on the items. */
function atLeast(a: Count | null, b: Count | null): Count | null {
  if (a === null || b === null) return a ?? b;
  if (a.whole === b.whole) return a.part >= b.part ? a : b;
  return a.part * b.whole <= b.part * a.whole ? a : b;
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

/** The folder a report's relative paths start from: what stands before its report folder, so that packages of one repository stay apart. */
function packageOf(source: string): string {
  const match =
    /^(.*?)(?:^|\/)(?:reports?|coverage|test-results|test-reports|artifacts|target|build|quality|evidence)\//.exec(
      source,
    );
  return match?.[1] ? `${match[1]}/` : '';
}
