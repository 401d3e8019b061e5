import { AqeError } from '../../core/error/aqe-error.ts';
import {
  compactHits,
  countHits,
  coverageOfFiles,
  createHits,
  type GrowingLineHits,
} from '../../core/evidence/line-hits.ts';
import type { Count, Coverage, FileCoverage, Producer } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { instantOfEpoch } from './shared/epoch.ts';
import { keyOf } from './shared/keyed-hits.ts';
import { lineMarker } from './shared/line-marker.ts';
import { isHit, wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

/** Cobertura XML (coverage-04.dtd), as written by Cobertura, coverage.py, istanbul, coverlet, gcovr, simplecov and others. */
export const cobertura: SignalReader = {
  id: 'cobertura',
  title: 'Cobertura XML',
  gives: ['coverage'],
  names: ['cobertura*.xml', '*cobertura.xml', 'coverage.xml'],
  countingUnit:
    'A line is one (file, line number) that a class lists (that its methods list, where the class lists none), a branch one condition outcome of such a line, a function one method.',
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root !== 'coverage' || /\sclover=/.test(start.attributes)) return false;
    return /\b(?:line-rate|lines-valid)\s*=/.test(start.attributes) || /cobertura/i.test(start.doctype);
  },
  open: (file) => xmlSession(file, coverageHandler(file.path)),
};

interface SourceFile {
  readonly hits: GrowingLineHits;
  /** By line number. */
  readonly branches: Map<number, Count>;
  /** Lines that are said to branch without a word on how often. */
  readonly untold: Set<number>;
  /** By {@link keyOf} of class, name, signature and first line. */
  readonly methods: Map<number, boolean>;
}

interface Line {
  readonly number: number;
  readonly hit: boolean;
  readonly branches: Count | 'untold' | undefined;
}

interface Method {
  readonly key: string;
  hit: boolean;
  firstLine: number;
}

function coverageHandler(path: string): XmlHandler {
  const files = new Map<string, SourceFile>();
  let root: XmlElement['attributes'] = {};
  let comment = '';
  let file: SourceFile | undefined;
  let className = '';
  let method: Method | undefined;
  /** Lines of the methods of a class, until it is known whether the class lists lines itself. */
  let ofMethods: Line[] = [];
  let hasOwnLines = false;
  const marker = lineMarker(path);

  const openClass = ({ filename, name }: XmlElement['attributes']): void => {
    className = name ?? '';
    const key = filename ?? refuse('AQE2003', `<class name="${className.slice(0, 80)}"> names no file`, path);
    file = files.get(key);
    if (file) return;
    file = { hits: createHits(), branches: new Map(), untold: new Set(), methods: new Map() };
    files.set(ownText(key), file);
  };

  const addLine = (target: SourceFile, { number, hit, branches }: Line): void => {
    marker.mark(target.hits, number, hit);
    if (branches === 'untold') target.untold.add(number);
    else if (branches) target.branches.set(number, better(target.branches.get(number), branches));
  };

  const openLine = (attributes: XmlElement['attributes']): void => {
    if (!file) return refuse('AQE2003', '<line> outside of a <class>', path);
    const line = lineOf(attributes, path);
    if (line.number === 0) marker.mark(file.hits, 0, line.hit);
    else if (method) {
      method.hit ||= line.hit;
      method.firstLine ||= line.number;
      ofMethods.push(line);
    } else {
      hasOwnLines = true;
      addLine(file, line);
    }
  };

  const closeClass = (): void => {
    // istanbul lists the declarations of functions under methods only, and does not count them as lines.
    if (file && !hasOwnLines) for (const line of ofMethods) addLine(file, line);
    file = undefined;
    hasOwnLines = false;
    ofMethods = [];
  };

  return {
    roots: ['coverage'],
    comment(text) {
      if (comment === '') comment = text.slice(0, 200);
    },
    open({ name, attributes }, depth) {
      if (depth === 1) root = attributes;
      else if (name === 'class') openClass(attributes);
      else if (name === 'method') {
        const key = `${className}\n${attributes['name'] ?? ''}\n${attributes['signature'] ?? ''}`;
        // istanbul states hits of the method itself; its only line is that of the declaration.
        method = { key, hit: /[1-9]/.test(attributes['hits'] ?? ''), firstLine: 0 };
      } else if (name === 'line') openLine(attributes);
    },
    close(name) {
      if (name === 'class') closeClass();
      if (name !== 'method' || !method) return;
      const text = `${method.key}\n${method.firstLine}`;
      const key = keyOf(text, 0, text.length);
      file?.methods.set(key, method.hit || file.methods.get(key) === true);
      method = undefined;
    },
    finish() {
      const notices: string[] = [];
      const producer = producerOf(root, comment);
      const coverage = coverageOfFiles(engineOf(producer), Array.from(files, toFileCoverage));
      if (!coverage.lines) return refuse('AQE2007', noLines(root), path);
      notices.push(...disagreements(root, coverage));
      const untold = Array.from(files.values(), untoldLines).reduce((sum, lines) => sum + lines, 0);
      if (untold > 0)
        notices.push(`lines with branch="true" and no condition-coverage, whose branches are not counted: ${untold}`);
      notices.push(...marker.notices());
      const takenAt = instantOfEpoch(root['timestamp']);
      return { producer, ...(takenAt ? { takenAt } : {}), facts: [coverage], notices };
    },
  };
}

