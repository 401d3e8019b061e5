/** Writers of test reports that are one JSON value. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import { jsonStyle, luck, often, unknownKeys, withLuck, writeJson, type Luck } from './documents.ts';
import {
  flat,
  isBad,
  numberOf,
  runOf,
  suitesOf,
  testsOf,
  type Outcome,
  type SuiteModel,
  type TestModel,
} from './test-model.ts';

interface Choices {
  readonly suites: readonly SuiteModel[];
  readonly all: readonly TestModel[];
  readonly totals: boolean;
  readonly of: Luck;
}

function documents(
  path: string,
  known: readonly Outcome[],
  write: (choices: Choices) => unknown,
  accept: (tests: readonly TestModel[]) => boolean = () => true,
): fc.Arbitrary<Document> {
  const suites = suitesOf(known).filter((each) => accept(testsOf(each)));
  return fc.record({ suites, style: jsonStyle, totals: often, of: luck }).map(({ style, ...choices }) => {
    const all = testsOf(choices.suites);
    return { path, text: writeJson(write({ ...choices, all }), style), expected: [runOf(all)] };
  });
}

const times = { start: 1_772_439_304_000, stop: 1_772_439_305_123, text: '2026-03-02T08:15:04.123Z' } as const;

function isTest({ outcome }: TestModel): boolean {
  return outcome !== 'errored';
}

const jestWords = { passed: 'passed', failed: 'failed', errored: '', skipped: 'skipped', flaky: 'passed' } as const;

/** Errored tests of the model are files that did not load: Jest and Vitest know no other error. */
function jestSuites({ suites, of }: Choices, isJest: boolean): readonly object[] {
  return flat(suites).flatMap(({ name, tests }) => {
    const assertionResults = tests.filter(isTest).map((test) => ({
      ancestorTitles: of() % 2 ? [name, 'inner'] : [],
      fullName: `${name} ${test.name}`,
      title: test.name,
      status:
        isJest && test.outcome === 'skipped' ? ['pending', 'todo', 'disabled'][of() % 3] : jestWords[test.outcome],
      duration: test.outcome === 'skipped' ? null : test.milliseconds,
      failureMessages: test.outcome === 'failed' || (test.outcome === 'flaky' && !isJest) ? [test.message] : [],
      ...(isJest
        ? { invocations: test.outcome === 'flaky' ? 2 : 1, location: null, numPassingAsserts: 1 }
        : { meta: {} }),
    }));
    const status = tests.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'passed';
    const common = { startTime: times.start, endTime: times.stop };
    return [
      { assertionResults, ...common, message: '', name: `/shop/${name}.test.ts`, status },
      ...tests
        .filter((test) => !isTest(test))
        .map(({ message, id }) => ({
          assertionResults: [],
          ...common,
          message,
          name: `/shop/${id}.test.ts`,
          status: 'failed',
        })),
    ];
  });
}

function jestReport(choices: Choices, isJest: boolean): object {
  const { all, of } = choices;
  const testResults = jestSuites(choices, isJest);
  const errored = numberOf(all, 'errored');
  return {
    numFailedTestSuites: testResults.filter((suite) => 'status' in suite && suite.status === 'failed').length,
    numFailedTests: numberOf(all, 'failed'),
    numPassedTestSuites: 1,
    numPassedTests: numberOf(all, 'passed', 'flaky'),
    numPendingTestSuites: 0,
    numPendingTests: numberOf(all, 'skipped'),
    ...(isJest ? { numRuntimeErrorTestSuites: errored, openHandles: [] } : {}),
    numTodoTests: 0,
    numTotalTestSuites: testResults.length,
    numTotalTests: all.length - errored,
    startTime: times.start,
    success: !all.some(isBad),
    testResults,
    ...(isJest ? { wasInterrupted: false } : {}),
    ...unknownKeys(of),
  };
}

const jest: RoundTrip = {
  name: 'jest-json',
  documents: documents('jest-results.json', ['failed', 'errored', 'skipped', 'flaky'], (choices) =>
    jestReport(choices, true),
  ),
};

const vitest: RoundTrip = {
  name: 'jest-json of Vitest',
  documents: documents('vitest.json', ['failed', 'errored', 'skipped', 'flaky'], (choices) =>
    jestReport(choices, false),
  ),
};

