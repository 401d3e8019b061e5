import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonSession } from './shared/json.ts';
import { amount, onFirstUse, timestamp, wholeNumber } from './shared/schema.ts';

const schema = onFirstUse(() =>
  z.object({
    duration: amount,
    finish: timestamp,
    errors: wholeNumber,
    mismatches: z.prefault(wholeNumber, 0),
    '4xx': wholeNumber,
    '5xx': wholeNumber,
    connections: z.prefault(wholeNumber, 1),
    pipelining: z.prefault(wholeNumber, 1),
    requests: z.object({ total: wholeNumber, sent: z.optional(wholeNumber) }),
    latency: z.catchall(z.object({ totalCount: z.optional(wholeNumber) }), amount),
  }),
);

/**
 * autocannon's --json output. `errors` are requests without an answer, time-outs among them; error answers are only in
 * the status classes. There is no p95: the percentiles are p90, p97.5, p99 and others.
 */
export const autocannon: SignalReader = {
  id: 'autocannon',
  title: 'autocannon JSON',
  gives: ['load'],
  names: ['autocannon*.json'],
  countingUnit:
    'One answered request, or one request that ended in an error or time-out; answers of status 400 and above are failed.',
  detects: ({ text }) => /^\s*\{/.test(text) && /"non2xx"\s*:\s*\d/.test(text) && /"2xx"\s*:\s*\d/.test(text),
  open: (file) =>
    jsonSession(file, schema(), ({ duration, finish, errors, mismatches, latency, ...run }) => {
      const answered = run.requests.total;
      const errorAnswers = run['4xx'] + run['5xx'];
      if (answered + errors === 0) throw new AqeError('AQE2007', 'no request was sent', { path: file.path });
      if (errorAnswers > answered)
        throw new AqeError('AQE2003', `${errorAnswers} error answers in ${answered} answers`, { path: file.path });
      const timed = latency.totalCount ?? answered;
      // A server that drops the connection raises no error in autocannon. Each connection may still wait for its last answers.
      const open = run.connections * run.pipelining;
      const lost = (run.requests.sent ?? 0) - answered - errors;
      return {
        producer: { name: 'autocannon' },
        ...(finish === undefined ? {} : { takenAt: finish }),
        facts: [
          {
            kind: 'load',
            requests: answered + errors,
            failed: lost > open ? null : errorAnswers + errors,
            durationSeconds: duration,
            throughput: duration > 0 ? answered / duration : null,
            // A histogram without entries has zeros in every place.
            latencyMs: timed === 0 ? {} : percentiles(latency),
            thresholds: [],
          },
        ],
        notices: [
          ...(mismatches > 0
            ? [`${mismatches} answers did not have the expected body; they are not counted as failed`]
            : []),
          ...(lost > open
            ? [
                `${lost} of ${run.requests.sent} requests sent have no outcome, so there is no error rate (a run with --overallRate counts up to a second of requests too many as sent)`,
              ]
            : []),
          ...(timed < answered ? [`latencies cover ${timed} of ${answered} answers`] : []),
        ],
      };
    }),
};

function percentiles(latency: Readonly<Record<string, number | undefined>>): Record<number, number> {
  const named = Object.entries(latency).flatMap(([key, value]) => {
    const digits = /^p(\d+(?:_\d+)?)$/.exec(key)?.[1];
    const rank = Number(digits?.replace('_', '.') ?? Number.NaN);
    return rank <= 100 && value !== undefined ? [[rank, value] as const] : [];
  });
  return Object.fromEntries(named);
}
