import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc, brier, captureAt, ece, logLoss, prAuc, reliability, type Label } from './measures.ts';

const scored = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom<Label>(0, 1)), {
  maxLength: 40,
});
const measures = { auc, prAuc, brier, logLoss, ece, top: (p: number[], y: Label[]) => captureAt(p, y, 0.1) };

describe('worked examples', () => {
  const scores = [0.1, 0.4, 0.35, 0.8];
  const labels: Label[] = [0, 0, 1, 1];

  test('auc', () => {
    expect(auc(scores, labels)).toBe(0.75);
  });

  test('average precision', () => {
    expect(prAuc(scores, labels)).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
  });

  test('brier', () => {
    expect(brier([0.1, 0.6], [0, 1])).toBeCloseTo(0.085, 12);
  });

  test('log loss', () => {
    expect(logLoss([0.5, 0.8], [1, 1])).toBeCloseTo(0.4581, 4);
    expect(logLoss([0], [1])).toBeCloseTo(34.5388, 4);
  });

  test('reliability and ece', () => {
    const bins = reliability([0.1, 0.12, 0.9], [0, 1, 1]);

    expect(bins).toHaveLength(10);
    expect(bins[1]).toEqual({ from: 0.1, to: 0.2, n: 2, meanPredicted: 0.11, observed: 0.5 });
    expect(bins[9]).toEqual({ from: 0.9, to: 1, n: 1, meanPredicted: 0.9, observed: 1 });
    expect(bins[0]).toEqual({ from: 0, to: 0.1, n: 0, meanPredicted: null, observed: null });
    expect(ece([0.1, 0.12, 0.9], [0, 1, 1])).toBeCloseTo((2 / 3) * 0.39 + (1 / 3) * 0.1, 12);
  });

  test('capture', () => {
    expect(captureAt([4, 3, 2, 1], [1, 0, 1, 0], 0.5)).toBe(0.5);
    expect(captureAt([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 1, 0, 0, 0, 0, 0, 1], 0.1)).toBeCloseTo(0.1, 12);
    expect(captureAt([4, 3, 2, 1], [1, 0, 1, 0], 0.125)).toBe(0.25);
  });
});

test('without rows there is no figure', () => {
  for (const measure of Object.values(measures)) expect(measure([], [])).toBeNull();
});

test('ranks need both kinds of label, shares of failures need a failure', () => {
  expect(auc([0.2, 0.3], [1, 1])).toBeNull();
  expect(auc([0.2, 0.3], [0, 0])).toBeNull();
  expect(prAuc([0.2, 0.3], [0, 0])).toBeNull();
  expect(captureAt([0.2, 0.3], [0, 0], 0.5)).toBeNull();
});

test('NaN and lists of two lengths are refused', () => {
  expect(() => auc([NaN], [1])).toThrow('value 0');
  expect(() => brier([0.5], [])).toThrow('1 values for 0 labels');
});

test('no figure is NaN, each lies in its range, and the order of rows moves none by more than rounding', () => {
  fc.assert(
    fc.property(scored, (rows) => {
      const split = (all: typeof rows) => [all.map(([p]) => p), all.map(([, y]) => y)] as const;
      for (const [name, measure] of Object.entries(measures)) {
        const value = measure(...split(rows));
        const reversed = measure(...split(rows.toReversed()));
        if (value === null) expect(reversed).toBeNull();
        else {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(name === 'logLoss' ? 34.6 : 1 + 1e-12);
          expect(reversed).toBeCloseTo(value, 10);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('auc is that of counting every pair', () => {
  fc.assert(
    fc.property(scored, (rows) => {
      const failed = rows.filter(([, y]) => y === 1);
      const others = rows.filter(([, y]) => y === 0);
      const wins = failed.flatMap(([p]) => others.map(([q]) => (p > q ? 1 : p === q ? 0.5 : 0)));

      const area = auc(rows.map(([p]) => p), rows.map(([, y]) => y)); // prettier-ignore

      if (wins.length === 0) expect(area).toBeNull();
      else expect(area).toBeCloseTo(wins.reduce<number>((a, b) => a + b, 0) / wins.length, 10);
    }),
    { numRuns: 300 },
  );
});
