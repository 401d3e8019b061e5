import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changed,
  coverageReport,
  coverageWith,
  covered,
  exactOf,
  fileOf,
  issue,
  lintReport,
  signals,
  sourceFiles,
  valueOf,
} from '../../../test/support/new-code.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import type { CodeIssue } from '../evidence/reading.ts';

/** Coverage of files of the project, written in one of several ways. */
const marks = fc.dictionary(fc.integer({ min: 1, max: 30 }).map(String), fc.boolean(), { minKeys: 1, maxKeys: 20 });
const covers = fc
  .tuple(
    fc.constantFrom('', '/ci/', './'),
    fc.array(fc.tuple(fc.constantFrom(...sourceFiles), marks), { maxLength: 3 }),
  )
  .map(([root, files]) =>
    [...new Map(files)].map(([path, lines]) => ({ path: root + path, lines: lines as Record<number, boolean> })),
  );
const coverReports = fc.uniqueArray(
  fc.record({ path: fc.nat(9).map(String), files: covers, format: fc.constantFrom('lcov', 'cobertura') }),
  { maxLength: 4, selector: ({ path }) => path },
);
type CoverReport = { path: string; files: { path: string; lines: Record<number, boolean> }[]; format: string };
const written = ({ path, files, format }: CoverReport): EvidenceRecord =>
  coverageReport(
    path,
    files.map((file) => fileOf(file.path, file.lines)),
    format,
  );
const newLines = fc.record(
  Object.fromEntries(sourceFiles.map((path) => [path, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 })])),
);
const laws = { numRuns: 400 };

test('coverage of new lines counts no more lines than are new, and no more covered than counted', () => {
  fc.assert(
    fc.property(newLines, coverReports, (lines, reports) => {
      const count = exactOf(coverageWith(changed(lines), ...reports.map(written)));

      if (count === null || typeof count === 'string') return;
      expect(count.part).toBeLessThanOrEqual(count.whole);
      expect(count.whole).toBeGreaterThan(0);
      expect(count.whole).toBeLessThanOrEqual(Object.values(lines).reduce((sum, own) => sum + new Set(own).size, 0));
    }),
    laws,
  );
});

test('one report over a first release gives the coverage of all lines', () => {
  fc.assert(
    fc.property(covers, (files) => {
      const every = Object.fromEntries(sourceFiles.map((path) => [path, Array.from({ length: 30 }, (_, i) => i + 1)]));
      const set = signals(changed(every), [written({ path: 'lcov.info', files, format: 'lcov' })]);

      if (set.line_coverage.state !== 'measured') return;
      expect(exactOf(set.new_line_coverage)).toEqual(set.line_coverage.signal.exact);
    }),
    laws,
  );
});

test('reports in which every line is covered give 100 percent or nothing', () => {
  fc.assert(
    fc.property(newLines, coverReports, (lines, reports) => {
      const all = reports.map((report) => ({
        ...report,
        files: report.files.map(({ path, lines: own }) => ({
          path,
          lines: covered(...Object.keys(own).map(Number)),
        })),
      }));

      expect([100, 'missing', 'not-applicable']).toContain(valueOf(coverageWith(changed(lines), ...all.map(written))));
    }),
    laws,
  );
});

test('covering one more instrumented line never lowers the coverage', () => {
  fc.assert(
    fc.property(newLines, coverReports, fc.nat(), (lines, reports, choice) => {
      const places = reports.flatMap(({ files }, report) =>
        files.flatMap(({ lines: own }, file) => Object.keys(own).map((line) => ({ report, file, line }))),
      );
      fc.pre(places.length > 0);
      const chosen = places[choice % places.length]!;
      const better = structuredClone(reports);
      better[chosen.report]!.files[chosen.file]!.lines[Number(chosen.line)] = true;

      const before = valueOf(coverageWith(changed(lines), ...reports.map(written)));
      const after = valueOf(coverageWith(changed(lines), ...better.map(written)));

      if (typeof before === 'number') expect(after).toBeGreaterThanOrEqual(before);
      else expect(after).toBe(before);
    }),
    laws,
  );
});

const anyIssue = fc
  .record(
    {
      severity: fc.constantFrom('critical' as const, 'high' as const, 'medium' as const, 'info' as const),
      path: fc.constantFrom(...sourceFiles, '/ci/src/a.ts', 'c.ts', 'gone.ts'),
      line: fc.integer({ min: 1, max: 40 }),
    },
    { requiredKeys: ['severity'] },
  )
  .map(({ severity, path, line }) => issue(severity, path, path === undefined ? undefined : line));
const lintReports = fc.uniqueArray(fc.tuple(fc.nat(9).map(String), fc.array(anyIssue, { maxLength: 6 })), {
  maxLength: 3,
  selector: ([path]) => path,
});

test('the order of the reports changes nothing', () => {
  fc.assert(
    fc.property(newLines, coverReports, lintReports, (lines, covering, linting) => {
      const evidence = [...covering.map(written), ...linting.map(([path, items]) => lintReport(`lint/${path}`, items))];

      expect(signals(changed(lines), evidence.toReversed())).toEqual(signals(changed(lines), evidence));
    }),
    laws,
  );
});

test('a finding of a known place outside the new lines never counts, one on them always does', () => {
  const place = fc.tuple(fc.constantFrom(...sourceFiles), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(newLines, lintReports, place, (lines, linting, [path, line]) => {
      const of = (items: readonly CodeIssue[]) => {
        const rest = linting.map(([name, own]) => lintReport(name, own));
        const set = signals(changed(lines), [...rest, lintReport('more', items)]);
        return [set.new_critical_issues, set.new_code_smells].map((result) => Number(valueOf(result)));
      };
      const more = lines[path]!.includes(line) ? 1 : 0;

      const before = of([]);

      expect(of([issue('high', path, line)])).toEqual(before.map((count) => count + more));
    }),
    laws,
  );
});

test('new findings are no more than all findings', () => {
  fc.assert(
    fc.property(newLines, lintReports, (lines, linting) => {
      const set = signals(
        changed(lines),
        linting.map(([path, items]) => lintReport(path, items)),
      );

      if (linting.length === 0) return;
      expect(valueOf(set.new_critical_issues)).toBeLessThanOrEqual(Number(valueOf(set.critical_issues)));
      expect(valueOf(set.new_code_smells)).toBeLessThanOrEqual(Number(valueOf(set.code_smells)));
    }),
    laws,
  );
});
