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
import { lineMarker } from './shared/line-marker.ts';
import { wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

const intellij = /^(?:Intellij Coverage Report|Kover\b.*)$/i;

/** JaCoCo XML (report.dtd), single or aggregated in groups, and what Kover and gcovr write in its shape. */
export const jacoco: SignalReader = {
  id: 'jacoco',
  title: 'JaCoCo XML',
  gives: ['coverage'],
  names: ['jacoco*.xml', '*jacoco.xml', 'kover*.xml'],
  countingUnit:
    'A line is one (group, package, source file, line number), covered if at least one of its instructions ran; branches and methods as JaCoCo counts them; a statement is one bytecode instruction.',
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root !== 'report') return false;
    const name = /\sname\s*=\s*["']([^"']*)/.exec(start.attributes)?.[1] ?? '';
    return (
      /jacoco/i.test(start.doctype) ||
      intellij.test(name) ||
      /<counter\s[^<>]{0,60}\btype\s*=\s*["'](?:INSTRUCTION|LINE|BRANCH|METHOD|COMPLEXITY|CLASS)["']/.test(text) ||
      /<sessioninfo\s[^<>]{0,200}\bdump\s*=/.test(text)
    );
  },
  open: (file) => xmlSession(file, reportHandler(file.path)),
};

const engines = { JaCoCo: 'jacoco', Kover: 'intellij', gcovr: 'gcov' } as const;

const counterTypes = ['LINE', 'BRANCH', 'METHOD', 'INSTRUCTION'] as const;
type CounterType = (typeof counterTypes)[number];
type Counters = Partial<Record<CounterType, Count>>;

interface SourceFile {
  readonly hits: GrowingLineHits;
  /** Sum over the lines listed. */
  readonly branches: { part: number; whole: number };
  /** What its own counters say, and the sum of the counters of its classes. */
  readonly own: Counters;
  readonly classes: Counters;
  hasLines: boolean;
}

interface Package {
  readonly path: string;
  readonly files: Map<string, SourceFile>;
  /** Classes that name no source file. */
  readonly orphans: Map<string, Counters>;
  readonly counters: Counters;
}

/** One file, class or package that is counted, and its instructions. */
interface Counted {
  readonly coverage: FileCoverage;
  readonly instructions: Count | null;
}

function reportHandler(path: string): XmlHandler {
  const marker = lineMarker(path);
  const report: Counters = {};
  const groups: string[] = [];
  const counted: Counted[] = [];
  /** Counters of the elements that are open. */
  const scopes: Counters[] = [];
  let reportName: string | undefined;
  let current: Package | undefined;
  let className = '';
  let sourceName: string | undefined;
  let file: SourceFile | undefined;
  let lastDump: string | undefined;

  const fileOf = (name: string): SourceFile => {
    const files = current!.files;
    let known = files.get(name);
    if (!known) {
      known = { hits: createHits(), branches: { part: 0, whole: 0 }, own: {}, classes: {}, hasLines: false };
      files.set(ownText(name), known);
    }
    return known;
  };

  const openLine = (attributes: XmlElement['attributes']): void => {
    // gcovr lists lines within classes, and says nothing of whether they ran.
    if (!file || (attributes['ci'] === undefined && attributes['mi'] === undefined)) return;
    const number = wholeNumber(attributes['nr'] ?? '', 'nr of a <line>', path);
    const count = (key: 'mi' | 'ci' | 'mb' | 'cb'): number =>
      wholeNumber(attributes[key] ?? '0', `${key} of line ${number}`, path);
    const covered = { instructions: count('ci'), branches: count('cb') };
    file.hasLines = true;
    marker.mark(file.hits, number, covered.instructions > 0 || (count('mi') === 0 && covered.branches > 0));
    file.branches.part += covered.branches;
    file.branches.whole += covered.branches + count('mb');
  };

  const openCounter = (attributes: XmlElement['attributes']): void => {
    const type = counterTypes.find((known) => known === attributes['type']);
    const scope = scopes.at(-1);
    if (!type || !scope) return;
    const part = wholeNumber(attributes['covered'] ?? '', `covered of a ${type} counter`, path);
    const missed = wholeNumber(attributes['missed'] ?? '', `missed of a ${type} counter`, path);
    add(scope, { [type]: { part, whole: part + missed } });
  };

  const closePackage = (): void => {
    const { path: name, files, orphans, counters } = current!;
    const found = Array.from(files, ([source, of]) =>
      countedFile(isAbsolute(source) ? source : prefixed([name], source), of),
    );
    // The counters of a package tell whether its source files already include the classes that name none.
    const type = (['INSTRUCTION', 'LINE', 'METHOD'] as const).find((known) => counters[known]);
    const ofFiles = (type && sumCounts(found.map((one) => counterOf(one, type)))?.whole) ?? 0;
    if (orphans.size > 0 && (type ? counters[type]!.whole > ofFiles : found.length === 0))
      for (const [orphan, of] of orphans) found.push(countedOf(prefixed(groups, orphan), of));
    if (found.length === 0 && Object.keys(counters).length > 0) found.push(countedOf(name, counters));
    // No `push(...found)`: a package may have more files than a call takes arguments.
    for (const one of found) counted.push(one);
    current = undefined;
  };

  return {
    roots: ['report'],
    open({ name, attributes }) {
      if (name === 'line') return openLine(attributes);
      if (name === 'counter') return openCounter(attributes);
      if (name === 'report') {
        reportName = attributes['name'];
        scopes.push(report);
      } else if (name === 'sessioninfo') {
        const dump = instantOfEpoch(attributes['dump']);
        if (dump && dump > (lastDump ?? '')) lastDump = dump;
      } else if (name === 'group') {
        groups.push(attributes['name'] ?? '');
        scopes.push({});
      } else if (name === 'package') {
        if (current) throw new AqeError('AQE2003', 'a <package> lies within another one', { path });
        current = {
          path: prefixed(groups, attributes['name'] ?? ''),
          files: new Map(),
          orphans: new Map(),
          counters: {},
        };
        scopes.push(current.counters);
      } else if (name === 'class') {
        className = attributes['name'] ?? '';
        sourceName = attributes['sourcefilename'] || undefined;
        scopes.push({});
      } else if (name === 'method') scopes.push({});
      else if (name === 'sourcefile') {
        if (!current) throw new AqeError('AQE2003', '<sourcefile> outside of a <package>', { path });
        file = fileOf(attributes['name'] ?? '');
        scopes.push(file.own);
      }
    },
    close(name) {
      if (name === 'report' || name === 'method') scopes.pop();
      else if (name === 'group') {
        groups.pop();
        scopes.pop();
      } else if (name === 'package') {
        scopes.pop();
        closePackage();
      } else if (name === 'class') {
        const counters = scopes.pop()!;
        if (!current) return;
        if (sourceName !== undefined) add(fileOf(sourceName).classes, counters);
        else current.orphans.set(ownText(className), counters);
      } else if (name === 'sourcefile') {
        file = undefined;
        scopes.pop();
      }
    },
    wantsText: () => false,
    finish() {
      const writer = writerOf(reportName);
      const listed = coverageOfFiles(
        engines[writer],
        counted.map((one) => one.coverage),
      );
      const coverage: Coverage =
        counted.length > 0
          ? { ...listed, statements: sumCounts(counted.map((one) => one.instructions)) }
          : {
              ...listed,
              lines: measured(report.LINE),
              branches: measured(report.BRANCH),
              functions: measured(report.METHOD),
              statements: measured(report.INSTRUCTION),
            };
      if (!coverage.lines && !coverage.statements && !coverage.branches)
        throw new AqeError('AQE2007', 'no class of it has code that can be covered', { path });
      return {
        producer: { name: writer },
        ...(lastDump ? { takenAt: lastDump } : {}),
        facts: [coverage],
        notices: [
          ...marker.notices(),
          ...withoutLines(counted),
          ...(counted.length > 0
            ? disagreements(report, coverage)
            : ['the report lists no packages; its own counters were taken']),
        ],
      };
    },
  };
}

/** JaCoCo must give its report a name; gcovr gives none. */
function writerOf(reportName: string | undefined): keyof typeof engines {
  if (reportName === undefined) return 'gcovr';
  return intellij.test(reportName) ? 'Kover' : 'JaCoCo';
}

function prefixed(groups: readonly string[], name: string): string {
  return [...groups, name].filter((part) => part !== '').join('/');
}

/** gcovr names source files with their whole path. */
function isAbsolute(source: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(source);
}

function add(to: Counters, more: Counters): void {
  for (const type of counterTypes) {
    const [known, other] = [to[type], more[type]];
    if (other) to[type] = { part: (known?.part ?? 0) + other.part, whole: (known?.whole ?? 0) + other.whole };
  }
}

function countedFile(path: string, file: SourceFile): Counted {
  const counters = { ...file.classes, ...file.own };
  const { coverage, instructions } = countedOf(path, counters);
  if (!file.hasLines) return { coverage, instructions };
  const stated = file.own.BRANCH;
  // Counters also cover code without line numbers, which compilers generate.
  const isFuller = stated && stated.whole >= file.branches.whole && stated.part >= file.branches.part;
  const lines = countHits(file.hits);
  return {
    coverage: {
      ...coverage,
      lines: measured(lines),
      branches: isFuller ? measured(stated) : measured(file.branches),
      hits: compactHits(file.hits),
    },
    instructions,
  };
}

function countedOf(path: string, counters: Counters): Counted {
  return {
    coverage: {
      path,
      lines: measured(counters.LINE),
      branches: measured(counters.BRANCH),
      functions: measured(counters.METHOD),
    },
    instructions: measured(counters.INSTRUCTION),
  };
}

function counterOf({ coverage, instructions }: Counted, type: 'INSTRUCTION' | 'LINE' | 'METHOD'): Count | null {
  return { INSTRUCTION: instructions, LINE: coverage.lines, METHOD: coverage.functions }[type];
}

function measured(count: Count | undefined): Count | null {
  return count && count.whole > 0 ? { part: count.part, whole: count.whole } : null;
}

function withoutLines(counted: readonly Counted[]): string[] {
  const count = counted.filter(({ coverage, instructions }) => instructions && !coverage.lines).length;
  return count > 0 ? [`files or classes compiled without line numbers, of which no line is counted: ${count}`] : [];
}

function disagreements(report: Counters, coverage: Coverage): string[] {
  const found = {
    LINE: coverage.lines,
    BRANCH: coverage.branches,
    METHOD: coverage.functions,
    INSTRUCTION: coverage.statements,
  };
  return counterTypes.flatMap((type) => {
    const stated = report[type];
    const count = found[type] ?? { part: 0, whole: 0 };
    if (!stated || (stated.part === count.part && stated.whole === count.whole)) return [];
    return [
      `the ${type} counter of the report says ${stated.part} of ${stated.whole} and its files add up to ${count.part} of ${count.whole}; the sum counts`,
    ];
  });
}