function lineOf(attributes: XmlElement['attributes'], path: string): Line {
  const { number: stated = '', hits = '', branch } = attributes;
  const number = digits(stated) ?? wholeNumber(stated, 'the number of a <line>', path);
  const count = digits(hits);
  const hit = count === undefined ? isHit(hits, `hits of line ${number}`, path) : count > 0;
  const untold = branch === undefined || branch === 'false' || branch.toLowerCase() !== 'true' ? undefined : 'untold';
  return { number, hit, branches: branchesOf(attributes, path) ?? untold };
}

/** The number that up to nine digits say; undefined for anything else. Nearly all of a report is such numbers. */
function digits(text: string): number | undefined {
  if (text.length === 0 || text.length > 9) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** `condition-coverage="50% (1/2)"`; undefined if the counts are not there. */
function branchesOf(attributes: XmlElement['attributes'], path: string): Count | undefined {
  const stated = attributes['condition-coverage'];
  const match = stated === undefined ? null : /\((\d{1,9})\s*\/\s*(\d{1,9})\)/.exec(stated);
  if (!match) return undefined;
  const [part, whole] = [Number(match[1]), Number(match[2])];
  return part <= whole
    ? { part, whole }
    : refuse('AQE2003', `${part} of ${whole} branches are said to be covered`, path);
}

/** The same line is listed by its method and its class, or by two classes: the fuller list counts, covered as well as either says. */
function better(a: Count | undefined, b: Count): Count {
  if (!a || b.whole > a.whole) return b;
  return b.whole === a.whole && b.part > a.part ? b : a;
}

function toFileCoverage([path, file]: [string, SourceFile]): FileCoverage {
  const sum = { part: 0, whole: 0 };
  for (const { part, whole } of file.branches.values()) {
    sum.part += part;
    sum.whole += whole;
  }
  const methods = [...file.methods.values()];
  return {
    path,
    lines: countHits(file.hits),
    branches: sum.whole > 0 ? sum : null,
    functions: methods.length > 0 ? { part: methods.filter(Boolean).length, whole: methods.length } : null,
    hits: compactHits(file.hits),
  };
}

function untoldLines({ untold, branches }: SourceFile): number {
  return [...untold].filter((line) => !branches.has(line)).length;
}

/** Totals that no line bears out are no measurement: a run that found no classes, or a report that lost them. */
function noLines(root: XmlElement['attributes']): string {
  const [covered, valid] = [root['lines-covered'], root['lines-valid']];
  if (covered === undefined || !valid || /^0*$/.test(valid)) return 'it has no line that can be covered';
  return `its root states ${covered.slice(0, 20)} of ${valid.slice(0, 20)} lines and it lists none`;
}

function disagreements(root: XmlElement['attributes'], listed: Coverage): string[] {
  const rates = { lines: root['line-rate'], branches: root['branch-rate'] };
  return (['lines', 'branches'] as const).flatMap((what) => {
    const [covered, valid, rate] = [root[`${what}-covered`], root[`${what}-valid`], rates[what]];
    const count = listed[what];
    if (!count) return [];
    const found = `${count.part} of ${count.whole}`;
    if (covered !== undefined && valid !== undefined) {
      if (Number(covered) === count.part && Number(valid) === count.whole) return [];
      return [`the root states ${covered} of ${valid} ${what} and the report lists ${found}; the list counts`];
    }
    if (rate === undefined || Math.abs(Number(rate) - count.part / count.whole) <= roundingOf(rate)) return [];
    return [`the root states a rate of ${rate} for ${what} and the report lists ${found}; the list counts`];
  });
}

/** One unit of the last digit written, since tools round and cut; never below the hundredth that is left when zeros are dropped. */
function roundingOf(rate: string): number {
  const digits = /\.(\d+)$/.exec(rate)?.[1]?.length ?? 0;
  return digits <= 2 ? 0.01 : 10 ** -Math.min(digits, 9);
}

function producerOf(root: XmlElement['attributes'], comment: string): Producer {
  const version = root['version'] ?? '';
  const named =
    /^(gcovr|Slather) (\d\S*)$/.exec(version) ?? /Generated by (simplecov-cobertura) version (\d\S*)/.exec(comment);
  if (named) return { name: named[1]!, version: named[2]! };
  if (/Generated by coverage\.py/.test(comment)) return { name: 'coverage.py', ...(version ? { version } : {}) };
  return { name: 'cobertura' };
}

function engineOf(producer: Producer): string {
  return { 'coverage.py': 'coverage.py', gcovr: 'gcov' }[producer.name] ?? 'unknown';
}

function refuse(code: 'AQE2003' | 'AQE2007', detail: string, path: string): never {
  throw new AqeError(code, detail, { path });
}
