/** Writers of the summaries of load tests. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import {
  anyLine,
  lineBreak,
  writeTable,
  anyText,
  jsonStyle,
  luck,
  often,
  unknownKeys,
  writeJson,
  writeXml,
  xml,
  xmlStyle,
  type Luck,
} from './documents.ts';

const began = 1_772_439_304_000;

/** What a summary knows. */
interface Summary {
  readonly answered: number;
  readonly errorAnswers: number;
  readonly unanswered: number;
  readonly seconds: number;
  /** Milliseconds at p50, p75, p90, p95, p99 and p99.9. */
  readonly latency: readonly number[];
}

const ranks = [50, 75, 90, 95, 99, 99.9] as const;

const summary: fc.Arbitrary<Summary> = fc
  .record({
    answered: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900_000 })),
    share: fc.constantFrom(0, 0, 0.01, 0.5, 1),
    unanswered: fc.constantFrom(0, 0, 1, 70),
    seconds: fc.integer({ min: 1, max: 7200 }),
    latency: fc.array(fc.integer({ min: 1, max: 59_000 }), { minLength: 6, maxLength: 6 }),
  })
  .map(({ share, latency, ...rest }) => ({
    ...rest,
    errorAnswers: Math.floor(rest.answered * share),
    latency: latency.toSorted((a, b) => a - b),
  }));

function latencyAt(of: Summary, wanted: readonly number[]): Readonly<Record<number, number>> {
  return Object.fromEntries(
    ranks.flatMap((rank, index) => (wanted.includes(rank) ? [[rank, of.latency[index]!]] : [])),
  );
}

function at(of: Summary, rank: (typeof ranks)[number]): number {
  return of.latency[ranks.indexOf(rank)]!;
}

function summaryFact(of: Summary, wanted: readonly number[], otherwise: object = {}): object {
  const requests = of.answered + of.unanswered;
  return {
    kind: 'load',
    requests,
    failed: of.errorAnswers + of.unanswered,
    latencyMs: latencyAt(of, wanted),
    ...otherwise,
  };
}

interface Written {
  readonly value: unknown;
  readonly fact: object;
}

function jsonDocuments(path: string, write: (all: Summary, of: Luck) => Written): fc.Arbitrary<Document> {
  return fc.record({ all: summary, style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const { value, fact } = write(all, of);
    return { path, text: writeJson(value, style), expected: [fact] };
  });
}

function textDocuments(
  path: string,
  write: (all: Summary, of: Luck) => { readonly lines: readonly string[]; readonly fact: object },
): fc.Arbitrary<Document> {
  return fc.record({ all: summary, lineBreak, of: luck }).map(({ all, of, ...style }) => {
    const { lines, fact } = write(all, of);
    return { path, text: lines.join(style.lineBreak) + style.lineBreak, expected: [fact] };
  });
}

const k6Ranks = [50, 90, 95, 99] as const;

function k6Metrics(all: Summary): { readonly counts: object; readonly failed: object; readonly trend: object } {
  const requests = all.answered + all.unanswered;
  const failed = all.errorAnswers + all.unanswered;
  return {
    counts: { count: requests, rate: requests / all.seconds },
    failed: { passes: failed, fails: requests - failed },
    trend: {
      avg: 3.2,
      min: 0.1,
      med: at(all, 50),
      max: 99_999,
      'p(90)': at(all, 90),
      'p(95)': at(all, 95),
      'p(99)': at(all, 99),
    },
  };
}

