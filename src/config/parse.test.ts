import fc from 'fast-check';
import { expect, test } from 'vitest';
import { config, runs } from '../../test/support/arbitraries.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { initText } from './init-text.ts';
import { parseConfig } from './parse.ts';

async function refusalOf(text: string): Promise<AqeError> {
  const error: unknown = await parseConfig('aqe-deploy.yaml', text).catch((cause: unknown) => cause);
  if (!(error instanceof AqeError)) throw new Error(`not refused: ${text}`, { cause: error });
  return error;
}

async function told(text: string): Promise<string> {
  const { code, detail, context } = await refusalOf(text);
  return `${code} ${context['line']}:${context['column']} ${detail}`;
}

const gate = (body: string): string => `deployment_gates: { mandatory_gates: { one: { ${body} } } }`;

test('an empty file and one with comments only are configs without a key', async () => {
  for (const text of ['', '# nothing\n', '---\n'])
    expect((await parseConfig('aqe-deploy.yaml', text)).config).toEqual({});
});

test('every config of the schema reads back from JSON as it is', async () => {
  await fc.assert(
    fc.asyncProperty(config, async (any) => {
      const parsed = await parseConfig('aqe-deploy.yaml', JSON.stringify(any));

      expect(parsed.config).toEqual(JSON.parse(JSON.stringify(any)));
    }),
    runs,
  );
});

test.each([
  ['mdoe: shadow', '1:1', 'mdoe', 'mode'],
  ['\n\nservce: shop', '3:1', 'servce', 'service'],
  ['enviroment: production', '1:1', 'enviroment', 'environment'],
  ['deployment_gate: {}', '1:1', 'deployment_gate', 'deployment_gates'],
  ['gates_overrides: {}', '1:1', 'gates_overrides', 'gate_overrides'],
  ['fasttrack: {}', '1:1', 'fasttrack', 'fast_track'],
  ['deployment_gates:\n  mandatory_gate: {}', '2:3', 'mandatory_gate', 'mandatory_gates'],
  ['deployment_gates:\n  optinal_gates: {}', '2:3', 'optinal_gates', 'optional_gates'],
  [gate('min_line_covrage: 85, enforcement: BLOCKING'), '1:47', 'min_line_covrage', 'min_line_coverage'],
  [gate('max_failed_test: 0, enforcement: BLOCKING'), '1:47', 'max_failed_test', 'max_failed_tests'],
  [gate('max_failed_tests: 0, enforcment: BLOCKING'), '1:68', 'enforcment', 'enforcement'],
  ['evidence:\n  maxage: 7d', '2:3', 'maxage', 'max_age'],
  ['evidence:\n  files:\n    - pth: a.xml', '3:7', 'pth', 'path'],
  ['evidence:\n  files:\n    - path: a\n    - { path: b, fromat: junit }', '4:18', 'fromat', 'format'],
  ['evidence: { limits: { max_byte: 2048 } }', '1:23', 'max_byte', 'max_bytes'],
  ['gate_overrides: { enable: true }', '1:19', 'enable', 'enabled'],
  ['fast_track: { gate: [tests] }', '1:15', 'gate', 'gates'],
  ['risk: { weight: {} }', '1:9', 'weight', 'weights'],
  ['risk: { metrics: { line_coverag: { prior: 3 } } }', '1:20', 'line_coverag', 'line_coverage'],
  ['risk: { metrics: { mttr: { priro: 3 } } }', '1:28', 'priro', 'prior'],
  ['remediation: { minutes_per: { uncoverd_line: 2 } }', '1:31', 'uncoverd_line', 'uncovered_line'],
  ['risk: { weights: { securty: 1 } }', '1:20', 'securty', 'security'],
])('a misspelt key is refused where it stands, with the name that was meant: %j', async (text, at, key, meant) => {
  const message = await told(text);

  expect(message.startsWith(`AQE1004 ${at} unknown key "${key}"`)).toBe(true);
  expect(message.endsWith(`; did you mean "${meant}"?`)).toBe(true);
});

