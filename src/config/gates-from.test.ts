import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Criterion } from '../core/gate/criteria.ts';
import { gatesFrom } from './gates-from.ts';
import { parseAgainst, parseChange, parseWhenMissing } from './gate-values.ts';
import { mergedGates, overlaysOf } from './overlays.ts';
import { parseConfig } from './parse.ts';
import type { FileConfig } from './schema.ts';

const fileOf = async (text: string): Promise<FileConfig> => (await parseConfig('aqe-deploy.yaml', text)).config;
const criteriaOf = async (body: string): Promise<readonly Criterion[]> =>
  gatesFrom(
    (await fileOf(`deployment_gates: { mandatory_gates: { a: { ${body}, enforcement: BLOCKING } } }`))
      .deployment_gates!,
  )[0]!.criteria;

describe('a criterion in the config', () => {
  const previous = { kind: 'previous' };

  test.each([
    ['max_failed_tests: 0', [{ key: 'max_failed_tests', threshold: 0 }]],
    ['min_grade: B', [{ key: 'min_grade', threshold: 2 }]],
    ['changelog_updated: true', [{ key: 'changelog_updated', threshold: 1 }]],
    ['changelog_updated: false, max_failed_tests: 0', [{ key: 'max_failed_tests', threshold: 0 }]],
    ['max_failed_tests: { limit: 3 }', [{ key: 'max_failed_tests', threshold: 3 }]],
    ['min_grade: { limit: A, weight: 2 }', [{ key: 'min_grade', threshold: 1, weight: 2 }]],
    [
      'max_p95_latency_ms: "<= +10 %"',
      [{ key: 'max_p95_latency_ms', threshold: null, change: { by: 10, in: '%', against: previous } }],
    ],
    [
      'min_line_coverage: { change: ">= -0.5", against: last 5 passes }',
      [
        {
          key: 'min_line_coverage',
          threshold: null,
          change: { by: -0.5, in: 'units', against: { kind: 'passes', count: 5 } },
        },
      ],
    ],
    [
      'min_line_coverage: { limit: 80, change: ">=0", on: new_code, weight: 3, when_missing: warn }',
      [
        { key: 'min_line_coverage', threshold: 80, on: 'new-code', weight: 3, whenMissing: { kind: 'warn' } },
        {
          key: 'min_line_coverage',
          threshold: null,
          change: { by: 0, in: 'units', against: previous },
          on: 'new-code',
          weight: 3,
          whenMissing: { kind: 'warn' },
        },
      ],
    ],
    [
      'max_failed_tests: { limit: 0, on: all, when_missing: skip(no tests here) }',
      [{ key: 'max_failed_tests', threshold: 0, whenMissing: { kind: 'skip', reason: 'no tests here' } }],
    ],
    [
      'max_failed_tests: { limit: 0, when_missing: { skip: no tests here } }',
      [{ key: 'max_failed_tests', threshold: 0, whenMissing: { kind: 'skip', reason: 'no tests here' } }],
    ],
  ])('%s', async (body, expected) => {
    // `on: all` is the same as nothing, and where a criterion is never on new code it need not be said.
    expect(await criteriaOf(body.replace(', on: all', ''))).toEqual(expected);
  });

  test('a limit alone is the same as an object with only that limit', () => {
    fc.assert(
      fc.property(fc.nat(), (limit) => {
        const gate = (value: number | { limit: number }) =>
          gatesFrom({ mandatory_gates: { a: { max_failed_tests: value, enforcement: 'BLOCKING' } } });

        expect(gate({ limit })).toEqual(gate(limit));
      }),
    );
  });

  test('the gate keeps its name, group, mode, score and day', async () => {
    const file = await fileOf(
      'deployment_gates: { optional_gates: { b: { max_failed_tests: 0, enforcement: WARNING, mode: shadow, min_score: 60, effective_on: 2027-01-01 } } }',
    );

    expect(gatesFrom(file.deployment_gates!)).toEqual([
      {
        name: 'b',
        group: 'optional',
        enforcement: 'WARNING',
        mode: 'shadow',
        minScore: 60,
        effectiveOn: '2027-01-01',
        criteria: [{ key: 'max_failed_tests', threshold: 0 }],
      },
    ]);
  });
});

