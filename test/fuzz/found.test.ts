import { describe, expect, test } from 'vitest';
import { readReport } from '../../src/adapters/files/read-report.ts';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import { examine, openFile } from './examine.ts';
import type { FuzzInput } from './inputs.ts';

interface Found {
  readonly reader: string;
  readonly path: string;
  readonly text: string;
  /** Outcomes that are right: `read`, or the code of a refusal. */
  readonly outcome: string;
}

const json = (value: unknown): string => JSON.stringify(value);
const withOwnConversion = { toString: 1, valueOf: 1 };
const k6Point = (metric: string, value: number): string =>
  json({ type: 'Point', metric, data: { time: '2026-01-01T00:00:00Z', value } });
const eslintWith = (message: object): string =>
  json([{ filePath: 'a.js', messages: [{ ruleId: 'semi', severity: 2, message: 'x', ...message }] }]);
const checkovWith = (check: object): string =>
  json({
    check_type: 'terraform',
    results: { failed_checks: [{ check_id: 'CKV_1', check_name: 'x', file_path: '/a.tf', ...check }] },
    summary: { passed: 0, failed: 1, skipped: 0, parsing_errors: 0 },
  });

/** What damaged reports have shown of our readers, each the least that shows it. */
const found: Readonly<Record<string, Found>> = {
  'a value that converts itself to text by no function, where a look at the start wants text': {
    reader: 'eslint',
    path: 'x.json',
    text: json({
      $schema: withOwnConversion,
      error: { code: withOwnConversion },
      document: { category: withOwnConversion },
    }),
    outcome: 'AQE2004',
  },
  'the same where a step has its name': {
    reader: 'cucumber-json',
    path: 'cucumber.json',
    text: json([
      {
        uri: 'a.feature',
        keyword: 'Feature',
        name: 'a',
        elements: [{ type: 'scenario', name: 'b', steps: [{ name: withOwnConversion, result: { status: 'failed' } }] }],
      },
    ]),
    outcome: 'read',
  },
  'packages of coverage within each other': {
    reader: 'jacoco',
    path: 'jacoco.xml',
    text: '<report name="a"><package name="b"><package name="c"><counter type="LINE" missed="1" covered="2"/></package></package></report>',
    outcome: 'AQE2003',
  },
  'a line of no whole number': {
    reader: 'eslint',
    path: 'eslint.json',
    text: eslintWith({ line: 0.1 }),
    outcome: 'read',
  },
  'a line below zero': { reader: 'eslint', path: 'eslint.json', text: eslintWith({ line: -1 }), outcome: 'read' },
  'a rule without a name': { reader: 'eslint', path: 'eslint.json', text: eslintWith({ ruleId: '' }), outcome: 'read' },
  'a check without an identifier': {
    reader: 'checkov',
    path: 'checkov.json',
    text: checkovWith({ check_id: ' ' }),
    outcome: 'read',
  },
  'requests that are no whole number': {
    reader: 'k6-json',
    path: 'k6.ndjson',
    text: [k6Point('http_reqs', 0.5), k6Point('http_req_duration', 3)].join('\n'),
    outcome: 'AQE2003',
  },
  'points behind the year 9999': {
    reader: 'k6-json',
    path: 'k6.ndjson',
    text: [k6Point('http_reqs', 1), k6Point('http_req_duration', 3).replace('2026', '+120000')].join('\n'),
    outcome: 'read',
  },
  'a time that no clock shows': {
    reader: 'trivy',
    path: 'trivy.json',
    text: json({ SchemaVersion: 2, ArtifactName: 'a', CreatedAt: '2026-01-01T25:61:61Z', Results: [] }),
    outcome: 'read',
  },
  'a detail that a report makes as long as it likes': {
    reader: 'sarif',
    path: 'a.sarif',
    text: json({ version: '9'.repeat(1000), runs: [] }),
    outcome: 'AQE2003',
  },
  'numbers of tests that no longer add up as whole numbers': {
    reader: 'rspec-json',
    path: 'rspec.json',
    text: json({
      version: '3.13',
      examples: [],
      summary: {
        duration: 1,
        example_count: 0,
        failure_count: 0,
        pending_count: 0,
        errors_outside_of_examples_count: 9e15,
      },
      summary_line: '0 examples',
    }),
    outcome: 'AQE2003',
  },
};

function inputOf({ path, text }: Found, forced = false): FuzzInput {
  const bytes = Buffer.from(text);
  return { number: 0, fixture: 'found', mutation: 'none', path, bytes, forced, chunk: bytes.length };
}

describe('what fuzzing found stays mended', () => {
  test.each(Object.entries(found))('%s', async (_, one) => {
    const { outcome, problem } = await examine(signalReaders, one.reader, inputOf(one));

    expect(problem).toBe(null);
    expect(outcome).toBe(one.outcome);
  });
});

/** Each took the square of its time once. */
const long: Readonly<Record<string, Omit<Found, 'outcome'>>> = {
  'a megabyte of quotes': {
    reader: 'jmeter-csv',
    path: 'results.jtl',
    text: `timeStamp,elapsed,label,success\n1,1,"${'""'.repeat(500_000)}",true\n`,
  },
  'a megabyte of values on one line': { reader: 'k6-json', path: 'k6.ndjson', text: '{}'.repeat(500_000) },
  'two megabytes of elements': {
    reader: 'testng',
    path: 'testng-results.xml',
    text: `<testng-results>${'<a></a>'.repeat(280_000)}</testng-results>`,
  },
};

test.each(Object.entries(long))('%s cost no more time than others of their length', async (_, one) => {
  const { problem } = await examine(signalReaders, one.reader, inputOf({ ...one, outcome: '' }, true));

  expect(problem).toBe(null);
});

test('a refusal whose detail is cut keeps its path and its place', async () => {
  const one = found['a detail that a report makes as long as it likes']!;

  const result = await readReport(openFile(inputOf(one)), signalReaders, {});

  expect(result).toMatchObject({ outcome: 'refused', error: { context: { path: one.path } } });
  expect(result.outcome === 'refused' && result.error.detail.endsWith('…')).toBe(true);
});
