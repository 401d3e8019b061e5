import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { PackageRuns } from './go-test-json/package-runs.ts';
import { jsonSequenceSession, type SequenceHandler } from './shared/json-sequence.ts';
import { checkShape, objectOf } from './shared/json.ts';
import { someJsonLine } from './shared/json-lines.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => ({
  event: z.object({
    Time: text,
    Action: z.string(),
    Package: text,
    ImportPath: text,
    Test: text,
    Elapsed: z.nullish(z.number()),
    Output: text,
    FailedBuild: text,
  }),
}));

const actions = new Set(
  'start run pause cont pass fail skip bench output attr artifacts build-output build-fail'.split(' '),
);

/** The events of `go test -json` (test2json). Tests count as Go counts them, parents of subtests among them. */
export const goTestJson: SignalReader = {
  id: 'go-test-json',
  title: 'go test -json',
  gives: ['tests'],
  names: ['go-test*.json', 'gotest*.json'],
  countingUnit:
    'One run of a test, example or fuzz target; a subtest is one, and so is the test around it. A package that fails without a failed test (build failure, panic, exit) and a test that does not end are errored. A failed test that passes when it alone is run again is flaky.',
  detects: ({ text: start }) =>
    someJsonLine(start, (line) => {
      const event = objectOf(line);
      const { Action: action } = event;
      if (typeof action !== 'string' || !actions.has(action)) return false;
      return ['Package', 'ImportPath', 'Test', 'Output'].some((key) => typeof event[key] === 'string');
    }),
  open: (file) => jsonSequenceSession(file, new GoHandler(file)),
};

class GoHandler implements SequenceHandler {
  readonly #file: { readonly path: string };
  readonly #packages = new PackageRuns();
  #takenAt: string | undefined;
  #strays = 0;

  constructor(file: { readonly path: string }) {
    this.#file = file;
  }

  value(value: unknown, line: number): void {
    const event = checkShape(this.#file, schemas().event, value);
    if (!actions.has(event.Action))
      throw new AqeError('AQE2003', 'an event of no known action', { ...this.#file, line });
    this.#takenAt ??= zonedTime(event.Time);
    this.#packages.take(event);
  }

  stray(text: string): void {
    // Before Go 1.24 a package that could not be built was told of in plain text only.
    const failed = /^FAIL\s+(\S+) \[((?:build|setup) failed)\]$/.exec(text);
    if (failed) this.#packages.notBuilt(failed[1]!, failed[2]!);
    else if (text !== 'FAIL') this.#strays += 1;
  }

  finish(): Reading {
    const open = this.#packages.unfinished;
    if (open !== undefined)
      throw new AqeError('AQE2002', `package ${open.slice(-40)} did not end: the output is cut short`, this.#file);
    const tally = this.#packages.tally();
    return {
      producer: { name: 'go test' },
      ...(this.#takenAt ? { takenAt: this.#takenAt } : {}),
      facts: [tally.run(this.#file.path)],
      notices: this.#strays > 0 ? [`lines that are no events: ${this.#strays}`] : [],
    };
  }
}
