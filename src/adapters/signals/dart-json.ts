import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonSequenceSession, type SequenceHandler } from './shared/json-sequence.ts';
import { checkShape, objectOf } from './shared/json.ts';
import { someJsonLine } from './shared/json-lines.ts';
import { ownText } from './shared/own-text.ts';
import { plainMessage } from './shared/plain-message.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { TestTally, type CountedTest } from './shared/test-tally.ts';

const schemas = onFirstUse(() => {
  const id = z.int();
  const time = z.optional(z.number());
  return {
    start: z.object({ runnerVersion: text }),
    suite: z.object({ suite: z.object({ id, path: text }) }),
    testStart: z.object({ test: z.object({ id, name: z.string(), suiteID: z.optional(id) }), time }),
    error: z.object({ testID: id, error: text, isFailure: z.nullish(z.boolean()) }),
    testDone: z.object({
      testID: id,
      result: z.string(),
      skipped: z.nullish(z.boolean()),
      hidden: z.nullish(z.boolean()),
      time,
    }),
    group: z.object({ group: z.object({ suiteID: id, parentID: z.nullish(id), testCount: z.optional(wholeNumber) }) }),
    allSuites: z.object({ count: z.optional(wholeNumber) }),
    done: z.object({ success: z.nullish(z.boolean()) }),
  };
});

/** The JSON reporter of Dart's test runner, which is what `dart test --reporter=json` and `flutter test --machine` write. */
export const dartJson: SignalReader = {
  id: 'dart-json',
  title: 'Dart and Flutter test events',
  gives: ['tests'],
  names: ['dart-test*.json', 'flutter-test*.json'],
  countingUnit:
    'One test that the runner does not hide, by its last result; the loading of a file and a set-up or tear-down count only if they fail, as errored. A test that passes after an error is flaky.',
  detects: ({ text: start }) =>
    someJsonLine(start, (line) => {
      const event = objectOf(line);
      return event['type'] === 'start' && typeof event['protocolVersion'] === 'string';
    }),
  open: (file) => jsonSequenceSession(file, new DartHandler(file)),
};

interface Test {
  readonly name: string;
  readonly suite: number | undefined;
  readonly startedAt: number | undefined;
  errors: number;
  message: string | undefined;
  /** Of an error after the end, whether it is a failed expectation. */
  lateFailure: boolean | undefined;
  end: { readonly result: string; readonly skipped: boolean; readonly hidden: boolean } | undefined;
}

class DartHandler implements SequenceHandler {
  readonly #file: { readonly path: string };
  readonly #tally = new TestTally();
  readonly #suites = new Map<number, string | undefined>();
  /** How many tests the outermost group of a suite has. */
  readonly #planned = new Map<number, number>();
  #suiteCount: number | undefined;
  readonly #tests = new Map<number, Test>();
  #version: string | undefined;
  #done: { readonly success?: boolean | null | undefined } | undefined;
  #started = false;
  #unconfirmed = 0;
  #strays = 0;

  constructor(file: { readonly path: string }) {
    this.#file = file;
  }

