import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import { itemLimit, type TestCase, type TestRun } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { instantOfMilliseconds } from './shared/epoch.ts';
import { jsonSession } from './shared/json.ts';
import { amount, onFirstUse, wholeNumber } from './shared/schema.ts';

const statuses = ['passed', 'failed', 'skipped', 'pending', 'other'] as const;

const schemas = onFirstUse(() => {
  const test = z.object({
    name: z.string(),
    status: z.enum(statuses),
    duration: z.nullish(amount),
    // A list by the specification; reporters older than it write one text.
    suite: z.nullish(z.union([z.string(), z.array(z.string())])),
    message: z.nullish(z.string()),
    filePath: z.nullish(z.string()),
    rawStatus: z.nullish(z.string()),
    flaky: z.nullish(z.boolean()),
    retryAttempts: z.nullish(z.array(z.object({ status: z.string() }))),
  });
  const summary = z.object({
    tests: wholeNumber,
    passed: wholeNumber,
    failed: wholeNumber,
    skipped: z.prefault(wholeNumber, 0),
    pending: z.prefault(wholeNumber, 0),
    other: z.prefault(wholeNumber, 0),
    flaky: z.nullish(wholeNumber),
    stop: z.nullish(amount.check(z.maximum(8.64e15))),
  });
  const schema = z.object({
    results: z.object({
      tool: z.object({ name: z.string(), version: z.nullish(z.string()) }),
      summary,
      tests: z.array(test),
      environment: z.nullish(z.object({ commit: z.nullish(z.string()) })),
    }),
  });
  return { test, summary, schema };
});

type Test = z.infer<ReturnType<typeof schemas>['test']>;
type Summary = z.infer<ReturnType<typeof schemas>['summary']>;

const oldOpening = [
  /"results"\s*:\s*\{/,
  /"summary"\s*:\s*\{[^{}]*"pending"\s*:\s*\d/,
  /"summary"\s*:\s*\{[^{}]*"other"\s*:\s*\d/,
];
const didNotRun = /^(todo|skip|skipped|pending|disabled|ignored|not[ _-]?run)$/i;

/** Common Test Report Format. Counts come from the listed tests; the summary is a check, and stands in for a missing list. */
export const ctrf: SignalReader = {
  id: 'ctrf',
  title: 'CTRF (Common Test Report Format)',
  gives: ['tests'],
  names: ['ctrf*.json'],
  countingUnit:
    'One entry of `tests`, by its final status; `pending` is skipped, `other` is errored unless its raw status says that it did not run (todo, disabled, …).',
  detects: ({ text }) =>
    /^\s*\{/.test(text) && (/"reportFormat"\s*:\s*"CTRF"/.test(text) || oldOpening.every((part) => part.test(text))),
  open: (file) =>
    jsonSession(file, schemas().schema, ({ results: { tool, summary: stated, tests, environment } }) => {
      const run = tests.length > 0 ? fromTests(tests) : fromSummary(stated, file.path);
      if (run.total === 0) throw new AqeError('AQE2007', 'no test was reported', { path: file.path });
      const takenAt = instantOfMilliseconds(stated.stop);
      return {
        producer: { name: tool.name || 'ctrf', ...(tool.version ? { version: tool.version } : {}) },
        ...(environment?.commit ? { commit: environment.commit } : {}),
        ...(takenAt === undefined ? {} : { takenAt }),
        facts: [run],
        notices:
          tests.length > 0
            ? disagreements(stated, tests)
            : ['no tests are listed; the counts are those of the summary'],
      };
    }),
};

function fromTests(tests: readonly Test[]): TestRun {
  const outcomes = tests.map(outcomeOf);
  const number = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  const flaky = number('flaky');
  const durations = tests.flatMap(({ duration }) => duration ?? []);
  const seconds = durations.reduce((sum, each) => sum + each, 0) / 1000;
  return {
    kind: 'tests',
    total: tests.length,
    passed: number('passed') + flaky,
    failed: number('failed'),
    errored: number('errored'),
    skipped: number('skipped'),
    flaky,
    durationSeconds: durations.length > 0 && Number.isFinite(seconds) ? seconds : null,
    cases: tests.flatMap((each, index) => caseOf(each, outcomes[index]) ?? []).slice(0, itemLimit),
  };
}

// `retries` is no sign of flakiness: some reporters write the number that was allowed, not the number that was needed.
function outcomeOf({ status, flaky, retryAttempts, rawStatus }: Test): TestCase['outcome'] | 'passed' | 'skipped' {
  if (status === 'passed')
    return flaky || retryAttempts?.some((attempt) => attempt.status === 'failed') ? 'flaky' : 'passed';
  if (status === 'other') return didNotRun.test(rawStatus ?? '') ? 'skipped' : 'errored';
  return status === 'failed' ? 'failed' : 'skipped';
}

function caseOf(
  { name, suite, message, filePath }: Test,
  outcome: ReturnType<typeof outcomeOf> | undefined,
): TestCase | undefined {
  if (outcome !== 'failed' && outcome !== 'errored' && outcome !== 'flaky') return undefined;
  const suites = typeof suite === 'string' ? suite.split(' > ') : (suite ?? []);
  return {
    name: [...suites, name].filter((each) => each !== '').join(' › ') || '(test without name)',
    outcome,
    ...(message ? { message } : {}),
    ...(filePath ? { file: filePath } : {}),
  };
}

function fromSummary({ tests, passed, failed, skipped, pending, other, flaky }: Summary, path: string): TestRun {
  if (passed + failed + skipped + pending + other !== tests || (flaky ?? 0) > passed)
    throw new AqeError('AQE2003', 'no tests are listed and the counts of the summary do not add up', { path });
  return {
    kind: 'tests',
    total: tests,
    passed,
    failed,
    errored: other,
    skipped: skipped + pending,
    flaky: flaky ?? 0,
    durationSeconds: null,
    cases: [],
  };
}

function disagreements(stated: Summary, tests: readonly Test[]): string[] {
  const listed = (status: (typeof statuses)[number]): number => tests.filter((each) => each.status === status).length;
  const pairs = [['tests', tests.length] as const, ...statuses.map((status) => [status, listed(status)] as const)];
  return pairs.flatMap(([name, found]) =>
    stated[name] === found ? [] : [`summary.${name} is ${stated[name]}, the list has ${found}`],
  );
}
