import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { aqe, json } from '../support/cli.ts';
import { fencesOf } from '../support/docs.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const config = `
service: shop
evidence:
  mappings:
    loadgen:
      type: json
      files: perf/*.json
      producer: LoadGen
      metrics:
        - { metric: response_time, path: '$.samples[*].elapsed', aggregate: p95, unit: s }
        - { metric: error_rate, path: $.errors, unit: ratio }
    audit:
      type: csv
      files: [audit.csv]
      metrics:
        - { metric: critical_vulnerabilities, column: id, where: { level: critical }, aggregate: count, zero_if: level }
deployment_gates:
  mandatory_gates:
    speed: { max_p95_latency_ms: 300, max_error_rate_percent: 0.57, enforcement: BLOCKING }
    security: { max_critical_vulnerabilities: 0, enforcement: BLOCKING }
`;

const load = (last: unknown, errors: unknown = 0.0057): string =>
  JSON.stringify({ samples: [{ elapsed: 0.1 }, { elapsed: 0.2 }, { elapsed: last }], errors });

function shop(text = config): Project {
  const made = project({ config: text, load: null, audit: null });
  made.write('perf/run.json', load(0.3));
  made.write('audit.csv', 'id,level\nA-1,low\n');
  return made;
}

interface Criteria {
  readonly gates: {
    readonly gateResults: readonly {
      readonly criteria: readonly { readonly metric: string; readonly state: string; readonly reason: string }[];
    }[];
  };
  readonly decision: string;
}

async function statesOf({ root }: Project): Promise<Readonly<Record<string, string>>> {
  const { gates } = json<Criteria>(await aqe(root, ['assess', '--version', 'v2.5.0', '--json', '--dry-run']));
  return Object.fromEntries(
    gates.gateResults.flatMap(({ criteria }) => criteria.map((one) => [one.metric, one.state])),
  );
}

const measured = { response_time: 'measured', error_rate: 'measured', critical_vulnerabilities: 'measured' };

test('a report that no reader knows opens a gate at exactly its threshold', async () => {
  const { root } = shop();

  const { out } = await aqe(root, ['check-gate', '--gate', 'speed', '--version', 'v2.5.0', '--format', 'json']);

  expect(JSON.parse(out)).toMatchObject({ outcome: 'pass' });
});

test('a worse value closes it, and so does the worse of a mapped value and a real report', async () => {
  const slow = shop();
  slow.write('perf/run.json', load(0.3001));
  const both = project({ config, audit: null, load: { p95: 900, perSecond: 1, failed: [0, 10] } });
  both.write('perf/run.json', load(0.1));
  both.write('audit.csv', 'id,level\n');

  const codes = [slow, both].map(({ root }) => aqe(root, ['check-gate', '--gate', 'speed', '--version', 'v2.5.0']));

  expect((await Promise.all(codes)).map(({ code }) => code)).toEqual([1, 1]);
});

test.each([
  ['is gone', (made: Project) => made.remove('perf'), 'missing'],
  ['has a value that is none', (made: Project) => made.write('perf/run.json', load('n/a')), 'unreadable'],
  ['has lost a value', (made: Project) => made.write('perf/run.json', load(undefined)), 'unreadable'],
  ['is older than the release', (made: Project) => made.touch('perf/run.json', '2020-01-01T00:00:00Z'), 'stale'],
])('a report that %s takes its own metrics with it and no others', async (_, change, state) => {
  const made = shop();

  change(made);

  expect(await statesOf(made)).toEqual({ ...measured, response_time: state, error_rate: state });
});

test('a mapped file in a report folder is not offered to a reader that would claim it', async () => {
  const made = project({
    config: `evidence:\n  mappings:\n    own:\n      type: xml\n      files: reports/junit.xml\n      metrics:\n        - { metric: failed_tests, path: 'count(//failure)', zero_if: //testcase }\n`,
  });

  const { evidence } = json<{ evidence: readonly { path: string; format: string }[] }>(
    await aqe(made.root, ['evidence', '--json']),
  );

  expect(evidence.find(({ path }) => path === reportPaths.tests)?.format).toBe('mapping:own');
});

test('a file that two mappings are for counts for nothing, and the refusal names both', async () => {
  const made = shop(config.replace('[audit.csv]', '[audit.csv, perf/run.json]'));

  const { out, code } = await aqe(made.root, ['evidence']);

  expect(code).toBe(3);
  expect(out).toMatch(/the config assigns the file to mapping loadgen,\s+mapping\s+audit/);
  expect(Object.values(await statesOf(made))).toEqual(['unreadable', 'unreadable', 'unreadable']);
});

test('a big file is read by its mapping as a small one is', async () => {
  const made = shop(config.replace('column: id, where: { level: critical }', 'column: id, where: { level: low }'));
  made.write('audit.csv', `id,level\n${'A-1,low,and a comment that makes it longer\n'.repeat(250_000)}`);

  const { evidence } = json<{ evidence: readonly { path: string; signals: readonly unknown[] }[] }>(
    await aqe(made.root, ['evidence', 'audit.csv', '--json']),
  );

  expect(evidence[0]?.signals).toMatchObject([{ metric: 'critical_vulnerabilities', value: 250_000 }]);
});

test('a path that is not written right is an error of the config where it stands', async () => {
  const made = shop(config.replace('$.errors', '$.errors..'));

  const { code, err } = await aqe(made.root, ['evidence']);

  expect(code).toBe(2);
  expect(err).toContain('AQE1004');
  expect(err).toContain('evidence.mappings.loadgen.metrics.1.path: it is no JSONPath');
  expect(err).toContain('aqe-deploy.yaml:11:');
});

test('config print shows what is in force and where it comes from', async () => {
  const { out } = await aqe(shop().root, ['config', 'print', '--origin']);

  expect(out).toContain('evidence.mappings.loadgen.files: "perf/*.json"  # aqe-deploy.yaml:7');
});

describe('evidence --mapping', () => {
  test('prints what the guide shows', async () => {
    const guide = readFileSync(new URL('../../docs/guides/custom-evidence.md', import.meta.url), 'utf8');
    const of = (language: string): string => fencesOf(guide).find((fence) => fence.language === language)?.text ?? '';
    const made = project({ config: of('yaml') });
    const tryOut = (): ReturnType<typeof aqe> =>
      aqe(made.root, ['evidence', '--mapping', 'loadgen', 'reports/loadgen.json'], { columns: 120 });
    made.write('reports/loadgen.json', of('json'));
    const good = await tryOut();
    made.write('reports/loadgen.json', of('json').replace('"0.348"', '"n/a"'));
    const bad = await tryOut();

    const [first = '', second = ''] = fencesOf(guide).flatMap(({ language, text }) =>
      language === 'text' ? [text] : [],
    );
    expect(good).toMatchObject({ code: 0, out: first });
    expect(bad.code).toBe(3);
    expect(second).not.toBe('');
    expect(bad.out.startsWith(second)).toBe(true);
  });

  test('shows what each metric finds, whether or not the file is the one that is mapped', async () => {
    const made = shop();
    made.write('elsewhere.txt', load(0.3));

    const { code, out } = await aqe(made.root, ['evidence', '--mapping', 'loadgen', 'elsewhere.txt']);

    expect({ code, out }).toEqual({
      code: 0,
      out: `✔ elsewhere.txt: read by mapping loadgen (json)
    ✔ response_time: 300 ms
      $.samples[*].elapsed
      3 values: 0.1, 0.2, 0.3
      p95: 0.3 s = 300 ms
    ✔ error_rate: 0.57 %
      $.errors
      1 value: 0.0057
      only: 0.0057 ratio = 0.57 %
`,
    });
  });

  test('shows the good ones beside the problem', async () => {
    const made = shop();
    made.write('perf/run.json', load(0.3, 'none'));

    const { code, out } = await aqe(made.root, ['evidence', '--mapping', 'loadgen', 'perf/run.json', '--json']);

    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: '1',
      mapping: 'loadgen',
      type: 'json',
      files: [
        {
          path: 'perf/run.json',
          state: 'unreadable',
          code: 'AQE2003',
          metrics: [
            { metric: 'response_time', found: 3, first: ['0.1', '0.2', '0.3'], converted: 300, metricUnit: 'ms' },
            { metric: 'error_rate', found: 1, converted: null, code: 'AQE2003' },
          ],
        },
      ],
    });
  });

  test.each([
    [['--mapping', 'loadgn', 'a'], 'did you mean "loadgen"?'],
    [['--mapping', 'zzzzzz', 'a'], 'it has loadgen, audit'],
    [['--mapping', 'loadgen'], '--mapping needs the file to read'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await aqe(shop().root, ['evidence', ...args]);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test.each(['perf/nothing.json', '../out.json', 'perf'])('%s is no evidence', async (path) => {
    const { code, out } = await aqe(shop().root, ['evidence', '--mapping', 'loadgen', path]);

    expect(code).toBe(3);
    expect(out).toMatch(/unreadable by mapping loadgen[^]*AQE20/);
  });
});
