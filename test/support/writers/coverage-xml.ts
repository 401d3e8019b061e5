/** Writers of coverage reports in XML. */
import type { RoundTrip } from '../round-trip.ts';
import {
  countOf,
  branchesOf,
  linesOf,
  part,
  whole,
  xmlDocuments,
  type Line,
  type Procedure,
  type SourceFile,
  type Count,
} from './coverage-model.ts';
import { xml, type Xml } from './documents.ts';

function rate(count: Count): string {
  return count ? String(count.part / count.whole) : '1';
}

function coberturaLine({ number, hits: executed, branches }: Line): Xml {
  const taken = branches.filter((each) => each > 0).length;
  const conditions =
    branches.length > 0
      ? { 'condition-coverage': `${Math.round((100 * taken) / branches.length)}% (${taken}/${branches.length})` }
      : {};
  return xml(
    'line',
    { number, hits: executed, branch: branches.length > 0, ...conditions },
    branches.length > 0 && xml('conditions', {}, xml('condition', { number: 0, type: 'jump', coverage: '50%' })),
  );
}

const cobertura: RoundTrip = {
  name: 'cobertura',
  documents: xmlDocuments('cobertura.xml', ({ files, totals, of }) => {
    const [lines, branches] = [countOf(linesOf(files)), countOf(branchesOf(files))];
    const stated = {
      'lines-covered': part(lines),
      'lines-valid': whole(lines),
      'branches-covered': part(branches),
      'branches-valid': whole(branches),
    };
    const classOf = (file: SourceFile, own: readonly Line[], functions: readonly Procedure[], name: string): Xml =>
      xml(
        'class',
        { name, filename: file.path, 'line-rate': rate(countOf(own)), 'branch-rate': '0', complexity: '0' },
        xml(
          'methods',
          {},
          functions.map(({ name: method, line: number, hits: executed }) =>
            xml(
              'method',
              { name: method, signature: '()V', 'line-rate': executed > 0 ? 1 : 0, 'branch-rate': '1' },
              xml('lines', {}, xml('line', { number, hits: executed, branch: 'false' })),
            ),
          ),
        ),
        xml('lines', {}, own.map(coberturaLine)),
      );
    const root = xml(
      'coverage',
      {
        'line-rate': rate(lines),
        'branch-rate': rate(branches),
        ...(totals ? stated : {}),
        complexity: 0,
        version: '1.9',
        timestamp: '1772439304',
      },
      of() % 2 === 0 && xml('sources', {}, xml('source', {}, '/shop')),
      xml(
        'packages',
        {},
        xml(
          'package',
          { name: 'shop', 'line-rate': '0.5' },
          xml(
            'classes',
            {},
            files.map((file) => {
              // Inner classes share the file of their outer class.
              const inner = file.lines.length > 1 && of() % 3 === 0 ? 1 : 0;
              return [
                classOf(file, file.lines.slice(inner), file.functions, 'Outer'),
                inner > 0 && classOf(file, file.lines.slice(0, inner), [], 'Outer$Inner'),
              ];
            }),
          ),
        ),
      ),
    );
    const doctype = of() % 2 ? '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">' : '';
    return { root, doctype };
  }),
};

/** JaCoCo knows packages and source files by name. */
function asJava(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.map((file, index) => ({ ...file, path: `com/shop${index % 2}/ñ${index}.java` }));
}

function instructionsOf({ number, hits: executed }: Line): Record<'mi' | 'ci', number> {
  return executed > 0 ? { mi: number % 3, ci: 1 + (number % 5) } : { mi: 1 + (number % 4), ci: 0 };
}

function jacocoCounters(files: readonly SourceFile[]): readonly Xml[] {
  const counter = (type: string, count: Count): Xml | undefined =>
    count ? xml('counter', { type, missed: count.whole - count.part, covered: count.part }) : undefined;
  return [
    counter('INSTRUCTION', instructionCount(files)),
    counter('BRANCH', countOf(branchesOf(files))),
    counter('LINE', countOf(linesOf(files))),
    counter('COMPLEXITY', { part: 1, whole: 3 }),
    counter('METHOD', countOf(files.flatMap((file) => file.functions))),
    counter('CLASS', { part: 1, whole: 1 }),
  ].filter((each) => each !== undefined);
}

function instructionCount(files: readonly SourceFile[]): Count {
  const counts = linesOf(files).map(instructionsOf);
  const covered = counts.reduce((sum, { ci }) => sum + ci, 0);
  return { part: covered, whole: covered + counts.reduce((sum, { mi }) => sum + mi, 0) };
}

