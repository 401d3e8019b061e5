import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { seconds } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { ElementText, statedCount, TestTally, type CountedTest } from './shared/test-tally.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';
import { zonedTime } from './shared/zoned-time.ts';

/** Robot Framework's output.xml, as robot and rebot write it since version 2.7. */
export const robot: SignalReader = {
  id: 'robot',
  title: 'Robot Framework output.xml',
  gives: ['tests'],
  names: ['output.xml', 'robot-output*.xml'],
  countingUnit:
    'One <test> (a task in process automation); keywords are no tests. When the tear-down of a suite fails, all tests in it that passed count as failed, as Robot Framework itself counts them.',
  detects({ text }) {
    const start = xmlStart(text);
    // Robot descriptions (URDF) have a root of the same name.
    return (
      start?.root === 'robot' && (/\sgenerator\s*=/.test(start.attributes) || /<(?:suite|statistics)[\s>]/.test(text))
    );
  },
  open: (file) => xmlSession(file, new RobotHandler(file.path)),
};

const outcomes = new Map<string, CountedTest['outcome']>([
  ['PASS', 'passed'],
  ['FAIL', 'failed'],
  ['SKIP', 'skipped'],
  ['NOT RUN', 'skipped'],
  ['NOT_RUN', 'skipped'],
]);

type Attributes = XmlElement['attributes'];

interface Suite {
  readonly depth: number;
  readonly name: string;
  readonly source: string | undefined;
  /** Tests inside, at any depth, that passed: a tear-down to come may fail them. */
  passed: number;
  tearDown: CountedTest['outcome'] | undefined;
  message: string;
}

interface Test {
  readonly name: string;
  readonly depth: number;
  status: Attributes | undefined;
  message: string;
}

class RobotHandler implements XmlHandler {
  readonly roots = ['robot'];
  readonly #path: string;
  readonly #tally = new TestTally();
  readonly #text = new ElementText();
  /** Names of the elements around. */
  readonly #around: string[] = [];
  readonly #suites: Suite[] = [];
  #root: Attributes = {};
  #test: Test | undefined;
  /** Depth of the tear-down of a suite. */
  #tearDown = 0;
  /** The last line of the totals, which is the one on all tests. */
  #stated: Attributes = {};
  #notCritical = 0;
  #tornDown = 0;
  #errors = 0;

  constructor(path: string) {
    this.#path = path;
  }

