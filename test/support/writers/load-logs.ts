/** Writers of the logs of load tests, which list every sample. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { RoundTrip } from '../round-trip.ts';
import {
  anyLine,
  lineBreak,
  writeTable,
  anyText,
  jsonStyle,
  luck,
  seldom,
  writeJsonLines,
  writeXml,
  xml,
  xmlStyle,
} from './documents.ts';

interface Sample {
  /** Milliseconds. */
  readonly elapsed: number;
  /** Milliseconds behind the start of the run. */
  readonly offset: number;
  readonly status: number;
  readonly message: string;
}

const began = 1_772_439_304_000;

const samples: fc.Arbitrary<readonly Sample[]> = fc
  .array(
    fc.record({
      elapsed: fc.oneof(fc.nat(900), fc.nat(60_000)),
      offset: fc.nat(30_000),
      status: fc.constantFrom(200, 200, 200, 204, 302, 404, 503),
      message: anyText,
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) => all.toSorted((a, b) => a.offset - b.offset));

/** By nearest rank. */
function percentilesOf(all: readonly Sample[]): Readonly<Record<number, number>> {
  const sorted = all.map(({ elapsed }) => elapsed).toSorted((a, b) => a - b);
  return Object.fromEntries(
    [50, 90, 95, 99].map((rank) => [rank, sorted[Math.ceil((rank * sorted.length) / 100) - 1]!]),
  );
}

function failuresIn(all: readonly Sample[]): number {
  return all.filter(({ status }) => status >= 400).length;
}

function secondsOf(all: readonly Sample[]): number {
  const ends = all.map(({ offset, elapsed }) => offset + elapsed);
  return (Math.max(...ends) - Math.min(...all.map(({ offset }) => offset))) / 1000;
}

function runOf(all: readonly Sample[], otherwise: object = {}): object {
  return { kind: 'load', requests: all.length, failed: failuresIn(all), latencyMs: percentilesOf(all), ...otherwise };
}

const jmeterCsv: RoundTrip = {
  name: 'jmeter-csv',
  documents: fc
    .record({ all: samples, separator: fc.constantFrom(',', ';', '\t'), lineBreak, sparse: seldom, label: anyText })
    .map(({ all, separator, sparse, label, ...style }) => {
      const cells = ({
        elapsed,
        offset,
        status,
        message,
      }: Sample): readonly (readonly [string, string | number | boolean])[] => [
        ['timeStamp', began + offset],
        ['elapsed', elapsed],
        ['label', label],
        ['responseCode', status],
        ['responseMessage', message],
        ['threadName', 'Users 1-1'],
        ...(sparse
          ? []
          : ([
              ['dataType', 'text'],
              ['success', status < 400],
              ['failureMessage', message],
              ['bytes', 120],
              ['allThreads', 3],
              ['Latency', 4],
            ] as const)),
      ];
      const rows = all.map(cells);
      const text = writeTable(
        [rows[0]!.map(([name]) => name), ...rows.map((row) => row.map(([, value]) => value))],
        separator,
        style.lineBreak,
      );
      return { path: 'run.jtl', text, expected: [runOf(all, { durationSeconds: secondsOf(all) })] };
    }),
};

const jmeterXml: RoundTrip = {
  name: 'jmeter-xml',
  documents: fc.record({ all: samples, style: xmlStyle, label: anyText, of: luck }).map(({ all, style, label, of }) => {
    const sample = ({ elapsed, offset, status, message }: Sample): ReturnType<typeof xml> =>
      xml(
        of() % 2 ? 'httpSample' : 'sample',
        {
          t: elapsed,
          lt: 3,
          ts: began + offset,
          s: status < 400,
          lb: label,
          rc: status,
          rm: message,
          tn: 'Users 1-1',
          by: 120,
        },
        of() % 3 === 0 && xml('httpSample', { t: 1, ts: began, s: 'false', lb: 'part', rc: 500, tn: 'Users 1-1' }),
        of() % 3 === 0 && xml('assertionResult', {}, xml('name', {}, message), xml('failure', {}, 'false')),
      );
    const root = xml('testResults', { version: '1.2' }, all.map(sample));
    return {
      path: 'run.jtl',
      text: writeXml(root, style),
      expected: [runOf(all, { durationSeconds: secondsOf(all) })],
    };
  }),
};

const k6Json: RoundTrip = {
  name: 'k6-json',
  notices: /^the points do not say which thresholds passed/,
  documents: fc.record({ all: samples, style: jsonStyle, url: anyText }).map(({ all, style, url }) => {
    const point = (metric: string, value: number, { offset, elapsed, status }: Sample): object => ({
      type: 'Point',
      data: {
        time: new Date(began + offset + elapsed).toISOString(),
        value,
        tags: { name: url, status: String(status) },
      },
      metric,
    });
    const declared = {
      type: 'Metric',
      data: { name: 'http_reqs', type: 'counter', contains: 'default', thresholds: [], submetrics: null },
      metric: 'http_reqs',
    };
    const values = all.flatMap((sample) => [
      point('http_reqs', 1, sample),
      point('http_req_duration', sample.elapsed / 1000, sample),
      point('http_req_failed', sample.status >= 400 ? 1 : 0, sample),
      point('checks', 0, sample),
    ]);
    // Below 65 ms its percentiles are exact to the microsecond.
    const latencyMs = Object.fromEntries(
      Object.entries(percentilesOf(all)).map(([rank, value]) => [rank, value / 1000]),
    );
    return {
      path: 'k6.ndjson',
      text: writeJsonLines([declared, ...values], style),
      expected: [runOf(all, { latencyMs })],
    };
  }),
};

const heyCsv: RoundTrip = {
  name: 'hey-csv',
  notices: /so there is no error rate/,
  documents: fc.record({ all: samples, lineBreak }).map(({ all, ...style }) => {
    const header = [
      'response-time',
      'DNS+dialup',
      'DNS',
      'Request-write',
      'Response-delay',
      'Response-read',
      'status-code',
      'offset',
    ];
    const rows = all.map(({ elapsed, offset, status }) => [
      (elapsed / 1000).toFixed(4),
      '0.0003',
      '0.0000',
      '0.0000',
      '0.0028',
      '0.0000',
      status,
      (offset / 1000).toFixed(4),
    ]);
    // Above 6.5 s its classes are wider than a tenth of a millisecond.
    const exact = all.every(({ elapsed }) => elapsed < 6500);
    const expected = runOf(all, { failed: null, ...(exact ? {} : { latencyMs: expect.any(Object) as object }) });
    return { path: 'hey.csv', text: writeTable([header, ...rows], ',', style.lineBreak), expected: [expected] };
  }),
};

const gatlingLog: RoundTrip = {
  name: 'gatling log',
  documents: fc.record({ all: samples, lineBreak, name: anyLine }).map(({ all, name, ...style }) => {
    const lines = [
      `RUN\tshop.Simulation\tsimulation\t${began}\t \t3.9.5`,
      ...all.flatMap(({ elapsed, offset, status, message }) => [
        `USER\tscenario\tSTART\t${began + offset}`,
        `REQUEST\t\t${name}\t${began + offset}\t${began + offset + elapsed}\t${status < 400 ? 'OK' : 'KO'}\t${message.replaceAll(/\s/g, ' ')}`,
      ]),
    ];
    const text = lines.join(style.lineBreak) + style.lineBreak;
    return { path: 'simulation.log', text, expected: [runOf(all, { durationSeconds: secondsOf(all) })] };
  }),
};

export const loadLogs: readonly RoundTrip[] = [k6Json, jmeterCsv, jmeterXml, gatlingLog, heyCsv];
