import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { decimalOf, plus, toNumber, zero } from './decimal.ts';
import { metricIds, metricOf } from './metrics.ts';
import { convert, fileUnitsOf, rangeProblem } from './units.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test('a number is the decimal that it is written as', () => {
  fc.assert(
    fc.property(finite, (value) => {
      expect(toNumber(decimalOf(value)) === value).toBe(true);
    }),
    runs,
  );
});

test('a sum does not depend on the order, and tenths add up to whole numbers', () => {
  const sum = (values: readonly number[]): number =>
    toNumber(values.map(decimalOf).reduce((total, each) => plus(total, each), zero));

  expect(sum([0.1, 0.2])).toBe(0.3);
  expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  fc.assert(
    fc.property(fc.array(finite), (values) => {
      expect(sum(values)).toBe(sum(values.toReversed()));
    }),
    runs,
  );
});

test.each([
  ['line_coverage', 0.57, 'ratio', 57],
  ['line_coverage', 0.29, 'ratio', 29],
  ['error_rate', 1e-7, 'ratio', 0.00001],
  ['line_coverage', 84.996, '%', 84.996],
  ['response_time', 0.2995, 's', 299.5],
  ['response_time', 1.1, 'min', 66_000],
  ['response_time', 1234, 'us', 1.234],
  ['response_time', 1_500_000, 'ns', 1.5],
  ['throughput', 90, 'rpm', 1.5],
  ['page_performance', 0.58, 'ratio', 58],
] as const)('%s of %d %s is %d in the unit of the catalog', (metric, value, unit, expected) => {
  expect(convert(decimalOf(value), 1, unit, metric)).toBe(expected);
});

test('every metric can be stated in its own unit, which changes nothing', () => {
  for (const metric of metricIds) {
    const { unit } = metricOf(metric);

    expect(fileUnitsOf(metric)).toContain(unit);
    expect(convert(decimalOf(4.25), 1, unit, metric)).toBe(4.25);
  }
});

test.each(['ms', 'toString', '__proto__', ''])('a ratio cannot be stated in %j', (unit) => {
  expect(convert(decimalOf(1), 1, unit, 'line_coverage')).toBeNull();
});

test.each([
  ['line_coverage', 100.0001, 'is above 100%'],
  ['line_coverage', -0.1, 'is negative'],
  ['accessibility', 101, 'is above 100'],
  ['severity_score', 10.1, 'is above 10'],
  ['failed_tests', 1.5, 'is not a whole number'],
  ['maintainability', 6, 'is no grade of 1 (A) to 5 (E)'],
  ['response_time', Infinity, 'is no finite number'],
  ['response_time', NaN, 'is no finite number'],
  ['line_coverage', 100, null],
  ['response_time', 0, null],
] as const)('%s of %d: %s', (metric, value, problem) => {
  expect(rangeProblem(metric, value)).toBe(problem);
});
