import { AqeError } from '../../core/error/aqe-error.ts';
import { itemLimit, type Producer, type TestCase, type TestRun } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { added, SuiteTotals } from './shared/junit-totals.ts';
import { seconds } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

const roots = ['testsuites', 'testsuite', 'testcase'];

/** JUnit XML. There is no standard: this reads what tools write, and believes test cases rather than totals. */
export const junit: SignalReader = {
  id: 'junit',
  title: 'JUnit XML',
  gives: ['tests'],
  names: ['junit*.xml', '*junit.xml', 'TEST-*.xml', 'test-results.xml', 'test-report.xml'],
  countingUnit:
    'A test is one <testcase> element and its worst result counts; so does an <error> or <failure> of a suite itself. Totals are compared, never trusted.',
  detects: ({ text }) => roots.includes(xmlStart(text)?.root ?? ''),
  open: (file) => xmlSession(file, testHandler(file.path)),
};

type Attributes = XmlElement['attributes'];
const worse = { passed: 0, skipped: 1, failed: 2, errored: 3 } as const;
type Outcome = keyof typeof worse;

/** Elements of a test case that say how it went. */
const results = new Map<string, Outcome | 'flaky'>([
  ['skipped', 'skipped'],
  ['failure', 'failed'],
  ['error', 'errored'],
  ['rerunFailure', 'failed'],
  ['rerunError', 'failed'],
  ['flakyFailure', 'flaky'],
  ['flakyError', 'flaky'],
]);

/** `status` or `result` attributes of test cases without such an element: googletest, CTest and others write no more. */
const statuses = new Map<string, Outcome>([
  ...['skipped', 'disabled', 'ignored', 'notrun', 'pending', 'suppressed'].map((word) => [word, 'skipped'] as const),
  ...['failed', 'failure', 'fail'].map((word) => [word, 'failed'] as const),
  ...['error', 'errored', 'broken'].map((word) => [word, 'errored'] as const),
]);

interface Result {
  readonly outcome: Outcome | 'flaky';
  readonly depth: number;
  readonly stated: string | undefined;
  text: string;
}

interface Suite {
  readonly name: string;
  readonly file: string | undefined;
}

interface Case {
  readonly attributes: Attributes;
  readonly suite: Suite | undefined;
  outcome: Outcome;
  message: string | undefined;
  flaky: { readonly message: string | undefined } | undefined;
  todo: boolean;
  elements: number;
  badElements: number;
}

const messageLimit = 500;

