/** Writers of test reports in XML. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import { luck, often, seldom, writeXml, xml, xmlStyle, type Luck, type Xml, type XmlStyle } from './documents.ts';
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
  readonly style: XmlStyle;
  readonly totals: boolean;
  readonly sparse: boolean;
  readonly of: Luck;
}

function documents(
  path: string,
  known: readonly Outcome[],
  write: (choices: Choices) => Xml,
  depth?: number,
): fc.Arbitrary<Document> {
  return fc
    .record({ suites: suitesOf(known, depth), style: xmlStyle, totals: often, sparse: seldom, of: luck })
    .map((choices) => ({
      path,
      text: writeXml(write(choices), choices.style),
      expected: [runOf(testsOf(choices.suites))],
    }));
}

/** Some writers leave it out. */
function maybe<T>(sparse: boolean, value: T): T | undefined {
  return sparse ? undefined : value;
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const junitFailures = { failed: 'failure', errored: 'error', flaky: 'flakyFailure', skipped: 'skipped' } as const;

/** What people write between the tags, or in the attribute, or in both. */
function junitResult(test: TestModel, of: Luck): Xml | undefined {
  if (test.outcome === 'passed') return undefined;
  const place = of() % 3;
  const attributes = { message: place > 0 ? test.message : undefined, type: of() % 2 ? 'AssertionError' : undefined };
  return xml(junitFailures[test.outcome], attributes, place !== 1 && test.message);
}

function junitTotals(tests: readonly TestModel[]): Xml['attributes'] {
  return {
    tests: tests.length,
    failures: numberOf(tests, 'failed'),
    errors: numberOf(tests, 'errored'),
    skipped: numberOf(tests, 'skipped'),
  };
}

function junitSuite({ name, tests, suites }: SuiteModel, choices: Choices): Xml {
  const { totals, sparse, of } = choices;
  return xml(
    'testsuite',
    {
      name,
      ...(totals ? junitTotals([...tests, ...testsOf(suites)]) : {}),
      hostname: maybe(sparse, 'build-7'),
      timestamp: maybe(sparse, '2026-03-02T08:15:04'),
    },
    !sparse && xml('properties', {}, xml('property', { name: 'java.version', value: '21' })),
    tests.map((test) =>
      xml(
        'testcase',
        { name: test.name, classname: maybe(sparse, name), time: maybe(sparse, inSeconds(test.milliseconds)) },
        junitResult(test, of),
        of() % 3 === 0 && xml('system-out', {}, '<failure/> & error ]]> 😀'),
      ),
    ),
    suites.map((inner) => junitSuite(inner, choices)),
    of() % 4 === 0 && xml('system-err', {}),
  );
}

const junit: RoundTrip = {
  name: 'junit',
  documents: documents('junit.xml', ['failed', 'errored', 'skipped', 'flaky'], (choices) => {
    const { suites, totals } = choices;
    const inner = suites.map((suite) => junitSuite(suite, choices));
    const only = inner[0]!;
    return inner.length === 1 && !totals ? only : xml('testsuites', totals ? junitTotals(testsOf(suites)) : {}, inner);
  }),
};

const trxWords = { passed: 'Passed', failed: 'Failed', errored: 'Error', skipped: 'NotExecuted', flaky: '' } as const;

function trxResult({ id, name, outcome, message, milliseconds }: TestModel, { sparse, of }: Choices): Xml {
  return xml(
    'UnitTestResult',
    {
      executionId: `e${id}`,
      testId: `t${id}`,
      testName: name,
      computerName: maybe(sparse, 'build-7'),
      duration: maybe(sparse, timeSpan(milliseconds)),
      outcome: outcome === 'failed' && of() % 3 === 0 ? 'Timeout' : trxWords[outcome],
    },
    outcome !== 'passed' &&
      xml('Output', {}, xml('ErrorInfo', {}, xml('Message', {}, message), xml('StackTrace', {}, 'at A.B() in C'))),
  );
}

function timeSpan(milliseconds: number): string {
  const time = new Date(milliseconds % 86_400_000).toISOString().slice(11, 23);
  return milliseconds < 86_400_000 ? `${time}0000` : `${Math.floor(milliseconds / 86_400_000)}.${time}0000`;
}

/** Rows of a data-driven test stand inside of the result of the whole. */
function trxResults(suite: SuiteModel, choices: Choices): readonly Xml[] {
  const { tests } = suite;
  const inner = suite.suites.flatMap((each) => trxResults(each, choices));
  const results = tests.map((test) => trxResult(test, choices));
  if (tests.length < 2 || choices.of() % 2 === 0) return [...results, ...inner];
  const outcome = tests.some(isBad) ? 'Failed' : 'Passed';
  const whole = {
    testId: `s${suite.id}`,
    testName: suite.name,
    outcome,
    duration: '00:00:01',
    resultType: 'DataDrivenTest',
  };
  return [xml('UnitTestResult', whole, xml('InnerResults', {}, results)), ...inner];
}

const trx: RoundTrip = {
  name: 'trx',
  documents: documents('results.trx', ['failed', 'errored', 'skipped'], (choices) => {
    const { suites, totals, sparse } = choices;
    const tests = testsOf(suites);
    const bad = tests.filter(isBad).length;
    const definitions = xml(
      'TestDefinitions',
      {},
      tests.map(({ id, name }) =>
        xml(
          'UnitTest',
          { name, id: `t${id}` },
          xml('Execution', { id: `e${id}` }),
          xml('TestMethod', { className: 'Shop.Tests, Shop', name }),
        ),
      ),
    );
    const counters = {
      total: tests.length,
      executed: tests.length - numberOf(tests, 'skipped'),
      passed: numberOf(tests, 'passed'),
      failed: bad,
      error: 0,
      timeout: 0,
      aborted: 0,
    };
    return xml(
      'TestRun',
      { id: '1', xmlns: 'http://microsoft.com/schemas/VisualStudio/TeamTest/2010' },
      !sparse &&
        xml('Times', { creation: '2026-03-02T08:15:04.0000000+01:00', start: '2026-03-02T08:15:04.0000000+01:00' }),
      choices.of() % 2 === 0 && definitions,
      xml(
        'Results',
        {},
        suites.flatMap((suite) => trxResults(suite, choices)),
      ),
      choices.of() % 2 === 0 && definitions,
      xml('ResultSummary', { outcome: bad > 0 ? 'Failed' : 'Completed' }, totals && xml('Counters', counters)),
    );
  }),
};

const nunitWords = {
  passed: ['Passed', 'Warning'],
  failed: ['Failed'],
  errored: ['Failed'],
  skipped: ['Skipped', 'Inconclusive'],
  flaky: [],
} as const satisfies Record<Outcome, readonly string[]>;

function nunit3Suite({ name, tests, suites }: SuiteModel, choices: Choices): Xml {
  const { of, totals, sparse } = choices;
  const all = [...tests, ...testsOf(suites)];
  const count = {
    testcasecount: all.length,
    total: all.length,
    passed: numberOf(all, 'passed'),
    failed: numberOf(all, 'failed'),
  };
  return xml(
    'test-suite',
    {
      type: 'TestFixture',
      name,
      fullname: maybe(sparse, `Shop.${name}`),
      runstate: 'Runnable',
      result: all.some(isBad) ? 'Failed' : 'Passed',
      ...(totals ? count : {}),
    },
    all.some(isBad) && xml('failure', {}, xml('message', {}, 'One or more child tests had errors')),
    of() % 3 === 0 && xml('properties', {}, xml('property', { name: 'Category', value: 'Fast' })),
    suites.map((suite) => nunit3Suite(suite, choices)),
    tests.map((test) => {
      const words = nunitWords[test.outcome];
      return xml(
        'test-case',
        {
          name: test.name,
          fullname: maybe(sparse, `Shop.${name}.${test.name}`),
          classname: maybe(sparse, `Shop.${name}`),
          runstate: 'Runnable',
          result: words[of() % words.length],
          duration: maybe(sparse, inSeconds(test.milliseconds)),
        },
        test.outcome === 'failed' &&
          xml('failure', {}, xml('message', {}, test.message), xml('stack-trace', {}, 'at A')),
        test.outcome === 'skipped' && xml('reason', {}, xml('message', {}, test.message)),
        of() % 3 === 0 && xml('output', {}, test.message),
      );
    }),
  );
}

const nunit3: RoundTrip = {
  name: 'nunit 3',
  notices: /^tests that passed with a warning: /,
  documents: documents('TestResult.xml', ['failed', 'skipped'], (choices) => {
    const all = testsOf(choices.suites);
    return xml(
      'test-run',
      {
        testcasecount: all.length,
        result: all.some(isBad) ? 'Failed' : 'Passed',
        total: maybe(!choices.totals, all.length),
        failed: maybe(!choices.totals, numberOf(all, 'failed')),
        'start-time': '2026-03-02 08:15:01Z',
      },
      choices.suites.map((suite) => nunit3Suite(suite, choices)),
    );
  }),
};

const nunit2Words = { passed: 'Success', failed: 'Failure', errored: 'Error', skipped: 'Ignored', flaky: '' } as const;

function nunit2Suite({ name, tests, suites }: SuiteModel, choices: Choices): Xml {
  const bad = [...tests, ...testsOf(suites)].some(isBad);
  return xml(
    'test-suite',
    {
      type: 'TestFixture',
      name,
      executed: 'True',
      result: bad ? 'Failure' : 'Success',
      success: bad ? 'False' : 'True',
      asserts: 0,
    },
    xml(
      'results',
      {},
      suites.map((suite) => nunit2Suite(suite, choices)),
      tests.map(({ name: own, outcome, message, milliseconds }) =>
        xml(
          'test-case',
          {
            name: `Shop.${own}`,
            executed: outcome === 'skipped' ? 'False' : 'True',
            result: nunit2Words[outcome],
            success: outcome === 'skipped' ? undefined : outcome === 'passed' ? 'True' : 'False',
            time: maybe(outcome === 'skipped', inSeconds(milliseconds).replace('.', choices.sparse ? ',' : '.')),
          },
          outcome === 'skipped' && xml('reason', {}, xml('message', {}, message)),
          (outcome === 'failed' || outcome === 'errored') &&
            xml('failure', {}, xml('message', {}, message), xml('stack-trace')),
        ),
      ),
    ),
  );
}

const nunit2: RoundTrip = {
  name: 'nunit 2',
  documents: documents('TestResult.xml', ['failed', 'errored', 'skipped'], (choices) => {
    const all = testsOf(choices.suites);
    return xml(
      'test-results',
      {
        name: 'Shop.dll',
        total: all.length - numberOf(all, 'skipped'),
        errors: numberOf(all, 'errored'),
        failures: numberOf(all, 'failed'),
        'not-run': numberOf(all, 'skipped'),
        date: '2026-03-02',
        time: '08:15:01',
      },
      xml('environment', { 'nunit-version': '2.6.4.0' }),
      choices.suites.map((suite) => nunit2Suite(suite, choices)),
    );
  }),
};

const xunitWords = { passed: 'Pass', failed: 'Fail', errored: '', skipped: 'Skip', flaky: '' } as const;

function xunitTest({ name, outcome, message, milliseconds }: TestModel, { sparse, of }: Choices): Xml {
  const result = outcome === 'skipped' && of() % 2 ? 'NotRun' : xunitWords[outcome];
  return xml(
    'test',
    { name, type: maybe(sparse, 'Shop.Tests'), method: 'M', time: maybe(sparse, inSeconds(milliseconds)), result },
    outcome === 'failed' &&
      xml(
        'failure',
        { 'exception-type': 'Xunit.Sdk.TrueException' },
        xml('message', {}, message),
        xml('stack-trace', {}, 'at A'),
      ),
    outcome === 'skipped' && xml('reason', {}, message),
    of() % 3 === 0 && xml('output', {}, message),
    of() % 4 === 0 && xml('traits', {}, xml('trait', { name: 'Category', value: 'Fast' })),
  );
}

function xunitTotals(tests: readonly TestModel[]): Xml['attributes'] {
  return {
    total: tests.length,
    passed: numberOf(tests, 'passed'),
    failed: numberOf(tests, 'failed'),
    skipped: numberOf(tests, 'skipped'),
  };
}

const xunit2: RoundTrip = {
  name: 'xunit-net 2',
  documents: documents('xunit.xml', ['failed', 'skipped'], (choices) =>
    xml(
      'assemblies',
      { timestamp: '03/02/2026 08:15:04' },
      choices.suites.map((suite) => {
        const all = testsOf([suite]);
        return xml(
          'assembly',
          {
            name: suite.name,
            'test-framework': 'xUnit.net 2.9.0',
            'run-date': '2026-03-02',
            'run-time': '08:15:04',
            ...(choices.totals ? { ...xunitTotals(all), errors: 0 } : {}),
          },
          choices.of() % 2 === 0 && xml('errors'),
          flat([suite]).map(({ name, tests }) =>
            xml(
              'collection',
              { name, ...xunitTotals(tests) },
              tests.map((test) => xunitTest(test, choices)),
            ),
          ),
        );
      }),
    ),
  ),
};

const xunit1: RoundTrip = {
  name: 'xunit-net 1',
  documents: documents('xunit.xml', ['failed', 'skipped'], (choices) =>
    xml(
      'assembly',
      {
        name: 'C:\\shop.dll',
        'run-date': '2014-03-02',
        'run-time': '08:15:04',
        'test-framework': 'xUnit.net 1.9.2.1705',
        ...(choices.totals ? xunitTotals(testsOf(choices.suites)) : {}),
      },
      flat(choices.suites).map(({ name, tests }) =>
        xml(
          'class',
          { name, ...xunitTotals(tests) },
          tests.map((test) => xunitTest(test, choices)),
        ),
      ),
    ),
  ),
};

const testngWords = { passed: 'PASS', failed: 'FAIL', errored: '', skipped: 'SKIP', flaky: 'PASS' } as const;

/** Attempts that were repeated stand before the one that counts. */
function testngMethods({ id, name, outcome, message, milliseconds }: TestModel, { of }: Choices): readonly Xml[] {
  const signature = `m${id}()[pri:0, instance:Shop@1]`;
  const thrown = xml(
    'exception',
    { class: 'java.lang.AssertionError' },
    xml('message', {}, message),
    xml('full-stacktrace', {}, 'at A'),
  );
  const common = { name, signature, 'started-at': '2026-03-02T08:15:04 UTC', 'duration-ms': milliseconds };
  const attempts = outcome === 'flaky' ? 1 + (of() % 2) : 0;
  return [
    ...Array.from({ length: attempts }, () =>
      xml('test-method', { ...common, status: of() % 2 ? 'SKIP' : 'FAIL', retried: 'true' }, thrown),
    ),
    xml(
      'test-method',
      { ...common, status: testngWords[outcome] },
      outcome === 'failed' && thrown,
      xml('reporter-output'),
    ),
  ];
}

const testng: RoundTrip = {
  name: 'testng',
  documents: documents('testng-results.xml', ['failed', 'skipped', 'flaky'], (choices) => {
    const { suites, totals, of } = choices;
    const all = testsOf(suites);
    const stated = {
      ignored: 0,
      total: all.length,
      passed: numberOf(all, 'passed', 'flaky'),
      failed: numberOf(all, 'failed'),
      skipped: numberOf(all, 'skipped'),
    };
    const setUp = { name: 'setUp', signature: 'setUp()', 'is-config': 'true', status: 'PASS', 'duration-ms': 1 };
    return xml(
      'testng-results',
      totals ? stated : {},
      xml('reporter-output'),
      suites.map((suite) =>
        xml(
          'suite',
          { name: suite.name, 'started-at': '2026-03-02T08:15:04 UTC' },
          xml('groups'),
          xml(
            'test',
            { name: suite.name },
            flat([suite]).map(({ name, tests }) =>
              xml(
                'class',
                { name },
                of() % 2 === 0 && xml('test-method', setUp),
                tests.map((test) => testngMethods(test, choices)),
              ),
            ),
          ),
        ),
      ),
    );
  }),
};

const robotWords = { passed: 'PASS', failed: 'FAIL', errored: '', skipped: 'SKIP', flaky: '' } as const;

function robotStatus(status: string, milliseconds: number, { sparse }: Choices, message?: string): Xml {
  const time = sparse
    ? { starttime: '20260302 08:15:01.000', endtime: '20260302 08:15:02.500' }
    : { start: '2026-03-02T08:15:01.061490', elapsed: inSeconds(milliseconds) };
  return xml('status', { status, ...time }, message || undefined);
}

function robotSuite({ id, name, tests, suites }: SuiteModel, choices: Choices): Xml {
  const bad = [...tests, ...testsOf(suites)].some(isBad);
  return xml(
    'suite',
    { id: `s${id}`, name, source: '/home/ci/shop.robot' },
    choices.of() % 3 === 0 && xml('kw', { name: 'Open', type: 'SETUP' }, robotStatus('PASS', 1, choices)),
    suites.map((suite) => robotSuite(suite, choices)),
    tests.map((test) =>
      xml(
        'test',
        { id: `t${test.id}`, name: test.name },
        xml('kw', { name: 'Log', library: 'BuiltIn' }, robotStatus(robotWords[test.outcome], 1, choices)),
        xml('tag', {}, 'fast'),
        robotStatus(robotWords[test.outcome], test.milliseconds, choices, test.message.replace(/^\*HTML\*/, '')),
      ),
    ),
    robotStatus(bad ? 'FAIL' : 'PASS', 9, choices),
  );
}

const robot: RoundTrip = {
  name: 'robot',
  documents: documents('output.xml', ['failed', 'skipped'], (choices) => {
    const { suites, totals } = choices;
    const all = testsOf(suites);
    const stat = { pass: numberOf(all, 'passed'), fail: numberOf(all, 'failed'), skip: numberOf(all, 'skipped') };
    const root: SuiteModel = { id: 0, name: 'All', tests: [], suites };
    return xml(
      'robot',
      {
        generator: 'Robot 7.1.1 (Python 3.12.4 on linux)',
        generated: '2026-03-02T08:15:04.061490',
        rpa: 'false',
        schemaversion: 5,
      },
      robotSuite(suites.length === 1 ? suites[0]! : root, choices),
      totals &&
        xml(
          'statistics',
          {},
          xml('total', {}, xml('stat', stat, 'All Tests')),
          xml('tag'),
          xml('suite', {}, xml('stat', { id: 's1', ...stat }, 'All')),
        ),
      xml('errors'),
    );
  }),
};

export const xmlTests: readonly RoundTrip[] = [junit, trx, nunit3, nunit2, xunit2, xunit1, testng, robot];
