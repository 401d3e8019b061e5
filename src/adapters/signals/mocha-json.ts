import * as z from 'zod/mini';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { plainMessage } from './shared/plain-message.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { TestTally } from './shared/test-tally.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const test = z.object({
    title: z.string(),
    fullTitle: text,
    file: text,
    duration: z.nullish(z.number()),
    currentRetry: z.nullish(z.number()),
    err: z.optional(z.unknown()),
  });
  const tests = z.array(test);
  const report = z.object({
    stats: z.object({ tests: z.optional(wholeNumber), failures: z.optional(wholeNumber), end: text }),
    tests,
    passes: tests,
    failures: tests,
    pending: z.nullish(tests),
  });
  return { test, report };
});

type Test = z.infer<ReturnType<typeof schemas>['test']>;
type Report = z.infer<ReturnType<typeof schemas>['report']>;

/**
 * Mocha's own JSON reporter. A failed hook stands among the failures and not among the tests; the tests that it kept from
 * running stand nowhere.
 */
export const mochaJson: SignalReader = {
  id: 'mocha-json',
  title: 'Mocha JSON',
  gives: ['tests'],
  names: ['mocha.json', 'mocha-results*.json', 'mocha-report*.json'],
  countingUnit:
    'One test, however often it was tried; a failed hook is an errored test of its own. Pending tests are skipped.',
  detects({ text: start }) {
    const root = objectOf(jsonHead(start));
    const stats = objectOf(root['stats']);
    return (
      Array.isArray(root['tests']) &&
      !('results' in root) &&
      ['suites', 'tests', 'passes', 'failures'].every((key) => typeof stats[key] === 'number')
    );
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file.path)),
};

/** Titles under which failures stand that are no tests. */
const outside = /^(?:"(?:before|after) (?:all|each)" hook\b|Uncaught error outside test suite$)/;

function toReading({ stats, tests, passes, failures, pending }: Report, path: string): Reading {
  const tally = new TestTally();
  const ended = new Map<string, number>();
  for (const test of tests) ended.set(keyOf(test), (ended.get(keyOf(test)) ?? 0) + 1);
  const hasFailed = new Set<string>();
  let others = 0;
  /** Takes one of the ends of the test; false if there is none left, and the test has failed: it is counted already. */
  const isNew = (test: Test): boolean => {
    const left = ended.get(keyOf(test)) ?? 0;
    ended.set(keyOf(test), left - 1);
    return left > 0 || !hasFailed.has(keyOf(test));
  };
  for (const test of failures) {
    const isTest = !outside.test(test.title);
    if (!isTest) others += 1;
    // A test can fail twice: by itself, and by an error that comes late.
    else if (!isNew(test)) continue;
    hasFailed.add(keyOf(test));
    tally.add({ ...named(test), outcome: isTest ? 'failed' : 'errored', message: messageOf(test) });
  }
  for (const test of pending ?? []) if (isNew(test)) tally.add({ ...named(test), outcome: 'skipped' });
  // It can also pass and then fail.
  for (const test of passes)
    if (isNew(test)) tally.add({ ...named(test), outcome: (test.currentRetry ?? 0) > 0 ? 'flaky' : 'passed' });
  const unknown = Math.max(0, tests.length - (tally.total - others));
  tally.addCounts({ skipped: unknown });
  for (const { duration } of tests) tally.addSeconds(duration != null && duration >= 0 ? duration / 1000 : null);
  const notices = tally.reconcile(
    { tests: [stats.tests ?? null], bad: stats.failures ?? null },
    { tests: tests.length, bad: failures.length },
  );
  const takenAt = zonedTime(stats.end);
  return {
    producer: { name: 'mocha' },
    ...(takenAt ? { takenAt } : {}),
    facts: [tally.run(path)],
    notices: [
      ...notices,
      ...(others > 0
        ? [`failures outside of tests: ${others}; tests that a failed hook kept from running are not in the report`]
        : []),
      ...(unknown > 0 ? [`tests that neither passed nor failed nor are pending, counted as skipped: ${unknown}`] : []),
    ],
  };
}

function keyOf({ title, fullTitle, file }: Test): string {
  return JSON.stringify([file, fullTitle, title]);
}

function named({ title, fullTitle, file }: Test): { readonly name: readonly string[]; readonly file?: string } {
  const suite = fullTitle?.endsWith(` ${title}`) ? fullTitle.slice(0, -title.length - 1) : '';
  return { name: [suite, title], ...(file ? { file } : {}) };
}

function messageOf({ err }: Test): string | undefined {
  const { message, stack } = objectOf(err);
  return [message, stack, err].map((each) => (typeof each === 'string' ? plainMessage(each) : undefined)).find(Boolean);
}
