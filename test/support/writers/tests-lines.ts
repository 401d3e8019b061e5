/** Writers of test output that is a stream: TAP, and the events of Go and Dart. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import { anyLine, jsonStyle, luck, often, seldom, writeJsonLines, type Luck } from './documents.ts';
import { flat, isBad, runOf, suitesOf, testsOf, type Outcome, type SuiteModel, type TestModel } from './test-model.ts';

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

interface TapChoices {
  readonly planFirst: boolean;
  readonly yaml: boolean;
  readonly numbers: boolean;
  readonly of: Luck;
}

function tapPoint(number: number, ok: boolean, name: string, directive: string, { numbers }: TapChoices): string {
  const title = oneLine(name).replaceAll(/[\\#]/g, String.raw`\$&`);
  return [
    ok ? 'ok' : 'not ok',
    ...(numbers ? [number] : []),
    ...(title ? [`- ${title}`] : []),
    ...(directive ? [`# ${directive}`] : []),
  ].join(' ');
}

function tapDiagnostic(message: string, { yaml, of }: TapChoices): readonly string[] {
  const lines = message.split('\n');
  if (!yaml) return lines.map((line) => `# ${line}`);
  const text =
    of() % 2 ? [`  message: ${JSON.stringify(message)}`] : ['  message: |-', ...lines.map((line) => `    ${line}`)];
  return ['  ---', ...text, '  severity: fail', '  at:', '    line: 3', '  ...'];
}

/** The points of a suite; suites inside stand before the point that closes them, indented. */
function tapGroup(tests: readonly TestModel[], suites: readonly SuiteModel[], choices: TapChoices): readonly string[] {
  const inner = suites.filter((suite) => testsOf([suite]).length > 0);
  let number = 0;
  const points = [
    ...tests.flatMap(({ name, outcome, message }) => {
      const isTodo = outcome === 'skipped' && choices.of() % 3 === 0;
      // A brace at the end opens subtests.
      const [title, why] = [name, message].map((text) => oneLine(text).replace(/[{\s]+$/, ''));
      const directive = outcome === 'skipped' ? `${isTodo ? 'TODO' : 'SKIP'} ${why}` : '';
      const point = tapPoint((number += 1), outcome !== 'failed', title!, directive, choices);
      return outcome === 'failed' ? [point, ...tapDiagnostic(message, choices)] : [point];
    }),
    ...inner.flatMap((suite) => {
      const ok = !testsOf([suite]).some(isBad);
      const lines = tapGroup(suite.tests, suite.suites, choices).map((line) => `    ${line}`);
      return [`# Subtest: ${oneLine(suite.name)}`, ...lines, tapPoint((number += 1), ok, suite.name, '', choices)];
    }),
  ];
  const plan = `1..${tests.length + inner.length}`;
  return choices.planFirst ? [plan, ...points] : [...points, plan];
}

const tap: RoundTrip = {
  name: 'tap',
  notices: /^failing tests that are marked/,
  documents: fc
    .record({
      suites: suitesOf(['failed', 'skipped']),
      planFirst: fc.boolean(),
      yaml: fc.boolean(),
      numbers: often,
      outputs: fc.boolean(),
      version: fc.constantFrom('TAP version 13', 'TAP version 14'),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      of: luck,
    })
    .map(({ suites, outputs, version, lineBreak, ...rest }): Document => {
      const choices = rest;
      const full = suites.filter((suite) => testsOf([suite]).length > 0);
      const groups = outputs
        ? full.map((suite) => tapGroup(suite.tests, suite.suites, choices))
        : [tapGroup([], full, choices)];
      const lines = groups.flatMap((group) => [version, ...group]);
      return { path: 'out.tap', text: lines.join(lineBreak) + lineBreak, expected: [runOf(testsOf(suites))] };
    }),
};

const goWords = { passed: 'pass', failed: 'fail', errored: '', skipped: 'skip', flaky: 'fail' } as const;
type GoEvent = Readonly<Record<string, string | number>>;

interface GoPackage {
  readonly events: readonly GoEvent[];
  /** Only the tests that had failed, once more. */
  readonly again: readonly GoEvent[];
  readonly tests: readonly TestModel[];
}

/** Tests of suites inside of a suite are subtests, and the test around them is one as well. Only tests of their own may not end. */
function goPackage(suite: SuiteModel, of: Luck): GoPackage {
  const Package = `example.com/shop/p${suite.id}`;
  const event = (Action: string, more: GoEvent = {}): GoEvent => ({
    Time: '2026-03-02T08:15:04.5+01:00',
    Action,
    Package,
    ...more,
  });
  const nameOf = ({ id, name }: TestModel): string => `Test${id}_${name.replaceAll(/[\s/]/g, '_')}`;
  const counted: TestModel[] = [];

  const events = suite.tests.flatMap((test) => {
    const Test = nameOf(test);
    counted.push(test);
    const lines = [
      event('run', { Test }),
      event('output', { Test, Output: `=== RUN   ${Test}\n` }),
      event('output', { Test, Output: `${test.message}\n` }),
    ];
    if (of() % 3 === 0) lines.push(event('pause', { Test }), event('cont', { Test }));
    if (test.outcome === 'errored') return lines;
    return [...lines, event(goWords[test.outcome], { Test, Elapsed: test.milliseconds / 1000 })];
  });
  for (const inner of flat(suite.suites)) {
    const Test = `TestSuite${inner.id}`;
    const subtests = inner.tests.filter(({ outcome }) => outcome !== 'errored' && outcome !== 'flaky');
    counted.push(...subtests);
    const failed = subtests.some(isBad);
    counted.push({ id: inner.id, name: Test, outcome: failed ? 'failed' : 'passed', message: '', milliseconds: 1 });
    events.push(event('run', { Test }));
    for (const test of subtests) {
      const name = `${Test}/${test.id}_${test.name.replaceAll(/\s/g, '_')}`;
      events.push(event('run', { Test: name }), event('output', { Test: name, Output: '    --- PASS\n' }));
      events.push(event(goWords[test.outcome], { Test: name, Elapsed: 0 }));
    }
    events.push(event(failed ? 'fail' : 'pass', { Test, Elapsed: 0.5 }));
  }
  const failed = counted.some((test) => isBad(test) || test.outcome === 'flaky');
  const ends = counted.length === 0 && of() % 2 ? 'skip' : failed ? 'fail' : 'pass';
  const flaky = suite.tests.filter(({ outcome }) => outcome === 'flaky');
  const again = flaky.flatMap((test) => [
    event('run', { Test: nameOf(test) }),
    event('pass', { Test: nameOf(test), Elapsed: 0 }),
  ]);
  return {
    events: [event('start'), ...events, event('output', { Output: 'PASS\n' }), event(ends, { Elapsed: 1.5 })],
    again: again.length > 0 ? [event('start'), ...again, event('pass', { Elapsed: 1 })] : [],
    tests: counted,
  };
}

/** Events of packages that ran at once. */
function mixed<T>(lists: readonly (readonly T[])[], of: Luck): readonly T[] {
  const left = lists.map((list) => [...list]).filter((list) => list.length > 0);
  const result: T[] = [];
  while (left.length > 0) {
    const index = of() % left.length;
    result.push(left[index]!.shift()!);
    if (left[index]!.length === 0) left.splice(index, 1);
  }
  return result;
}

const goTest: RoundTrip = {
  name: 'go-test-json',
  notices: /^lines that are no events: /,
  documents: fc
    .record({
      suites: suitesOf(['failed', 'errored', 'skipped', 'flaky'], 1),
      style: jsonStyle,
      stray: seldom,
      of: luck,
    })
    .map(({ suites, style, stray, of }) => {
      const packages = suites.map((suite) => goPackage(suite, of));
      const events = [
        ...mixed(
          packages.map((each) => each.events),
          of,
        ),
        ...mixed(
          packages.map((each) => each.again),
          of,
        ),
      ];
      const noise = stray ? `go: downloading example.com/x v1.0.0${style.lineBreak}` : '';
      const tests = packages.flatMap((each) => each.tests);
      return { tests, path: 'go-test.json', text: noise + writeJsonLines(events, style), expected: [runOf(tests)] };
    })
    .filter(({ tests }) => tests.length > 0),
};

const dartWords: Readonly<Record<Outcome, string>> = {
  passed: 'success',
  failed: 'failure',
  errored: 'error',
  skipped: 'success',
  flaky: 'success',
};

const dart: RoundTrip = {
  name: 'dart-json',
  notices: /^lines that are no events: /,
  documents: fc
    .record({
      suites: suitesOf(['failed', 'errored', 'skipped', 'flaky'], 1),
      style: jsonStyle,
      title: anyLine,
      flutter: seldom,
    })
    .map(({ suites, style, title, flutter }) => {
      let time = 0;
      const event = (type: string, more: object = {}): object => ({ ...more, type, time: (time += 7) });
      const events = [
        event('start', { protocolVersion: '0.1.1', runnerVersion: '1.25.8', pid: 7 }),
        ...flat(suites).flatMap((suite) => [
          event('suite', {
            suite: { id: suite.id, platform: 'vm', path: `/shop/test/${title}_${suite.id}_test.dart` },
          }),
          ...dartHidden(100_000 + suite.id, suite.id, event),
          event('group', {
            group: {
              id: 200_000 + suite.id,
              suiteID: suite.id,
              parentID: null,
              name: '',
              testCount: suite.tests.length,
            },
          }),
          ...suite.tests.flatMap((test) => dartTest(test, suite.id, event)),
        ]),
        event('allSuites', { count: flat(suites).length }),
        event('done', { success: !testsOf(suites).some(isBad) }),
      ];
      const all = flutter
        ? events.flatMap((each, index) => (index % 5 === 1 ? [[{ event: 'test.startedProcess' }], each] : [each]))
        : events;
      return { path: 'dart-test.json', text: writeJsonLines(all, style), expected: [runOf(testsOf(suites))] };
    }),
};

type DartEvent = (type: string, more?: object) => object;

function dartHidden(id: number, suiteID: number, event: DartEvent): readonly object[] {
  return [
    event('testStart', { test: { id, name: 'loading /shop/test/a_test.dart', suiteID, groupIDs: [] } }),
    event('testDone', { testID: id, result: 'success', skipped: false, hidden: true }),
  ];
}

function dartTest({ id, name, outcome, message }: TestModel, suiteID: number, event: DartEvent): readonly object[] {
  const hasError = outcome === 'failed' || outcome === 'errored' || outcome === 'flaky';
  return [
    event('testStart', {
      test: { id, name, suiteID, groupIDs: [200_000 + suiteID], line: 3, column: 5, url: 'file:///a.dart' },
    }),
    event('print', { testID: id, messageType: 'print', message }),
    ...(hasError
      ? [event('error', { testID: id, error: message, stackTrace: 'a.dart 3:5', isFailure: outcome !== 'errored' })]
      : []),
    event('testDone', { testID: id, result: dartWords[outcome], skipped: outcome === 'skipped', hidden: false }),
  ];
}

export const lineTests: readonly RoundTrip[] = [tap, goTest, dart];
