import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { meets } from '../gate/evaluate-gate.ts';
import type { MetricId } from '../signal/metrics.ts';
import type { Signal } from '../signal/signal.ts';
import { ratioSignal } from '../signal/sourced.ts';
import { formatSignal, formatThreshold, formatValue } from './format-signal.ts';

const ratio = (metric: MetricId, part: number, whole: number): Signal =>
  ratioSignal(metric, { part, whole }, ['a'], '');
const plain = (metric: MetricId, value: number, bound: Signal['bound'] = 'exact'): Signal => ({
  metric,
  value,
  exact: null,
  bound,
  sources: ['a'],
  basis: '',
});
const shownPercent = (text: string): number => Number(text.replace('%', ''));
const count = fc.integer({ min: 1, max: 10_000_000 }).chain((whole) => fc.tuple(fc.nat(whole), fc.constant(whole)));
/** A threshold of two decimals, often right beside a ratio. */
const hundredths = fc.nat(10_000).map((value) => value / 100);

test('a percentage that fails its threshold is never shown as one that meets it', () => {
  fc.assert(
    fc.property(count, hundredths, ([part, whole], threshold) => {
      const [coverage, errors] = [ratio('line_coverage', part, whole), ratio('error_rate', part, whole)];

      const [shownCoverage, shownErrors] = [coverage, errors].map((signal) => shownPercent(formatSignal(signal)));

      expect(shownCoverage! >= threshold).toBe(meets(coverage, '>=', threshold));
      expect(shownErrors! <= threshold).toBe(meets(errors, '<=', threshold));
    }),
    { numRuns: 1000 },
  );
});

test('the same holds one item away from the threshold', () => {
  const near = fc.tuple(
    fc.integer({ min: 1, max: 9_999 }),
    fc.integer({ min: 1, max: 1000 }),
    fc.constantFrom(-1, 0, 1),
  );
  fc.assert(
    fc.property(near, ([basisPoints, times, off]) => {
      const threshold = basisPoints / 100;
      const signal = ratio('line_coverage', basisPoints * times + off, 10_000 * times);

      expect(shownPercent(formatSignal(signal)) >= threshold).toBe(meets(signal, '>=', threshold));
    }),
    runs,
  );
});

test.each([
  [ratio('line_coverage', 84_996, 100_000), '84.99%'],
  [ratio('error_rate', 1_001, 1_000_000), '0.11%'],
  [ratio('line_coverage', 85, 100), '85%'],
  [ratio('line_coverage', 2, 3), '66.66%'],
  [plain('response_time', 480.25), '480.3 ms'],
  [plain('response_time', 480, 'at-most'), '≤ 480 ms'],
  [plain('throughput', 1200), '1,200 req/s'],
  [plain('change_size', 12345), '12,345 lines'],
  [plain('mttr', 1.5), '1.5 h'],
  [plain('maintainability', 2), 'B'],
  [plain('changelog_updated', 1), 'yes'],
  [plain('changelog_updated', 0), 'no'],
  [plain('severity_score', 9.8), '9.8'],
  [plain('page_performance', 93), '93'],
  [plain('accessibility', 89.996), '89.99'],
])('%o is shown as %s', (signal, text) => {
  expect(formatSignal(signal)).toBe(text);
});

test('a threshold is shown with all the decimals it was written with', () => {
  expect([85, 99.5, 0.1, 0.001, 84.995].map((value) => formatThreshold(value, '%'))).toEqual([
    '85%',
    '99.5%',
    '0.1%',
    '0.001%',
    '84.995%',
  ]);
  expect(formatThreshold(500, 'ms')).toBe('500 ms');
  expect(formatThreshold(89.999, 'score')).toBe('89.999');
});

test('a grade outside A to E is shown as its number', () => {
  expect([formatValue(5, 'grade'), formatValue(6, 'grade')]).toEqual(['E', '6']);
});
