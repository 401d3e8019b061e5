import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { coverage } from '../../../test/support/fact-arbitraries.ts';
import { compactHits, countHits, coverageOfFiles, createHits, markLine } from '../evidence/line-hits.ts';
import type { Coverage, FileCoverage } from '../evidence/reading.ts';
import { mergeCoverage, type CoverageReport } from './merge-coverage.ts';

const format = fc.constantFrom('lcov', 'cobertura');
const report: fc.Arbitrary<CoverageReport> = fc.record({
  source: fc.nat(20).map((n) => `coverage/${n}.info`),
  format,
  coverage,
});
const severalReports = fc.uniqueArray(report, { maxLength: 6, selector: ({ source }) => source });

const totals = (part: number, whole: number): Coverage => ({
  kind: 'coverage',
  engine: 'v8',
  lines: { part, whole },
  branches: null,
  functions: null,
  statements: null,
  files: [],
});
const file = (path: string, part: number, whole: number): FileCoverage => ({
  path,
  lines: { part, whole },
  branches: null,
  functions: null,
});
/** A file with lines 1 to `whole`, of which `covered` were hit. */
function listed(path: string, whole: number, covered: readonly number[]): FileCoverage {
  const hits = createHits();
  for (let line = 1; line <= whole; line += 1) markLine(hits, line, covered.includes(line));
  return { path, lines: countHits(hits), branches: null, functions: null, hits: compactHits(hits) };
}
const reportOf = (source: string, of: Coverage, by = 'lcov'): CoverageReport => ({ source, format: by, coverage: of });

test('joining a report with a copy of itself changes no count', () => {
  fc.assert(
    fc.property(report, (one) => {
      const [alone] = mergeCoverage([one]);
      const joined = mergeCoverage([one, { ...one, source: `${one.source}.copy` }]);

      expect(joined).toHaveLength(1);
      expect(joined[0]).toMatchObject({ lines: alone!.lines, branches: alone!.branches });
    }),
    runs,
  );
});

test('a join covers at least the lines that each of its parts covers', () => {
  fc.assert(
    fc.property(severalReports, (all) => {
      const merged = mergeCoverage(all);

      for (const { source, coverage: part } of all) {
        const whole = merged.find(({ sources }) => sources.includes(source))!;
        expect(whole.lines!.part).toBeGreaterThanOrEqual(part.lines!.part);
        expect(whole.lines!.whole).toBeGreaterThanOrEqual(part.lines!.whole);
        expect(whole.lines!.part).toBeLessThanOrEqual(whole.lines!.whole);
      }
    }),
    runs,
  );
});

test('formats and engines are never joined, and every report stands in one group', () => {
  fc.assert(
    fc.property(severalReports, (all) => {
      const merged = mergeCoverage(all);

      for (const { sources } of merged) {
        const group = all.filter(({ source }) => sources.includes(source));
        expect(new Set(group.map((each) => `${each.format} ${each.coverage.engine}`)).size).toBe(1);
      }
      expect(merged.flatMap(({ sources }) => sources).sort()).toEqual(all.map(({ source }) => source).sort());
    }),
    runs,
  );
});

test('the order of the reports changes nothing', () => {
  fc.assert(
    fc.property(severalReports, (all) => {
      expect(mergeCoverage([...all].reverse())).toEqual(mergeCoverage(all));
    }),
    runs,
  );
});

test('reports with totals only stand alone', () => {
  const merged = mergeCoverage([reportOf('b', totals(9, 10)), reportOf('a', totals(1, 10))]);

  expect(merged.map(({ sources, lines }) => [sources, lines])).toEqual([
    [['a'], { part: 1, whole: 10 }],
    [['b'], { part: 9, whole: 10 }],
  ]);
});

test('without lines the better of two runs over the same items counts, and the worse ratio if the items differ', () => {
  const run = (part: number, whole: number) => coverageOfFiles('v8', [file('src/a.ts', part, whole)]);

  const same = mergeCoverage([reportOf('a', run(3, 10)), reportOf('b', run(7, 10))]);
  const other = mergeCoverage([reportOf('a', run(3, 10)), reportOf('b', run(7, 11))]);

  expect(same[0]?.lines).toEqual({ part: 7, whole: 10 });
  expect(other[0]?.lines).toEqual({ part: 3, whole: 10 });
});

test('packages of one repository keep files of the same relative path apart', () => {
  const run = coverageOfFiles('v8', [file('src/a.ts', 5, 10)]);

  const merged = mergeCoverage([
    reportOf('packages/one/coverage/lcov.info', run),
    reportOf('packages/two/coverage/lcov.info', run),
  ]);

  expect(merged[0]?.lines).toEqual({ part: 10, whole: 20 });
});

test('an absolute path is one file, whichever package reports it', () => {
  const run = coverageOfFiles('v8', [file('/srv/src/a.ts', 5, 10)]);

  const merged = mergeCoverage([
    reportOf('packages/one/coverage/lcov.info', run),
    reportOf('packages/two/coverage/lcov.info', run),
  ]);

  expect(merged[0]?.lines).toEqual({ part: 5, whole: 10 });
});

test.each([
  ['lcov', 'unknown', 'src/price.c'],
  ['jacoco', 'jacoco', 'shop/Price.java'],
  ['istanbul-json', 'v8', '/srv/shop/src/price.ts'],
])('two %s reports of one file cover the lines that either covers', (format, engine, path) => {
  const merged = mergeCoverage([
    reportOf('coverage/unit.report', coverageOfFiles(engine, [listed(path, 6, [1, 2, 3])]), format),
    reportOf('coverage/integration.report', coverageOfFiles(engine, [listed(path, 6, [3, 4])]), format),
  ]);

  expect(merged.map(({ lines }) => lines)).toEqual([{ part: 4, whole: 6 }]);
});

test('unit and integration tests of one module are joined, and modules stay apart, where each has its own build folder', () => {
  const run = (covered: readonly number[]) => coverageOfFiles('jacoco', [listed('shop/Main.java', 4, covered)]);

  const merged = mergeCoverage([
    reportOf('server/target/site/jacoco/jacoco.xml', run([1, 2]), 'jacoco'),
    reportOf('server/target/site/jacoco-it/jacoco.xml', run([2, 3]), 'jacoco'),
    reportOf('client/target/site/jacoco/jacoco.xml', run([4]), 'jacoco'),
  ]);

  expect(merged.map(({ lines }) => lines)).toEqual([{ part: 4, whole: 8 }]);
});

test('a Go file is known by its import path, whichever package reports it', () => {
  const run = (covered: readonly number[]) =>
    coverageOfFiles('go', [listed('example.org/shop/price/price.go', 4, covered)]);

  const merged = mergeCoverage([
    reportOf('price/coverage/c.out', run([1, 2]), 'go-cover'),
    reportOf('stock/coverage/c.out', run([2, 3]), 'go-cover'),
  ]);

  expect(merged.map(({ lines }) => lines)).toEqual([{ part: 3, whole: 4 }]);
});

test('what V8 and Istanbul measured of one file is not joined, though both write the same format', () => {
  const run = (engine: string) => coverageOfFiles(engine, [listed('/srv/shop/a.js', 4, [1])]);

  const merged = mergeCoverage([
    reportOf('coverage/a.json', run('v8'), 'istanbul-json'),
    reportOf('coverage/b.json', run('istanbul'), 'istanbul-json'),
  ]);

  expect(merged).toHaveLength(2);
});
