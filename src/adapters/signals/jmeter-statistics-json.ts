import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { checkShape, jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { amount, onFirstUse, wholeNumber } from './shared/schema.ts';

const schemas = onFirstUse(() => {
  const row = z.object({
    sampleCount: wholeNumber,
    errorCount: wholeNumber,
    medianResTime: z.optional(amount),
    pct1ResTime: amount,
    pct2ResTime: amount,
    pct3ResTime: amount,
    throughput: z.optional(amount),
  });
  return { row, labels: z.record(z.string(), z.looseObject({})) };
});

const isRow = (value: unknown): boolean =>
  ['transaction', 'sampleCount', 'errorCount', 'pct1ResTime'].every((key) => key in objectOf(value));

/**
 * `statistics.json` of JMeter's dashboard: the row `Total`, which leaves transactions out. The file does not name its three
 * percentiles; unless `aggregate_rpt_pct1` to `3` were changed they are p90, p95 and p99.
 */
export const jmeterStatisticsJson: SignalReader = {
  id: 'jmeter-statistics-json',
  title: 'JMeter dashboard statistics',
  gives: ['load'],
  names: ['statistics.json'],
  countingUnit: 'One sample of the row `Total`, which has no transactions; failed is what JMeter calls no success.',
  detects: ({ text }) => Object.values(objectOf(jsonHead(text))).some(isRow),
  open: (file) =>
    jsonSession(file, schemas().labels, (labels) => {
      const rows = new Map(Object.entries(labels));
      if (!rows.has('Total')) throw new AqeError('AQE2003', 'there is no row Total', { path: file.path });
      const row = checkShape(file, schemas().row, rows.get('Total'));
      if (row.sampleCount === 0) throw new AqeError('AQE2007', 'there is no sample', { path: file.path });
      if (row.errorCount > row.sampleCount)
        throw new AqeError('AQE2003', `${row.errorCount} errors in ${row.sampleCount} samples`, { path: file.path });
      const listed = [...rows].flatMap(([label, value]) =>
        label === 'Total' ? [] : [Number(objectOf(value)['sampleCount']) || 0],
      );
      const sum = listed.reduce((a, b) => a + b, 0);
      return {
        producer: { name: 'jmeter' },
        facts: [
          {
            kind: 'load',
            requests: row.sampleCount,
            failed: row.errorCount,
            durationSeconds: null,
            throughput: row.throughput ?? null,
            latencyMs: {
              ...(row.medianResTime === undefined ? {} : { 50: row.medianResTime }),
              90: row.pct1ResTime,
              95: row.pct2ResTime,
              99: row.pct3ResTime,
            },
            thresholds: [],
          },
        ],
        notices: [
          'the file does not name its percentiles; they are taken as p90, p95 and p99, which JMeter writes by default',
          // Transactions make the sum greater, nothing makes it less.
          ...(sum < row.sampleCount ? [`the rows have ${sum} samples together, Total has ${row.sampleCount}`] : []),
        ],
      };
    }),
};
