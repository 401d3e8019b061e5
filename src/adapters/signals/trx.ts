import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { ownText } from './shared/own-text.ts';
import { ElementText, runTime, statedCount, TestTally, type CountedTest } from './shared/test-tally.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

/** Visual Studio test results, of vstest, mstest.exe and Microsoft.Testing.Platform. Results count, the counters are a check. */
export const trx: SignalReader = {
  id: 'trx',
  title: 'Visual Studio TRX',
  gives: ['tests'],
  names: ['*.trx'],
  countingUnit:
    'One result; of a data-driven or ordered test each row or inner test, not the whole. NotExecuted, Inconclusive and Pending are skipped.',
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root !== 'TestRun') return false;
    return (
      /microsoft\.com\/schemas\/VisualStudio\/TeamTest\//i.test(start.attributes) ||
      /<(?:Results|TestDefinitions|ResultSummary|TestSettings)[\s/>]/.test(text)
    );
  },
  open: (file) => xmlSession(file, new TrxHandler(file.path)),
};

type Attributes = XmlElement['attributes'];
type Outcome = CountedTest['outcome'];

/** The words of the result schema. A result without one did not end: it is an error. */
const outcomes = new Map<string, Outcome>([
  ['passed', 'passed'],
  ['completed', 'passed'],
  ['passedbutrunaborted', 'passed'],
  ['warning', 'passed'],
  ['failed', 'failed'],
  ['timeout', 'failed'],
  ['error', 'errored'],
  ['aborted', 'errored'],
  ['notrunnable', 'errored'],
  ['disconnected', 'errored'],
  ['inprogress', 'errored'],
  ['notexecuted', 'skipped'],
  ['inconclusive', 'skipped'],
  ['pending', 'skipped'],
]);

const unfinished = new Set(['aborted', 'inprogress', 'pending', 'passedbutrunaborted']);
const runFailures = new Set(['failed', 'error', 'timeout', 'disconnected', 'notrunnable']);
const abortion = /\b(?:test run (?:was )?(?:aborted|cancell?ed)|test ?host process (?:crashed|exited|was killed))/i;

interface Result {
  readonly attributes: Attributes;
  message: string;
  /** Results inside, at any depth, and the bad ones among them. */
  inner: number;
  bad: number;
}

