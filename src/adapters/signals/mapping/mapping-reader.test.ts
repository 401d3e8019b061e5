import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../../test/support/arbitraries.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Measure } from '../../../core/evidence/reading.ts';
import type {
  EvidenceMapping,
  MappedMetric,
  MappedOutcome,
  MappedType,
} from '../../../core/policy/evidence-mapping.ts';
import { mappingReader } from './mapping-reader.ts';
import { MappingPathError } from './path-error.ts';

type Wish = Partial<MappedMetric> & Pick<MappedMetric, 'at'>;

function mappingOf(type: MappedType, wishes: readonly Wish[]): EvidenceMapping {
  const plain = { metric: 'response_time', where: [], aggregate: 'only', unit: 'ms', zeroIf: null } as const;
  return { name: 'm', type, files: ['r'], producer: null, metrics: wishes.map((wish) => ({ ...plain, ...wish })) };
}

/** Outcomes, read in pieces of a length, and what the report is refused with. */
async function tried(
  type: MappedType,
  text: string,
  wishes: readonly Wish[],
  size = 7,
): Promise<{ outcomes: readonly MappedOutcome[]; facts: readonly Measure[]; refusal: string | null }> {
  let outcomes: readonly MappedOutcome[] = [];
  const reader = await mappingReader(mappingOf(type, wishes), (all) => {
    outcomes = all;
  });
  const session = reader.open({ path: 'r' });
  try {
    for (let at = 0; at < text.length; at += size) session.push(text.slice(at, at + size));
    const { facts } = session.finish();
    return { outcomes, facts: facts as readonly Measure[], refusal: null };
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    return { outcomes, facts: [], refusal: `${error.code} ${error.detail}` };
  }
}

async function valueOf(type: MappedType, text: string, wish: Wish): Promise<number | string | null> {
  const { facts, refusal } = await tried(type, text, [wish]);
  return refusal ?? facts[0]?.value ?? null;
}

const csvOf = (values: readonly number[]): string => `v\n${values.map((value) => `${value}\n`).join('')}`;
const amounts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
const aggregated = (values: readonly number[], aggregate: MappedMetric['aggregate']): Promise<number | string | null> =>
  valueOf('csv', csvOf(values), { at: 'v', aggregate });

