import type { Producer, Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { seconds } from './shared/numbers.ts';
import { ownText } from './shared/own-text.ts';
import { ElementText, runTime, statedCount, TestTally, type CountedTest } from './shared/test-tally.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

/** xUnit.net XML: version 1 (one `assembly` of classes) and version 2 and later (`assemblies` of collections). */
export const xunitNet: SignalReader = {
  id: 'xunit-net',
  title: 'xUnit.net XML',
  gives: ['tests'],
  names: ['xunit*.xml', '*xunit.xml'],
  countingUnit:
    'One <test>; Skip and NotRun are skipped. An <error> (a clean-up that failed) and a failure of a class itself are one errored test each.',
  detects({ text }) {
    const start = xmlStart(text);
    // Manifests of .NET and descriptors of Maven have a root of the same name, in a namespace.
    if (!start || /\sxmlns\s*=/.test(start.attributes)) return false;
    if (start.root === 'assembly') return /\s(?:run-date|test-framework)\s*=/.test(start.attributes);
    return (
      start.root === 'assemblies' &&
      (/\s(?:timestamp|schema-version|start-rtf)\s*=/.test(start.attributes) ||
        /<assembly\s(?:[^<>]*\s)?name\s*=/.test(text))
    );
  },
  open: (file) => xmlSession(file, new XunitHandler(file.path)),
};

const outcomes = new Map<string, CountedTest['outcome']>([
  ['pass', 'passed'],
  ['fail', 'failed'],
  ['skip', 'skipped'],
  ['notrun', 'skipped'],
]);

type Attributes = XmlElement['attributes'];

class XunitHandler implements XmlHandler {
  readonly roots = ['assemblies', 'assembly'];
  readonly #path: string;
  readonly #tally = new TestTally();
  readonly #text = new ElementText();
  readonly #stated = { tests: 0, passed: 0, failed: 0, errors: 0, skipped: 0 };
  #skipped = 0;
  /** The test, error or class that a failure belongs to. */
  #owner: { readonly kind: 'test' | 'error' | 'class'; readonly attributes: Attributes } | undefined;
  #class: Attributes = {};
  #message = '';
  #inFailure = false;
  #tests = 0;
  #badTests = 0;
  #errors = 0;
  #assemblies = 0;
  #statedAssemblies = 0;
  #producer: Producer | undefined;
  #takenAt: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  open({ name, attributes }: XmlElement): void {
    if (name === 'assembly') this.#openAssembly(attributes);
    else if (name === 'assemblies')
      this.#takenAt = runTime(attributes['start-rtf']) ?? runTime(attributes['timestamp']);
    else if (name === 'class') this.#class = attributes;
    else if (name === 'test' || name === 'error') {
      this.#owner = { kind: name, attributes };
      this.#message = '';
    } else if (name === 'failure') {
      if (!this.#owner) {
        this.#owner = { kind: 'class', attributes: this.#class };
        this.#message = '';
      }
      this.#inFailure = true;
    } else if (name === 'message' && this.#inFailure) this.#text.open();
  }

  close(name: string): void {
    if (name === 'message' && this.#text.isOpen) this.#message ||= this.#text.close();
    else if (name === 'failure') {
      this.#inFailure = false;
      if (this.#owner?.kind === 'class') this.#addError([this.#class['name'] ?? '(class without name)']);
    } else if (name === 'test' && this.#owner) this.#closeTest(this.#owner.attributes);
    else if (name === 'error' && this.#owner) {
      const { attributes } = this.#owner;
      this.#addError([attributes['type'] ?? 'error', attributes['name'] ?? '']);
    }
  }

  wantsText(): boolean {
    return this.#text.isWanted;
  }

  text(piece: string): void {
    this.#text.add(piece);
  }

  finish(): Reading {
    const notices = [...this.#totals()];
    if (this.#errors > 0)
      notices.push(`errors beside the tests (clean-up, fixtures), counted as errored: ${this.#errors}`);
    return {
      producer: this.#producer?.name ? this.#producer : { name: 'xunit.net' },
      ...(this.#takenAt ? { takenAt: this.#takenAt } : {}),
      facts: [this.#tally.run(this.#path)],
      notices,
    };
  }

  #openAssembly(attributes: Attributes): void {
    this.#assemblies += 1;
    this.#producer ??= producerOf(attributes['test-framework']);
    this.#takenAt ??= runTime(attributes['start-rtf']);
    const tests = statedCount(attributes['total']);
    if (tests !== null) this.#statedAssemblies += 1;
    this.#stated.tests += tests ?? 0;
    this.#stated.passed += statedCount(attributes['passed']) ?? 0;
    this.#stated.failed += statedCount(attributes['failed']) ?? 0;
    this.#stated.errors += statedCount(attributes['errors']) ?? 0;
    this.#stated.skipped += statedCount(attributes['skipped']) ?? 0;
  }

  #closeTest({ name, type, method, result, time }: Attributes): void {
    this.#owner = undefined;
    this.#tests += 1;
    const outcome = outcomes.get((result ?? '').toLowerCase()) ?? 'errored';
    if (outcome === 'failed' || outcome === 'errored') this.#badTests += 1;
    if (outcome === 'skipped') this.#skipped += 1;
    this.#tally.add({ name: testName(type, name || method || ''), outcome, message: this.#message });
    this.#tally.addSeconds(seconds(time));
  }

  #addError(name: readonly string[]): void {
    this.#errors += 1;
    this.#tally.add({ name, outcome: 'errored', message: this.#message });
    this.#owner = undefined;
    this.#message = '';
  }

  #totals(): readonly string[] {
    const { tests, passed, failed, errors } = this.#stated;
    if (this.#tests === 0 && tests > 0) {
      const errored = Math.max(0, errors - this.#errors);
      this.#tally.addCounts({ passed, failed, errored, skipped: Math.max(0, tests - passed - failed) });
      return [`the report has no tests; its totals were taken: total ${tests}, passed ${passed}, failed ${failed}`];
    }
    const complete = this.#statedAssemblies === this.#assemblies;
    const missing = tests - this.#tests;
    const unseen = failed + this.#stated.skipped - this.#badTests - this.#skipped;
    // What is stated and not listed is counted as what it is said to be. A pass that nobody listed is none.
    if (complete && this.#errors === 0 && this.#badTests === 0 && unseen > 0 && unseen === missing) {
      this.#tally.addCounts({ failed, skipped: this.#stated.skipped - this.#skipped });
      return [
        `the report states ${tests} tests and lists ${this.#tests}; failed and skipped ones were taken from its totals`,
      ];
    }
    return this.#tally.reconcile(
      // Version 1 counts the failure of a class as a test.
      {
        tests: complete ? [tests - (tests === this.#tests + this.#errors ? this.#errors : 0)] : [],
        bad: complete ? failed + errors : null,
      },
      { tests: this.#tests, bad: this.#badTests + this.#errors },
    );
  }
}

function testName(type: string | undefined, name: string): readonly string[] {
  if (!type) return [name];
  return [type, name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name];
}

/** `xUnit.net 2.4.1.0`, `Fixie 1.2.3`. */
function producerOf(framework: string | undefined): Producer | undefined {
  if (!framework) return undefined;
  const at = framework.trim().lastIndexOf(' ');
  const version = framework.trim().slice(at + 1);
  if (at < 0 || !/^v?\d/.test(version)) return { name: ownText(framework.trim().toLowerCase()) };
  const name = framework
    .trim()
    .slice(0, at)
    .toLowerCase()
    .replace(/ v\d+$/, '');
  return { name: ownText(name), version: ownText(version.replace(/^v/, '')) };
}
