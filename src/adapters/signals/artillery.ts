import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { LoadRun, Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { instantOfEpoch } from './shared/epoch.ts';
import { checkShape, jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { amount, onFirstUse, wholeNumber } from './shared/schema.ts';

const schemas = onFirstUse(() => {
  const counts = z.record(z.string(), wholeNumber);
  // A percentile of nothing is null.
  const summary = z.record(z.string(), z.nullable(z.number()));
  const second = z.object({
    // Those of plugins and of scripts may be any number.
    counters: z.record(z.string(), z.number()),
    rates: z.optional(z.record(z.string(), z.nullable(amount))),
    summaries: z.optional(z.record(z.string(), summary)),
    histograms: z.optional(z.record(z.string(), summary)),
    firstMetricAt: z.nullish(amount),
    lastMetricAt: z.nullish(amount),
  });
  const first = z.object({
    requestsCompleted: wholeNumber,
    rps: z.optional(z.object({ count: wholeNumber, mean: z.nullish(z.number()) })),
    latency: summary,
    codes: counts,
    errors: counts,
  });
  return { report: z.object({ aggregate: z.union([first, second]) }), second, first, counts };
});
type Schemas = ReturnType<typeof schemas>;

/** What became of the requests, whatever the version. */
interface Outcome {
  readonly sent: number;
  readonly answered: number;
  /** Answers by status. */
  readonly codes: ReadonlyMap<string, number>;
  readonly durationSeconds: number | null;
  readonly throughput: number | null;
  readonly latency: Readonly<Record<string, number | null>>;
  readonly takenAt: string | undefined;
  readonly notices: readonly string[];
}

/** Artillery's JSON report of version 1 and version 2. */
export const artillery: SignalReader = {
  id: 'artillery',
  title: 'Artillery JSON',
  gives: ['load'],
  names: ['artillery*.json'],
  countingUnit:
    'One HTTP request that was sent; those without an answer and those answered with status 400 and above are failed.',
  detects({ text }) {
    const aggregate = objectOf(objectOf(jsonHead(text))['aggregate']);
    if ('counters' in aggregate && ('rates' in aggregate || 'period' in aggregate)) return true;
    return ['scenariosCreated', 'requestsCompleted', 'latency'].every((key) => key in aggregate);
  },
  open: (file) =>
    jsonSession(file, schemas().report, ({ aggregate }) =>
      toReading('requestsCompleted' in aggregate ? ofFirst(aggregate) : ofSecond(aggregate, file), file.path),
    ),
};

function ofSecond(aggregate: z.infer<Schemas['second']>, file: { readonly path: string }): Outcome {
  // Before 2.0.0 was done, names began with `engine.`.
  const prefix = 'http.requests' in aggregate.counters ? 'http.' : 'engine.http.';
  const wanted = Object.entries(aggregate.counters).filter(([name]) =>
    /^(?:engine\.)?http\.|^plugins\.expect\./.test(name),
  );
  const counters = new Map(Object.entries(checkShape(file, schemas().counts, Object.fromEntries(wanted))));
  const count = (name: string): number => counters.get(name) ?? 0;
  const sent = count(`${prefix}requests`);
  const { firstMetricAt: first, lastMetricAt: last } = aggregate;
  const seconds = first && last && last > first ? (last - first) / 1000 : null;
  const failedExpectations = count('plugins.expect.failed');
  return {
    sent,
    answered: count(`${prefix}responses`),
    codes: new Map(
      [...counters].flatMap(([name, value]) =>
        name.startsWith(`${prefix}codes.`) ? [[name.slice(prefix.length + 6), value] as const] : [],
      ),
    ),
    durationSeconds: seconds,
    // The rate that the report states is the mean of its periods, of which the last is not a whole one.
    throughput: seconds ? sent / seconds : (aggregate.rates?.[`${prefix}request_rate`] ?? null),
    latency: aggregate.summaries?.[`${prefix}response_time`] ?? aggregate.histograms?.[`${prefix}response_time`] ?? {},
    takenAt: last ? instantOfEpoch(String(last)) : undefined,
    notices:
      failedExpectations > 0
        ? [`${failedExpectations} expectations of the test were not met; requests are judged by status`]
        : [],
  };
}

function ofFirst(aggregate: z.infer<Schemas['first']>): Outcome {
  const answered = aggregate.requestsCompleted;
  const errors = Object.values(aggregate.errors).reduce((sum, value) => sum + value, 0);
  const rate = aggregate.rps?.mean;
  return {
    sent: aggregate.rps?.count ?? answered + errors,
    answered,
    codes: new Map(Object.entries(aggregate.codes)),
    durationSeconds: null,
    throughput: rate !== undefined && rate !== null && rate >= 0 ? rate : null,
    latency: aggregate.latency,
    takenAt: undefined,
    notices: [],
  };
}

function toReading({ sent, answered, codes, ...rest }: Outcome, path: string): Reading {
  if (sent + answered === 0) throw new AqeError('AQE2007', 'no HTTP request was made', { path });
  const requests = Math.max(sent, answered);
  let judged = 0;
  let errorAnswers = 0;
  for (const [code, count] of codes) {
    judged += count;
    if (!/^[123]\d\d$/.test(code)) errorAnswers += count;
  }
  const isComplete = judged === answered && sent >= answered;
  return {
    producer: { name: 'artillery' },
    ...(rest.takenAt === undefined ? {} : { takenAt: rest.takenAt }),
    facts: [
      {
        kind: 'load',
        requests,
        failed: isComplete ? requests - answered + errorAnswers : null,
        durationSeconds: rest.durationSeconds,
        throughput: rest.throughput,
        latencyMs: percentiles(rest.latency),
        thresholds: [],
      },
    ],
    notices: [
      ...rest.notices,
      ...(isComplete
        ? []
        : [`${sent} requests, ${answered} answers, ${judged} of them with a status: there is no error rate`]),
    ],
  };
}

/** `p999` is p99.9. */
function percentiles(latency: Outcome['latency']): LoadRun['latencyMs'] {
  const named = Object.entries(latency).flatMap(([key, value]) => {
    const digits = key === 'median' ? '50' : /^p(\d{1,4}(?:\.\d+)?)$/.exec(key)?.[1];
    if (digits === undefined || value === null || !(value >= 0)) return [];
    return [
      [
        Number(digits.length > 2 && !digits.includes('.') ? `${digits.slice(0, 2)}.${digits.slice(2)}` : digits),
        value,
      ] as const,
    ];
  });
  return Object.fromEntries(named);
}