function testHandler(path: string): XmlHandler {
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0 };
  const cases: TestCase[] = [];
  const totals = new SuiteTotals();
  const suites: Suite[] = [];
  const origin = new Origin();
  let testcases = 0;
  let failingTodos = 0;
  let time: number | null = null;
  let current: Case | undefined;
  let result: Result | undefined;
  /** Depth of a system-out inside a result. */
  let output = 0;

  const list = (item: Suite, outcome: TestCase['outcome'], message: string | undefined): void => {
    if (cases.length >= itemLimit) return;
    const more = {
      ...(message ? { message: ownText(message) } : {}),
      ...(item.file ? { file: ownText(item.file) } : {}),
    };
    cases.push({ name: ownText(item.name), outcome, ...more });
  };

  const openCase = (attributes: Attributes): void => {
    if (current) throw new AqeError('AQE2003', 'a <testcase> inside of a <testcase>', { path });
    current = {
      attributes,
      suite: suites.at(-1),
      outcome: outcomeOf(attributes['status']) ?? outcomeOf(attributes['result']) ?? 'passed',
      message: undefined,
      flaky: undefined,
      todo: false,
      elements: 0,
      badElements: 0,
    };
    time = added(time, seconds(attributes['time']));
  };

  const addResult = (test: Case, { outcome, stated, text }: Result): void => {
    const message = (stated ?? text.trimEnd()) || undefined;
    if (outcome === 'flaky') {
      test.flaky ??= { message };
      return;
    }
    // What the elements say replaces what the status attribute says.
    if (test.elements === 0) test.outcome = outcome;
    test.elements += 1;
    if (outcome !== 'skipped') test.badElements += 1;
    if (test.elements > 1 && worse[outcome] <= worse[test.outcome]) return;
    test.outcome = outcome;
    test.message = message;
  };

  const closeCase = (test: Case): void => {
    current = undefined;
    testcases += 1;
    const bad = test.outcome === 'failed' || test.outcome === 'errored';
    const flaky = test.outcome === 'passed' && test.flaky !== undefined;
    totals.addCase({ bad, badElements: test.badElements, flaky });
    if (bad && test.todo) {
      failingTodos += 1;
      counts.skipped += 1;
      return;
    }
    counts[test.outcome] += 1;
    if (test.outcome === 'failed' || test.outcome === 'errored') list(nameOf(test), test.outcome, test.message);
    if (!flaky) return;
    counts.flaky += 1;
    list(nameOf(test), 'flaky', test.flaky?.message);
  };

  const closeResult = (closed: Result): void => {
    result = undefined;
    if (current) addResult(current, closed);
    else if (closed.outcome !== 'skipped' && closed.outcome !== 'flaky') {
      // A file that did not load, or a failed set-up, stands beside the test cases and is no less a failure.
      const suite = suites.at(-1);
      counts.errored += 1;
      totals.addSuiteError();
      list(
        { name: suite?.name || '(suite without name)', file: suite?.file },
        'errored',
        closed.stated ?? closed.text.trimEnd(),
      );
    }
  };

  const addHidden = (notices: string[]): void => {
    const { hidden: inTotals } = totals.stated;
    // node:test counts a parent that fails by itself in a comment only.
    const hidden = inTotals || (counts.failed + counts.errored === 0 ? origin.statedFailures : 0);
    if (hidden === 0 || (testcases === 0 && totals.stated.tests > 0)) return;
    counts.errored += hidden;
    list(
      { name: '(not in the report)', file: undefined },
      'errored',
      'The totals state a failure that no test case shows.',
    );
    notices.push(`failures and errors that totals state and no test case shows, counted as errored: ${hidden}`);
  };

  const takeTotals = (notices: string[]): void => {
    const { tests, failures, errors, skipped } = totals.stated;
    if (testcases > 0 || tests === 0) return;
    counts.failed = failures;
    counts.errored = Math.max(counts.errored, errors);
    counts.skipped = skipped;
    counts.passed = Math.max(0, tests - failures - counts.errored - skipped);
    notices.push(
      `the report has no test cases; its totals were taken: tests ${tests}, failures ${failures}, errors ${errors}, skipped ${skipped}`,
    );
  };

  return {
    roots,
    open(element, depth) {
      const { name, attributes } = element;
      if (result) {
        if (name === 'system-out' || name === 'system-err') output ||= depth;
      } else if (name === 'testcase') openCase(attributes);
      else if (name === 'testsuite' || name === 'testsuites') {
        if (current) throw new AqeError('AQE2003', `a <${name}> inside of a <testcase>`, { path });
        totals.open(element);
        origin.suite(attributes);
        suites.push({
          name: attributes['name'] ?? '',
          file: attributes['file'] ?? attributes['filepath'] ?? suites.at(-1)?.file,
        });
      } else if (results.has(name)) {
        result = {
          outcome: results.get(name)!,
          depth,
          stated: attributes['message']?.slice(0, messageLimit) || undefined,
          text: '',
        };
        if (current && name === 'skipped' && attributes['type'] === 'todo') current.todo = true;
      } else if (name === 'property' && !current) origin.property(attributes);
    },
    close(name, depth) {
      if (result) {
        if (depth === output) output = 0;
        if (depth === result.depth) closeResult(result);
      } else if (name === 'testcase' && current) closeCase(current);
      else if (name === 'testsuite' || name === 'testsuites') {
        totals.close();
        suites.pop();
      }
    },
    wantsText: () =>
      result !== undefined && output === 0 && result.stated === undefined && result.text.length < messageLimit,
    text(piece) {
      if (result) result.text = (result.text + piece).trimStart().slice(0, messageLimit);
    },
    comment: (text) => origin.comment(text),
    finish() {
      const notices: string[] = [];
      if (testcases > 0 && totals.disagreement) notices.push(totals.disagreement);
      takeTotals(notices);
      addHidden(notices);
      if (failingTodos > 0) notices.push(`failing tests that are marked as to do, counted as skipped: ${failingTodos}`);
      const total = counts.passed + counts.failed + counts.errored + counts.skipped;
      if (total === 0) throw new AqeError('AQE2007', 'it has no test case', { path });
      const spent = time ?? totals.stated.time;
      const rounded = spent === null ? null : Math.round(spent * 1e6) / 1e6;
      const durationSeconds = Number.isFinite(rounded) ? rounded : null;
      const run: TestRun = { kind: 'tests', total, ...counts, durationSeconds, cases };
      return { ...origin.facts(notices), facts: [run], notices };
    },
  };
}

