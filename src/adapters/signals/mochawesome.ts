import * as z from 'zod/mini';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { checkShape, jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { plainMessage } from './shared/plain-message.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { TestTally, type CountedTest } from './shared/test-tally.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const flag = z.nullish(z.boolean());
  const test = z.object({
    title: z.string(),
    duration: z.nullish(z.number()),
    state: text,
    pass: flag,
    fail: flag,
    pending: flag,
    skipped: flag,
    isHook: flag,
    err: z.optional(z.unknown()),
  });
  const tests = z.nullish(z.array(test));
  const suite = z.object({
    title: text,
    fullFile: text,
    file: text,
    beforeHooks: tests,
    afterHooks: tests,
    tests,
    // Checked one by one: they nest without limit.
    suites: z.nullish(z.array(z.unknown())),
  });
  const report = z.object({
    stats: z.object({
      testsRegistered: z.nullish(wholeNumber),
      tests: z.nullish(wholeNumber),
      passes: z.nullish(wholeNumber),
      failures: z.nullish(wholeNumber),
      other: z.nullish(wholeNumber),
      end: text,
    }),
    /** A run without tests has `false` in place of its suite. Before version 4 the outermost suite was called `suites`. */
    results: z.nullish(z.array(z.unknown())),
    suites: z.optional(z.unknown()),
    meta: z.nullish(z.object({ mochawesome: z.nullish(z.object({ version: text })) })),
  });
  return { test, suite, report };
});

type Test = z.infer<ReturnType<typeof schemas>['test']>;
type Report = z.infer<ReturnType<typeof schemas>['report']>;

/** Mochawesome's JSON, also of several runs merged. Tests count, the stats are a check. */
export const mochawesome: SignalReader = {
  id: 'mochawesome',
  title: 'Mochawesome JSON',
  gives: ['tests'],
  names: ['mochawesome*.json'],
  countingUnit:
    'One test; a failed hook is an errored test of its own. Pending tests, and tests that a failed hook kept from running, are skipped.',
  detects({ text: start }) {
    const root = objectOf(jsonHead(start));
    const stats = objectOf(root['stats']);
    return (
      ['testsRegistered', 'passes', 'failures'].every((key) => typeof stats[key] === 'number') &&
      ('results' in root || 'suites' in root)
    );
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file)),
};

function toReading({ stats, results, suites, meta }: Report, file: { readonly path: string }): Reading {
  const tally = new TestTally();
  const seen = { tests: 0, passed: 0, failed: 0, withoutEnd: 0 };
  const add = (test: Test, isHook: boolean, suite: readonly string[], path: string | undefined): void => {
    const outcome = outcomeOf(test);
    if (isHook && outcome !== 'failed') return;
    const message = plainMessage(messageOf(test.err));
    const item = { name: [...suite, test.title], message, file: path };
    if (isHook) tally.add({ ...item, outcome: 'errored' });
    else {
      seen.tests += 1;
      if (outcome === 'passed' || outcome === 'failed') seen[outcome] += 1;
      tally.addSeconds(test.duration != null && test.duration >= 0 ? test.duration / 1000 : null);
      if (outcome === 'skipped' && !test.pending && test.state !== 'pending') seen.withoutEnd += 1;
      else tally.add({ ...item, outcome });
    }
  };
  const open = (results ?? [suites]).map((suite) => ({ suite, path: [] as readonly string[] })).toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.suite === false || next.suite == null) continue;
    const suite = checkShape(file, schemas().suite, next.suite);
    const path = suite.title ? [...next.path.slice(0, 20), suite.title] : next.path;
    const source = suite.fullFile || suite.file || undefined;
    for (const test of suite.beforeHooks ?? []) add(test, true, path, source);
    for (const test of suite.tests ?? []) add(test, test.isHook === true, path, source);
    for (const test of suite.afterHooks ?? []) add(test, true, path, source);
    for (const inner of (suite.suites ?? []).toReversed()) open.push({ suite: inner, path });
  }
  // Up to Mocha 5 a test that was tried again is listed by its first try, which has no end: only the stats know it.
  const triedAgain = Math.min(seen.withoutEnd, Math.max(0, (stats.tests ?? 0) - (seen.tests - seen.withoutEnd)));
  const failedLater = Math.min(triedAgain, Math.max(0, (stats.failures ?? 0) - seen.failed));
  const passedLater = Math.min(triedAgain - failedLater, Math.max(0, (stats.passes ?? 0) - seen.passed));
  const unnamed = { name: ['(not named)'], message: 'It was tried again, and only the stats say how that ended.' };
  for (let count = 0; count < passedLater; count += 1) tally.add({ ...unnamed, outcome: 'flaky' });
  for (let count = 0; count < failedLater; count += 1) tally.add({ ...unnamed, outcome: 'failed' });
  const didNotRun = seen.withoutEnd - passedLater - failedLater;
  tally.addCounts({ skipped: didNotRun });
  const bad = stats.failures == null ? null : stats.failures + (stats.other ?? 0);
  const notices = tally.reconcile(
    { tests: [stats.testsRegistered ?? null], bad },
    { tests: seen.tests, bad: tally.bad },
  );
  const takenAt = zonedTime(stats.end);
  const version = meta?.mochawesome?.version;
  return {
    producer: { name: 'mochawesome', ...(version ? { version } : {}) },
    ...(takenAt ? { takenAt } : {}),
    facts: [tally.run(file.path)],
    notices: [
      ...notices,
      ...(didNotRun > 0 ? [`tests that did not run without being pending, counted as skipped: ${didNotRun}`] : []),
    ],
  };
}

function outcomeOf({ state, fail, pass }: Test): CountedTest['outcome'] {
  if (fail || state === 'failed') return 'failed';
  return pass || state === 'passed' ? 'passed' : 'skipped';
}

function messageOf(err: unknown): string | undefined {
  const { message, estack } = objectOf(err);
  return [message, estack].find((each): each is string => typeof each === 'string' && each !== '');
}