const k6Nested: RoundTrip = {
  name: 'k6-summary',
  documents: jsonDocuments('k6-summary.json', (all, of) => {
    const { counts, failed, trend } = k6Metrics(all);
    const requests = all.answered + all.unanswered;
    const ok = of() % 2 === 0;
    const value = {
      root_group: { name: '', path: '', id: 'd41d8', groups: [], checks: [] },
      options: { summaryTrendStats: ['avg'], noColor: false },
      state: { isStdErrTTY: false, testRunDurationMs: all.seconds * 1000 },
      metrics: {
        http_reqs: { type: 'counter', contains: 'default', values: counts },
        http_req_failed: {
          type: 'rate',
          contains: 'default',
          values: { ...failed, rate: (all.errorAnswers + all.unanswered) / requests },
        },
        http_req_duration: { type: 'trend', contains: 'time', values: trend, thresholds: { 'p(95)<500': { ok } } },
      },
      ...unknownKeys(of),
    };
    const thresholds = [{ name: 'http_req_duration: p(95)<500', passed: ok }];
    return { value, fact: summaryFact(all, k6Ranks, { durationSeconds: all.seconds, thresholds }) };
  }),
};

/** Here a threshold that was crossed is `true`. */
const k6Flat: RoundTrip = {
  name: 'k6-summary --summary-export',
  documents: jsonDocuments('summary.json', (all, of) => {
    const { counts, failed, trend } = k6Metrics(all);
    const requests = all.answered + all.unanswered;
    const crossed = of() % 2 === 0;
    const value = {
      root_group: { name: '', path: '', id: 'd41d8', groups: {}, checks: {} },
      metrics: {
        http_req_duration: { ...trend, thresholds: { 'p(95)<500': crossed } },
        http_req_failed: { ...failed, value: (all.errorAnswers + all.unanswered) / requests },
        http_reqs: counts,
      },
    };
    const thresholds = [{ name: 'http_req_duration: p(95)<500', passed: !crossed }];
    return { value, fact: summaryFact(all, k6Ranks, { thresholds }) };
  }),
};

const k6Machine: RoundTrip = {
  name: 'k6-summary machine-readable',
  documents: jsonDocuments('k6-summary.json', (all, of) => {
    const { counts, failed, trend } = k6Metrics(all);
    const { passes } = failed as { readonly passes: number };
    const requests = all.answered + all.unanswered;
    const passed = of() % 2 === 0;
    const value = {
      version: '1.0.0',
      metadata: { generatedAt: '2026-03-02T08:15:04Z', k6Version: '1.5.0' },
      config: { script: 'a.js', duration: all.seconds, execution: 'local' },
      results: {
        checks: [],
        metrics: [
          { name: 'http_reqs', type: 'counter', contains: 'default', values: counts },
          {
            name: 'http_req_failed',
            type: 'rate',
            contains: 'default',
            values: { matches: passes, total: requests, rate: passes / requests },
          },
          { name: 'http_req_duration', type: 'trend', contains: 'time', values: trend },
        ],
        passed,
      },
    };
    const thresholds = [{ name: 'all thresholds', passed }];
    return { value, fact: summaryFact(all, k6Ranks, { durationSeconds: all.seconds, thresholds }) };
  }),
};

const autocannon: RoundTrip = {
  name: 'autocannon',
  documents: jsonDocuments('autocannon.json', (all, of) => {
    const clientErrors = Math.floor(all.errorAnswers / 2);
    const value = {
      url: 'http://127.0.0.1/',
      connections: 10,
      sampleInt: 1000,
      pipelining: 1,
      workers: null,
      duration: all.seconds,
      samples: all.seconds,
      start: '2026-03-02T08:15:04.000Z',
      finish: '2026-03-02T08:15:14.000Z',
      errors: all.unanswered,
      timeouts: all.unanswered,
      mismatches: 0,
      non2xx: all.errorAnswers,
      resets: 0,
      '1xx': 0,
      '2xx': all.answered - all.errorAnswers,
      '3xx': 0,
      '4xx': clientErrors,
      '5xx': all.errorAnswers - clientErrors,
      latency: {
        average: 4.5,
        mean: 4.5,
        stddev: 1,
        min: 0,
        max: 99_999,
        p50: at(all, 50),
        p75: at(all, 75),
        p90: at(all, 90),
        p99: at(all, 99),
        p99_9: at(all, 99.9),
        ...(of() % 2 ? { totalCount: all.answered } : {}),
      },
      requests: { average: 1, total: all.answered, sent: all.answered + all.unanswered },
      throughput: { average: 1, total: 1 },
    };
    return { value, fact: summaryFact(all, [50, 75, 90, 99, 99.9], { durationSeconds: all.seconds }) };
  }),
};

