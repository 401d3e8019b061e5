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
  /** The joined files, each with the folder of the project that its relative path starts from. */
  readonly files: readonly { readonly folder: string; readonly file: FileCoverage }[];
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
  const folder = coverage.engine === 'go' ? '' : packageOf(source);
  const files = coverage.files.map((file) => ({ folder, file }));
  return { sources: [source], lines: coverage.lines, branches: coverage.branches, files };
}

function joined(group: readonly CoverageReport[]): MergedCoverage {
  const joinedFiles = new Map<string, MergedCoverage['files'][number]>();
  for (const { source, coverage } of group) {
    for (const file of coverage.files) {
      // Go names files by import path, which is the same wherever the tests of a package run.
      const isRooted = coverage.engine === 'go' || isAbsolute(file.path);
      const folder = isRooted ? '' : packageOf(source);
      const key = folder + file.path;
      const known = joinedFiles.get(key)?.file;
      joinedFiles.set(key, { folder, file: known ? joinFile(known, file) : file });
    }
  }
  const files = [...joinedFiles.values()];
  return {
    sources: group.map(({ source }) => source),
    lines: sumCounts(files.map(({ file }) => file.lines)),
    branches: sumCounts(files.map(({ file }) => file.branches)),
    files,
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
export function packageOf(source: string): string {
  const match =
    /^(.*?)(?:^|\/)(?:reports?|coverage|test-results|test-reports|artifacts|target|build|quality|evidence)\//.exec(
      source,
    );
  return match?.[1] ? `${match[1]}/` : '';
}
