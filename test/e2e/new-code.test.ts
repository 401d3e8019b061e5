import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { aqe, json } from '../support/cli.ts';
import { fencesOf } from '../support/docs.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

/** The example of the page. */
const page = readFileSync(new URL('../../docs/explain/new-code.md', import.meta.url), 'utf8');
const onNewCode = `service: shop\n${fencesOf(page)[0]!.text}`;

/** Lines `first` to `last` of a file, all of them hit or none. */
const lcovFile = (path: string, ...runs: readonly (readonly [first: number, last: number, hits: number])[]): string =>
  [
    `SF:${path}`,
    ...runs.flatMap(([first, last, hits]) =>
      Array.from({ length: last - first + 1 }, (_, index) => `DA:${first + index},${hits}`),
    ),
    'end_of_record\n',
  ].join('\n');

const eslint = (path: string, line: number): string =>
  JSON.stringify([
    {
      filePath: path,
      messages: [{ ruleId: 'no-eval', severity: 2, message: 'm', line }],
      errorCount: 1,
      warningCount: 0,
    },
  ]);

/** The release adds the 20 lines of src/gift-cards.ts to a project of 2,000. */
async function assess({ root }: Project) {
  const result = await aqe(root, ['deploy', 'assess', '--version', 'v2.5.0', '--format', 'json']);
  const { signals, gates } = json<Assessment>(result);
  const gate = gates.gateResults.find((each) => each.gate === 'new_code');
  return {
    code: result.code,
    signals,
    outcomes: gate?.criteria.map(({ key, metric, outcome }) => `${key} ${metric} ${outcome}`),
  };
}

test('untested new code closes a gate that the coverage of all code would open', async () => {
  const made = project({ config: onNewCode });
  const covered = lcovFile('src/shop.ts', [1, 2000, 1]) + lcovFile('src/gift-cards.ts', [1, 15, 1], [16, 20, 0]);
  made.write(reportPaths.coverage, covered);
  made.write(reportPaths.lint, eslint('/home/ci/build/src/shop.ts', 7));

  const { code, signals, outcomes } = await assess(made);

  expect(code).toBe(1);
  expect(outcomes).toEqual([
    'max_critical_issues new_critical_issues pass',
    'min_line_coverage new_line_coverage fail',
  ]);
  expect(signals).toMatchObject({
    line_coverage: { signal: { exact: { part: 2015, whole: 2020 } } },
    new_line_coverage: { signal: { exact: { part: 15, whole: 20 }, basis: '15 of 20 new lines since v2.4.0' } },
    critical_issues: { signal: { value: 1 } },
    new_critical_issues: { signal: { value: 0 } },
  });
});

test('untested old code does not close it, and a finding on a new line does', async () => {
  const made = project({ config: onNewCode });
  const covered = lcovFile('src/shop.ts', [1, 2000, 0]) + lcovFile('/home/ci/build/src/gift-cards.ts', [1, 20, 1]);
  made.write(reportPaths.coverage, covered);
  made.write(reportPaths.lint, eslint('/home/ci/build/src/gift-cards.ts', 20));

  const { code, outcomes } = await assess(made);

  expect(code).toBe(1);
  expect(outcomes).toEqual([
    'max_critical_issues new_critical_issues fail',
    'min_line_coverage new_line_coverage pass',
  ]);
});

test('a report that does not know the new files is no evidence', async () => {
  const made = project({ config: onNewCode });
  made.write(reportPaths.coverage, lcovFile('src/shop.ts', [1, 2000, 1]));
  made.write(reportPaths.lint, eslint('src/shop.ts', 1));

  const { code, signals } = await assess(made);

  expect(code).toBe(3);
  expect(signals.new_line_coverage).toMatchObject({
    state: 'missing',
    reason: 'no new line is instrumented: 1 of 1 changed source file in no coverage report with lines',
  });
});

test('without a criterion on new code nobody looks what is new', async () => {
  const { signals } = await assess(project());

  expect(signals.new_line_coverage).toMatchObject({
    state: 'missing',
    reason: 'no criterion of the policy is on new code, so nobody looked which code is new',
  });
});