const jmeterStatistics: RoundTrip = {
  name: 'jmeter-statistics-json',
  notices: /^the file does not name its percentiles/,
  documents: jsonDocuments('statistics.json', (all) => {
    const sampleCount = all.answered + all.unanswered;
    const errorCount = all.errorAnswers + all.unanswered;
    const row = (transaction: string): object => ({
      transaction,
      sampleCount,
      errorCount,
      errorPct: (100 * errorCount) / sampleCount,
      meanResTime: 3.2,
      medianResTime: at(all, 50),
      minResTime: 0,
      maxResTime: 99_999,
      pct1ResTime: at(all, 90),
      pct2ResTime: at(all, 95),
      pct3ResTime: at(all, 99),
      throughput: sampleCount / all.seconds,
      receivedKBytesPerSec: 1,
      sentKBytesPerSec: 1,
    });
    return { value: { 'GET /': row('GET /'), Total: row('Total') }, fact: summaryFact(all, k6Ranks) };
  }),
};

const locust: RoundTrip = {
  name: 'locust-csv',
  documents: fc.record({ all: summary, lineBreak, name: anyText }).map(({ all, name, ...style }) => {
    const header = [
      'Type',
      'Name',
      'Request Count',
      'Failure Count',
      'Median Response Time',
      'Average Response Time',
      'Requests/s',
      'Failures/s',
      '50%',
      '75%',
      '90%',
      '95%',
      '99%',
      '99.9%',
      '100%',
    ];
    const requests = all.answered + all.unanswered;
    const row = (type: string, label: string): readonly (string | number)[] => [
      type,
      label,
      requests,
      all.errorAnswers + all.unanswered,
      at(all, 50),
      '3.25',
      (requests / all.seconds).toFixed(6),
      '0.0',
      ...all.latency,
      99_999,
    ];
    const text = writeTable([header, row('GET', name || '/'), row('', 'Aggregated')], ',', style.lineBreak);
    return { path: 'locust_stats.csv', text, expected: [summaryFact(all, ranks)] };
  }),
};

const artillery2: RoundTrip = {
  name: 'artillery',
  documents: jsonDocuments('artillery.json', (all, of) => {
    const clientErrors = Math.floor(all.errorAnswers / 2);
    const times = {
      min: 1,
      max: 99_999,
      count: all.answered,
      p50: at(all, 50),
      median: at(all, 50),
      p75: at(all, 75),
      p90: at(all, 90),
      p95: at(all, 95),
      p99: at(all, 99),
      p999: at(all, 99.9),
    };
    const aggregate = {
      counters: {
        'vusers.created': 5,
        'http.requests': all.answered + all.unanswered,
        'http.codes.200': all.answered - all.errorAnswers,
        'http.codes.404': clientErrors,
        'http.codes.503': all.errorAnswers - clientErrors,
        'http.responses': all.answered,
        ...(all.unanswered > 0 ? { 'errors.ETIMEDOUT': all.unanswered } : {}),
      },
      rates: { 'http.request_rate': 12 },
      firstCounterAt: began,
      firstMetricAt: began,
      lastMetricAt: began + all.seconds * 1000,
      period: began,
      summaries: { 'vusers.session_length': { min: 1, p99: null }, 'http.response_time': times },
      ...(of() % 2 ? { histograms: { 'http.response_time': times } } : {}),
    };
    return { value: { aggregate, intermediate: [] }, fact: summaryFact(all, ranks, { durationSeconds: all.seconds }) };
  }),
};

