import { AqeError } from '../../core/error/aqe-error.ts';
import {
  compactHits,
  countHits,
  coverageOfFiles,
  createHits,
  type GrowingLineHits,
} from '../../core/evidence/line-hits.ts';
import type { Count, FileCoverage } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { lineMarker } from './shared/line-marker.ts';
import { wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

/** SonarQube's generic format for test coverage, version 1, as its users and gcovr, ReportGenerator and others write it. */
export const sonarGenericCoverage: SignalReader = {
  id: 'sonar-generic-coverage',
  title: 'SonarQube generic coverage',
  gives: ['coverage'],
  names: ['sonarqube-coverage*.xml', 'sonar-coverage*.xml', 'sonarqube*.xml', 'generic-coverage*.xml'],
  countingUnit:
    'A line is one (file, line number) with a `lineToCover`, a branch one of its `branchesToCover`; a line listed twice is one line, covered if either says so.',
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root !== 'coverage' || !/\sversion\s*=\s*["']1["']/.test(start.attributes)) return false;
    if (/\s(?:line-rate|lines-valid|clover|generated)\s*=/.test(start.attributes)) return false;
    return /<lineToCover[\s/>]|<file\s+path\s*=/.test(text) || /<coverage[^<>]*(?:\/>|>\s*<\/coverage>)/.test(text);
  },
  open: (file) => xmlSession(file, coverageHandler(file.path)),
};

interface SourceFile {
  readonly hits: GrowingLineHits;
  readonly branches: Map<number, Count>;
}

function coverageHandler(path: string): XmlHandler {
  const files = new Map<string, SourceFile>();
  const marker = lineMarker(path);
  let file: SourceFile | undefined;
  const refuse = (detail: string): never => {
    throw new AqeError('AQE2003', detail, { path });
  };

  const addLine = (attributes: XmlElement['attributes']): void => {
    if (!file) return refuse('<lineToCover> outside of a <file>');
    const number = wholeNumber(attributes['lineNumber'] ?? '', 'the lineNumber of a <lineToCover>', path);
    const covered = (attributes['covered'] ?? '').trim().toLowerCase();
    if (!['true', 'false', '1', '0'].includes(covered))
      refuse(`covered of line ${number} is ${JSON.stringify(covered.slice(0, 40))}, neither true nor false`);
    marker.mark(file.hits, number, covered === 'true' || covered === '1');
    if (attributes['branchesToCover'] === undefined || number === 0) return;
    const whole = wholeNumber(attributes['branchesToCover'], `branchesToCover of line ${number}`, path);
    const part = wholeNumber(attributes['coveredBranches'] ?? '0', `coveredBranches of line ${number}`, path);
    if (part > whole) refuse(`line ${number}: ${part} of ${whole} branches are said to be covered`);
    const known = file.branches.get(number);
    if (!known || whole > known.whole || (whole === known.whole && part > known.part))
      file.branches.set(number, { part, whole });
  };

  return {
    roots: ['coverage'],
    open({ name, attributes }, depth) {
      if (depth === 1 && attributes['version']?.trim() !== '1') refuse('its version is not 1');
      if (name === 'file') {
        const key = attributes['path'];
        if (!key) return refuse('a <file> has no path');
        file = files.get(key) ?? { hits: createHits(), branches: new Map() };
        files.set(ownText(key), file);
      } else if (name === 'lineToCover') addLine(attributes);
    },
    close(name) {
      if (name === 'file') file = undefined;
    },
    finish() {
      const coverage = coverageOfFiles('unknown', Array.from(files, toFileCoverage));
      if (!coverage.lines) throw new AqeError('AQE2007', 'it has no line that can be covered', { path });
      return { producer: { name: 'unknown' }, facts: [coverage], notices: marker.notices() };
    },
  };
}

function toFileCoverage([path, file]: [string, SourceFile]): FileCoverage {
  const lines = countHits(file.hits);
  const branches = { part: 0, whole: 0 };
  for (const { part, whole } of file.branches.values()) {
    branches.part += part;
    branches.whole += whole;
  }
  return {
    path,
    lines: lines.whole > 0 ? lines : null,
    branches: branches.whole > 0 ? branches : null,
    functions: null,
    hits: compactHits(file.hits),
  };
}