const jacoco: RoundTrip = {
  name: 'jacoco',
  documents: xmlDocuments(
    'jacoco.xml',
    ({ files, totals, of }) => {
      const packages = [...Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf('/')))].map(([name, own]) =>
        xml(
          'package',
          { name },
          own.map(({ path, functions }) => {
            const source = path.slice(name.length + 1);
            return xml(
              'class',
              { name: path.replace('.java', ''), sourcefilename: source },
              functions.map((method) =>
                xml(
                  'method',
                  { name: method.name, desc: '()V', line: method.line },
                  xml('counter', { type: 'METHOD', missed: 0, covered: 1 }),
                ),
              ),
            );
          }),
          own.map((file) =>
            xml(
              'sourcefile',
              { name: file.path.slice(name.length + 1) },
              file.lines.map((each) => {
                const taken = each.branches.filter((hit) => hit > 0).length;
                return xml('line', {
                  nr: each.number,
                  ...instructionsOf(each),
                  mb: each.branches.length - taken,
                  cb: taken,
                });
              }),
              jacocoCounters([file]),
            ),
          ),
          totals && jacocoCounters(own),
        ),
      );
      const root = xml(
        'report',
        { name: 'shop' },
        of() % 2 === 0 && xml('sessioninfo', { id: 'build-7', start: 1_772_439_304_000, dump: 1_772_439_305_000 }),
        packages,
        totals && jacocoCounters(files),
      );
      const doctype = of() % 2 ? '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">' : '';
      return { root, doctype, otherwise: { statements: instructionCount(files) } };
    },
    asJava,
  ),
};

/** A method has some of the lines of its file; what it is called says the class as well. */
interface NetMethod {
  readonly name: string;
  readonly uid: number;
  readonly lines: readonly Line[];
}

function methodsOf(files: readonly SourceFile[]): readonly NetMethod[] {
  return files.flatMap(({ lines }, index) =>
    Array.from({ length: Math.ceil(lines.length / 3) }, (_, at) => ({
      name: `System.Void Shop.Cart${index}::M${at}(System.String)`,
      uid: index + 1,
      lines: lines.slice(3 * at, 3 * at + 3),
    })),
  );
}

const opencover: RoundTrip = {
  name: 'opencover',
  documents: xmlDocuments('opencover.xml', ({ files, totals, of }) => {
    const methods = methodsOf(files);
    const hasEntry = of() % 2 === 0;
    const isHit = (method: NetMethod): number => (method.lines.some((each) => each.hits > 0) ? 1 : 0);
    const entries = hasEntry ? methods.map((method) => ({ hits: isHit(method) })) : [];
    const branches = countOf([...branchesOf(files), ...entries]);
    const points = countOf(linesOf(files));
    const summary = {
      numSequencePoints: whole(points),
      visitedSequencePoints: part(points),
      numBranchPoints: whole(branches),
      visitedBranchPoints: part(branches),
    };
    const methodOf = (method: NetMethod): Xml => {
      const exits = method.lines.flatMap((each) => each.branches);
      const entry = hasEntry ? 1 : 0;
      return xml(
        'Method',
        { visited: isHit(method) > 0, cyclomaticComplexity: 1, isConstructor: 'false' },
        xml('Summary', {
          numSequencePoints: method.lines.length,
          numBranchPoints: exits.length + entry,
          visitedBranchPoints: exits.filter((taken) => taken > 0).length + entry * isHit(method),
        }),
        xml('MetadataToken', {}, '100663297'),
        xml('Name', {}, method.name),
        xml('FileRef', { uid: method.uid }),
        xml(
          'SequencePoints',
          {},
          method.lines.map(({ number, hits: vc }, index) =>
            xml('SequencePoint', {
              vc,
              uspid: index,
              ordinal: index,
              offset: index,
              sl: number,
              sc: 5,
              el: number,
              ec: 9,
              fileid: method.uid,
            }),
          ),
        ),
        xml(
          'BranchPoints',
          {},
          method.lines.flatMap(({ number, branches: ways }) =>
            ways.map((vc, path) =>
              xml('BranchPoint', {
                vc,
                uspid: path,
                ordinal: path,
                offset: number,
                sl: number,
                path,
                fileid: method.uid,
              }),
            ),
          ),
        ),
      );
    };
    const root = xml(
      'CoverageSession',
      { Version: '4.7.1221.0' },
      totals && xml('Summary', summary),
      xml(
        'Modules',
        {},
        xml('Module', { skippedDueTo: 'Filter', hash: '1' }, xml('ModulePath', {}, 'mscorlib.dll'), xml('Classes')),
        xml(
          'Module',
          { hash: '2' },
          xml('ModulePath', {}, 'Shop.dll'),
          xml(
            'Files',
            {},
            files.map(({ path }, index) => xml('File', { uid: index + 1, fullPath: path })),
          ),
          xml(
            'Classes',
            {},
            xml('Class', {}, xml('FullName', {}, 'Shop.Cart'), xml('Methods', {}, methods.map(methodOf))),
          ),
        ),
      ),
    );
    return {
      root,
      otherwise: {
        statements: points,
        branches,
        functions: countOf(methods.map((method) => ({ hits: isHit(method) }))),
      },
    };
  }),
};

const sonar: RoundTrip = {
  name: 'sonar-generic-coverage',
  documents: xmlDocuments('sonar-coverage.xml', ({ files }) => ({
    root: xml(
      'coverage',
      { version: '1' },
      files.map(({ path, lines }) =>
        xml(
          'file',
          { path },
          lines.map(({ number, hits: executed, branches }) => {
            const ways = {
              branchesToCover: branches.length,
              coveredBranches: branches.filter((taken) => taken > 0).length,
            };
            return xml('lineToCover', {
              lineNumber: number,
              covered: executed > 0,
              ...(branches.length > 0 ? ways : {}),
            });
          }),
        ),
      ),
    ),
    otherwise: { functions: null },
  })),
};

export const xmlCoverage: readonly RoundTrip[] = [cobertura, jacoco, opencover, sonar];