  value(value: unknown): void {
    const shape = schemas();
    // Flutter writes events of its own in between, each in a list.
    switch (objectOf(value)['type']) {
      case 'start':
        // Outputs of several packages, one behind the other: each numbers its tests anew.
        if (this.#started) this.#endRun();
        this.#started = true;
        this.#version = checkShape(this.#file, shape.start, value).runnerVersion ?? undefined;
        break;
      case 'suite': {
        const { suite } = checkShape(this.#file, shape.suite, value);
        this.#suites.set(suite.id, suite.path ?? undefined);
        break;
      }
      case 'group': {
        const { suiteID, parentID, testCount } = checkShape(this.#file, shape.group, value).group;
        if (parentID == null && testCount !== undefined) this.#planned.set(suiteID, testCount);
        break;
      }
      case 'allSuites':
        this.#suiteCount = checkShape(this.#file, shape.allSuites, value).count;
        break;
      case 'testStart': {
        const { test, time } = checkShape(this.#file, shape.testStart, value);
        const more = { errors: 0, message: undefined, lateFailure: undefined, end: undefined };
        this.#tests.set(test.id, { name: ownText(test.name), suite: test.suiteID, startedAt: time, ...more });
        break;
      }
      case 'error':
        this.#addError(checkShape(this.#file, shape.error, value));
        break;
      case 'testDone':
        this.#endTest(checkShape(this.#file, shape.testDone, value));
        break;
      case 'done':
        this.#done = checkShape(this.#file, shape.done, value);
        break;
      default:
    }
  }

  stray(): void {
    this.#strays += 1;
  }

  finish(): Reading {
    this.#endRun();
    return {
      producer: { name: 'dart test', ...(this.#version ? { version: this.#version } : {}) },
      facts: [this.#tally.run(this.#file.path)],
      notices: [
        ...(this.#unconfirmed > 0
          ? [`runs that do not say that they are done, of which every announced test has ended: ${this.#unconfirmed}`]
          : []),
        ...(this.#strays > 0 ? [`lines that are no events: ${this.#strays}`] : []),
      ],
    };
  }

  #endRun(): void {
    if (!this.#done && !this.#isComplete())
      throw new AqeError('AQE2002', 'the last event is missing: the output is cut short', this.#file);
    if (this.#done && this.#done.success == null)
      throw new AqeError('AQE2006', 'the runner was closed before all tests were run', this.#file);
    const { bad, total } = this.#tally;
    for (const test of this.#tests.values()) {
      const outcome = outcomeOf(test);
      const file = test.suite === undefined ? undefined : this.#suites.get(test.suite);
      if (outcome) this.#tally.add({ name: [test.name], outcome, message: test.message, file });
    }
    if (this.#done?.success === false && this.#tally.bad === bad && this.#tally.total > total)
      this.#tally.add({
        name: ['(the run)'],
        outcome: 'errored',
        message: 'The runner says that the run failed, and none of its tests did.',
      });
    if (!this.#done) this.#unconfirmed += 1;
    this.#done = undefined;
    this.#suiteCount = undefined;
    for (const known of [this.#tests, this.#suites, this.#planned]) known.clear();
  }

  /** Flutter may end before the last event is written: whether all suites and tests were seen can be told without it. */
  #isComplete(): boolean {
    const visible = new Map<number | undefined, number>();
    for (const { suite, end } of this.#tests.values()) {
      if (!end) return false;
      if (!end.hidden) visible.set(suite, (visible.get(suite) ?? 0) + 1);
    }
    return (
      this.#suiteCount !== undefined &&
      this.#suites.size >= this.#suiteCount &&
      // A suite without a group did not load, which is a visible test.
      [...this.#suites.keys()].every((suite) => (visible.get(suite) ?? 0) >= (this.#planned.get(suite) ?? 1))
    );
  }

  #addError({ testID, error, isFailure }: z.infer<ReturnType<typeof schemas>['error']>): void {
    const test = this.#tests.get(testID);
    if (!test) return;
    test.errors += 1;
    const message = plainMessage(error)?.slice(0, 500);
    test.message ??= message && ownText(message);
    if (test.end) test.lateFailure = (test.lateFailure ?? true) && isFailure === true;
  }

  #endTest(done: z.infer<ReturnType<typeof schemas>['testDone']>): void {
    const { testID, result, skipped, hidden, time } = done;
    const test = this.#tests.get(testID);
    if (!test) throw new AqeError('AQE2003', `test ${testID} ended and did not start`, this.#file);
    test.end = { result, skipped: skipped === true, hidden: hidden === true };
    if (hidden || time === undefined || test.startedAt === undefined || time < test.startedAt) return;
    this.#tally.addSeconds((time - test.startedAt) / 1000);
  }
}

/** Undefined for what is no test. */
function outcomeOf({ end, errors, lateFailure }: Test): CountedTest['outcome'] | undefined {
  if (!end) return 'errored';
  if (end.result === 'success' && lateFailure !== undefined) return lateFailure ? 'failed' : 'errored';
  if (end.result === 'failure') return end.hidden ? 'errored' : 'failed';
  if (end.result !== 'success') return 'errored';
  if (end.hidden) return undefined;
  if (end.skipped) return 'skipped';
  return errors > 0 ? 'flaky' : 'passed';
}