/** Errored tests of the model are hooks that failed. */
const mocha: RoundTrip = {
  name: 'mocha-json',
  notices: /^failures outside of tests: /,
  documents: documents('mocha.json', ['failed', 'errored', 'skipped', 'flaky'], ({ suites, all, totals, of }) => {
    const written = flat(suites).flatMap(({ name, tests }) =>
      tests.map((test) => {
        const title = isTest(test) ? test.name : `"before each" hook for "${test.name}"`;
        const bad = {
          message: test.message,
          stack: `Error: ${test.message}\n    at x.js:1`,
          expected: '1',
          actual: '2',
        };
        return {
          outcome: test.outcome,
          test: {
            title,
            fullTitle: `${name} ${title}`,
            file: of() % 3 ? '/shop/cart.spec.js' : null,
            ...(test.outcome === 'skipped' ? {} : { duration: test.milliseconds }),
            currentRetry: test.outcome === 'flaky' ? 1 : 0,
            speed: 'fast',
            err: isBad(test) ? bad : {},
          },
        };
      }),
    );
    const ended = (...of: readonly Outcome[]): readonly object[] =>
      written.filter(({ outcome }) => of.includes(outcome)).map(({ test }) => test);
    const tests = ended('passed', 'failed', 'skipped', 'flaky');
    const stats = {
      suites: suites.length,
      tests: tests.length,
      passes: numberOf(all, 'passed', 'flaky'),
      pending: numberOf(all, 'skipped'),
      failures: all.filter(isBad).length,
      ...(totals ? { start: times.text, end: times.text, duration: 12 } : {}),
    };
    const pending = ended('skipped');
    return {
      stats,
      tests,
      pending,
      failures: ended('failed', 'errored'),
      passes: ended('passed', 'flaky'),
      ...unknownKeys(of),
    };
  }),
};

function mochawesomeTest({ id, name, outcome, message, milliseconds }: TestModel, didNotRun: boolean): object {
  const bad = { message, estack: `Error: ${message}`, diff: null };
  const isPending = outcome === 'skipped' && !didNotRun;
  return {
    title: name,
    fullTitle: `all ${name}`,
    timedOut: false,
    duration: milliseconds,
    state: didNotRun
      ? null
      : { passed: 'passed', failed: 'failed', errored: 'failed', skipped: 'pending', flaky: '' }[outcome],
    speed: null,
    pass: outcome === 'passed',
    fail: outcome === 'failed' || outcome === 'errored',
    pending: isPending,
    context: null,
    code: 'expect(1).to.equal(1);\n',
    err: outcome === 'failed' || outcome === 'errored' ? bad : {},
    uuid: `u${id}`,
    isHook: outcome === 'errored',
    skipped: didNotRun,
  };
}

/** Errored tests of the model are hooks that failed; some skipped ones were not reached. */
const mochawesome: RoundTrip = {
  name: 'mochawesome',
  notices: /^tests that did not run without being pending/,
  documents: documents('mochawesome.json', ['failed', 'errored', 'skipped'], ({ suites, all, of }) => {
    let notReached = 0;
    const suiteOf = ({ id, name, tests, suites: inner }: SuiteModel, root = false): object => ({
      uuid: `s${id}`,
      title: root ? '' : name,
      fullFile: of() % 2 ? '/shop/cart.spec.js' : '',
      file: '',
      beforeHooks: tests.filter((test) => !isTest(test)).map((test) => mochawesomeTest(test, false)),
      afterHooks: [],
      tests: tests.filter(isTest).map((test) => {
        const didNotRun = test.outcome === 'skipped' && of() % 2 === 0;
        if (didNotRun) notReached += 1;
        return mochawesomeTest(test, didNotRun);
      }),
      suites: inner.map((suite) => suiteOf(suite)),
      passes: [],
      failures: [],
      pending: [],
      skipped: [],
      root,
      rootEmpty: root,
    });
    const result = suiteOf({ id: 0, name: '', tests: [], suites }, true);
    const registered = all.filter(isTest).length;
    const stats = {
      suites: flat(suites).length,
      tests: registered - notReached,
      passes: numberOf(all, 'passed'),
      pending: numberOf(all, 'skipped') - notReached,
      failures: numberOf(all, 'failed'),
      start: times.text,
      end: times.text,
      duration: 12,
      testsRegistered: registered,
      passPercent: 50,
      pendingPercent: null,
      other: numberOf(all, 'errored'),
      hasOther: numberOf(all, 'errored') > 0,
      skipped: notReached,
      hasSkipped: notReached > 0,
    };
    return {
      stats,
      results: [result],
      meta: { mocha: { version: '10.8.2' }, mochawesome: { version: '7.1.3' } },
      ...unknownKeys(of),
    };
  }),
};

const playwrightWords = {
  passed: 'expected',
  failed: 'unexpected',
  errored: 'skipped',
  skipped: 'skipped',
  flaky: 'flaky',
} as const;

