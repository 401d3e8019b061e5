import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { checkShape, jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { plainMessage } from './shared/plain-message.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { TestTally, type CountedTest } from './shared/test-tally.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const error = z.object({ message: text, value: text });
  const result = z.object({
    status: text,
    duration: z.nullish(z.number()),
    error: z.nullish(error),
    errors: z.nullish(z.array(error)),
  });
  const test = z.object({
    projectName: text,
    expectedStatus: text,
    status: text,
    results: z.nullish(z.array(result)),
  });
  const suite = z.object({
    title: text,
    file: text,
    specs: z.nullish(z.array(z.object({ title: text, file: text, tests: z.array(test) }))),
    // Checked one by one: they nest without limit.
    suites: z.nullish(z.array(z.unknown())),
  });
  const report = z.object({
    config: z.nullish(z.object({ version: text, metadata: z.optional(z.unknown()) })),
    suites: z.nullish(z.array(z.unknown())),
    errors: z.nullish(z.array(error)),
    stats: z.nullish(
      z.object({
        startTime: text,
        expected: z.nullish(wholeNumber),
        unexpected: z.nullish(wholeNumber),
        flaky: z.nullish(wholeNumber),
        skipped: z.nullish(wholeNumber),
      }),
    ),
  });
  return { result, test, suite, report };
});

type Test = z.infer<ReturnType<typeof schemas>['test']>;
type Result = z.infer<ReturnType<typeof schemas>['result']>;
type Report = z.infer<ReturnType<typeof schemas>['report']>;

/** Playwright Test's JSON reporter. A test that is expected to fail and does is passed, as Playwright has it. */
export const playwrightJson: SignalReader = {
  id: 'playwright-json',
  title: 'Playwright JSON',
  gives: ['tests'],
  names: ['playwright.json', 'playwright-results*.json', 'playwright-report*.json'],
  countingUnit:
    'One test in one project, however often it was tried. Unexpected is failed, flaky is passed; a test that was interrupted, and an error outside of the tests, is errored.',
  detects({ text: start }) {
    const root = objectOf(jsonHead(start));
    const config = objectOf(root['config']);
    const stats = objectOf(root['stats']);
    return (
      ['rootDir', 'forbidOnly', 'maxFailures'].every((key) => key in config) ||
      (Array.isArray(root['suites']) &&
        ['expected', 'unexpected', 'flaky'].every((key) => typeof stats[key] === 'number'))
    );
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file)),
};

function toReading({ config, suites, errors, stats }: Report, file: { readonly path: string }): Reading {
  const tally = new TestTally();
  const seen = { tests: 0, bad: 0, notStarted: 0, didNotRun: 0 };
  const open = (suites ?? []).map((suite) => ({ suite, path: [] as readonly string[] })).toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    const suite = checkShape(file, schemas().suite, next.suite);
    // The outermost suites are the files.
    const path = suite.title && suite.title !== suite.file ? [...next.path.slice(0, 20), suite.title] : next.path;
    for (const spec of suite.specs ?? [])
      for (const test of spec.tests) {
        const outcome = outcomeOf(test);
        seen.tests += 1;
        if (outcome === 'failed') seen.bad += 1;
        if (didNotRun(test)) seen.didNotRun += 1;
        if (didNotRun(test) && !test.results?.length) seen.notStarted += 1;
        const project = test.projectName ? `[${test.projectName}]` : '';
        tally.add({
          name: [project, ...path, spec.title ?? ''],
          outcome,
          message: messageOf(test.results ?? []),
          file: spec.file ?? suite.file ?? undefined,
        });
        for (const { duration } of test.results ?? [])
          tally.addSeconds(duration != null && duration >= 0 ? duration / 1000 : null);
      }
    for (const inner of (suite.suites ?? []).toReversed()) open.push({ suite: inner, path });
  }
  const message = plainMessage(errors?.[0]?.message ?? errors?.[0]?.value);
  if (seen.tests === seen.didNotRun && errors?.length)
    throw new AqeError(
      'AQE2006',
      `no test was run: ${(message ?? 'unknown error').split('\n')[0]!.slice(0, 40)}`,
      file,
    );
  if (seen.tests === seen.didNotRun)
    throw new AqeError('AQE2007', seen.tests === 0 ? 'it has no test' : 'none of its tests was run', file);
  for (const error of errors ?? [])
    tally.add({
      name: ['(outside of tests)'],
      outcome: 'errored',
      message: plainMessage(error.message ?? error.value),
    });
  if (seen.notStarted > 0 && tally.bad === 0)
    throw new AqeError('AQE2006', `the run was stopped: ${seen.notStarted} of ${seen.tests} tests were not run`, file);

  const takenAt = zonedTime(stats?.startTime);
  const version = config?.version;
  const commit = objectOf(objectOf(config?.metadata)['gitCommit'])['hash'];
  return {
    producer: { name: 'playwright', ...(version ? { version } : {}) },
    ...(typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit) ? { commit } : {}),
    ...(takenAt ? { takenAt } : {}),
    notices: [
      ...tally.reconcile({ tests: [total(stats)], bad: stats?.unexpected ?? null }, seen),
      ...(seen.didNotRun > 0 ? [`tests that were not run, counted as skipped: ${seen.didNotRun}`] : []),
    ],
    facts: [tally.run(file.path)],
  };
}

function total(stats: Report['stats']): number | null {
  if (stats?.expected == null) return null;
  return stats.expected + (stats.unexpected ?? 0) + (stats.flaky ?? 0) + (stats.skipped ?? 0);
}

/** Behind a failure in a serial suite or after the run was stopped; a test that is to be skipped expects that. */
function didNotRun({ expectedStatus, results }: Test): boolean {
  return expectedStatus !== 'skipped' && (results ?? []).every(({ status }) => status === 'skipped');
}

function outcomeOf(test: Test): CountedTest['outcome'] {
  const results = test.results ?? [];
  if (results.at(-1)?.status === 'interrupted') return 'errored';
  switch (test.status ?? derivedStatus(test.expectedStatus ?? 'passed', results)) {
    case 'expected':
      return 'passed';
    case 'unexpected':
      return 'failed';
    case 'flaky':
      return 'flaky';
    case 'skipped':
      return 'skipped';
    default:
      return 'errored';
  }
}

/** As Playwright computes it; its first versions left that to the reader of the report. */
function derivedStatus(expected: string, results: readonly Result[]): string {
  const ran = results.filter(({ status }) => status !== 'skipped');
  if (ran.length === 0) return 'skipped';
  const asExpected = ran.filter(({ status }) => status === expected).length;
  if (asExpected === ran.length) return 'expected';
  return asExpected > 0 ? 'flaky' : 'unexpected';
}

function messageOf(results: readonly Result[]): string | undefined {
  const failed = results.findLast(({ error, errors }) => error != null || (errors ?? []).length > 0);
  const error = failed?.error ?? failed?.errors?.[0];
  return plainMessage(error?.message ?? error?.value);
}
