import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Label } from '../learn/measures.ts';
import { qualityOf, type Quality } from './quality.ts';

const reasons = ({
  auc,
  prAuc,
  brier,
  logLoss,
  ece,
  captureTop5,
  captureTop10,
  brierSkill,
  logLossSkill,
}: Quality) => ({
  auc: auc.reason,
  prAuc: prAuc.reason,
  brier: brier.reason,
  logLoss: logLoss.reason,
  ece: ece.reason,
  captureTop5: captureTop5.reason,
  captureTop10: captureTop10.reason,
  brierSkill: brierSkill.skill.reason,
  logLossSkill: logLossSkill.skill.reason,
});

/** Ten releases: the two highest forecasts are a failure and a good one; a second failure stands among the low ones. */
const labels: readonly Label[] = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0];
const probabilities = [0.8, 0.8, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
const baseRates = labels.map(() => 0.2);

describe('ten releases with two failures', () => {
  const quality = qualityOf({ probabilities, baseRates, labels, costRatio: 4 });

  test('have the figures that are worked out by hand', () => {
    // Pairs: .8 against one .8 is a tie and against seven .1 right; .1 against .8 wrong and against seven .1 a tie: 11 of 16.
    expect(quality.auc.value).toBeCloseTo(11 / 16, 12);
    // ½ · ½ at the first cut, ½ · 2/10 at the second.
    expect(quality.prAuc.value).toBeCloseTo(0.35, 12);
    // .04 + .64 + .81 + 7 · .01 over ten.
    expect(quality.brier.value).toBeCloseTo(0.156, 12);
    expect(quality.logLoss.value).toBeCloseTo(
      -(Math.log(0.8) + Math.log(0.2) + Math.log(0.1) + 7 * Math.log(0.9)) / 10,
      12,
    );
    // Bins .1 with one of eight and .8 with one of two: .8·|.1 − .125| + .2·|.8 − .5|.
    expect(quality.ece.value).toBeCloseTo(0.08, 12);
    // The base rate has .64 twice and .04 eight times: .16.
    expect(quality.brierSkill.skill.value).toBeCloseTo(1 - 0.156 / 0.16, 12);
    // Of the two that tie on top half a release is taken, which catches a quarter of one failure.
    expect(quality.captureTop5.value).toBeCloseTo(0.125, 12);
    expect(quality.captureTop10.value).toBeCloseTo(0.25, 12);
  });

  test('have a reliability table with the interval of what was observed', () => {
    const filled = quality.reliability.filter(({ n }) => n > 0);

    expect(quality.reliability).toHaveLength(10);
    expect(filled.map(({ from, n, observed }) => ({ from, n, observed }))).toEqual([
      { from: 0.1, n: 8, observed: 0.125 },
      { from: 0.8, n: 2, observed: 0.5 },
    ]);
    expect(filled[0]!.interval![0]).toBeCloseTo(0.02242, 4);
    expect(filled[0]!.interval![1]).toBeCloseTo(0.47087, 4);
    expect(quality.reliability[5]).toMatchObject({ n: 0, meanPredicted: null, observed: null, interval: null });
  });

  test('are held back above 1 in 5 at a ratio of 4', () => {
    expect(quality.threshold).toBeCloseTo(0.2, 12);
    expect(quality.verdicts).toMatchObject({ trueBlocks: 1, falseBlocks: 1, falsePasses: 1, truePasses: 7 });
    expect(quality.costs).toMatchObject({ cost: 5, alwaysApprove: 8, alwaysBlock: 8, saved: 3 });
  });
});

test('a forecast at the very threshold is let through: both cost the same', () => {
  const quality = qualityOf({ probabilities: [0.5, 0.5000001], baseRates: [0.5, 0.5], labels: [1, 1], costRatio: 1 });

  expect(quality.verdicts).toMatchObject({ falsePasses: 1, trueBlocks: 1 });
});

describe('too few outcomes', () => {
  test('fewer than ten have no figure, and the reason says how many', () => {
    const quality = qualityOf({
      probabilities: probabilities.slice(0, 7),
      baseRates: baseRates.slice(0, 7),
      labels: labels.slice(0, 7),
      costRatio: 4,
    });

    expect(new Set(Object.values(reasons(quality)))).toEqual(new Set(['not enough outcomes (n = 7, 2 failed)']));
    expect(quality.verdicts.n).toBe(7);
    expect(quality.brierSkill.interval).toBeNull();
  });

  test.each([
    [0 as Label, 'not enough outcomes (n = 20, 0 failed)'],
    [1 as Label, 'not enough outcomes (n = 20, 20 failed)'],
  ])('one kind of outcome (%d) has no figure that compares both', (label, words) => {
    const all = Array.from({ length: 20 }, () => label);

    const quality = qualityOf({
      probabilities: all.map(() => 0.3),
      baseRates: all.map(() => 0.2),
      labels: all,
      costRatio: 4,
    });

    expect(reasons(quality)).toMatchObject({ auc: words, prAuc: words, captureTop5: words, captureTop10: words });
    expect(reasons(quality)).toMatchObject({ brier: null, logLoss: null, ece: null, brierSkill: null });
  });

  test('none at all is no error and no number', () => {
    const quality = qualityOf({ probabilities: [], baseRates: [], labels: [], costRatio: 4 });

    expect(new Set(Object.values(reasons(quality)))).toEqual(new Set(['not enough outcomes (n = 0, 0 failed)']));
    expect(JSON.stringify(quality)).not.toMatch(/NaN|Infinity/);
  });
});

const rows = fc.array(
  fc.record({
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    baseRate: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    label: fc.constantFrom<Label>(0, 1),
  }),
  { maxLength: 60 },
);
type Row = { readonly probability: number; readonly baseRate: number; readonly label: Label };
const of = (all: readonly Row[], forecast: (row: Row) => number, costRatio = 5): Quality =>
  qualityOf({
    probabilities: all.map(forecast),
    baseRates: all.map(({ baseRate }) => baseRate),
    labels: all.map(({ label }) => label),
    costRatio,
  });
const rarer = (all: readonly Row[]): number => {
  const failures = all.filter(({ label }) => label === 1).length;
  return Math.min(failures, all.length - failures);
};
const numbersIn = (value: unknown): readonly number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbersIn)
      : [];

