import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { LoadRun, Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { checkShape, jsonSession } from './shared/json.ts';
import { amount, onFirstUse, timestamp, wholeNumber } from './shared/schema.ts';

type Thresholds = LoadRun['thresholds'];
type Values = Readonly<Record<string, unknown>>;

/** The three shapes brought into one. */
interface Summary {
  readonly metrics: ReadonlyMap<string, Values>;
  readonly thresholds: Thresholds;
  readonly seconds: number | undefined;
  readonly metadata: z.infer<Schemas['metadata']>;
  readonly notices: readonly string[];
}

const schemas = onFirstUse(() => {
  const metadata = z.optional(z.object({ k6Version: z.optional(z.string()), generatedAt: timestamp }));
  const values = z.record(z.string(), z.unknown());
  const state = z.optional(z.object({ testRunDurationMs: amount }));

  const counter = z.object({ count: wholeNumber, rate: z.optional(amount) });
  /** Counts are `passes` and `fails`, or `matches` and `total`; the ratio is `rate`, or `value` in the flat shape. */
  const share = z.object({
    passes: z.optional(wholeNumber),
    fails: z.optional(wholeNumber),
    matches: z.optional(wholeNumber),
    total: z.optional(wholeNumber),
    rate: z.optional(z.number()),
    value: z.optional(z.number()),
  });

  /** What handleSummary() is given, and `JSON.stringify(data)` in it writes. */
  const nested = z.object({
    metadata,
    state,
    metrics: z.record(
      z.string(),
      z.object({ values, thresholds: z.optional(z.record(z.string(), z.object({ ok: z.boolean() }))) }),
    ),
  });

  /** What --summary-export writes: values stand beside the thresholds. */
  const flat = z.object({
    metadata,
    state,
    metrics: z.record(
      z.string(),
      z.catchall(z.object({ thresholds: z.optional(z.record(z.string(), z.boolean())) }), z.unknown()),
    ),
  });

  /** What k6 writes with --new-machine-readable-summary. */
  const machineReadable = z.object({
    version: z.string().check(z.regex(/^1\./, 'not version 1 of the summary')),
    metadata,
    config: z.object({ duration: amount }),
    results: z.object({ passed: z.optional(z.boolean()), metrics: z.array(z.object({ name: z.string(), values })) }),
  });
  return { metadata, counter, share, nested, flat, machineReadable };
});
type Schemas = ReturnType<typeof schemas>;

const builtIn =
  /"(?:http_reqs|iterations|iteration_duration|vus_max|data_sent)"\s*:\s*\{\s*"(?:type|contains|values|thresholds|count|rate|value|avg|min|max|med|p\()/;

/** k6's end-of-test summary in its three shapes. */
export const k6Summary: SignalReader = {
  id: 'k6-summary',
  title: 'k6 end-of-test summary',
  gives: ['load'],
  names: ['k6-summary*.json', 'summary.json'],
  countingUnit:
    'One HTTP request (`http_reqs`), redirects included; those that k6 did not expect the status of are failed (`http_req_failed`).',
  detects: ({ text }) =>
    /^\s*\{/.test(text) &&
    (/"root_group"\s*:\s*\{/.test(text) ||
      (/"k6Version"\s*:/.test(text) && /"metrics"\s*:\s*\[/.test(text)) ||
      (/"metrics"\s*:\s*\{/.test(text) && builtIn.test(text))),
  open: (file) => jsonSession(file, z.looseObject({}), (value) => toReading(file, normalise(file, value))),
};

function normalise(file: { readonly path: string }, value: Values): Summary {
  if ('results' in value) return fromMachineReadable(checkShape(file, schemas().machineReadable, value));
  const metrics = Object.values((value.metrics ?? {}) as Values);
  const isNested = metrics.some((each) => typeof each === 'object' && each !== null && 'values' in each);
  return isNested
    ? fromNested(checkShape(file, schemas().nested, value))
    : fromFlat(checkShape(file, schemas().flat, value));
}

function fromNested({ metrics, ...rest }: z.infer<Schemas['nested']>): Summary {
  const judged = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => ({ name: `${metric}: ${expression}`, passed: ok })),
  );
  const named = Object.entries(metrics).map(([name, metric]) => [name, metric.values] as const);
  return summaryOf(new Map(named), judged, rest);
}

function fromFlat({ metrics, ...rest }: z.infer<Schemas['flat']>): Summary {
  const judged = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    // Here `true` says that the threshold was crossed: https://github.com/grafana/k6-docs/issues/30
    Object.entries(thresholds).map(([expression, crossed]) => ({ name: `${metric}: ${expression}`, passed: !crossed })),
  );
  return summaryOf(new Map(Object.entries(metrics)), judged, rest);
}

function fromMachineReadable({ metadata: about, config, results }: z.infer<Schemas['machineReadable']>): Summary {
  const metrics = new Map(results.metrics.map((metric) => [metric.name, metric.values] as const));
  return {
    metrics,
    thresholds: results.passed === undefined ? [] : [{ name: 'all thresholds', passed: results.passed }],
    seconds: config.duration,
    metadata: about,
    notices: results.passed !== undefined ? [] : ['this shape of the summary does not say which thresholds passed'],
  };
}

function summaryOf(
  metrics: Summary['metrics'],
  thresholds: Thresholds,
  rest: Pick<z.infer<Schemas['flat']>, 'state' | 'metadata'>,
): Summary {
  const seconds = rest.state === undefined ? undefined : rest.state.testRunDurationMs / 1000;
  return { metrics, thresholds, seconds, metadata: rest.metadata, notices: [] };
}

function toReading(
  file: { readonly path: string },
  { metrics, thresholds, seconds, metadata: about, notices }: Summary,
): Reading {
  const requests = metrics.get('http_reqs');
  if (requests === undefined)
    throw new AqeError('AQE2007', 'there is no http_reqs metric; iterations are not requests', { path: file.path });
  const { count, rate } = checkShape(file, schemas().counter, requests);
  if (count === 0) throw new AqeError('AQE2007', 'no HTTP request was made', { path: file.path });
  const judged = judgedRequests(file, metrics.get('http_req_failed'));
  // A script may exclude requests from judgement: what became of those is not known, and so there is no error rate.
  const complete = judged !== null && judged.total === count;
  const durationSeconds = seconds ?? (rate ? count / rate : null);
  return {
    producer: { name: 'k6', ...(about?.k6Version ? { version: about.k6Version } : {}) },
    ...(about?.generatedAt ? { takenAt: about.generatedAt } : {}),
    facts: [
      {
        kind: 'load',
        requests: count,
        failed: complete ? judged.failed : null,
        durationSeconds,
        throughput: rate ?? (durationSeconds ? count / durationSeconds : null),
        latencyMs: percentiles(metrics.get('http_req_duration') ?? {}),
        thresholds,
      },
    ],
    notices: [
      ...notices,
      ...(complete ? [] : [`k6 judged ${judged?.total ?? 0} of ${count} requests, so there is no error rate`]),
    ],
  };
}

/** null when k6 did not judge requests at all. @throws AqeError AQE2003 when the numbers contradict the rate beside them. */
function judgedRequests(
  file: { readonly path: string },
  metric: Values | undefined,
): { readonly failed: number; readonly total: number } | null {
  if (metric === undefined) return null;
  const { passes, fails, matches, total, rate, value } = checkShape(file, schemas().share, metric);
  // A pass of this metric is a request that failed.
  const failed = matches ?? passes;
  const all = total ?? (passes === undefined || fails === undefined ? undefined : passes + fails);
  if (failed === undefined || all === undefined)
    throw new AqeError('AQE2003', 'http_req_failed has no counts', { path: file.path });
  const stated = rate ?? value;
  if (failed > all || (stated !== undefined && all > 0 && Math.abs(failed / all - stated) > 0.005))
    throw new AqeError('AQE2003', `http_req_failed counts ${failed} of ${all}, its rate is ${stated}`, {
      path: file.path,
    });
  return { failed, total: all };
}

function percentiles(trend: Values): Record<number, number> {
  const named = Object.entries(trend).flatMap(([key, value]) => {
    const rank = key === 'med' ? 50 : Number(/^p\((\d+(?:\.\d+)?)\)$/.exec(key)?.[1] ?? Number.NaN);
    return rank <= 100 && typeof value === 'number' && value >= 0 && value < Infinity ? [[rank, value] as const] : [];
  });
  return Object.fromEntries(named);
}
