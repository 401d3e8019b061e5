import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { instantOfMilliseconds } from './shared/epoch.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { plainMessage } from './shared/plain-message.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { TestTally, type CountedTest } from './shared/test-tally.ts';

const schemas = onFirstUse(() => {
  const test = z.object({
    ancestorTitles: z.nullish(z.array(z.string())),
    title: text,
    fullName: text,
    status: z.string(),
    duration: z.nullish(z.number()),
    failureMessages: z.nullish(z.array(text)),
    invocations: z.nullish(z.number()),
  });
  const tests = z.nullish(z.array(test));
  /** `--json` writes the first of each pair of names, a results processor the second. */
  const suite = z.object({
    name: text,
    testFilePath: text,
    message: text,
    failureMessage: text,
    assertionResults: tests,
    testResults: tests,
    status: text,
    testExecError: z.optional(z.unknown()),
  });
  const report = z.object({
    numTotalTests: z.optional(wholeNumber),
    numFailedTests: z.optional(wholeNumber),
    numRuntimeErrorTestSuites: z.optional(wholeNumber),
    startTime: z.nullish(z.number()),
    success: z.nullish(z.boolean()),
    wasInterrupted: z.nullish(z.boolean()),
    testResults: z.array(suite),
  });
  return { test, suite, report };
});

type Test = z.infer<ReturnType<typeof schemas>['test']>;
type Suite = z.infer<ReturnType<typeof schemas>['suite']>;
type Report = z.infer<ReturnType<typeof schemas>['report']>;

/** The JSON that `jest --json` and Vitest's `json` reporter write. A file that did not run is an errored test. */
export const jestJson: SignalReader = {
  id: 'jest-json',
  title: 'Jest and Vitest JSON',
  gives: ['tests'],
  names: [
    'jest.json',
    'jest-results*.json',
    'jest-report*.json',
    'vitest.json',
    'vitest-results*.json',
    'vitest-report*.json',
  ],
  countingUnit:
    'One test, however often it was tried; so does a test file that failed although none of its tests did (it did not load, a hook failed). Pending, todo and disabled tests are skipped.',
  detects({ text: start }) {
    const root = objectOf(jsonHead(start));
    return ['numTotalTests', 'numTotalTestSuites', 'numFailedTestSuites'].every((key) => typeof root[key] === 'number');
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  if (report.wasInterrupted) throw new AqeError('AQE2006', 'the run was interrupted', { path });
  // Jest alone counts the files that did not run.
  const isJest = report.numRuntimeErrorTestSuites !== undefined;
  const tally = new TestTally();
  let tests = 0;
  let failed = 0;
  let brokenSuites = 0;
  for (const suite of report.testResults) {
    const listed = suite.assertionResults ?? suite.testResults ?? [];
    const file = suite.name ?? suite.testFilePath ?? undefined;
    const badBefore = tally.bad;
    for (const test of listed) {
      tally.add(counted(test, isJest, file));
      tally.addSeconds(test.duration != null && test.duration >= 0 ? test.duration / 1000 : null);
    }
    tests += listed.length;
    failed += listed.filter(({ status }) => status === 'failed').length;
    if (!failedToRun(suite, tally.bad > badBefore)) continue;
    brokenSuites += 1;
    const message =
      plainMessage(suite.message || suite.failureMessage) ?? 'The file failed, and none of its tests did.';
    tally.add({ name: [file ?? '(test file without name)'], outcome: 'errored', message, file });
  }
  const notices = [
    ...tally.reconcile(
      { tests: [report.numTotalTests ?? null], bad: report.numFailedTests ?? null },
      { tests, bad: failed },
    ),
    ...(isJest && report.numRuntimeErrorTestSuites !== brokenSuites
      ? [`the report states ${report.numRuntimeErrorTestSuites} files that did not run and shows ${brokenSuites}`]
      : []),
  ];
  if (report.success === false && tally.bad === 0 && tally.total > 0)
    tally.add({
      name: ['(the run)'],
      outcome: 'errored',
      message: 'The report says that the run failed, and none of its tests did.',
    });
  const takenAt = instantOfMilliseconds(report.startTime);
  return {
    producer: { name: isJest ? 'jest' : 'vitest' },
    ...(takenAt ? { takenAt } : {}),
    facts: [tally.run(path)],
    notices,
  };
}

/** A file with a failed test has failed because of it; the shorter form does not tell whether it broke as well. */
function failedToRun(suite: Suite, hasFailedTest: boolean): boolean {
  if (suite.testExecError != null) return true;
  return !hasFailedTest && (suite.status === 'failed' || (suite.status == null && Boolean(suite.failureMessage)));
}

function counted(test: Test, isJest: boolean, file: string | undefined): CountedTest {
  const messages = test.failureMessages ?? [];
  const title = test.title ?? test.fullName ?? '';
  const outcome = outcomeOf(test, isJest);
  const message = plainMessage(messages.find(Boolean)) ?? (outcome === 'errored' ? `status ${test.status}` : undefined);
  return { name: [...(test.ancestorTitles ?? []), title], outcome, message, file };
}

function outcomeOf({ status, invocations, failureMessages }: Test, isJest: boolean): CountedTest['outcome'] {
  switch (status) {
    // Vitest keeps the failures of earlier tries, Jest the number of tries.
    case 'passed':
      return (invocations ?? 1) > 1 || (failureMessages ?? []).length > 0 ? 'flaky' : 'passed';
    case 'failed':
      return 'failed';
    case 'skipped':
    case 'todo':
    case 'disabled':
      return 'skipped';
    // To Jest it is skipped; Vitest means a test that had not ended when the report was written.
    case 'pending':
      return isJest ? 'skipped' : 'errored';
    default:
      return 'errored';
  }
}
