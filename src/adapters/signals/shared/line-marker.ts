import { AqeError } from '../../../core/error/aqe-error.ts';
import { markLine, maxHitBytes, maxLine, type GrowingLineHits } from '../../../core/evidence/line-hits.ts';

/** Marks lines of all files of one report, within the memory that their bit sets may take together. */
export interface LineMarker {
  /** Line 0, which no source file has, is left out. @throws AqeError AQE2005 */
  mark(hits: GrowingLineHits, line: number, hit: boolean): void;
  /** What was left out. */
  notices(): string[];
}

export function lineMarker(path: string): LineMarker {
  let bytes = 0;
  let lineZero = 0;
  const refuse = (detail: string): never => {
    throw new AqeError('AQE2005', detail, { path });
  };
  return {
    mark(hits, line, hit) {
      if (line === 0) {
        lineZero += 1;
        return;
      }
      if (line > maxLine) refuse(`line number ${line} is above ${maxLine}`);
      bytes -= hits.instrumented.length;
      markLine(hits, line, hit);
      bytes += hits.instrumented.length;
      if (2 * bytes > maxHitBytes) refuse('line numbers too high for too many files');
    },
    notices: () => (lineZero > 0 ? [`entries of line 0, ignored: ${lineZero}`] : []),
  };
}
