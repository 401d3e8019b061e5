import { seconds } from './numbers.ts';
import type { XmlElement } from './xml.ts';

interface Sums {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  time: number | null;
  /** Failures that totals state and no test case shows. */
  hidden: number;
}

interface Suite {
  readonly label: string;
  readonly stated: Readonly<Partial<Omit<Sums, 'hidden'>>>;
  /** What the suites inside state. */
  readonly inner: Sums;
  /** Test cases inside, at any depth, and directly. */
  tests: number;
  ownTests: number;
  /** Failed or errored cases inside, and their failure and error elements. */
  bad: number;
  badElements: number;
  flaky: number;
}

/**
 * Keeps what the suites of a JUnit report state in their attributes next to what is counted inside them. Some tools add
 * the totals of inner suites to the outer one, some do not; both are taken for agreement.
 */
export class SuiteTotals {
  /** The document stands for a suite around the root, so that every suite has an outer one. */
  readonly #document = suiteOf('', {});
  readonly #open: Suite[] = [];
  #disagreements = 0;
  #outermost = '';

  open(element: XmlElement): void {
    const { attributes } = element;
    const label = `<${element.name}>${attributes['name'] ? ` "${attributes['name'].slice(0, 80)}"` : ''}`;
    this.#open.push(suiteOf(label, statedBy(attributes)));
  }

  /** A test case of the innermost suite; `bad` says whether it counts as failed or errored. */
  addCase(result: { readonly bad: boolean; readonly badElements: number; readonly flaky: boolean }): void {
    const suite = this.#innermost();
    suite.tests += 1;
    suite.ownTests += 1;
    suite.bad += Number(result.bad);
    suite.badElements += result.badElements;
    suite.flaky += Number(result.flaky);
  }

  /** An error or a failure of the innermost suite itself. */
  addSuiteError(): void {
    this.#innermost().bad += 1;
    this.#innermost().badElements += 1;
  }

  close(): void {
    const suite = this.#open.pop()!;
    const { stated, inner } = suite;
    this.#compare(suite);
    const outer = this.#innermost();
    outer.tests += suite.tests;
    outer.bad += suite.bad;
    outer.badElements += suite.badElements;
    outer.flaky += suite.flaky;
    const failures = Math.max(stated.failures ?? 0, inner.failures);
    const errors = Math.max(stated.errors ?? 0, inner.errors);
    outer.inner.tests += Math.max(stated.tests ?? 0, inner.tests);
    outer.inner.failures += failures;
    outer.inner.errors += errors;
    outer.inner.skipped += Math.max(stated.skipped ?? 0, inner.skipped);
    outer.inner.time = added(outer.inner.time, stated.time ?? inner.time);
    // Where some failures are shown, they are what the tool means by its total; where none is, the total is all there is.
    outer.inner.hidden += Math.max(suite.bad === 0 ? failures + errors - suite.flaky : 0, inner.hidden);
  }

  /** What the whole report states. */
  get stated(): Readonly<Sums> {
    return this.#document.inner;
  }

  /** A remark on the outermost suite whose totals disagree with its test cases; undefined if there is none. */
  get disagreement(): string | undefined {
    if (this.#disagreements === 0) return undefined;
    const others = this.#disagreements > 1 ? ` (suites that disagree: ${this.#disagreements})` : '';
    return `${this.#outermost}${others}; test cases count, totals do not`;
  }

  #compare({ label, stated, tests, ownTests, bad, badElements, flaky }: Suite): void {
    const statedBad = (stated.failures ?? 0) + (stated.errors ?? 0);
    const testsAgree = stated.tests === undefined || stated.tests === tests || stated.tests === ownTests;
    const sameBad = statedBad === bad || statedBad === badElements || statedBad === bad + flaky;
    const badAgree = (stated.failures === undefined && stated.errors === undefined) || sameBad;
    if (testsAgree && badAgree) return;
    this.#disagreements += 1;
    const numbers = [
      ...(testsAgree ? [] : [`tests ${stated.tests} and has ${tests}`]),
      ...(badAgree ? [] : [`failures and errors ${statedBad} and has ${bad}`]),
    ];
    this.#outermost = `${label} states ${numbers.join(', ')}`;
  }

  #innermost(): Suite {
    return this.#open.at(-1) ?? this.#document;
  }
}

/** Sum of the values that are known, null if none is. */
export function added(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

function suiteOf(label: string, stated: Suite['stated']): Suite {
  const inner = { tests: 0, failures: 0, errors: 0, skipped: 0, time: null, hidden: 0 };
  return { label, stated, inner, tests: 0, ownTests: 0, bad: 0, badElements: 0, flaky: 0 };
}

function statedBy(attributes: XmlElement['attributes']): Suite['stated'] {
  const number = (name: string): number | null => {
    const text = attributes[name]?.trim() ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : null;
  };
  const all = {
    tests: number('tests'),
    failures: number('failures'),
    errors: number('errors'),
    skipped: added(number('skipped') ?? number('ignored'), number('disabled')),
    time: seconds(attributes['time']),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
