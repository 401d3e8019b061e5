import { AqeError } from '../../../core/error/aqe-error.ts';
import { itemLimit, type TestCase, type TestRun } from '../../../core/evidence/reading.ts';
import { ownText } from './own-text.ts';
import { zonedTime } from './zoned-time.ts';

/** Longest text of a failure that is kept, in UTF-16 units. */
const messageLimit = 500;

export interface CountedTest {
  /** Suite and case, in that order; empty parts are left out. A function where a later part of the report completes it. */
  readonly name: readonly string[] | (() => readonly string[]);
  readonly outcome: 'passed' | 'failed' | 'errored' | 'skipped' | 'flaky';
  readonly message?: string | undefined;
  readonly file?: string | undefined;
}

interface Listed extends Omit<CountedTest, 'outcome'> {
  readonly outcome: TestCase['outcome'];
}

/** What a report states of itself; null where it is silent. */
export interface StatedTotals {
  /** Numbers of tests any of which is agreement. */
  readonly tests: readonly (number | null)[];
  /** Failed and errored tests. */
  readonly bad: number | null;
}

/** Counts the tests of one report and keeps those of which a reader of it wants to know more. */
export class TestTally {
  readonly #counts = { passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0 };
  readonly #listed: Listed[] = [];
  #seconds: number | null = null;

  add({ name, outcome, message, file }: CountedTest): void {
    if (outcome === 'flaky') this.#counts.passed += 1;
    this.#counts[outcome] += 1;
    if (outcome === 'passed' || outcome === 'skipped' || this.#listed.length >= itemLimit) return;
    const text = message?.trim().slice(0, messageLimit).trimEnd();
    this.#listed.push({ name, outcome, message: text && ownText(text), file: file && ownText(file) });
  }

  /** Tests of which the report gives no more than the number. */
  addCounts(counts: Readonly<Partial<Record<'passed' | 'failed' | 'errored' | 'skipped', number>>>): void {
    for (const outcome of ['passed', 'failed', 'errored', 'skipped'] as const)
      this.#counts[outcome] += counts[outcome] ?? 0;
  }

  addSeconds(seconds: number | null): void {
    if (seconds !== null) this.#seconds = (this.#seconds ?? 0) + seconds;
  }

  get total(): number {
    const { passed, failed, errored, skipped } = this.#counts;
    return passed + failed + errored + skipped;
  }

  /** Failed and errored tests so far. */
  get bad(): number {
    return this.#counts.failed + this.#counts.errored;
  }

  /**
   * Compares what the report states with the tests and the failures among them that were counted. Failures that no test
   * shows become errored tests. Returns remarks.
   */
  reconcile(stated: StatedTotals, counted: { readonly tests: number; readonly bad: number }): readonly string[] {
    const numbers = stated.tests.filter((number) => number !== null);
    const notices: string[] = [];
    if (numbers.length > 0 && !numbers.includes(counted.tests))
      notices.push(`the report states ${numbers[0]} tests and has ${counted.tests}; tests count, totals do not`);
    const bad = stated.bad ?? counted.bad;
    if (bad > 0 && this.bad === 0) {
      this.#counts.errored += bad - 1;
      const message = 'The totals state a failure that no test case shows.';
      this.add({ name: ['(not in the report)'], outcome: 'errored', message });
      notices.push(`failures and errors that totals state and no test case shows, counted as errored: ${bad}`);
    } else if (bad !== counted.bad)
      notices.push(`the report states ${bad} failures and has ${counted.bad}; tests count, totals do not`);
    return notices;
  }

  /** @throws AqeError AQE2007 if there is no test, AQE2003 if the numbers of a report are no numbers of tests. */
  run(path: string): TestRun {
    const total = this.total;
    if (total === 0) throw new AqeError('AQE2007', 'it has no test case', { path });
    if (!Number.isSafeInteger(total)) throw new AqeError('AQE2003', 'its tests are too many to count', { path });
    const rounded = this.#seconds === null ? null : Math.round(this.#seconds * 1e6) / 1e6;
    const durationSeconds = Number.isFinite(rounded) ? rounded : null;
    return { kind: 'tests', total, ...this.#counts, durationSeconds, cases: this.#listed.map(toCase) };
  }
}

function toCase({ name, outcome, message, file }: Listed): TestCase {
  const parts = typeof name === 'function' ? name() : name;
  return {
    name: ownText(parts.filter(Boolean).join(' › ') || '(test without name)'),
    outcome,
    ...(message ? { message } : {}),
    ...(file ? { file } : {}),
  };
}

/** A count from an attribute; null if it is not there or no whole number. */
export function statedCount(text: string | undefined): number | null {
  return /^\s*\d{1,9}\s*$/.test(text ?? '') ? Number(text) : null;
}

/** When a run began, ISO-8601 with zone. .NET writes the year 1 for a time that it does not know. */
export function runTime(text: string | undefined): string | undefined {
  const time = zonedTime(text);
  return time && time > '2000' ? ownText(time) : undefined;
}

/** Gathers the text of one element at a time, as much of it as a message keeps. */
export class ElementText {
  #text: string | undefined;

  get isOpen(): boolean {
    return this.#text !== undefined;
  }

  get isWanted(): boolean {
    return this.#text !== undefined && this.#text.length < messageLimit;
  }

  open(): void {
    this.#text = '';
  }

  add(piece: string): void {
    if (this.#text !== undefined) this.#text = (this.#text + piece).trimStart().slice(0, messageLimit);
  }

  /** The text since `open`; the empty string if it was not opened. */
  close(): string {
    const text = this.#text ?? '';
    this.#text = undefined;
    return text.trimEnd();
  }
}