describe('a value of a gate', () => {
  test.each([
    ['<= +10 %', { comparison: '<=', by: 10, in: '%' }],
    ['<=+10%', { comparison: '<=', by: 10, in: '%' }],
    ['<= 10', { comparison: '<=', by: 10, in: 'units' }],
    ['>= -0.5', { comparison: '>=', by: -0.5, in: 'units' }],
    ['>= -0.5 %', { comparison: '>=', by: -0.5, in: '%' }],
    ['< 10', null],
    ['== 10', null],
    ['<= ten', null],
    ['<= +10 % ', null],
    ['<= 1e3', null],
    ['<= --1', null],
    ['', null],
  ])('of how far it may move: %j', (text, expected) => {
    expect(parseChange(text)).toEqual(expected);
  });

  test.each([
    ['block', { kind: 'block' }],
    ['warn', { kind: 'warn' }],
    ['skip(a library)', { kind: 'skip', reason: 'a library' }],
    ['skip( a (nested) reason )', { kind: 'skip', reason: 'a (nested) reason' }],
    ['skip()', null],
    ['skip( )', null],
    ['skip', null],
    ['Warn', null],
    ['', null],
  ])('of what becomes of missing evidence: %j', (text, expected) => {
    expect(parseWhenMissing(text)).toEqual(expected);
  });

  test('of what it is compared with', () => {
    expect([undefined, 'previous', 'last 5 passes', 'last 12 passes'].map(parseAgainst)).toEqual([
      { kind: 'previous' },
      { kind: 'previous' },
      { kind: 'passes', count: 5 },
      { kind: 'passes', count: 12 },
    ]);
  });
});

describe('gates of environments and services', () => {
  const text = `
deployment_gates:
  mandatory_gates:
    tests: { max_failed_tests: 0, enforcement: BLOCKING }
    coverage: { min_line_coverage: 85, enforcement: BLOCKING }
  optional_gates:
    docs: { changelog_updated: true, enforcement: ADVISORY }
environments:
  production: {}
  staging:
    deployment_gates: { mandatory_gates: { coverage: { min_line_coverage: 60, enforcement: WARNING } } }
    without_gates: [docs]
services:
  web:
    deployment_gates: { optional_gates: { tests: { max_failed_tests: 9, enforcement: ADVISORY } } }
    environments:
      staging: { without_gates: [tests], deployment_gates: { mandatory_gates: { docs: { changelog_updated: true, enforcement: WARNING } } } }
`;
  const gates = async (service: string, environment: string): Promise<readonly string[]> => {
    const file = await fileOf(text);
    const merged = mergedGates(file.deployment_gates!, overlaysOf(file, service, environment));
    return gatesFrom(merged).map(({ name, group, enforcement }) => `${group} ${name} ${enforcement}`);
  };

  test('replace those of the same name in either group, the most special last', async () => {
    expect(await gates('shop', 'production')).toEqual([
      'mandatory tests BLOCKING',
      'mandatory coverage BLOCKING',
      'optional docs ADVISORY',
    ]);
    expect(await gates('shop', 'staging')).toEqual(['mandatory tests BLOCKING', 'mandatory coverage WARNING']);
    expect(await gates('web', 'production')).toEqual([
      'mandatory coverage BLOCKING',
      'optional docs ADVISORY',
      'optional tests ADVISORY',
    ]);
    expect(await gates('web', 'staging')).toEqual(['mandatory coverage WARNING', 'mandatory docs WARNING']);
  });

  test('stand in the order in which they hold, with the path of each', async () => {
    const file = await fileOf(text);
    const paths = (service: string, environment: string): readonly string[] =>
      overlaysOf(file, service, environment).map(({ path }) => path.join('.'));

    expect(paths('web', 'staging')).toEqual([
      'environments.staging',
      'services.web',
      'services.web.environments.staging',
    ]);
    expect(paths('web', 'production')).toEqual(['environments.production', 'services.web']);
    expect(paths('other', 'nowhere')).toEqual([]);
    expect(overlaysOf({}, 'constructor', 'toString')).toEqual([]);
  });
});
