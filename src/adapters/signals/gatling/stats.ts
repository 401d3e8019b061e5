import * as z from 'zod/mini';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from '../shared/json.ts';
import { plainNumber } from '../shared/numbers.ts';
import { onFirstUse } from '../shared/schema.ts';

const schema = onFirstUse(() => {
  const figure = z.object({ total: z.union([z.number(), z.string()]) });
  const stats = z.object({
    numberOfRequests: z.object({
      total: z.union([z.number(), z.string()]),
      ok: z.union([z.number(), z.string()]),
      ko: z.union([z.number(), z.string()]),
    }),
    percentiles1: z.optional(figure),
    percentiles2: z.optional(figure),
    percentiles3: z.optional(figure),
    percentiles4: z.optional(figure),
    meanNumberOfRequestsPerSecond: figure,
  });
  return z.union([z.object({ stats }), stats]);
});
type Shape = z.infer<ReturnType<typeof schema>>;
type Stats = Exclude<Shape, { stats: unknown }>;

/** Whether the text begins as statistics of all requests, alone or with those of each request. */
export function isStats(text: string): boolean {
  const head = objectOf(jsonHead(text));
  return [head, objectOf(head['stats'])].some((stats) => 'numberOfRequests' in stats && 'meanResponseTime' in stats);
}

export function gatlingStatsSession(file: { readonly path: string }): ReadingSession {
  return jsonSession(file, schema(), (value) => toReading('stats' in value ? value.stats : value, file.path));
}

function toReading(stats: Stats, path: string): Reading {
  const count = (key: 'total' | 'ok' | 'ko'): number => {
    const value = numberOf(stats.numberOfRequests[key]) ?? (key === 'total' ? NaN : 0);
    if (!Number.isInteger(value) || value > 1e12)
      throw new AqeError('AQE2003', `numberOfRequests.${key} is not a count`, { path });
    return value;
  };
  const requests = count('ok') + count('ko');
  const total = count('total');
  if (total === 0) throw new AqeError('AQE2007', 'no request was made', { path });
  // Version 1 had two percentiles.
  const ranks = stats.percentiles3 === undefined ? [95, 99] : [50, 75, 95, 99];
  const figures = [stats.percentiles1, stats.percentiles2, stats.percentiles3, stats.percentiles4];
  const named = ranks.flatMap((rank, index) => {
    const value = numberOf(figures[index]?.total);
    return value === null ? [] : [[rank, value] as const];
  });
  return {
    producer: { name: 'gatling' },
    facts: [
      {
        kind: 'load',
        requests: total,
        failed: requests === total ? count('ko') : null,
        durationSeconds: null,
        throughput: numberOf(stats.meanNumberOfRequestsPerSecond.total),
        latencyMs: Object.fromEntries(named),
        thresholds: [],
      },
    ],
    notices: [
      `the file does not name its percentiles; they are taken as ${ranks.map((rank) => `p${rank}`).join(', ')}, which Gatling writes by default`,
      ...(requests === total ? [] : [`${total} requests stated, ${requests} are OK or KO: there is no error rate`]),
    ],
  };
}

/** Some versions write numbers as text, and `-` for none. */
function numberOf(value: number | string | undefined): number | null {
  if (typeof value === 'number') return value >= 0 ? value : null;
  return plainNumber(value);
}
