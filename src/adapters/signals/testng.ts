import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { ownText } from './shared/own-text.ts';
import { ElementText, statedCount, TestTally, type CountedTest } from './shared/test-tally.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';
import { zonedTime } from './shared/zoned-time.ts';

/** TestNG's testng-results.xml. */
export const testng: SignalReader = {
  id: 'testng',
  title: 'TestNG results',
  gives: ['tests'],
  names: ['testng-results*.xml'],
  countingUnit:
    'One <test-method>, so each row of a data provider and each invocation; attempts that were retried are no tests, and one that passed after them is flaky. A configuration method (set-up, tear-down) that fails is one errored test.',
  detects: ({ text }) => xmlStart(text)?.root === 'testng-results',
  open: (file) => xmlSession(file, new TestngHandler(file.path)),
};

/** TestNG reports an invocation that the allowed share of failures covers in its console and exit status as a failure. */
const outcomes = new Map<string, CountedTest['outcome']>([
  ['PASS', 'passed'],
  ['FAIL', 'failed'],
  ['SKIP', 'skipped'],
  ['SUCCESS_PERCENTAGE_FAILURE', 'failed'],
]);

interface Method {
  readonly key: string;
  readonly name: string;
  readonly outcome: CountedTest['outcome'];
  readonly retried: boolean;
  message: string;
}

class TestngHandler implements XmlHandler {
  readonly roots = ['testng-results'];
  readonly #path: string;
  readonly #tally = new TestTally();
  readonly #text = new ElementText();
  #root: XmlElement['attributes'] = {};
  #takenAt: string | undefined;
  #class = '';
  /** Tests of the class that is read: attempts are told apart when all of them are known. */
  #methods: Method[] = [];
  #method: XmlElement['attributes'] | undefined;
  #exception = '';
  #message = '';
  #tolerated = 0;
  #configurationFailures = 0;
  #failed = 0;
  #withoutEnd = 0;

  constructor(path: string) {
    this.#path = path;
  }

  open({ name, attributes }: XmlElement, depth: number): void {
    if (depth === 1) this.#root = attributes;
    else if (name === 'suite') this.#takeTime(attributes['started-at']);
    else if (name === 'class') this.#class = ownText(attributes['name'] ?? '');
    else if (name === 'test-method') {
      this.#method = attributes;
      this.#exception = '';
      this.#message = '';
    } else if (name === 'exception') this.#exception ||= attributes['class'] ?? '';
    else if (name === 'message' && this.#method) this.#text.open();
  }

  close(name: string): void {
    if (name === 'message' && this.#text.isOpen) this.#message ||= this.#text.close();
    else if (name === 'test-method' && this.#method) this.#closeMethod(this.#method);
    else if (name === 'class') this.#closeClass();
  }

  wantsText(): boolean {
    return this.#text.isWanted;
  }

  text(piece: string): void {
    this.#text.add(piece);
  }

  finish(): Reading {
    const notices = [...this.#totals()];
    const ignored = statedCount(this.#root['ignored']) ?? 0;
    if (ignored > 0) notices.push(`tests that are switched off and not listed, not counted: ${ignored}`);
    if (this.#configurationFailures > 0)
      notices.push(`configuration methods that failed, counted as errored: ${this.#configurationFailures}`);
    if (this.#tolerated > 0)
      notices.push(`failures within the success percentage of their test, counted as failed: ${this.#tolerated}`);
    if (this.#withoutEnd > 0)
      notices.push(`tests whose every attempt was to be retried, counted as errored: ${this.#withoutEnd}`);
    return {
      producer: { name: 'testng' },
      ...(this.#takenAt ? { takenAt: this.#takenAt } : {}),
      facts: [this.#tally.run(this.#path)],
      notices,
    };
  }

  #takeTime(startedAt: string | undefined): void {
    const time = zonedTime(startedAt?.trim().replace(/ ?(?:UTC|GMT)$/, 'Z'));
    if (time && (!this.#takenAt || Date.parse(time) < Date.parse(this.#takenAt))) this.#takenAt = time;
  }

  #closeMethod(method: XmlElement['attributes']): void {
    this.#method = undefined;
    const status = (method['status'] ?? '').toUpperCase();
    const outcome = outcomes.get(status) ?? 'errored';
    const name = ownText(method['name'] ?? '');
    const message = this.#message || this.#exception;
    if (method['is-config'] === 'true') {
      if (outcome !== 'failed' && outcome !== 'errored') return;
      this.#configurationFailures += 1;
      this.#tally.add({ name: [this.#class, name], outcome: 'errored', message });
      return;
    }
    this.#tally.addSeconds(milliseconds(method['duration-ms']));
    const retried = method['retried'] === 'true';
    if (outcome === 'failed' && !retried && status === 'FAIL') this.#failed += 1;
    if (outcome === 'failed' && status !== 'FAIL') this.#tolerated += 1;
    const key = ownText(method['signature'] ?? name);
    this.#methods.push({ key, name, outcome, retried, message: ownText(message) });
  }

  /** Attempts stand in the order of their start, by the second: those of one test need not stand in their own order. */
  #closeClass(): void {
    const attempts = new Map<string, string[]>();
    const ends = new Set<string>();
    for (const { key, retried, message } of this.#methods) {
      if (!retried) ends.add(key);
      else if (!attempts.get(key)?.push(message)) attempts.set(key, [message]);
    }
    // Of rows of one data provider it is not told which was retried: at most as many are flaky as there were attempts.
    for (const { key, name, outcome, retried, message } of this.#methods) {
      const names = [this.#class, name];
      if (!retried) {
        const before = outcome === 'skipped' ? undefined : attempts.get(key)?.pop();
        const isFlaky = outcome === 'passed' && before !== undefined;
        this.#tally.add({ name: names, outcome: isFlaky ? 'flaky' : outcome, message: isFlaky ? before : message });
      } else if (!ends.has(key)) {
        ends.add(key);
        this.#withoutEnd += 1;
        this.#tally.add({ name: names, outcome: 'errored', message });
      }
    }
    this.#methods = [];
  }

  #totals(): readonly string[] {
    const of = (name: string): number | null => statedCount(this.#root[name]);
    const [passed, failed, skipped] = [of('passed'), of('failed'), of('skipped')];
    const complete = passed !== null && failed !== null && skipped !== null;
    const total = complete ? passed + failed + skipped : of('total');
    const counted = this.#tally.total - this.#configurationFailures - this.#tolerated;
    if (counted === 0 && this.#tally.total === 0 && complete && total) {
      this.#tally.addCounts({ passed, failed, skipped });
      return [`the report has no test methods; its totals were taken: passed ${passed}, failed ${failed}`];
    }
    return this.#tally.reconcile({ tests: [total], bad: failed }, { tests: counted, bad: this.#failed });
  }
}

function milliseconds(text: string | undefined): number | null {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) / 1000 : null;
}
