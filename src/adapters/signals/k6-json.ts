import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { instantOfMilliseconds } from './shared/epoch.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { LatencyCounts } from './shared/latency-counts.ts';
import { amount, onFirstUse } from './shared/schema.ts';

const schema = onFirstUse(() => z.object({ data: z.object({ time: z.string(), value: amount }) }));

const isOfStream = (value: unknown): boolean => {
  const { type, metric, data } = objectOf(value);
  return (
    (type === 'Metric' || type === 'Point') && typeof metric === 'string' && Object.keys(objectOf(data)).length > 0
  );
};

/** What k6 writes with `--out json`: one value a line for each metric and each of its points. */
export const k6Json: SignalReader = {
  id: 'k6-json',
  title: 'k6 points (NDJSON)',
  gives: ['load'],
  names: ['k6*.ndjson', 'k6*.jsonl'],
  countingUnit:
    'One HTTP request (`http_reqs`), redirects included; those that k6 did not expect the status of are failed (`http_req_failed`). Percentiles are by nearest rank in microseconds, rounded up by less than 0.025 % above 65 ms.',
  detects: ({ text }) => isOfStream(jsonHead(text)),
  open(file) {
    const latencies = new LatencyCounts();
    let requests = 0;
    let judged = 0;
    let failed = 0;
    let firstStart = Infinity;
    let lastEnd = -Infinity;
    return jsonSequenceSession(file, {
      value(value) {
        const { type, metric } = objectOf(value);
        if (type !== 'Point' || typeof metric !== 'string' || !metric.startsWith('http_req')) return;
        if (metric === 'http_reqs') requests += checkShape(file, schema(), value).data.value;
        else if (metric === 'http_req_failed') {
          judged += 1;
          if (checkShape(file, schema(), value).data.value > 0) failed += 1;
        } else if (metric === 'http_req_duration') {
          const { data } = checkShape(file, schema(), value);
          latencies.add(Math.round(data.value * 1000));
          const end = Date.parse(data.time);
          if (Number.isNaN(end)) throw new AqeError('AQE2003', 'a point has no time', { path: file.path });
          firstStart = Math.min(firstStart, end - data.value);
          lastEnd = Math.max(lastEnd, end);
        }
      },
      finish() {
        if (!Number.isSafeInteger(requests))
          throw new AqeError('AQE2003', 'the values of http_reqs do not add up to a number of requests', {
            path: file.path,
          });
        if (requests === 0) throw new AqeError('AQE2007', 'no HTTP request was made', { path: file.path });
        const takenAt = instantOfMilliseconds(lastEnd);
        const durationSeconds = lastEnd > firstStart ? Math.round(lastEnd - firstStart) / 1000 : null;
        return {
          producer: { name: 'k6' },
          ...(takenAt ? { takenAt } : {}),
          facts: [
            {
              kind: 'load',
              requests,
              failed: judged === requests ? failed : null,
              durationSeconds,
              throughput: durationSeconds ? requests / durationSeconds : null,
              latencyMs: latencies.percentiles(1000),
              thresholds: [],
            },
          ],
          notices: [
            'the points do not say which thresholds passed; the end-of-test summary does',
            ...(judged === requests ? [] : [`k6 judged ${judged} of ${requests} requests, so there is no error rate`]),
          ],
        };
      },
    });
  },
};