describe('laws', () => {
  test('perfect forecasts have Brier 0, skill 1 and save all there is to save', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 1000 }), (all, costRatio) => {
        const { brier, brierSkill, verdicts, costs } = of(all, ({ label }) => label, costRatio);

        expect(costs.cost).toBe(0);
        expect(costs.savedShare ?? 1).toBe(1);
        expect(verdicts.accuracy.count).toBe(all.length);
        if (all.length < 10) return;
        expect(brier.value).toBe(0);
        expect(brierSkill).toEqual({ skill: { value: 1, reason: null }, interval: rarer(all) < 2 ? null : [1, 1] });
      }),
      { numRuns: 300 },
    );
  });

  test('forecasting the base rate has no skill, and surely so', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { brierSkill, logLossSkill } = of(all, ({ baseRate }) => baseRate);

        if (all.length < 10) return;
        const none = { skill: { value: 0, reason: null }, interval: rarer(all) < 2 ? null : [0, 0] };
        expect([brierSkill, logLossSkill]).toEqual([none, none]);
      }),
      { numRuns: 300 },
    );
  });

  test('the order of the releases changes nothing', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (all, keys) => {
        const shuffled = all.map((row, index) => ({ row, key: keys[index]! })).sort((a, b) => a.key - b.key);

        const [before, after] = [
          of(all, ({ probability }) => probability),
          of(
            shuffled.map(({ row }) => row),
            ({ probability }) => probability,
          ),
        ];

        expect(after.verdicts).toEqual(before.verdicts);
        const [left, right] = [numbersIn(before), numbersIn(after)];
        expect(right.length).toBe(left.length);
        for (const [index, value] of left.entries()) expect(right[index]).toBeCloseTo(value, 8);
      }),
      { numRuns: 200 },
    );
  });

  test('counts add up, and no figure is NaN', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 1000 }), (all, costRatio) => {
        const quality = of(all, ({ probability }) => probability, costRatio);
        const { trueBlocks, falseBlocks, truePasses, falsePasses, n } = quality.verdicts;

        expect(trueBlocks + falseBlocks + truePasses + falsePasses).toBe(n);
        expect(n).toBe(all.length);
        expect(quality.reliability.reduce((sum, bin) => sum + bin.n, 0)).toBe(n);
        expect(quality.costs.cost).toBe(costRatio * falsePasses + falseBlocks);
        expect(quality.costs.savedShare ?? 0).toBeLessThanOrEqual(1);
        expect(numbersIn(quality).filter((value) => !Number.isFinite(value))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
