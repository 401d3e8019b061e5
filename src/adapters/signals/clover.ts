import { AqeError } from '../../core/error/aqe-error.ts';
import {
  compactHits,
  countHits,
  coverageOfFiles,
  createHits,
  sumCounts,
  type GrowingLineHits,
} from '../../core/evidence/line-hits.ts';
import type { Count, Coverage, FileCoverage } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { instantOfEpoch } from './shared/epoch.ts';
import { lineMarker, type LineMarker } from './shared/line-marker.ts';
import { isHit, wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

/** Clover XML, as written by OpenClover, PHPUnit, istanbul (nyc, c8, Jest, Vitest) and gcovr. */
export const clover: SignalReader = {
  id: 'clover',
  title: 'Clover XML',
  gives: ['coverage'],
  names: ['clover*.xml', '*clover.xml'],
  countingUnit:
    'A line is one (file, line number) with a statement or a condition, a branch one outcome of a condition, a function one method, and a statement one of the statements that the metrics of the files state (none where a writer means lines by it). Test code (`testproject`) is left out.',
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root !== 'coverage' || /\s(?:line-rate|lines-valid)\s*=/.test(start.attributes)) return false;
    if (/\sclover\s*=/.test(start.attributes)) return true;
    return /\sgenerated\s*=/.test(start.attributes) && /<project[\s/>]/.test(text);
  },
  open: (file) => xmlSession(file, coverageHandler(file.path)),
};

const measures = ['statements', 'conditionals', 'methods'] as const;
type Metrics = Partial<Record<(typeof measures)[number], Count>>;
type Writer = 'OpenClover' | 'php-code-coverage' | 'gcovr' | 'istanbul-reports';
const engines = {
  OpenClover: 'clover',
  'php-code-coverage': 'php',
  gcovr: 'gcov',
  'istanbul-reports': 'unknown',
} as const;

interface SourceFile {
  readonly hits: GrowingLineHits;
  readonly branches: { part: number; whole: number };
  /** Line of each method, and whether it was called. */
  readonly methods: (readonly [line: number, called: boolean])[];
  readonly metrics: Metrics;
  hasLines: boolean;
}

