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
import { keyOf } from './shared/keyed-hits.ts';
import { lineMarker } from './shared/line-marker.ts';
import { isHit, wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

/** OpenCover XML, as written by OpenCover, coverlet, AltCover and ReportGenerator, also several sessions under one `<root>`. */
export const opencover: SignalReader = {
  id: 'opencover',
  title: 'OpenCover XML',
  gives: ['coverage'],
  names: ['opencover*.xml', '*opencover.xml'],
  countingUnit:
    'A line is one (file, line) where a sequence point starts, a statement one sequence point, a branch one branch point (and one entry of a method, where the summary of the method counts it), a function one method with sequence points. What several modules or sessions share is counted once.',
  detects({ text }) {
    const start = xmlStart(text);
    return start?.root === 'CoverageSession' || (start?.root === 'root' && /<CoverageSession[\s/>]/.test(text));
  },
  open: (file) => xmlSession(file, sessionHandler(file.path)),
};

/** Points by hash of their method and position, and whether they were visited. */
type Points = Map<number, boolean>;

interface SourceFile {
  readonly hits: GrowingLineHits;
  readonly statements: Points;
  readonly branches: Points;
  readonly methods: Points;
}

interface Method {
  name: string;
  /** The file that the method as a whole refers to. */
  file: string | undefined;
  summary: XmlElement['attributes'];
  readonly sequencePoints: XmlElement['attributes'][];
  readonly branchPoints: XmlElement['attributes'][];
}

function sessionHandler(path: string): XmlHandler {
  const files = new Map<string, SourceFile>();
  const marker = lineMarker(path);
  const summaries: XmlElement['attributes'][] = [];
  const open: string[] = [];
  let version: string | undefined;
  let byUid = new Map<string, string>();
  let method: Method | undefined;
  /** Depth of the element whose content is skipped. */
  let skipped = 0;
  let isCoverlet = false;

  const fileOf = (uid: string | undefined): SourceFile => {
    const name = byUid.get(uid ?? '');
    if (name === undefined)
      throw new AqeError(
        'AQE2003',
        `a sequence point is in file ${JSON.stringify((uid ?? '').slice(0, 40))}, which is not listed`,
        { path },
      );
    let file = files.get(name);
    if (!file) {
      file = { hits: createHits(), statements: new Map(), branches: new Map(), methods: new Map() };
      files.set(name, file);
    }
    return file;
  };
  const visited = (point: XmlElement['attributes']): boolean => isHit(point['vc'] ?? '', 'vc of a point', path);

  const addMethod = ({ name, file: ref, summary, sequencePoints, branchPoints }: Method): void => {
    const first = sequencePoints[0];
    // Without source nothing of a method can be told.
    if (!first) return;
    const home = fileOf(uidOf(first, ref));
    let isVisited = false;
    for (const point of sequencePoints) {
      const line = wholeNumber(point['sl'] ?? '', 'sl of a <SequencePoint>', path);
      const file = fileOf(uidOf(point, ref));
      const hit = visited(point);
      isVisited ||= hit;
      marker.mark(file.hits, line, hit);
      mark(file.statements, `${name}\n${keyed(point, ['sl', 'sc', 'el', 'ec', 'ordinal'])}`, hit);
    }
    let visitedBranches = 0;
    for (const point of branchPoints) {
      const uid = uidOf(point, ref);
      const file = uid !== undefined && byUid.has(uid) ? fileOf(uid) : home;
      const hit = visited(point);
      if (hit) visitedBranches += 1;
      mark(file.branches, `${name}\n${keyed(point, ['sl', 'offset', 'path', 'ordinal'])}`, hit);
    }
    // OpenCover counts the way into a method as a branch; coverlet and others do not.
    if (Number(summary['numBranchPoints']) === branchPoints.length + 1)
      mark(home.branches, `${name}\nentry`, Number(summary['visitedBranchPoints']) > visitedBranches);
    mark(home.methods, name, isVisited);
  };

  return {
    roots: ['CoverageSession', 'root'],
    open({ name, attributes }) {
      open.push(name);
      if (skipped > 0) return;
      if (attributes['skippedDueTo'] && name !== 'File') skipped = open.length;
      else if (name === 'CoverageSession') version ??= attributes['Version'];
      else if (name === 'Module') byUid = new Map();
      else if (name === 'File') {
        const full = attributes['fullPath'];
        if (attributes['uid'] && full) byUid.set(attributes['uid'], ownText(full));
      } else if (name === 'Method')
        method = { name: '', file: undefined, summary: {}, sequencePoints: [], branchPoints: [] };
      else if (name === 'Summary') {
        const parent = open.at(-2);
        if (parent === 'CoverageSession') summaries.push(attributes);
        else if (parent === 'Method' && method) method.summary = attributes;
      } else if (!method) return;
      else if (name === 'FileRef') method.file = attributes['uid'];
      else if (name === 'SequencePoint') method.sequencePoints.push(attributes);
      else if (name === 'BranchPoint') method.branchPoints.push(attributes);
      // coverlet writes `xsi:type` under a prefix that it leaves its XML library to choose.
      else if (name === 'MethodPoint') isCoverlet ||= Object.keys(attributes).some((key) => /^p\d+:type$/.test(key));
    },
    close(name) {
      const depth = open.length;
      open.pop();
      if (skipped > 0) {
        if (skipped === depth) skipped = 0;
        if (name === 'Method') method = undefined;
      } else if (name === 'Method' && method) {
        addMethod(method);
        method = undefined;
      }
    },
    text(piece) {
      if (method) method.name += piece;
    },
    wantsText: () => method !== undefined && skipped === 0 && open.at(-1) === 'Name' && open.at(-2) === 'Method',
    finish() {
      const listed = coverageOfFiles(isCoverlet ? 'coverlet' : 'opencover', Array.from(files, toFileCoverage));
      const statements = sumCounts(Array.from(files.values(), (file) => countOf(file.statements)));
      if (!statements) throw new AqeError('AQE2007', 'it lists no sequence point', { path });
      const coverage = { ...listed, statements };
      return {
        producer: { name: isCoverlet ? 'coverlet' : 'OpenCover', ...(version ? { version } : {}) },
        facts: [coverage],
        notices: [...marker.notices(), ...(summaries.length === 1 ? disagreements(summaries[0]!, coverage) : [])],
      };
    },
  };
}

/** The file a point says it is in; 0 says nothing. */
function uidOf(point: XmlElement['attributes'], ofMethod: string | undefined): string | undefined {
  const uid = point['fileid'];
  return uid === undefined || uid === '0' ? ofMethod : uid;
}

function keyed(point: XmlElement['attributes'], names: readonly string[]): string {
  return names.map((name) => point[name] ?? '').join(' ');
}

function mark(points: Points, text: string, hit: boolean): void {
  const key = keyOf(text, 0, text.length);
  points.set(key, hit || points.get(key) === true);
}

function countOf(points: Points): Count | null {
  let part = 0;
  for (const hit of points.values()) if (hit) part += 1;
  return points.size > 0 ? { part, whole: points.size } : null;
}

function toFileCoverage([path, file]: [string, SourceFile]): FileCoverage {
  const lines = countHits(file.hits);
  return {
    path,
    lines: lines.whole > 0 ? lines : null,
    branches: countOf(file.branches),
    functions: countOf(file.methods),
    hits: compactHits(file.hits),
  };
}

function disagreements(summary: XmlElement['attributes'], coverage: Coverage): string[] {
  const stated = [
    ['sequence points', 'SequencePoints', coverage.statements],
    ['branch points', 'BranchPoints', coverage.branches],
  ] as const;
  return stated.flatMap(([what, key, found]) => {
    const [whole, part] = [summary[`num${key}`], summary[`visited${key}`]];
    const count = found ?? { part: 0, whole: 0 };
    if (whole === undefined || part === undefined || (Number(whole) === count.whole && Number(part) === count.part))
      return [];
    return [
      `the summary states ${part.slice(0, 20)} of ${whole.slice(0, 20)} ${what} and its methods list ${count.part} of ${count.whole}; the list counts`,
    ];
  });
}
