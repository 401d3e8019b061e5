import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { LatencyCounts } from '../shared/latency-counts.ts';
import { linesSession } from '../shared/lines.ts';

/** The line that begins a run; until version 2.2 the kind of a line was its third column. */
export const logStart =
  /^(?:ASSERTION\t[^\n]*\n)*(?:RUN\t[^\t\n]+\t[^\t\n]*\t\d{13}\t|[^\t\n]+\t[^\t\n]*\tRUN\t\d{13}\t)/;

/** `simulation.log` as text: columns between tabs, one line a request. Holds one line. */
export function gatlingLogSession(file: { readonly path: string }): ReadingSession {
  const latencies = new LatencyCounts();
  let version: string | undefined;
  let hasStarted = false;
  let requests = 0;
  let failed = 0;
  let errors = 0;
  let firstStart = Infinity;
  let lastEnd = -Infinity;
  const refuse = (code: 'AQE2002' | 'AQE2003', detail: string, line: number): never => {
    throw new AqeError(code, detail, { path: file.path, line });
  };
  return linesSession(file, {
    line(text, line) {
      const columns = text.split('\t');
      const kind = columns[0] === 'RUN' || columns[2] === 'RUN' ? 'RUN' : kindOf(columns);
      if (kind === 'RUN') {
        if (hasStarted) refuse('AQE2002', 'there is more than one run', line);
        hasStarted = true;
        version = /^\d+\.\d[\w.-]{0,20}$/.exec(columns.at(-1)!.trim())?.[0];
      } else if (kind === 'ERROR') errors += 1;
      else if (kind === 'REQUEST') {
        const request = requestOf(columns);
        if (!request) {
          refuse('AQE2002', 'a request without its times and outcome', line);
          return;
        }
        requests += 1;
        if (!request.isOk) failed += 1;
        latencies.add(request.end - request.start);
        firstStart = Math.min(firstStart, request.start);
        lastEnd = Math.max(lastEnd, request.end);
      }
    },
    finish() {
      if (!hasStarted) refuse('AQE2003', 'there is no line that begins a run', 1);
      if (requests === 0) throw new AqeError('AQE2007', 'no request was made', { path: file.path });
      const durationSeconds = (lastEnd - firstStart) / 1000;
      return {
        producer: { name: 'gatling', ...(version === undefined ? {} : { version }) },
        takenAt: new Date(lastEnd).toISOString(),
        facts: [
          {
            kind: 'load',
            requests,
            failed,
            durationSeconds,
            throughput: durationSeconds > 0 ? requests / durationSeconds : null,
            latencyMs: latencies.percentiles(),
            thresholds: [],
          },
        ],
        notices: errors > 0 ? [`errors of the simulation that are no requests: ${errors}`] : [],
      };
    },
  });
}

function kindOf(columns: readonly string[]): 'REQUEST' | 'ERROR' | null {
  if (columns[0] === 'REQUEST' || columns[0] === 'ERROR') return columns[0];
  return columns[2] === 'REQUEST' ? 'REQUEST' : null;
}

/** The times stand right before the outcome: two of them, or four as long as the kind of a line was its third column. */
function requestOf(
  columns: readonly string[],
): { readonly start: number; readonly end: number; readonly isOk: boolean } | null {
  const isTime = (index: number): boolean => /^\d{13}$/.test(columns[index] ?? '');
  const outcome = columns.findIndex((column, at) => /^(?:OK|KO)$/.test(column) && isTime(at - 1) && isTime(at - 2));
  if (outcome < 0) return null;
  let first = outcome - 2;
  while (columns[2] === 'REQUEST' && first > outcome - 4 && isTime(first - 1)) first -= 1;
  const start = Number(columns[first]);
  const end = Number(columns[outcome - 1]);
  return end < start ? null : { start, end, isOk: columns[outcome] === 'OK' };
}
