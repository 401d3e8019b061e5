import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { csvSession } from './shared/csv.ts';
import { plainNumber, wholeNumber } from './shared/numbers.ts';

interface Row {
  readonly requests: number;
  readonly failed: number;
  readonly field: (column: string) => string | undefined;
}

/** Locust's `…_stats.csv` and, before version 0.14, `…_requests.csv`: the last row sums up the others. */
export const locustCsv: SignalReader = {
  id: 'locust-csv',
  title: 'Locust statistics (CSV)',
  gives: ['load'],
  names: ['*_stats.csv', 'locust*.csv'],
  countingUnit:
    'One request of the row `Aggregated` (`Total` before version 1); failed is what Locust calls a failure.',
  detects: ({ text }) =>
    /^\s*"?(?:Type|Method)"?,"?Name"?,"?(?:Request Count|# requests)"?,"?(?:Failure Count|# failures)"?,/.test(text),
  open(file) {
    let header: readonly string[] | undefined;
    let total: Row | undefined;
    const sum = { requests: 0, failed: 0 };
    return csvSession(file, ',', {
      record(fields, line) {
        if (!header) {
          header = fields.map((column) => column.trim().toLowerCase());
          return;
        }
        const columns = header;
        if (total)
          throw new AqeError('AQE2002', 'there are rows behind the one that sums up', { path: file.path, line });
        if (fields.length < columns.length)
          throw new AqeError('AQE2002', `a record of ${fields.length} fields under ${columns.length} columns`, {
            path: file.path,
            line,
          });
        const field = (column: string): string | undefined => fields[columns.indexOf(column)];
        const row: Row = {
          requests: wholeNumber(
            field('request count') ?? field('# requests') ?? '',
            'the request count',
            file.path,
            line,
          ),
          failed: wholeNumber(
            field('failure count') ?? field('# failures') ?? '',
            'the failure count',
            file.path,
            line,
          ),
          field,
        };
        // A request may be named Total; the row that sums up has no type.
        const isTotal = /^(?:Aggregated|Total)$/.test(fields[1]!) && /^(?:None)?$/.test(fields[0]!.trim());
        if (isTotal) total = row;
        else {
          sum.requests += row.requests;
          sum.failed += row.failed;
        }
      },
      finish() {
        if (!header || (!total && sum.requests > 0))
          throw new AqeError('AQE2002', 'there is no row that sums up: Aggregated or Total', { path: file.path });
        if (!total || total.requests + Math.max(total.failed, sum.failed) === 0)
          throw new AqeError('AQE2007', 'no request was made', { path: file.path });
        return toReading(total, sum, header);
      },
    });
  },
};

function toReading(
  total: Row,
  sum: { readonly requests: number; readonly failed: number },
  header: readonly string[],
): Reading {
  const failed = Math.max(total.failed, sum.failed);
  // The first versions did not count a request that failed among the requests.
  const requests = failed > total.requests ? total.requests + failed : total.requests;
  const rate = plainNumber(total.field('requests/s'));
  return {
    producer: { name: 'locust' },
    facts: [
      {
        kind: 'load',
        requests,
        failed,
        durationSeconds: null,
        throughput: rate,
        latencyMs: percentiles(total, header),
        thresholds: [],
      },
    ],
    notices: [
      ...(sum.requests === total.requests
        ? []
        : [`the rows have ${sum.requests} requests together, their sum is stated as ${total.requests}`]),
      ...(sum.failed === total.failed
        ? []
        : [
            `the rows have ${sum.failed} failures together, their sum is stated as ${total.failed}; the higher one counts`,
          ]),
    ],
  };
}

function percentiles(total: Row, header: readonly string[]): Record<number, number> {
  const named = header.flatMap((column) => {
    const rank = /^(\d{1,2}(?:\.\d+)?)%$/.exec(column)?.[1];
    const value = rank === undefined ? null : plainNumber(total.field(column));
    return rank === undefined || value === null ? [] : [[Number(rank), value] as const];
  });
  if (named.length > 0) return Object.fromEntries(named);
  const median = plainNumber(total.field('median response time'));
  return median === null ? {} : { 50: median };
}
