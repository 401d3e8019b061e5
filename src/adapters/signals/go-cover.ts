import { AqeError } from '../../core/error/aqe-error.ts';
import {
  compactHits,
  countHits,
  coverageOfFiles,
  createHits,
  sumCounts,
  type GrowingLineHits,
} from '../../core/evidence/line-hits.ts';
import type { Count } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { keyOf } from './shared/keyed-hits.ts';
import { lineMarker } from './shared/line-marker.ts';
import { linesSession, type LineHandler } from './shared/lines.ts';
import { isHit, wholeNumber } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';

const mode = /^mode: (?:set|count|atomic)\s*$/;
/** `path:startLine.startColumn,endLine.endColumn statements count` */
const block = /^(.+):((\d{1,9})\.\d{1,9},(\d{1,9})\.\d{1,9}) (\d{1,9}) (\S+)\s*$/;

/** Lines that all blocks of a report may span together; the largest repositories have some millions. */
const maxMarked = 200_000_000;

/** Go cover profiles: `go test -coverprofile` and `go tool covdata textfmt`, also several of them one after the other. */
export const goCover: SignalReader = {
  id: 'go-cover',
  title: 'Go cover profile',
  gives: ['coverage'],
  names: ['coverage.out', 'cover.out', 'c.out', '*.coverprofile', 'coverprofile*.out', '*coverage*.out'],
  countingUnit:
    'A statement is one statement of a block, and a block listed twice is one block, executed if either says so; a line is one that a block with statements spans, executed if any of its blocks was. Go counts neither branches nor functions.',
  detects: ({ text }) => mode.test(/^\s*(.{0,40})/.exec(text)?.[1] ?? ''),
  open: (file) => linesSession(file, profileHandler(file.path)),
};

interface SourceFile {
  readonly hits: GrowingLineHits;
  /** By hash of its position: twice the number of its statements, and one more if it was executed. */
  readonly blocks: Map<number, number>;
}

function profileHandler(path: string): LineHandler {
  const files = new Map<string, SourceFile>();
  const marker = lineMarker(path);
  let seenMode = false;
  let profiles = 0;
  let marked = 0;
  const refuse = (detail: string, line?: number): never => {
    throw new AqeError('AQE2003', detail, { path, line });
  };

  const addBlock = (match: RegExpExecArray, line: number): void => {
    const [, name, position, from, to, statements, count] = match;
    let file = files.get(name!);
    if (!file) {
      file = { hits: createHits(), blocks: new Map() };
      files.set(ownText(name!), file);
    }
    const size = wholeNumber(statements!, 'the number of statements', path, line);
    const hit = isHit(count!, 'the count of a block', path, line);
    const key = keyOf(position!, 0, position!.length);
    const known = file.blocks.get(key) ?? 2 * size;
    if (known >> 1 !== size) refuse(`a block has ${size} statements here and ${known >> 1} elsewhere`, line);
    const isKnownSoFar = file.blocks.has(key) && (!hit || (known & 1) === 1);
    if (isKnownSoFar) return;
    file.blocks.set(key, hit ? known | 1 : known);
    if (Number(to) < Number(from)) refuse('a block ends before it starts', line);
    // The body of an empty function is a block as well; nothing in it can run.
    if (size === 0) return;
    marked += Number(to) - Number(from) + 1;
    if (marked > maxMarked) throw new AqeError('AQE2005', 'its blocks span too many lines', { path, line });
    for (let number = Number(from); number <= Number(to); number += 1) marker.mark(file.hits, number, hit);
  };

  return {
    line(text, line) {
      if (text.trim() === '') return;
      if (mode.test(text)) {
        seenMode = true;
        profiles += 1;
        return;
      }
      if (!seenMode) refuse('the first line is no `mode:` line', line);
      const match = block.exec(text);
      if (!match) return refuse('a line is no block of a cover profile', line);
      addBlock(match, line);
    },
    finish() {
      const coverage = coverageOfFiles(
        'go',
        Array.from(files, ([name, { hits }]) => {
          const lines = countHits(hits);
          return {
            path: name,
            lines: lines.whole > 0 ? lines : null,
            branches: null,
            functions: null,
            hits: compactHits(hits),
          };
        }),
      );
      const statements = sumCounts(Array.from(files.values(), statementsOf));
      if (!statements) throw new AqeError('AQE2007', 'it lists no statement', { path });
      return {
        producer: { name: 'go' },
        facts: [{ ...coverage, statements }],
        notices: [
          ...marker.notices(),
          ...(profiles > 1 ? [`profiles that stand one after the other, united: ${profiles}`] : []),
        ],
      };
    },
  };
}

function statementsOf({ blocks }: SourceFile): Count {
  const sum = { part: 0, whole: 0 };
  for (const value of blocks.values()) {
    sum.whole += value >> 1;
    if (value & 1) sum.part += value >> 1;
  }
  return sum;
}