describe('aggregates', () => {
  test('min, mean and max stand in this order, and so do the percentiles', async () => {
    await fc.assert(
      fc.asyncProperty(amounts, async (values) => {
        const of = async (aggregate: MappedMetric['aggregate']): Promise<number> =>
          Number(await aggregated(values, aggregate));
        const [min, mean, max] = [await of('min'), await of('mean'), await of('max')];
        const ranked = [min, await of('p50'), await of('p90'), await of('p95'), await of('p99'), max];

        expect(min * (1 - 1e-12) <= mean && mean <= max * (1 + 1e-12)).toBe(true);
        expect(ranked).toEqual([...ranked].sort((a, b) => a - b));
        expect(ranked.every((value) => values.some((each) => each === value))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the order of the values makes no difference to any but first and last', async () => {
    await fc.assert(
      fc.asyncProperty(amounts, async (values) => {
        for (const aggregate of ['sum', 'min', 'max', 'mean', 'p90'] as const)
          expect(await aggregated(values.toReversed(), aggregate)).toBe(await aggregated(values, aggregate));
        expect(await aggregated(values, 'first')).toBe(await aggregated(values.toReversed(), 'last'));
      }),
      { numRuns: 60 },
    );
  });

  test('percentiles are by nearest rank', async () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);

    expect(await aggregated(values, 'p95')).toBe(19);
    expect(await aggregated(values, 'p50')).toBe(10);
    expect(await aggregated([7], 'p99')).toBe(7);
  });

  test('a mean is of exact decimals', async () => {
    expect(await aggregated([0.1, 0.2], 'mean')).toBe(0.15);
  });

  test('several values without an aggregate are refused', async () => {
    expect(await aggregated([1, 2], 'only')).toBe(
      'AQE2003 response_time: there are 2 values at v: state by `aggregate` how they become one',
    );
  });
});

describe('values', () => {
  const ratio = { at: '$.a', metric: 'line_coverage', unit: 'ratio' } as const;
  const percent = { ...ratio, unit: '%' } as const;

  test.each([
    ['0.57', ratio, 57],
    ['"0.57"', ratio, 57],
    ['84.996', percent, 84.996],
    ['"12.5%"', percent, 12.5],
    ['" 12.5 % "', percent, 12.5],
    ['1e-3', percent, 0.001],
    ['"B"', { ...percent, metric: 'maintainability', unit: 'grade' }, 2],
  ] as const)('%s is read', async (value, wish, expected) => {
    expect(await valueOf('json', `{"a":${value}}`, wish)).toBe(expected);
  });

  test.each([
    ['null', 'is null, not a number'],
    ['true', 'is true, not a number'],
    ['[1]', 'is a list, not a number'],
    ['{"b":1}', 'is an object, not a number'],
    ['""', 'is empty'],
    ['"Unknown"', 'is "Unknown", not a number'],
    ['"NaN"', 'is "NaN", not a number'],
    ['"Infinity"', 'is "Infinity", not a number'],
    ['"0x10"', 'is "0x10", not a number'],
    ['"1,234.5"', 'is "1,234.5", not a number'],
    ['"1 2"', 'is "1 2", not a number'],
    ['1e999', 'is no finite number'],
    ['"1e999"', 'is no finite number'],
    ['-1', 'is negative (-1)'],
    ['"12.5%"', 'is "12.5%", and the mapping says that its unit is ratio'],
  ])('%s is refused', async (value, problem) => {
    expect(await valueOf('json', `{"a":${value}}`, ratio)).toBe(`AQE2003 line_coverage: the value at $.a ${problem}`);
  });

  test('a value that cannot be is refused, also one that the aggregate passes over', async () => {
    const wish = { ...percent, at: '$[*]', aggregate: 'min' } as const;

    expect(await valueOf('json', '[12, 103]', wish)).toBe('AQE2003 line_coverage: a value of 103 is above 100%');
    expect(await valueOf('json', '[1.01]', { ...wish, unit: 'ratio' })).toBe(
      'AQE2003 line_coverage: a value of 101 is above 100%',
    );
  });

  test('one bad value among good ones is enough', async () => {
    expect(await valueOf('json', '[1, 2, "n/a", 4]', { at: '$[*]', aggregate: 'max' })).toBe(
      'AQE2003 response_time: the value at $[2] is "n/a", not a number',
    );
  });

  test('zero executed tests measure nothing', async () => {
    const wish = { at: '$.a', metric: 'executed_tests', unit: 'count' } as const;

    expect(await valueOf('json', '{"a":0}', wish)).toBe('AQE2007 executed_tests: no test was executed');
  });

  test('the fact says where the value comes from', async () => {
    const { facts } = await tried('json', '[0.1,0.2]', [{ at: '$[*]', unit: 's', aggregate: 'sum' }]);

    expect(facts).toEqual([
      {
        kind: 'measure',
        metric: 'response_time',
        value: 300,
        mapped: { at: '$[*]', aggregate: 'sum', unit: 's', found: 2, value: 0.3 },
      },
    ]);
  });

  test('every metric is looked at, and the refusal names each that has a problem', async () => {
    const { outcomes, refusal } = await tried('json', '{"a":1,"b":"x"}', [
      { at: '$.a' },
      { at: '$.b', metric: 'throughput', unit: 'rps' },
      { at: '$.c', metric: 'error_rate', unit: '%' },
    ]);

    expect(outcomes.map(({ converted }) => converted)).toEqual([1, null, null]);
    expect(refusal).toBe('AQE2003 throughput: the value at $.b is "x", not a number; error_rate: nothing is at $.c');
  });
});

describe('JSON', () => {
  const count = { metric: 'critical_vulnerabilities', unit: 'count', aggregate: 'count' } as const;

  test('nothing at the path is nothing measured, and never 0', async () => {
    expect(await valueOf('json', '{}', { at: '$.a.b' })).toBe('AQE2007 response_time: nothing is at $.a.b');
    expect(await valueOf('json', '{"issues":[]}', { ...count, at: '$.issues[*]' })).toBe(
      'AQE2007 critical_vulnerabilities: nothing is at $.issues[*]',
    );
  });

  test('a count of nothing is 0 where what it counts in is there', async () => {
    const wish = { ...count, at: `$.issues[?@.level == 'critical']`, zeroIf: '$.issues' } as const;

    expect(await valueOf('json', '{"issues":[{"level":"low"}]}', wish)).toBe(0);
    expect(await valueOf('json', '{"issues":[{"level":"critical"},{"level":"critical"}]}', wish)).toBe(2);
    expect(await valueOf('json', '{"issues":null}', wish)).toContain('AQE2007');
    expect(await valueOf('json', '{"error":"no licence"}', wish)).toContain('AQE2007');
  });

  test.each([
    ['$.runs[*].p95', '{"runs":[{"p95":1},{"p90":2}]}', '1 of 2 places at $.runs[*] have no "p95"'],
    ['$.runs[*].http.p95', '{"runs":[{"http":{"p95":1}},{"http":null}]}', '1 of 2 places at $.runs[*] have no "p95"'],
    [`$['a','b']`, '{"a":1}', '1 of 1 places at $ have no "b"'],
  ])('a value that one of several places lacks is not passed over: %s', async (at, text, problem) => {
    expect(await valueOf('json', text, { at, aggregate: 'max' })).toBe(`AQE2003 response_time: ${problem}`);
  });

  test('a filter leaves out what has no value', async () => {
    const wish = { at: '$.runs[?@.p95].p95', aggregate: 'max' } as const;

    expect(await valueOf('json', '{"runs":[{"p95":1},{"p90":2}]}', wish)).toBe(1);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a plain key', async (key) => {
    expect(await valueOf('json', '{}', { at: `$.${key}` })).toContain('AQE2007');
    expect(await valueOf('json', '{}', { at: `$..${key}`, aggregate: 'max' })).toContain('AQE2007');
    expect(await valueOf('json', `{"${key}":{"a":4}}`, { at: `$['${key}'].a` })).toBe(4);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('a list of half a million values is read, and one that is nested too deeply is refused', async () => {
    const many = `[${'1,'.repeat(500_000)}1]`;
    const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;

    const { facts } = await tried('json', many, [{ at: '$[*]', aggregate: 'sum' }], many.length);

    expect(facts[0]?.value).toBe(500_001);
    expect((await tried('json', deep, [{ at: '$..a' }], deep.length)).refusal).toContain('AQE2005');
  });

  test.each([
    [`$[?match(@.a, '(x+)+y')]`, 'it is no JSONPath: match() is not available: compare by == or !='],
    [`$[?search(@.a, 'x')]`, 'it is no JSONPath: search() is not available: compare by == or !='],
  ])('%s is refused before anything is read', async (at, message) => {
    await expect(mappingReader(mappingOf('json', [{ at: '$' }, { at }]))).rejects.toThrow(
      new MappingPathError(1, 'path', message),
    );
  });

  test('a path that names far too many places is refused before anything is read', async () => {
    const at = `$${`['a','b']`.repeat(20)}`;

    await expect(mappingReader(mappingOf('json', [{ at }]))).rejects.toThrow('it names more than 1000 places at once');
  });

  test.each(['', 'a.b', '$.', '$[', '$.a[?@.b = 1]', '$.a[?eval("1")]', '$.a[(@.length-1)]'])(
    '%j is no JSONPath',
    async (at) => {
      await expect(mappingReader(mappingOf('json', [{ at }]))).rejects.toThrow('it is no JSONPath: ');
    },
  );
});

describe('XML', () => {
  const text =
    '<?xml version="1.0"?><r><t v="1"><n>2</n></t><t v="3"><n> 4 </n></t><o><t v="5"><n><![CDATA[6]]></n></t></o></r>';

  test.each([
    ['/r/t/@v', 4],
    ['//t/@v', 9],
    ['/r//t/@v', 9],
    ['/r/*/@v', 'AQE2003 response_time: 1 of the elements that /r/*/@v leads to have no such value'],
    ['/r/*[@v]/@v', 4],
    [`//t[@v='3']/n`, 4],
    [`//t[@v!='3']/n`, 8],
    ['/r/t/n/text()', 6],
    ['/r/o//n', 6],
    ['//n', 12],
    ['/t', 'AQE2007 response_time: nothing is at /t'],
    ['/r/t', 6],
  ])('the sum at %s is %s', async (at, expected) => {
    expect(await valueOf('xml', text, { at, aggregate: 'sum' })).toBe(expected);
  });

  test('a count is of elements, and 0 only where it says so', async () => {
    const count = { metric: 'failed_tests', unit: 'count', aggregate: 'count' } as const;

    expect(await valueOf('xml', text, { ...count, at: '//t' })).toBe(3);
    expect(await valueOf('xml', text, { ...count, at: '//bad' })).toContain('AQE2007');
    expect(await valueOf('xml', text, { ...count, at: '//bad', zeroIf: '/r/t' })).toBe(0);
    expect(await valueOf('xml', text, { ...count, at: '//bad', zeroIf: '/r/@there' })).toContain('AQE2007');
  });

  test('an element that lacks its value is not passed over', async () => {
    const one = '<r><t><n>1</n></t><t/></r>';

    expect(await valueOf('xml', one, { at: '/r/t/n', aggregate: 'sum' })).toBe(
      'AQE2003 response_time: 1 of the elements that /r/t/n leads to have no such value',
    );
    expect(await valueOf('xml', one, { at: '//n', aggregate: 'sum' })).toBe(1);
    expect(await valueOf('xml', '<r><n/></r>', { at: '//n' })).toBe('AQE2003 response_time: the value at //n is empty');
  });

  test.each(['__proto__', 'constructor'])('an attribute %s is a plain name', async (name) => {
    expect(await valueOf('xml', '<r/>', { at: `/r/@${name}` })).toContain('AQE2007');
    expect(await valueOf('xml', `<r ${name}="4"/>`, { at: `/r/@${name}` })).toBe(4);
  });

  test('declared entities and a document that is cut short are refused', async () => {
    expect(await valueOf('xml', '<!DOCTYPE r [<!ENTITY a "1">]><r>&a;</r>', { at: '/r' })).toContain('AQE2002');
    expect(await valueOf('xml', '<r><t>1</t>', { at: '/r/t' })).toContain('AQE2002');
  });

  test('a long document is read in little memory', async () => {
    const reader = await mappingReader(mappingOf('xml', [{ at: '/r/t/@v', aggregate: 'max' }]));
    const session = reader.open({ path: 'r' });
    session.push('<r>');
    for (let index = 0; index < 1000; index += 1) session.push('<t v="7">some text</t>'.repeat(100));
    session.push('</r>');

    expect(session.finish().facts).toMatchObject([{ value: 7, mapped: { found: 100_000 } }]);
  });
});

describe('CSV', () => {
  const text = 'name;kind;pct\r\na;line;85.5%\r\n"b;c";branch;n/a\r\nd;line;90\r\n';
  const lines = { metric: 'line_coverage', unit: '%', at: 'pct', where: [{ column: 'kind', value: 'line' }] } as const;

  test('rows are chosen by their texts', async () => {
    expect(await valueOf('csv', text, { ...lines, aggregate: 'min' })).toBe(85.5);
    expect(await valueOf('csv', text, { ...lines, where: [{ column: 'name', value: 'd' }] })).toBe(90);
    expect(await valueOf('csv', text, { ...lines, where: [], aggregate: 'min' })).toBe(
      'AQE2003 line_coverage: the value at line 3, column pct is "n/a", not a number',
    );
  });

  test.each([
    ['a,b\n', { at: 'a' }, 'AQE2007 response_time: nothing is at a'],
    ['a,b\n1\n', { at: 'b' }, 'AQE2003 response_time: line 2 has no cell for column b'],
    ['a,b\n,2\n', { at: 'a' }, 'AQE2003 response_time: the value at line 2, column a is empty'],
    ['a,a\n1,2\n', { at: 'a' }, 'AQE2003 response_time: two columns are called "a"'],
    [
      'elapsed,b\n1,2\n',
      { at: 'elapsd' },
      'AQE2003 response_time: there is no column "elapsd"; did you mean "elapsed"? (columns: elapsed, b)',
    ],
    ['', { at: 'a' }, 'AQE2001 the file has no content'],
    ['\n \n', { at: 'a' }, 'AQE2001 the file has no content'],
  ])('%j is refused', async (all, wish, refusal) => {
    expect(await valueOf('csv', all, wish)).toBe(refusal);
  });

  test('a count of nothing is 0 where the column is there', async () => {
    const wish = {
      metric: 'failed_tests',
      unit: 'count',
      aggregate: 'count',
      at: 'name',
      where: [{ column: 'kind', value: 'failed' }],
    } as const;

    expect(await valueOf('csv', text, wish)).toContain('AQE2007');
    expect(await valueOf('csv', text, { ...wish, zeroIf: 'kind' })).toBe(0);
    expect(await valueOf('csv', text, { ...wish, zeroIf: 'state' })).toContain('AQE2003');
  });

  test('a header without an end is refused', async () => {
    expect((await tried('csv', 'a,'.repeat(600_000), [{ at: 'a' }], 65_536)).refusal).toBe(
      'AQE2005 the header is longer than 1000000 characters',
    );
  });

  test('the size of the pieces makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
        const { outcomes } = await tried('csv', text, [{ ...lines, aggregate: 'mean' }], size);

        expect(outcomes[0]?.converted).toBe(87.75);
      }),
      { ...runs, numRuns: 40 },
    );
  });
});