const artillery1: RoundTrip = {
  name: 'artillery 1',
  documents: jsonDocuments('artillery.json', (all) => {
    const aggregate = {
      timestamp: '2026-03-02T08:15:04.000Z',
      scenariosCreated: 5,
      scenariosCompleted: 5,
      requestsCompleted: all.answered,
      latency: { min: 1, max: 99_999, median: at(all, 50), p95: at(all, 95), p99: at(all, 99) },
      rps: { count: all.answered + all.unanswered, mean: 12.5 },
      scenarioDuration: { min: 1, p99: null },
      scenarioCounts: { 0: 5 },
      errors: all.unanswered > 0 ? { ETIMEDOUT: all.unanswered } : {},
      codes: { 200: all.answered - all.errorAnswers, 503: all.errorAnswers },
      matches: 0,
      customStats: {},
      counters: {},
    };
    return { value: { aggregate, intermediate: [] }, fact: summaryFact(all, [50, 95, 99]) };
  }),
};

const hey: RoundTrip = {
  name: 'hey',
  documents: textDocuments('hey.txt', (all) => {
    const seconds = (ms: number): string => (ms / 1000).toFixed(4);
    const lines = [
      '',
      'Summary:',
      `  Total:\t${all.seconds.toFixed(4)} secs`,
      '  Slowest:\t99.0000 secs',
      '  Average:\t0.0040 secs',
      `  Requests/sec:\t${(all.answered / all.seconds).toFixed(4)}`,
      '',
      'Response time histogram:',
      '  0.003 [1]\t|■■■■',
      '',
      'Latency distribution:',
      ...[50, 75, 90, 95, 99].map((rank, index) => `  ${rank}% in ${seconds(all.latency[index]!)} secs`),
      '',
      'Details (average, fastest, slowest):',
      '  DNS+dialup:\t0.0001 secs, 0.0000 secs, 0.0021 secs',
      '',
      'Status code distribution:',
      ...(all.answered > all.errorAnswers ? [`  [200]\t${all.answered - all.errorAnswers} responses`] : []),
      ...(all.errorAnswers > 0 ? [`  [503]\t${all.errorAnswers} responses`] : []),
      '',
      ...(all.unanswered > 0 ? ['Error distribution:', `  [${all.unanswered}]\tGet "http://127.0.0.1/": EOF`, ''] : []),
    ];
    return { lines, fact: summaryFact(all, [50, 75, 90, 95, 99], { durationSeconds: all.seconds }) };
  }),
};

const wrk: RoundTrip = {
  name: 'wrk-txt',
  documents: textDocuments('wrk.txt', (all) => {
    const time = (ms: number): string => (ms < 1000 ? `${ms.toFixed(2)}ms` : `${(ms / 1000).toFixed(3)}s`);
    const lines = [
      `Running ${all.seconds}s test @ http://127.0.0.1/`,
      '  2 threads and 10 connections',
      '  Thread Stats   Avg      Stdev     Max   +/- Stdev',
      '    Latency     6.99ms    3.03ms  31.91ms   80.00%',
      '    Req/Sec   483.38    444.37     1.62k    75.00%',
      '  Latency Distribution',
      ...[50, 75, 90].map((rank, index) => `     ${rank}%    ${time(all.latency[index]!)}`),
      `     99%    ${time(at(all, 99))}`,
      `  ${all.answered} requests in ${all.seconds.toFixed(2)}s, 1.52MB read`,
      ...(all.unanswered > 0 ? [`  Socket errors: connect 0, read ${all.unanswered}, write 0, timeout 0`] : []),
      ...(all.errorAnswers > 0 ? [`  Non-2xx or 3xx responses: ${all.errorAnswers}`] : []),
      `Requests/sec: ${(all.answered / all.seconds).toFixed(2).padStart(9)}`,
      'Transfer/sec:     15.34KB',
    ];
    return { lines, fact: summaryFact(all, [50, 75, 90, 99], { durationSeconds: all.seconds }) };
  }),
};

