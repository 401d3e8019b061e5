import { expect, test } from 'vitest';
import { policyWith } from '../../test/support/arbitraries.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { parseConfig } from './parse.ts';

const mappingText = (type: string, metric: string): string =>
  `evidence:\n  mappings:\n    load:\n      type: ${type}\n      files: a.x\n      metrics:\n        - ${metric}\n`;

async function told(text: string): Promise<string> {
  const error: unknown = await parseConfig('aqe-deploy.yaml', text).catch((cause: unknown) => cause);
  if (!(error instanceof AqeError)) throw new Error(`not refused: ${text}`, { cause: error });
  return `${error.code} ${error.context['line']}:${error.context['column']} ${error.detail}`;
}

test('mappings of the config are plain data of the policy, with what was left out filled in', async () => {
  const text = `
evidence:
  mappings:
    load:
      type: csv
      files: reports/load.csv
      producer: loadgen
      metrics:
        - { metric: response_time, column: elapsed, where: { code: 200, kind: page }, aggregate: p95, unit: s }
    suite:
      type: xml
      files: [a.xml, b/*.xml]
      metrics:
        - { metric: failed_tests, path: ' count( //case[@x="("] ) ', zero_if: /suite }
        - { metric: executed_tests, path: /suite/@tests }
`;

  const { config } = await parseConfig('aqe-deploy.yaml', text);

  expect(policyWith(config).evidence.mappings).toEqual([
    {
      name: 'load',
      type: 'csv',
      files: ['reports/load.csv'],
      producer: 'loadgen',
      metrics: [
        {
          metric: 'response_time',
          at: 'elapsed',
          where: [
            { column: 'code', value: '200' },
            { column: 'kind', value: 'page' },
          ],
          aggregate: 'p95',
          unit: 's',
          zeroIf: null,
        },
      ],
    },
    {
      name: 'suite',
      type: 'xml',
      files: ['a.xml', 'b/*.xml'],
      producer: null,
      metrics: [
        {
          metric: 'failed_tests',
          at: '//case[@x="("]',
          where: [],
          aggregate: 'count',
          unit: 'count',
          zeroIf: '/suite',
        },
        { metric: 'executed_tests', at: '/suite/@tests', where: [], aggregate: 'only', unit: 'count', zeroIf: null },
      ],
    },
  ]);
});

test.each([
  [
    'json',
    '{ metric: line_coverag, path: $.a, unit: ratio }',
    '7:13',
    'metric: did you mean "line_coverage"? (it is "line_coverag")',
  ],
  [
    'json',
    '{ metric: change_size, path: $.a }',
    '7:13',
    'metric: no report can state this metric (it is "change_size")',
  ],
  ['json', '{ metric: line_coverage, path: $.a }', '7:11', 'unit: say which unit the file has: %, ratio'],
  [
    'json',
    '{ metric: line_coverage, path: $.a, unit: ratios }',
    '7:47',
    'unit: did you mean "ratio"? (it is "ratios")',
  ],
  [
    'json',
    '{ metric: line_coverage, path: $.a, unit: ms }',
    '7:47',
    'unit: line_coverage is read in one of: %, ratio (it is "ms")',
  ],
  [
    'json',
    '{ metric: failed_tests, path: $.a, aggregate: coutn }',
    '7:46',
    'aggregate: did you mean "count"? (it is "coutn")',
  ],
  [
    'json',
    '{ metric: failed_tests, path: $.a, where: { b: 1 } }',
    '7:46',
    'where: type json has no where: write the condition into the path',
  ],
  ['json', '{ metric: failed_tests, column: a }', '7:11', 'path: a metric of type json needs a path'],
  [
    'json',
    '{ metric: failed_tests, path: $.a, zero_if: $ }',
    '7:46',
    'zero_if: it stands beside `aggregate: count` only (it is "$")',
  ],
  [
    'json',
    '{ metric: error_rate, path: $.a, aggregate: count, unit: "%" }',
    '7:44',
    'aggregate: a count is no value of error_rate, which is in % or ratio (it is "count")',
  ],
  ['csv', '{ metric: failed_tests, path: $.a }', '7:11', 'column: a metric of type csv needs a column'],
  [
    'xml',
    '{ metric: failed_tests, path: count(/a), aggregate: sum }',
    '7:52',
    'aggregate: count(…) in the path is an aggregate itself (it is "sum")',
  ],
])('a %s mapping of %s is refused where it stands', async (type, metric, at, message) => {
  expect(await told(mappingText(type, metric))).toBe(`AQE1004 ${at} evidence.mappings.load.metrics.0.${message}`);
});

test.each([
  [
    mappingText('json', '{ metrc: failed_tests, path: $.a }'),
    '7:13',
    'unknown key "metrc" in evidence.mappings.load.metrics.0; did you mean "metric"?',
  ],
  [
    mappingText('json', '{ metric: failed_tests, path: $.a, agregate: sum }'),
    '7:46',
    'unknown key "agregate" in evidence.mappings.load.metrics.0; did you mean "aggregate"?',
  ],
  [
    'evidence:\n  mappings:\n    m: { type: json, fils: a, metrics: [] }\n',
    '3:22',
    'unknown key "fils" in evidence.mappings.m; did you mean "files"?',
  ],
  ['evidence:\n  mapings: {}\n', '2:3', 'unknown key "mapings" in evidence; did you mean "mappings"?'],
  [
    'evidence:\n  mappings:\n    m: { type: csv, files: [], metrics: [] }\n',
    '3:21',
    expect.stringContaining('evidence.mappings.m.files'),
  ],
  [
    mappingText('csv', '{ metric: failed_tests, column: a, where: { __proto__: 1 } }'),
    '7:55',
    expect.stringContaining('unknown key "__proto__"'),
  ],
])('%j is refused where it stands', async (text, at, message) => {
  const [code, place, ...words] = (await told(text)).split(' ');

  expect([code, place, words.join(' ')]).toEqual(['AQE1004', at, message]);
});