test.each([
  ['webhooks: {}', '1:1', 'unknown key "webhooks"'],
  ['1: x', '1:1', 'unknown key "1"'],
  ['__proto__: { a: 1 }', '1:1', 'unknown key "__proto__"'],
  ['constructor: 1', '1:1', 'unknown key "constructor"'],
  [
    'deployment_gates: { mandatory_gates: { __proto__: { max_failed_tests: 0, enforcement: BLOCKING } } }',
    '1:40',
    'unknown key "__proto__" in deployment_gates.mandatory_gates',
  ],
])('a key that is near to none is refused without a guess: %j', async (text, at, message) => {
  expect(await told(text)).toBe(`AQE1004 ${at} ${message}`);
});

test.each([
  ['- a', '1:1', 'the file: '],
  ['shop', '1:1', 'the file: '],
  ['mode: shdow', '1:1', 'mode: '],
  ['mode:', '1:1', 'mode: '],
  ['service: ""', '1:1', 'service: '],
  ['service: 7', '1:1', 'service: '],
  ['environment: "not a name"', '1:1', 'environment: '],
  ['deployment_gates:', '1:1', 'deployment_gates: '],
  ['deployment_gates: { mandatory_gates: { one: 3 } }', '1:40', 'deployment_gates.mandatory_gates.one: '],
  ['deployment_gates: { mandatory_gates: { 1x: {} } }', '1:40', 'deployment_gates.mandatory_gates.1x: use letters'],
  [gate('enforcement: BLOCKING'), '1:40', 'deployment_gates.mandatory_gates.one: the gate has no criterion'],
  [gate('max_failed_tests: 0'), '1:40', 'deployment_gates.mandatory_gates.one.enforcement: '],
  [gate('max_failed_tests: 0, enforcement: BLOKING'), '1:68', 'deployment_gates.mandatory_gates.one.enforcement: '],
  [
    gate('max_failed_tests: -1, enforcement: BLOCKING'),
    '1:47',
    'deployment_gates.mandatory_gates.one.max_failed_tests',
  ],
  [
    gate('max_failed_tests: 0.5, enforcement: BLOCKING'),
    '1:47',
    'deployment_gates.mandatory_gates.one.max_failed_test',
  ],
  [gate('min_line_coverage: 101, enforcement: BLOCKING'), '1:47', 'deployment_gates.mandatory_gates.one.min_line_cov'],
  [gate('min_line_coverage: 85%, enforcement: BLOCKING'), '1:47', 'deployment_gates.mandatory_gates.one.min_line_cov'],
  [gate('min_line_coverage: .nan, enforcement: BLOCKING'), '1:47', 'deployment_gates.mandatory_gates.one.min_line_cov'],
  [gate('max_p95_latency_ms: .inf, enforcement: BLOCKING'), '1:47', 'deployment_gates.mandatory_gates.one.max_p95'],
  [gate('changelog_updated: yes, enforcement: ADVISORY'), '1:47', 'deployment_gates.mandatory_gates.one.changelog'],
  [gate('min_grade: F, enforcement: BLOCKING'), '1:47', 'deployment_gates.mandatory_gates.one.min_grade: '],
  ['evidence: { max_age: 7 days }', '1:13', 'evidence.max_age: '],
  ['evidence: { exclude: dist }', '1:13', 'evidence.exclude: '],
  ['evidence: { files: [{ path: a, commit: HEAD }] }', '1:32', 'evidence.files.0.commit: '],
  ['evidence: { files: [{ path: a, stage: smoke }] }', '1:32', 'evidence.files.0.stage: '],
  ['evidence: { limits: { max_files: 0 } }', '1:23', 'evidence.limits.max_files: '],
  ['fast_track: { gates: tests }', '1:15', 'fast_track.gates: '],
  ['gate_overrides: { enabled: 1 }', '1:19', 'gate_overrides.enabled: '],
  ['grade: { A: 5, B: 4, C: 3, D: 2 }', '1:1', 'grade: the bands must not fall from A to D'],
  ['remediation: { minutes_per: { failed_test: -3 } }', '1:31', 'remediation.minutes_per.failed_test: '],
  ['risk: { metrics: { mttr: { prior: 101 } } }', '1:28', 'risk.metrics.mttr.prior: '],
  ['risk: { metrics: { mttr: { curve: [[0, 0]] } } }', '1:28', 'risk.metrics.mttr.curve: '],
])('a value that does not fit is refused where its key stands: %j', async (text, at, message) => {
  expect((await told(text)).slice(0, `AQE1004 ${at} ${message}`.length)).toBe(`AQE1004 ${at} ${message}`);
});