function playwrightTest({ outcome, message, milliseconds }: TestModel, of: Luck): object {
  const result = (status: string, retry = 0): object => ({
    workerIndex: 0,
    status,
    duration: milliseconds,
    errors:
      status === 'failed' || status === 'timedOut'
        ? [{ message, location: { file: '/shop/a.ts', line: 1, column: 1 } }]
        : [],
    stdout: [{ text: 'some {"output": 1}' }],
    retry,
    attachments: [],
  });
  const failed = of() % 2 ? 'failed' : 'timedOut';
  const expectsFailure = outcome === 'passed' && of() % 4 === 0;
  const results = {
    passed: [result(expectsFailure ? 'failed' : 'passed')],
    failed: [result(failed), ...(of() % 2 ? [result(failed, 1)] : [])],
    errored: [result('interrupted')],
    skipped: of() % 2 ? [result('skipped')] : [],
    flaky: [result(failed), result('passed', 1)],
  };
  return {
    timeout: 30_000,
    annotations: [],
    expectedStatus: outcome === 'skipped' ? 'skipped' : expectsFailure ? 'failed' : 'passed',
    projectId: 'chromium',
    projectName: of() % 2 ? 'chromium' : '',
    results: results[outcome],
    status: playwrightWords[outcome],
  };
}

const playwright: RoundTrip = {
  name: 'playwright-json',
  documents: documents(
    'playwright-report.json',
    ['failed', 'errored', 'skipped', 'flaky'],
    ({ suites, all, totals, of }) => {
      const suiteOf = ({ id, name, tests, suites: inner }: SuiteModel, file: string): object => ({
        title: id % 2 ? file : name,
        file,
        column: 0,
        line: 0,
        specs: tests.map((test) => ({
          title: test.name,
          ok: !isBad(test),
          tags: [],
          tests: [playwrightTest(test, of)],
          id: `${test.id}`,
          file,
          line: 1,
          column: 5,
        })),
        ...(inner.length > 0 || of() % 2 ? { suites: inner.map((suite) => suiteOf(suite, file)) } : {}),
      });
      const stats = {
        startTime: times.text,
        duration: 1234.5,
        expected: numberOf(all, 'passed'),
        skipped: numberOf(all, 'skipped', 'errored'),
        unexpected: numberOf(all, 'failed'),
        flaky: numberOf(all, 'flaky'),
      };
      const config = {
        configFile: '/shop/playwright.config.ts',
        rootDir: '/shop',
        forbidOnly: false,
        maxFailures: 0,
        version: '1.49.0',
        workers: 2,
      };
      return {
        config,
        suites: suites.map((suite) => suiteOf(suite, `${suite.name}.ts`)),
        errors: [],
        ...(totals ? { stats } : {}),
      };
    },
  ),
};

const ctrfWords = {
  passed: 'passed',
  failed: 'failed',
  errored: 'other',
  skipped: 'skipped',
  flaky: 'passed',
} as const;

const ctrf: RoundTrip = {
  name: 'ctrf',
  documents: documents('ctrf-report.json', ['failed', 'errored', 'skipped', 'flaky'], ({ suites, of }) => {
    const tests = flat(suites).flatMap(({ name, tests: own }) =>
      own.map((test) => ({
        name: test.name,
        status: test.outcome === 'skipped' && of() % 2 ? 'pending' : ctrfWords[test.outcome],
        duration: test.milliseconds,
        ...(of() % 2 ? { suite: of() % 2 ? name : [name, 'inner'] } : {}),
        ...withLuck(
          {
            message: test.message,
            filePath: '/shop/a.ts',
            rawStatus: test.outcome,
            extra: { status: 'x' },
            retries: 0,
          },
          of,
        ),
        ...(test.outcome === 'flaky'
          ? of() % 2
            ? { flaky: true }
            : { retryAttempts: [{ attempt: 1, status: 'failed' }] }
          : {}),
      })),
    );
    const number = (status: string): number => tests.filter((test) => test.status === status).length;
    const summary = {
      tests: tests.length,
      passed: number('passed'),
      failed: number('failed'),
      skipped: number('skipped'),
      pending: number('pending'),
      other: number('other'),
      start: times.start,
      stop: times.stop,
    };
    const results = {
      tool: { name: 'jest' },
      summary,
      tests,
      ...withLuck({ environment: { appName: 'shop', commit: 'abc' } }, of),
    };
    return { ...(of() % 4 ? { reportFormat: 'CTRF', specVersion: '0.0.0' } : {}), results, ...unknownKeys(of) };
  }),
};

