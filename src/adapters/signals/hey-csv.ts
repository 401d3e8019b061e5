import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { csvSession } from './shared/csv.ts';
import { LatencyCounts } from './shared/latency-counts.ts';

/** hey keeps the results of this many requests. */
const heldResults = 1_000_000;

/** hey's `-o csv`: a record for each answer, in seconds. It has no requests that stayed without an answer, and so no error rate. */
export const heyCsv: SignalReader = {
  id: 'hey-csv',
  title: 'hey CSV',
  gives: ['load'],
  names: ['hey*.csv'],
  countingUnit:
    'One answer; requests without an answer are not in the file, so that there is no error rate. Percentiles are by nearest rank in steps of 0.1 ms, exact up to 6.5 s.',
  detects: ({ text }) => /^\s*response-time,DNS\+dialup,DNS,/.test(text),
  open(file) {
    const latencies = new LatencyCounts();
    let header: readonly string[] | undefined;
    let answers = 0;
    let errorAnswers = 0;
    let lastEnd = 0;
    return csvSession(file, ',', {
      record(fields, line) {
        if (!header) {
          header = fields.map((column) => column.trim());
          return;
        }
        if (fields.length !== header.length)
          throw new AqeError('AQE2002', `a record of ${fields.length} fields under ${header.length} columns`, {
            path: file.path,
            line,
          });
        const field = (column: string): string | undefined => fields[header!.indexOf(column)];
        const seconds = (column: string): number => {
          const text = field(column) ?? '';
          if (!/^\d{1,9}(?:\.\d{1,9})?$/.test(text))
            throw new AqeError('AQE2003', `${column} is ${JSON.stringify(text.slice(0, 40))}, not seconds`, {
              path: file.path,
              line,
            });
          return Number(text);
        };
        const time = seconds('response-time');
        answers += 1;
        if (/^[45]\d\d$/.test(field('status-code') ?? '')) errorAnswers += 1;
        latencies.add(Math.round(time * 10_000));
        if (header.includes('offset')) lastEnd = Math.max(lastEnd, seconds('offset') + time);
      },
      finish() {
        if (answers === 0) throw new AqeError('AQE2007', 'no request was answered', { path: file.path });
        const durationSeconds = lastEnd > 0 ? Math.round(lastEnd * 10_000) / 10_000 : null;
        return {
          producer: { name: 'hey' },
          facts: [
            {
              kind: 'load',
              requests: answers,
              failed: null,
              durationSeconds,
              throughput: durationSeconds === null ? null : answers / durationSeconds,
              latencyMs: latencies.percentiles(10),
              thresholds: [],
            },
          ],
          notices: [
            `${errorAnswers} of ${answers} answers have status 400 or above; requests without an answer are not in hey's CSV, so there is no error rate (its text output has both)`,
            ...(answers >= heldResults
              ? [`hey lists no more than ${heldResults} answers; there may have been more`]
              : []),
          ],
        };
      },
    });
  },
};