class TrxHandler implements XmlHandler {
  readonly roots = ['TestRun'];
  readonly #path: string;
  readonly #tally = new TestTally();
  readonly #text = new ElementText();
  readonly #open: string[] = [];
  readonly #results: Result[] = [];
  /** Class by test id; definitions stand before the results or after them. */
  readonly #classes = new Map<string, string>();
  readonly #awaited = new Set<string>();
  #definition = '';
  #all = 0;
  #outermost = 0;
  #warnings = 0;
  #counters: Attributes | undefined;
  #summary = '';
  #runInfo: { readonly outcome: string } | undefined;
  #runMessage = '';
  #aborted = false;
  #takenAt: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  open({ name, attributes }: XmlElement): void {
    const parent = this.#open.at(-1);
    this.#open.push(name);
    if (isResult(name) && (parent === 'Results' || parent === 'InnerResults'))
      this.#results.push({ attributes, message: '', inner: 0, bad: 0 });
    else if (parent === 'TestDefinitions') this.#definition = attributes['id'] ?? '';
    else if (name === 'TestMethod') this.#defineClass(attributes['className']);
    else if (name === 'Times' && parent === 'TestRun')
      this.#takenAt = runTime(attributes['start']) ?? runTime(attributes['creation']);
    else if (name === 'ResultSummary') this.#summary = (attributes['outcome'] ?? '').toLowerCase();
    else if (name === 'Counters' && parent === 'ResultSummary') this.#counters = attributes;
    else if (name === 'RunInfo') this.#runInfo = { outcome: (attributes['outcome'] ?? '').toLowerCase() };
    else if (name === 'Text' && this.#runInfo) this.#text.open();
    else if (name === 'Message' && parent === 'ErrorInfo' && this.#results.length > 0) this.#text.open();
  }

  close(name: string): void {
    this.#open.pop();
    if (isResult(name) && ['Results', 'InnerResults'].includes(this.#open.at(-1) ?? '')) this.#closeResult();
    else if (name === 'Message' && this.#text.isOpen && this.#results.length > 0)
      this.#results.at(-1)!.message = this.#text.close();
    else if (name === 'Text' && this.#runInfo) this.#addRunInfo(this.#runInfo.outcome, this.#text.close());
    else if (name === 'RunInfo') this.#runInfo = undefined;
  }

  wantsText(): boolean {
    return this.#text.isWanted;
  }

  text(piece: string): void {
    this.#text.add(piece);
  }

  finish(): Reading {
    if (this.#aborted || unfinished.has(this.#summary))
      throw new AqeError('AQE2006', 'the test run was aborted', { path: this.#path });
    const notices = [...this.#totals()];
    if (runFailures.has(this.#summary) && this.#tally.bad === 0) {
      const message = this.#runMessage || 'The run is stated to have failed, and no test did.';
      this.#tally.add({ name: ['(test run)'], outcome: 'errored', message });
      notices.push('the run failed beside its tests, counted as errored: 1');
    }
    if (this.#warnings > 0) notices.push(`tests that passed with a warning: ${this.#warnings}`);
    return {
      producer: { name: 'trx' },
      ...(this.#takenAt ? { takenAt: this.#takenAt } : {}),
      facts: [this.#tally.run(this.#path)],
      notices,
    };
  }

  #closeResult(): void {
    const { attributes, message, inner, bad } = this.#results.pop()!;
    const word = (attributes['outcome'] ?? '').toLowerCase();
    const outcome = outcomes.get(word) ?? 'errored';
    const isBad = outcome === 'failed' || outcome === 'errored';
    const outer = this.#results.at(-1);
    this.#all += 1;
    if (!outer) this.#outermost += 1;
    // The whole of several results is no test of its own, unless it failed and none of them says why.
    const counts = inner === 0 || (isBad && bad === 0);
    if (counts) {
      const id = attributes['testId'] ?? '';
      if (isBad && !this.#classes.has(id)) this.#awaited.add(ownText(id));
      const testName = ownText(attributes['testName'] ?? '');
      const isKnown = outcomes.has(word);
      const note = isKnown ? '' : word ? 'The outcome is not known.' : 'The result has no outcome.';
      this.#tally.add({ name: () => nameOf(this.#classes.get(id), testName), outcome, message: message || note });
      if (word === 'warning') this.#warnings += 1;
      if (inner === 0) this.#tally.addSeconds(timeSpan(attributes['duration']));
    }
    if (!outer) return;
    outer.inner += inner || 1;
    outer.bad += bad || Number(isBad);
  }

  #defineClass(className: string | undefined): void {
    if (!className || (this.#all > 0 && !this.#awaited.has(this.#definition))) return;
    // Of an assembly-qualified name the type.
    this.#classes.set(ownText(this.#definition), ownText(className.split(',')[0]!.trim()));
  }

  #addRunInfo(outcome: string, text: string): void {
    if (outcome !== 'error' && outcome !== 'aborted') return;
    this.#aborted ||= outcome === 'aborted' || abortion.test(text);
    // The xUnit.net adapter repeats each failed test here.
    if (!text.startsWith('[xUnit.net ')) this.#runMessage ||= ownText(text);
  }

  #totals(): readonly string[] {
    if (!this.#counters) return [];
    const of = (name: string): number => statedCount(this.#counters?.[name]) ?? 0;
    const failed = of('failed') + of('timeout');
    const errored = of('error') + of('aborted') + of('notRunnable') + of('disconnected') + of('inProgress');
    const total = statedCount(this.#counters['total']);
    if (this.#all === 0 && total) {
      const passed = of('passed') + of('completed') + of('warning') + of('passedButRunAborted');
      const skipped = Math.max(0, total - failed - errored - passed);
      this.#tally.addCounts({ failed, errored, passed, skipped });
      return [`the report has no results; its counters were taken: total ${total}, passed ${passed}, failed ${failed}`];
    }
    const counted = { tests: this.#tally.total, bad: this.#tally.bad };
    const sameTests = total === this.#all || total === this.#outermost;
    // Rows and the test they belong to may both be counted there.
    const bad = failed + errored > counted.bad && this.#all > this.#tally.total ? counted.bad : failed + errored;
    return this.#tally.reconcile({ tests: sameTests ? [] : [total], bad }, counted);
  }
}

function isResult(name: string): boolean {
  return name.endsWith('TestResult') || name === 'TestResultAggregation';
}

/** NUnit and xUnit.net put the class into the name of the test, MSTest does not. */
function nameOf(className: string | undefined, testName: string): readonly string[] {
  if (!className) return [testName];
  return [className, testName.startsWith(`${className}.`) ? testName.slice(className.length + 1) : testName];
}

/** Seconds of a .NET time span: `00:00:01.5`, with days `1.02:00:00`. */
function timeSpan(text: string | undefined): number | null {
  const match = /^(?:(\d{1,6})\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)$/.exec(text?.trim() ?? '');
  if (!match) return null;
  const [, days = '0', hours, minutes, seconds] = match;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}