const cucumberWords = {
  passed: ['passed'],
  failed: ['failed', 'undefined', 'pending', 'ambiguous'],
  errored: ['unknown'],
  skipped: ['skipped'],
  flaky: ['passed'],
} as const satisfies Record<Outcome, readonly string[]>;

function cucumberElement(test: TestModel, outcome: Outcome, of: Luck): object {
  const words = cucumberWords[outcome];
  const result = (status: string): object => ({
    status,
    ...(status === 'skipped' ? {} : { duration: test.milliseconds * 1_000_000 }),
    ...(status === 'failed' ? { error_message: test.message } : {}),
  });
  const step = (status: string, name: string): object => ({
    keyword: 'Given ',
    name,
    line: 3,
    match: { location: 'a.js:1' },
    result: result(status),
  });
  const behind = outcome === 'passed' || outcome === 'flaky' ? 'passed' : 'skipped';
  return {
    id: `shop;s-${test.id}`,
    keyword: of() % 2 ? 'Scenario' : 'Scenario Outline',
    type: 'scenario',
    name: test.name,
    description: '',
    line: test.id + 1,
    ...withLuck({ tags: [{ name: '@fast' }], before: [{ match: { location: 'h.js:1' }, result: result(behind) }] }, of),
    steps: [
      ...(outcome === 'skipped' ? [] : [step('passed', 'first')]),
      step(words[of() % words.length]!, test.name),
      step(behind, 'last'),
    ],
  };
}

const cucumber: RoundTrip = {
  name: 'cucumber-json',
  documents: documents('cucumber.json', ['failed', 'errored', 'skipped', 'flaky'], ({ suites, of }) =>
    flat(suites).map(({ id, name, tests }) => ({
      uri: `features/${id}.feature`,
      id: `f-${id}`,
      keyword: 'Feature',
      name,
      description: '',
      line: 1,
      ...(tests.length > 0 || of() % 2
        ? {
            elements: tests.flatMap((test) => [
              ...(of() % 3 === 0
                ? [
                    {
                      keyword: 'Background',
                      type: 'background',
                      name: '',
                      line: 1,
                      steps: [
                        {
                          keyword: 'Given ',
                          name: 'b',
                          line: 2,
                          result: { status: test.outcome === 'skipped' ? 'skipped' : 'passed' },
                        },
                      ],
                    },
                  ]
                : []),
              ...(test.outcome === 'flaky' ? retried(test) : [cucumberElement(test, test.outcome, of)]),
            ]),
          }
        : {}),
    })),
  ),
};

/** Cucumber for Ruby lists every attempt, and the same steps in each. */
function retried(test: TestModel): readonly object[] {
  const first: Luck = () => 0;
  return [cucumberElement(test, 'failed', first), cucumberElement(test, 'flaky', first)];
}

/** Errored tests of the model are errors outside of examples. */
const rspec: RoundTrip = {
  name: 'rspec-json',
  documents: documents('rspec.json', ['failed', 'errored', 'skipped'], ({ suites, all, of }) => {
    const examples = flat(suites).flatMap(({ name, tests }) =>
      tests.filter(isTest).map((test) => ({
        id: `./spec/cart_spec.rb[1:${test.id}]`,
        description: test.name,
        full_description: `${name} ${test.name}`,
        status: { passed: 'passed', failed: 'failed', errored: '', skipped: 'pending', flaky: '' }[test.outcome],
        file_path: './spec/cart_spec.rb',
        line_number: test.id,
        run_time: test.milliseconds / 1000,
        pending_message: test.outcome === 'skipped' ? test.message : null,
        ...(test.outcome === 'failed'
          ? { exception: { class: 'RuntimeError', message: test.message, backtrace: null } }
          : {}),
      })),
    );
    const errored = numberOf(all, 'errored');
    const summary = {
      duration: 0.01,
      example_count: examples.length,
      failure_count: numberOf(all, 'failed'),
      pending_count: numberOf(all, 'skipped'),
      errors_outside_of_examples_count: errored,
    };
    return {
      version: '3.13.2',
      ...withLuck({ seed: 1, messages: ['\nAn error occurred while loading.\n'] }, of),
      examples,
      summary,
      summary_line: '1 example',
    };
  }).map((document) => ({ ...document, expected: document.expected.map(withoutListed) })),
};

/** The errors of one run are listed as one. */
function withoutListed(expected: object): object {
  return Object.fromEntries(Object.entries(expected).filter(([key]) => key !== 'listed'));
}

export const jsonTests: readonly RoundTrip[] = [jest, vitest, mocha, mochawesome, playwright, ctrf, cucumber, rspec];