  open({ name, attributes }: XmlElement, depth: number): void {
    const suite = this.#suites.at(-1);
    if (depth === 1) this.#root = attributes;
    else if (this.#test) {
      if (name === 'status' && depth === this.#test.depth + 1) {
        this.#test.status = attributes;
        this.#text.open();
      }
    } else if (name === 'suite' && this.#around[1] !== 'statistics') this.#openSuite(attributes, depth);
    else if (!suite) this.#openTotal(name, attributes);
    else if (name === 'test' || name === 'task')
      this.#test = { name: ownText(attributes['name'] ?? ''), depth, status: undefined, message: '' };
    else if (name === 'kw' && depth === suite.depth + 1 && attributes['type']?.toLowerCase() === 'teardown')
      this.#tearDown = depth;
    else if (name === 'status' && this.#tearDown > 0 && depth === this.#tearDown + 1)
      suite.tearDown = outcomes.get(attributes['status'] ?? '');
    else if (name === 'status' && depth === suite.depth + 1) this.#text.open();
    this.#around.push(name);
  }

  close(name: string, depth: number): void {
    this.#around.pop();
    const suite = this.#suites.at(-1);
    if (name === 'status' && this.#text.isOpen) {
      const owner = this.#test ?? suite;
      const text = this.#text.close();
      if (owner) owner.message = text;
    } else if (this.#test) {
      if (depth === this.#test.depth) this.#closeTest(this.#test);
    } else if (depth === this.#tearDown) this.#tearDown = 0;
    else if (depth === suite?.depth) this.#closeSuite();
  }

  wantsText(): boolean {
    return this.#text.isWanted;
  }

  text(piece: string): void {
    this.#text.add(piece);
  }

  finish(): Reading {
    const notices = [...this.#totals()];
    if (this.#tornDown > 0)
      notices.push(`tests that passed in a suite whose tear-down failed, counted as failed: ${this.#tornDown}`);
    if (this.#notCritical > 0)
      notices.push(`failed tests that are not critical, counted as failed: ${this.#notCritical}`);
    if (this.#errors > 0) notices.push(`errors outside of tests (files, imports): ${this.#errors}`);
    const version = /^(?:Robot|Rebot) (\d[\w.]*)/.exec(this.#root['generator'] ?? '')?.[1];
    const takenAt = zonedTime(this.#root['generated']);
    return {
      producer: { name: 'robot', ...(version ? { version: ownText(version) } : {}) },
      ...(takenAt ? { takenAt } : {}),
      facts: [this.#tally.run(this.#path)],
      notices,
    };
  }

  #openTotal(name: string, attributes: Attributes): void {
    const [, section, part] = this.#around;
    if (name === 'stat' && section === 'statistics' && part === 'total') this.#stated = attributes;
    if (name === 'msg' && section === 'errors' && attributes['level'] === 'ERROR') this.#errors += 1;
  }

  #openSuite(attributes: Attributes, depth: number): void {
    const outer = this.#suites.at(-1);
    this.#suites.push({
      depth,
      name: [outer?.name, attributes['name']].filter(Boolean).join(' › '),
      source: attributes['source'] ?? outer?.source,
      passed: 0,
      tearDown: undefined,
      message: '',
    });
  }

  #closeTest({ name, status = {}, message }: Test): void {
    this.#test = undefined;
    this.#tally.addSeconds(durationOf(status));
    const outcome = outcomes.get((status['status'] ?? '').toUpperCase()) ?? 'errored';
    if (outcome === 'failed' && status['critical'] === 'no') this.#notCritical += 1;
    const suite = this.#suites.at(-1)!;
    const isFlaky = outcome === 'passed' && failedBefore(message);
    if (outcome === 'passed' && !isFlaky) suite.passed += 1;
    else
      this.#tally.add({ name: [suite.name, name], outcome: isFlaky ? 'flaky' : outcome, message, file: suite.source });
  }

  #closeSuite(): void {
    const { name, source, passed, tearDown, message } = this.#suites.pop()!;
    const outer = this.#suites.at(-1);
    if (tearDown === 'failed' && passed > 0) {
      // The tests were written before the tear-down ran. One line stands for all of them.
      this.#tornDown += passed;
      this.#tally.addCounts({ failed: passed - 1 });
      this.#tally.add({ name: [name], outcome: 'failed', message: message || 'Suite teardown failed', file: source });
    } else if (tearDown === 'skipped') this.#tally.addCounts({ skipped: passed });
    else if (outer) outer.passed += passed;
    else this.#tally.addCounts({ passed });
  }

  #totals(): readonly string[] {
    const [passed, failed] = [statedCount(this.#stated['pass']), statedCount(this.#stated['fail'])];
    const skipped = statedCount(this.#stated['skip']) ?? 0;
    const tests = passed === null || failed === null ? null : passed + failed + skipped;
    if (tests && this.#tally.total === 0) {
      this.#tally.addCounts({ passed: passed ?? 0, failed: failed ?? 0, skipped });
      return [`the report has no tests; its totals were taken: passed ${passed}, failed ${failed}, skipped ${skipped}`];
    }
    return this.#tally.reconcile({ tests: [tests], bad: failed }, { tests: this.#tally.total, bad: this.#tally.bad });
  }
}

/** Rebot merges a second run into the first and keeps both results in the message. */
function failedBefore(message: string): boolean {
  return message.startsWith('*HTML*') && /Old status:<\/span> <span class="fail">/.test(message);
}

/** Seconds: `elapsed` since version 7, else from start to end as `20230405 10:41:32.018`. */
function durationOf({ elapsed, starttime, endtime }: Attributes): number | null {
  if (elapsed !== undefined) return seconds(elapsed);
  const [start, end] = [instant(starttime), instant(endtime)];
  return start === null || end === null || end < start ? null : (end - start) / 1000;
}

/** Milliseconds of a local time, to be compared with another one of the same report. */
function instant(text: string | undefined): number | null {
  const match = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)$/.exec(text ?? '');
  if (!match) return null;
  const time = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}Z`);
  return Number.isNaN(time) ? null : time;
}
