/** A test run in no format: suites in suites, and the tests in them. */
import fc from 'fast-check';
import { anyText } from './documents.ts';

export type Outcome = 'passed' | 'failed' | 'errored' | 'skipped' | 'flaky';

export interface TestModel {
  /** Unique in its run. */
  readonly id: number;
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly milliseconds: number;
}

export interface SuiteModel {
  readonly id: number;
  readonly name: string;
  readonly tests: readonly TestModel[];
  readonly suites: readonly SuiteModel[];
}

type Draft<T> = Omit<T, 'id'>;
type SuiteDraft = {
  readonly name: string;
  readonly tests: readonly Draft<TestModel>[];
  readonly suites: readonly SuiteDraft[];
};

/** Runs of at least one test, with the outcomes that a format can tell. Some of their suites are empty. */
export function suitesOf(known: readonly Outcome[], depth = 2): fc.Arbitrary<readonly SuiteModel[]> {
  const test: fc.Arbitrary<Draft<TestModel>> = fc.record({
    name: anyText,
    outcome: fc.constantFrom<Outcome>('passed', ...known),
    message: anyText,
    milliseconds: fc.oneof(fc.nat(5000), fc.constantFrom(0, 3_600_000, 86_400_001)),
  });
  const tests = fc.array(test, { maxLength: 4 });
  const { suite } = fc.letrec<{ suite: SuiteDraft }>((tie) => ({
    suite: fc.record({
      name: anyText,
      tests,
      suites:
        depth === 0
          ? fc.constant([])
          : fc.oneof({ maxDepth: depth }, fc.constant([]), fc.array(tie('suite'), { maxLength: 2 })),
    }),
  }));
  return fc
    .array(suite, { minLength: 1, maxLength: 3 })
    .map(numbered)
    .filter((suites) => testsOf(suites).length > 0);
}

function numbered(drafts: readonly SuiteDraft[]): readonly SuiteModel[] {
  let id = 0;
  const number = ({ name, tests, suites }: SuiteDraft): SuiteModel => ({
    id: (id += 1),
    name,
    tests: tests.map((test) => ({ ...test, id: (id += 1) })),
    suites: suites.map(number),
  });
  return drafts.map(number);
}

export function testsOf(suites: readonly SuiteModel[]): readonly TestModel[] {
  return suites.flatMap((suite) => [...suite.tests, ...testsOf(suite.suites)]);
}

/** All suites, in the order of a document that lists them one behind the other. */
export function flat(suites: readonly SuiteModel[]): readonly SuiteModel[] {
  return suites.flatMap((suite) => [suite, ...flat(suite.suites)]);
}

export function numberOf(tests: readonly TestModel[], ...of: readonly Outcome[]): number {
  return tests.filter(({ outcome }) => of.includes(outcome)).length;
}

export function isBad({ outcome }: TestModel): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

/** The fact that a document of these tests is read as. */
export function runOf(tests: readonly TestModel[]): object {
  const counts = {
    failed: numberOf(tests, 'failed'),
    errored: numberOf(tests, 'errored'),
    flaky: numberOf(tests, 'flaky'),
  };
  const passed = numberOf(tests, 'passed', 'flaky');
  return { kind: 'tests', total: tests.length, passed, skipped: numberOf(tests, 'skipped'), ...counts, listed: counts };
}