test.each([
  ['mode: shadow\nmode: enforce', '2:1', 'Map keys must be unique'],
  ['a: b: c', '1:4', 'Nested mappings are not allowed in compact mappings'],
  ['service: "shop', '1:15', 'Missing closing "quote'],
  ['\tmode: shadow', '1:1', 'Tabs are not allowed as indentation'],
  ['service: "\\q"', '1:11', 'Invalid escape sequence \\q'],
  ['service: *name', '1:10', 'the alias "name" has no anchor before it'],
  [
    'mode: enforce\n---\nmode: shadow',
    '2:1',
    'Source contains multiple documents; please use YAML.parseAllDocuments()',
  ],
])('broken YAML is refused where it breaks: %j', async (text, at, message) => {
  expect(await told(text)).toBe(`AQE1003 ${at} ${message}`);
});

test('weights that do not sum to 1 are refused', async () => {
  const weights = (security: number): string =>
    `risk: { weights: { code_quality: 0.2, test_coverage: 0.25, performance: 0.15, security: ${security}, change_risk: 0.1, historical_stability: 0.1 } }`;

  expect(await told(weights(0.3))).toBe('AQE1004 1:9 risk.weights: the six weights must sum to 1');
  expect((await parseConfig('f', weights(0.2))).config.risk?.weights?.security).toBe(0.2);
});

test('a curve on which a better value has more risk is refused', async () => {
  const message = await told('risk: { metrics: { line_coverage: { curve: [[0, 0], [100, 100]] } } }');

  expect(message).toBe(
    'AQE1004 1:37 risk.metrics.line_coverage.curve: a higher value may not raise the risk (0 to 100)',
  );
});

test('aliases that expand to too much are refused', async () => {
  const ten = (name: string): string => `[${Array.from({ length: 10 }, () => name).join(', ')}]`;
  const bomb = `a: &a ${ten('x')}\nb: &b ${ten('*a')}\nc: &c ${ten('*b')}\nd: ${ten('*c')}`;

  expect(await refusalOf(bomb)).toMatchObject({ code: 'AQE1003', detail: 'aliases expand to too much' });
});

test('an alias of an own parent does not hang', async () => {
  expect((await refusalOf('deployment_gates: &all { mandatory_gates: *all }')).code).toBe('AQE1004');
});

test('a file beyond a mebibyte is refused unread', async () => {
  expect((await refusalOf(' '.repeat(1024 * 1024 + 1))).code).toBe('AQE1003');
});

test('any text is a config or is refused with a code', async () => {
  const word = fc.constantFrom(
    'mode',
    'risk',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!!x ',
    '"',
    '? ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 20 }).map((words) => words.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (any) => {
      const outcome = await parseConfig('f', any).then(
        () => 'config',
        (error: unknown) => (error instanceof AqeError ? error.code : error),
      );

      expect(['config', 'AQE1003', 'AQE1004']).toContain(outcome);
    }),
    { numRuns: 1000 },
  );
});

test('a value is found again by the line of its key or of its nearest parent', async () => {
  const { lineOf } = await parseConfig('f', 'mode: shadow\n\nevidence:\n  max_age: 3d\n');

  expect([lineOf(['mode']), lineOf(['evidence', 'max_age']), lineOf(['evidence', 'files'])]).toEqual([1, 4, 3]);
});

test('the config that init writes is valid', async () => {
  const { config: written } = await parseConfig(
    'f',
    initText({ service: 'a "b"', environment: 'staging', mode: 'shadow' }),
  );

  expect(written).toMatchObject({ service: 'a "b"', environment: 'staging', mode: 'shadow' });
});
