/** Writers of Clover XML, which each tool fills in its own way. */
import type { RoundTrip } from '../round-trip.ts';
import { countOf, branchesOf, linesOf, part, whole, xmlDocuments, type SourceFile } from './coverage-model.ts';
import { xml, type Xml } from './documents.ts';

function cloverMetrics(files: readonly SourceFile[], what: 'project' | 'file'): Xml {
  const [statements, conditionals, methods] = [
    countOf(linesOf(files)),
    countOf(branchesOf(files)),
    countOf(files.flatMap((file) => file.functions)),
  ];
  return xml('metrics', {
    statements: whole(statements),
    coveredstatements: part(statements),
    conditionals: whole(conditionals),
    coveredconditionals: part(conditionals),
    methods: whole(methods),
    coveredmethods: part(methods),
    ...(what === 'project' ? { files: files.length, loc: 900 } : {}),
  });
}

const istanbulClover: RoundTrip = {
  name: 'clover of istanbul',
  documents: xmlDocuments('clover.xml', ({ files, totals }) => ({
    root: xml(
      'coverage',
      { generated: 1_772_439_304_000, clover: '3.2.0' },
      xml(
        'project',
        { timestamp: 1_772_439_304_000, name: 'All files' },
        totals && cloverMetrics(files, 'project'),
        files.map((file) =>
          xml(
            'package',
            { name: 'shop' },
            xml(
              'file',
              { name: 'a.ts', path: file.path },
              cloverMetrics([file], 'file'),
              file.lines.map(({ number, hits: count, branches }) => {
                const truecount = branches.filter((taken) => taken > 0).length;
                const cond = { type: 'cond', truecount, falsecount: branches.length - truecount };
                return xml('line', { num: number, count, ...(branches.length > 0 ? cond : { type: 'stmt' }) });
              }),
            ),
          ),
        ),
      ),
    ),
  })),
};

/** Conditions are true or false. Without a method it could be a report of istanbul. */
function asTwoWays(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.map((file) => ({
    ...file,
    lines: file.lines.map((each) => ({ ...each, branches: each.branches.slice(0, 2) })),
    functions: file.functions.length > 0 ? file.functions : [{ name: 'main', line: 90_000, hits: 1 }],
  }));
}

const openClover: RoundTrip = {
  name: 'clover of OpenClover',
  documents: xmlDocuments(
    'clover.xml',
    ({ files, totals }) => ({
      root: xml(
        'coverage',
        { clover: '4.5.2', generated: 1_772_439_304_000 },
        xml(
          'project',
          { name: 'shop', timestamp: 1_772_439_304_000 },
          totals && cloverMetrics(files, 'project'),
          xml(
            'package',
            { name: 'com.shop' },
            files.map((file) =>
              xml(
                'file',
                { name: 'A.java', path: file.path },
                cloverMetrics([file], 'file'),
                xml('class', { name: 'A' }, xml('metrics', { methods: 1, coveredmethods: 0 })),
                file.functions.map(({ line: num, hits: count, name }) =>
                  xml('line', { num, type: 'method', signature: name, count }),
                ),
                file.lines.map(({ number, hits: count, branches }) =>
                  branches.length > 0
                    ? xml('line', { num: number, type: 'cond', truecount: branches[0], falsecount: branches[1] })
                    : xml('line', { num: number, type: 'stmt', count }),
                ),
              ),
            ),
          ),
        ),
        xml(
          'testproject',
          {},
          xml('file', { name: 'T.java', path: '/t/T.java' }, xml('line', { num: 1, type: 'stmt', count: 1 })),
        ),
      ),
      otherwise: { statements: countOf(linesOf(files)) },
    }),
    asTwoWays,
  ),
};

function asPhp(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.map((file, index) => ({
    ...file,
    path: `/shop/src/${index}ß.php`,
    lines: file.lines.map((each) => ({ ...each, branches: [] })),
  }));
}

const phpunitClover: RoundTrip = {
  name: 'clover of PHPUnit',
  documents: xmlDocuments(
    'clover.xml',
    ({ files, totals }) => ({
      root: xml(
        'coverage',
        { generated: 1_772_439_304 },
        xml(
          'project',
          { timestamp: 1_772_439_304 },
          files.map((file) =>
            xml(
              'file',
              { name: file.path },
              xml('class', { name: 'Cart', namespace: 'global' }, cloverMetrics([file], 'file')),
              file.functions.map(({ line: num, name, hits: count }) =>
                xml('line', { num, type: 'method', name, complexity: 1, count }),
              ),
              file.lines.map(({ number, hits: count }) => xml('line', { num: number, type: 'stmt', count })),
              cloverMetrics([file], 'file'),
            ),
          ),
          totals && cloverMetrics(files, 'project'),
        ),
      ),
      otherwise: { statements: countOf(linesOf(files)) },
    }),
    asPhp,
  ),
};

export const cloverCoverage: readonly RoundTrip[] = [istanbulClover, openClover, phpunitClover];