function coverageHandler(path: string): XmlHandler {
  const files = new Map<string, SourceFile>();
  const marker = lineMarker(path);
  const project: Metrics = {};
  let root: XmlElement['attributes'] = {};
  let packageName = '';
  let file: SourceFile | undefined;
  let hasClasses = false;
  let inTests = false;
  let inClass = false;
  let inPackage = false;
  let otherLines = 0;
  const refuse = (detail: string): never => {
    throw new AqeError('AQE2003', detail, { path });
  };

  const openFile = (attributes: XmlElement['attributes']): void => {
    const name = attributes['name'] ?? '';
    const key =
      attributes['path'] ||
      (/[\\/]/.test(name) ? name : [...packageName.split('.'), name].join('/').replace(/^\//, ''));
    if (key === '') refuse('a <file> has neither name nor path');
    file = files.get(key);
    if (file) return;
    file = {
      hits: createHits(),
      branches: { part: 0, whole: 0 },
      methods: [],
      metrics: {},
      hasLines: false,
    };
    files.set(ownText(key), file);
  };

  const openLine = (attributes: XmlElement['attributes']): void => {
    if (!file) return refuse('<line> outside of a <file>');
    const number = wholeNumber(attributes['num'] ?? '', 'num of a <line>', path);
    const type = attributes['type'] ?? 'stmt';
    const executed = (key: string): boolean => isHit(attributes[key] ?? '', `${key} of line ${number}`, path);
    if (type === 'method') {
      file.methods.push([number, executed('count')]);
      return;
    }
    if (type !== 'stmt' && type !== 'cond') {
      otherLines += 1;
      return;
    }
    file.hasLines = true;
    if (type === 'stmt') marker.mark(file.hits, number, executed('count'));
    else if (attributes['count'] === undefined) {
      // OpenClover: how often the condition was true, and how often false.
      const outcomes = [executed('truecount'), executed('falsecount')];
      marker.mark(file.hits, number, outcomes.includes(true));
      file.branches.whole += 2;
      file.branches.part += outcomes.filter(Boolean).length;
    } else {
      // istanbul: how many branches of the line were taken, and how many were not.
      marker.mark(file.hits, number, executed('count'));
      const taken = wholeNumber(attributes['truecount'] ?? '', `truecount of line ${number}`, path);
      file.branches.part += taken;
      file.branches.whole += taken + wholeNumber(attributes['falsecount'] ?? '', `falsecount of line ${number}`, path);
    }
  };

  return {
    roots: ['coverage'],
    open({ name, attributes }, depth) {
      if (depth === 1) root = attributes;
      else if (name === 'testproject') inTests = true;
      else if (inTests) return;
      else if (name === 'package') {
        packageName = attributes['name'] ?? '';
        inPackage = true;
      } else if (name === 'file') openFile(attributes);
      else if (name === 'class') {
        inClass = true;
        hasClasses = true;
      } else if (name === 'line') openLine(attributes);
      else if (name === 'metrics' && !inClass && (file || !inPackage))
        addMetrics(file ? file.metrics : project, attributes, path);
    },
    close(name) {
      if (name === 'testproject') inTests = false;
      else if (inTests) return;
      else if (name === 'package') {
        packageName = '';
        inPackage = false;
      } else if (name === 'file') file = undefined;
      else if (name === 'class') inClass = false;
    },
    wantsText: () => false,
    finish() {
      const hasMethods = Array.from(files.values()).some(({ methods }) => methods.length > 0);
      const writer = writerOf(root, hasClasses || hasMethods);
      for (const [name, of] of files) if (/\.php$/i.test(name)) markOneLiners(of, marker);
      const listed = coverageOfFiles(
        engines[writer],
        Array.from(files, ([name, of]) => toFileCoverage(name, of, writer)),
      );
      const coverage: Coverage =
        files.size > 0
          ? {
              ...listed,
              statements: statementsOf(
                Array.from(files.values(), ({ metrics }) => metrics),
                writer,
              ),
            }
          : {
              ...listed,
              lines: writer === 'OpenClover' ? null : measured(project.statements),
              branches: measured(project.conditionals),
              functions: measured(project.methods),
              statements: statementsOf([project], writer),
            };
      if (!coverage.lines && !coverage.statements)
        throw new AqeError('AQE2007', 'it has no statement that can be covered', { path });
      const takenAt = instantOfEpoch(root['generated']);
      return {
        producer: { name: writer, ...(writer === 'OpenClover' && root['clover'] ? { version: root['clover'] } : {}) },
        ...(takenAt ? { takenAt } : {}),
        facts: [coverage],
        notices: [
          ...marker.notices(),
          ...(files.size > 0
            ? disagreements(project, coverage, writer)
            : ['the report lists no files; the metrics of its project were taken']),
          ...(otherLines > 0 ? [`lines of an unknown type, ignored: ${otherLines}`] : []),
        ],
      };
    },
  };
}

/** istanbul writes no classes, PHPUnit no version of Clover, gcovr the time in its place. */
function writerOf(root: XmlElement['attributes'], hasClasses: boolean): Writer {
  if (root['clover'] === undefined) return 'php-code-coverage';
  if (root['clover'] === root['generated']) return 'gcovr';
  return hasClasses ? 'OpenClover' : 'istanbul-reports';
}

function addMetrics(to: Metrics, attributes: XmlElement['attributes'], path: string): void {
  for (const measure of measures) {
    if (attributes[measure] === undefined) continue;
    const whole = wholeNumber(attributes[measure], `${measure} of <metrics>`, path);
    const part = wholeNumber(attributes[`covered${measure}`] ?? '', `covered${measure} of <metrics>`, path);
    if (part > whole) throw new AqeError('AQE2003', `${part} of ${whole} ${measure} are said to be covered`, { path });
    const known = to[measure];
    to[measure] = { part: part + (known?.part ?? 0), whole: whole + (known?.whole ?? 0) };
  }
}

/**
 * PHPUnit lists a method and its only statement on the same line as a method alone. The statements that are missing from
 * the list are those of methods without any other, if the metrics of the file bear that out.
 */
function markOneLiners({ hits, methods, metrics }: SourceFile, marker: LineMarker): void {
  const stated = metrics.statements;
  const listed = countHits(hits);
  if (!stated || stated.whole <= listed.whole) return;
  const sorted = methods.toSorted(([a], [b]) => a - b);
  const oneLiners = sorted.filter(([line], index) => !hasLineIn(hits, line, sorted[index + 1]?.[0] ?? Infinity));
  const called = oneLiners.filter(([, isCalled]) => isCalled).length;
  if (listed.whole + oneLiners.length !== stated.whole || listed.part + called !== stated.part) return;
  for (const [line, isCalled] of oneLiners) marker.mark(hits, line, isCalled);
}

/** Whether a line from `from` up to but not including `to` is instrumented. */
function hasLineIn({ instrumented }: GrowingLineHits, from: number, to: number): boolean {
  const end = Math.min(to, 8 * instrumented.length);
  for (let line = from; line < end; line += 1) if ((instrumented[line >> 3] ?? 0) & (1 << (line & 7))) return true;
  return false;
}

function toFileCoverage(path: string, file: SourceFile, writer: Writer): FileCoverage {
  const { hits, branches, methods, metrics } = file;
  const listedMethods = { part: methods.filter(([, called]) => called).length, whole: methods.length };
  // PHPUnit's own count is of methods that were covered in full.
  const functions =
    writer === 'OpenClover' && methods.length > 0
      ? measured(listedMethods)
      : measured(metrics.methods ?? listedMethods);
  const lines = file.hasLines || writer === 'OpenClover' ? countHits(hits) : metrics.statements;
  const stated = metrics.conditionals;
  // istanbul lists no branches of lines on which no statement starts, such as those of default parameters.
  const isFuller = stated && stated.whole >= branches.whole && stated.part >= branches.part;
  return {
    path,
    lines: measured(lines),
    branches: measured(isFuller ? stated : branches),
    functions,
    ...(file.hasLines ? { hits: compactHits(hits) } : {}),
  };
}

/** For istanbul and gcovr a statement of these metrics is a line. */
function statementsOf(metrics: readonly Metrics[], writer: Writer): Count | null {
  if (writer === 'istanbul-reports' || writer === 'gcovr') return null;
  return sumCounts(metrics.map(({ statements }) => statements ?? null));
}

function measured(count: Count | undefined): Count | null {
  return count && count.whole > 0 ? { part: count.part, whole: count.whole } : null;
}

function disagreements(project: Metrics, coverage: Coverage, writer: Writer): string[] {
  const found = {
    statements: writer === 'OpenClover' ? coverage.statements : coverage.lines,
    conditionals: coverage.branches,
    methods: coverage.functions,
  };
  return measures.flatMap((measure) => {
    const stated = project[measure];
    const count = found[measure] ?? { part: 0, whole: 0 };
    if (!stated || (stated.part === count.part && stated.whole === count.whole)) return [];
    return [
      `the project states ${stated.part} of ${stated.whole} ${measure} and its files list ${count.part} of ${count.whole}; the list counts`,
    ];
  });
}
