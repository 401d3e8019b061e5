import { AqeError } from '../../core/error/aqe-error.ts';
import type { Producer, Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { seconds } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { ElementText, runTime, statedCount, TestTally, type CountedTest } from './shared/test-tally.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

const roots = ['test-run', 'test-results', 'test-suite'];

/** NUnit 2 (`test-results`) and NUnit 3 (`test-run`, or the `test-suite` of one assembly), by NUnit and those that imitate it. */
export const nunit: SignalReader = {
  id: 'nunit',
  title: 'NUnit XML',
  gives: ['tests'],
  names: ['TestResult.xml', 'TestResults.xml', 'nunit*.xml', '*nunit.xml'],
  countingUnit:
    'One <test-case>; suites, parameterised ones too, are no tests. Ignored, explicit and inconclusive tests are skipped, tests that cannot run (NotRunnable) errored. A suite that failed for no test in it (tear-down, an assembly that does not load) is one errored test.',
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root === 'test-run' || start?.root === 'test-results')
      return /<test-(?:suite|case)[\s/>]/.test(text) || /\s(?:testcasecount|total|not-run)\s*=/.test(start.attributes);
    return start?.root === 'test-suite' && /\s(?:testcasecount|runstate|executed|success)\s*=/.test(start.attributes);
  },
  open: (file) => xmlSession(file, new NunitHandler(file.path)),
};

type Attributes = XmlElement['attributes'];
type Outcome = CountedTest['outcome'];

/** Results of both versions. NUnit 2 exits with a failure for NotRunnable, and NUnit 3 calls it failed. */
const outcomes = new Map<string, Outcome>([
  ['success', 'passed'],
  ['passed', 'passed'],
  ['warning', 'passed'],
  ['failure', 'failed'],
  ['failed', 'failed'],
  ['error', 'errored'],
  // NUnit 2 counts an invalid test as not run, and calls the suite around it failed: that is what is counted as errored.
  ['notrunnable', 'skipped'],
  ['invalid', 'errored'],
  ['cancelled', 'errored'],
  ['ignored', 'skipped'],
  ['skipped', 'skipped'],
  ['inconclusive', 'skipped'],
  ['explicit', 'skipped'],
  ['notrun', 'skipped'],
]);

interface Suite {
  readonly name: string;
  readonly depth: number;
  readonly failed: boolean;
  /** Failed on its way out, whatever its tests did. */
  readonly tearDown: boolean;
  message: string;
  /** Bad tests inside, and bad suites. */
  bad: number;
}

interface Case {
  readonly attributes: Attributes;
  readonly depth: number;
  message: string;
}