const ab: RoundTrip = {
  name: 'ab-txt',
  notices: /answers of another status than 2xx/,
  documents: textDocuments('ab.txt', (all) => {
    const lines = [
      'This is ApacheBench, Version 2.3 <$Revision: 1913912 $>',
      '',
      'Benchmarking 127.0.0.1 (be patient).....done',
      '',
      'Server Hostname:        127.0.0.1',
      'Document Path:          /',
      'Document Length:        2 bytes',
      'Concurrency Level:      5',
      `Time taken for tests:   ${all.seconds.toFixed(3)} seconds`,
      `Complete requests:      ${all.answered}`,
      `Failed requests:        ${all.unanswered}`,
      ...(all.unanswered > 0 ? [`   (Connect: ${all.unanswered}, Receive: 0, Length: 0, Exceptions: 0)`] : []),
      ...(all.errorAnswers > 0 ? [`Non-2xx responses:      ${all.errorAnswers}`] : []),
      'Total transferred:      15740 bytes',
      `Requests per second:    ${(all.answered / all.seconds).toFixed(2)} [#/sec] (mean)`,
      'Time per request:       7.084 [ms] (mean)',
      '',
      'Percentage of the requests served within a certain time (ms)',
      ...[50, 75, 90, 95, 99].map((rank, index) => `  ${rank}%  ${String(all.latency[index]).padStart(5)}`),
      ' 100%  99999 (longest request)',
    ];
    return { lines, fact: summaryFact(all, [50, 75, 90, 95, 99], { durationSeconds: all.seconds }) };
  }),
};

const taurus: RoundTrip = {
  name: 'taurus-xml',
  documents: fc
    .record({ all: summary, style: xmlStyle, labels: often, label: anyLine })
    .map(({ all, style, labels, label }) => {
      const value = (name: string, of: number | string, param?: string): ReturnType<typeof xml> =>
        xml(
          name,
          { value: of, param },
          xml('name', {}, param === undefined ? name : `${name}/${param}`),
          xml('value', {}, String(of)),
        );
      const failed = all.errorAnswers + all.unanswered;
      const group = (name: string): ReturnType<typeof xml> =>
        xml(
          'Group',
          { label: name },
          value('throughput', all.answered + all.unanswered),
          value('succ', all.answered - all.errorAnswers),
          value('fail', failed),
          value('perc', '0.00010', '0.0'),
          ranks.map((rank, index) => value('perc', (all.latency[index]! / 1000).toFixed(5), rank.toFixed(1))),
          value('perc', '99.99900', '100.0'),
        );
      const root = xml('FinalStatus', {}, xml('TestDuration', {}, `${all.seconds}`), group(''), labels && group(label));
      return {
        path: 'taurus.xml',
        text: writeXml(root, style),
        expected: [summaryFact(all, ranks, { durationSeconds: all.seconds })],
      };
    }),
};

const gatlingStats: RoundTrip = {
  name: 'gatling',
  notices: /^the file does not name its percentiles/,
  documents: jsonDocuments('global_stats.json', (all) => {
    const failed = all.errorAnswers + all.unanswered;
    const total = all.answered + all.unanswered;
    const figure = (of: number): object => ({ total: of, ok: of, ko: 0 });
    const value = {
      name: 'All Requests',
      numberOfRequests: { total, ok: total - failed, ko: failed },
      minResponseTime: figure(1),
      maxResponseTime: figure(99_999),
      meanResponseTime: figure(7),
      standardDeviation: figure(3),
      percentiles1: figure(at(all, 50)),
      percentiles2: figure(at(all, 75)),
      percentiles3: figure(at(all, 95)),
      percentiles4: figure(at(all, 99)),
      group1: { name: 't < 800 ms', count: 1, percentage: 1 },
      meanNumberOfRequestsPerSecond: figure(total / all.seconds),
    };
    return { value, fact: summaryFact(all, [50, 75, 95, 99]) };
  }),
};

export const loadSummaries: readonly RoundTrip[] = [
  k6Nested,
  k6Flat,
  k6Machine,
  autocannon,
  jmeterStatistics,
  locust,
  gatlingStats,
  artillery2,
  artillery1,
  hey,
  wrk,
  ab,
  taurus,
];