function outcomeOf(status: string | undefined): Outcome | undefined {
  return status === undefined ? undefined : statuses.get(status.toLowerCase());
}

function nameOf({ attributes, suite }: Case): Suite {
  const { name, classname } = attributes;
  const group = classname || suite?.name;
  return {
    name: [group === name ? '' : group, name].filter(Boolean).join(' › ') || '(test without name)',
    file: attributes['file'] ?? suite?.file,
  };
}

/** Names of a root or suite by which tools give themselves away. */
const signatures: readonly (readonly [RegExp, string])[] = [
  [/^vitest tests$/, 'vitest'],
  [/^jest tests$/, 'jest'],
  [/^pytest( tests)?$/, 'pytest'],
  [/^Mocha Tests$/, 'mocha'],
  [/^bun test$/, 'bun'],
  [/^deno test$/, 'deno'],
  [/^nextest-run$/, 'cargo-nextest'],
  [/^AllTests$/, 'googletest'],
];

/** Gathers who wrote the report, when, and at which commit, as far as it says. */
class Origin {
  #producer: string | undefined;
  #takenAt: string | undefined;
  readonly #commits = new Set<string>();
  #statedFailures = 0;

  suite(attributes: Attributes): void {
    const name = attributes['name'] ?? '';
    this.#producer ??= signatures.find(([pattern]) => pattern.test(name))?.[1];
    if (attributes['xsi:noNamespaceSchemaLocation']?.includes('surefire')) this.#producer ??= 'surefire';
    const instant = instantWithZone(attributes['timestamp'] ?? '');
    // The earliest suite: a joined report is as old as its oldest part.
    if (instant && (!this.#takenAt || Date.parse(instant) < Date.parse(this.#takenAt))) this.#takenAt = instant;
  }

  property({ name, value }: Attributes): void {
    if (!/(?:^|[._-])(?:commit|sha1?|revision)(?:[._-](?:id|sha|hash))?$/i.test(name ?? '')) return;
    if (/^[0-9a-f]{40}$/i.test(value ?? '')) this.#commits.add(ownText(value!.toLowerCase()));
  }

  /** Failures that node:test states in comments at the end; it counts parents of failing tests too. */
  get statedFailures(): number {
    return this.#statedFailures;
  }

  comment(text: string): void {
    const stated = /^ (?:fail|cancelled) (\d{1,9}) $/.exec(text);
    if (stated) this.#statedFailures += Number(stated[1]);
    if (text.startsWith(' Generated by org.testng')) this.#producer ??= 'testng';
    if (/^ duration_ms [\d.]+ $/.test(text)) this.#producer ??= 'node:test';
  }

  facts(notices: string[]): { readonly producer: Producer; readonly commit?: string; readonly takenAt?: string } {
    if (this.#commits.size > 1)
      notices.push(`different commits in the properties, none of them taken: ${this.#commits.size}`);
    const [commit] = this.#commits.size === 1 ? this.#commits : [];
    return {
      producer: { name: this.#producer ?? 'junit' },
      ...(commit ? { commit } : {}),
      ...(this.#takenAt ? { takenAt: this.#takenAt } : {}),
    };
  }
}

/** The timestamp if it is ISO-8601 with a zone and after 2000 (jest-junit writes 1970 for suites that did not run). */
function instantWithZone(timestamp: string): string | undefined {
  const text = timestamp.trim().replace(/ ?(?:UTC|GMT)$/, 'Z');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  return Date.parse(text) >= Date.UTC(2000, 0) ? ownText(text) : undefined;
}