class NunitHandler implements XmlHandler {
  readonly roots = roots;
  readonly #path: string;
  readonly #tally = new TestTally();
  readonly #text = new ElementText();
  readonly #suites: Suite[] = [];
  #case: Case | undefined;
  /** Depth of a failure or a reason whose message is read. */
  #why = 0;
  #root: Attributes = {};
  #cases = 0;
  #badCases = 0;
  /** Tests that are listed and say nothing of a run. */
  #unrun = 0;
  #warnings = 0;
  #invalid = 0;
  #badSuites = 0;
  #cancelled = false;
  #version: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  open({ name, attributes }: XmlElement, depth: number): void {
    if (depth === 1) this.#root = attributes;
    const around = this.#case?.depth ?? this.#suites.at(-1)?.depth ?? 0;
    if (name === 'test-case') {
      if (this.#case) throw new AqeError('AQE2003', 'a <test-case> inside of a <test-case>', { path: this.#path });
      this.#case = { attributes, depth, message: '' };
    } else if (name === 'test-suite' || name === 'test-run') this.#openSuite(attributes, depth);
    else if ((name === 'failure' || name === 'reason') && depth === around + 1) this.#why = depth;
    else if (name === 'message' && this.#why > 0 && depth === this.#why + 1) this.#text.open();
    else if (name === 'environment')
      this.#version ??= attributes['nunit-version'] ?? attributes['framework-version'] ?? undefined;
  }

  close(name: string, depth: number): void {
    if (name === 'test-case' && depth === this.#case?.depth) this.#closeCase(this.#case);
    else if ((name === 'test-suite' || name === 'test-run') && depth === this.#suites.at(-1)?.depth) this.#closeSuite();
    else if (depth === this.#why) this.#why = 0;
    else if (name === 'message' && this.#text.isOpen) {
      const owner = this.#case ?? this.#suites.at(-1);
      const text = this.#text.close();
      if (owner) owner.message ||= text;
    }
  }

  wantsText(): boolean {
    return this.#text.isWanted;
  }

  text(piece: string): void {
    this.#text.add(piece);
  }

  finish(): Reading {
    if (this.#cancelled) throw new AqeError('AQE2006', 'the test run was cancelled', { path: this.#path });
    if (this.#unrun > 0 && this.#tally.total === 0)
      throw new AqeError('AQE2007', `it lists ${this.#unrun} tests, and none of them ran`, { path: this.#path });
    this.#tally.addCounts({ errored: this.#unrun });
    const notices = [...this.#totals()];
    if (this.#unrun > 0) notices.push(`tests without a result, counted as errored: ${this.#unrun}`);
    if (this.#badSuites > 0)
      notices.push(`suites that failed though none of their tests says so, counted as errored: ${this.#badSuites}`);
    if (this.#invalid > 0) notices.push(`invalid tests, which NUnit did not run, counted as skipped: ${this.#invalid}`);
    if (this.#warnings > 0) notices.push(`tests that passed with a warning: ${this.#warnings}`);
    // NUnit 3 writes UTC with a blank in the middle.
    const takenAt = runTime(this.#root['start-time']?.replace(' ', 'T').replace(' ', ''));
    return {
      producer: this.#producer(),
      ...(takenAt ? { takenAt } : {}),
      facts: [this.#tally.run(this.#path)],
      notices,
    };
  }

  #openSuite(attributes: Attributes, depth: number): void {
    const result = (attributes['result'] ?? '').toLowerCase();
    if (result === 'cancelled' || attributes['label']?.toLowerCase() === 'cancelled') this.#cancelled = true;
    const outcome = outcomes.get(result);
    const failed = outcome === 'failed' || outcome === 'errored';
    this.#suites.push({
      name: attributes['fullname'] || attributes['name'] || '',
      depth,
      failed,
      tearDown: failed && attributes['site']?.toLowerCase() === 'teardown',
      message: '',
      bad: 0,
    });
  }

  #closeSuite(): void {
    const suite = this.#suites.pop()!;
    if (suite.tearDown || (suite.failed && suite.bad === 0)) {
      const message = suite.message || 'The suite failed, and none of its tests did.';
      this.#tally.add({ name: [suite.name || '(test run)'], outcome: 'errored', message });
      this.#badSuites += 1;
      suite.bad += 1;
    }
    const outer = this.#suites.at(-1);
    if (outer) outer.bad += suite.bad;
  }

  #closeCase({ attributes, message }: Case): void {
    this.#case = undefined;
    this.#cases += 1;
    this.#tally.addSeconds(seconds(attributes['duration'] ?? attributes['time']));
    const outcome = outcomeOf(attributes);
    if (!outcome) {
      this.#unrun += 1;
      return;
    }
    if (attributes['result']?.toLowerCase() === 'warning') this.#warnings += 1;
    if (attributes['result']?.toLowerCase() === 'notrunnable') this.#invalid += 1;
    if (outcome === 'failed' || outcome === 'errored') {
      this.#badCases += 1;
      const suite = this.#suites.at(-1);
      if (suite) suite.bad += 1;
    }
    this.#tally.add({ name: caseName(attributes), outcome, message });
  }

  #totals(): readonly string[] {
    const of = (name: string): number | null => statedCount(this.#root[name]);
    const notRun = of('not-run') ?? 0;
    const total = of('total');
    const failed = of('failed') ?? of('failures');
    const errors = of('errors') ?? 0;
    if (this.#cases === 0) {
      if (!total) return [];
      const apart = (of('inconclusive') ?? 0) + (of('failed') === null ? 0 : (of('skipped') ?? 0));
      const passed = Math.max(0, total - (failed ?? 0) - errors - apart);
      this.#tally.addCounts({ passed, failed: failed ?? 0, errored: errors, skipped: apart + notRun });
      return [`the report has no test cases; its totals were taken: total ${total}, failed ${(failed ?? 0) + errors}`];
    }
    // `total` leaves out what did not run, in some versions.
    const tests = total === null ? [] : [total, total + notRun, of('testcasecount')];
    const stated = failed === null ? null : failed + errors;
    const invalid = of('invalid') ?? 0;
    const bad = stated !== null && stated + invalid === this.#badCases ? this.#badCases : stated;
    return this.#tally.reconcile({ tests, bad }, { tests: this.#cases, bad: this.#badCases });
  }

  #producer(): Producer {
    // Pester states the version of NUnit that it imitates.
    if (this.#root['name'] === 'Pester') return { name: 'pester' };
    const version = this.#version ?? this.#root['engine-version'];
    return { name: 'nunit', ...(version ? { version: ownText(version) } : {}) };
  }
}

/** Undefined if the test case says nothing of a run at all. */
function outcomeOf({ result, executed, success, runstate }: Attributes): Outcome | undefined {
  if (result) return outcomes.get(result.toLowerCase()) ?? 'errored';
  if (executed?.toLowerCase() === 'false') return 'skipped';
  if (success) return success.toLowerCase() === 'true' ? 'passed' : 'failed';
  return executed === undefined && runstate !== undefined ? undefined : 'errored';
}

function caseName({ name = '', fullname, classname }: Attributes): readonly string[] {
  const full = fullname ?? name;
  if (!classname || classname === full) return [full];
  return [classname, full.startsWith(`${classname}.`) ? full.slice(classname.length + 1) : name];
}
