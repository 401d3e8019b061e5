import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { costsOf, thresholdOf } from './costs.ts';
import { figure, tooFewWords } from './figure.ts';
import { rateOf } from './rate.ts';
import { skillOf, student95 } from './skill.ts';
import { verdictsOf, type Verdict } from './verdicts.ts';

const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);
const verdicts = (trueBlocks: number, falseBlocks: number, falsePasses: number, truePasses: number) =>
  verdictsOf([
    ...times<Verdict>(trueBlocks, { blocked: true, failed: true }),
    ...times<Verdict>(falseBlocks, { blocked: true, failed: false }),
    ...times<Verdict>(falsePasses, { blocked: false, failed: true }),
    ...times<Verdict>(truePasses, { blocked: false, failed: false }),
  ]);

describe('a rate', () => {
  test.each([
    // Wilson by hand: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z² = 3.841459.
    [1, 10, 0.1, [0.017876, 0.40415]],
    [0, 10, 0, [0, 0.277533]],
    [10, 10, 1, [0.722467, 1]],
    [50, 100, 0.5, [0.403832, 0.596168]],
  ])('of %d in %d has its score interval', (count, of, share, [low, high]) => {
    const rate = rateOf(count, of);

    expect(rate).toMatchObject({ count, of, share });
    expect(rate.interval![0]).toBeCloseTo(low!, 5);
    expect(rate.interval![1]).toBeCloseTo(high!, 5);
  });

  test('of none is nothing, and not zero', () => {
    expect(rateOf(0, 0)).toEqual({ count: 0, of: 0, share: null, interval: null });
  });
});

describe('verdicts', () => {
  test('count blocks and passes by how they ended, in both readings of a false one', () => {
    const counted = verdictsOf([
      { blocked: true, failed: true },
      { blocked: true, failed: false },
      ...times<Verdict>(7, { blocked: false, failed: false }),
      { blocked: false, failed: true },
      { blocked: null, failed: true },
      { blocked: null, failed: false },
      { blocked: null, failed: false },
    ]);

    expect(counted).toMatchObject({ n: 13, trueBlocks: 1, falseBlocks: 1, truePasses: 7, falsePasses: 1 });
    expect(counted.undecided).toEqual({ succeeded: 2, failed: 1 });
    expect(counted.accuracy).toMatchObject({ count: 8, of: 10, share: 0.8 });
    expect(counted.accuracyOfOneWord).toMatchObject({ count: 8, of: 10 });
    expect(counted.falseBlocksOfGood).toMatchObject({ count: 1, of: 8, share: 0.125 });
    expect(counted.falseBlocksOfBlocks).toMatchObject({ count: 1, of: 2, share: 0.5 });
    expect(counted.falsePassesOfFailed).toMatchObject({ count: 1, of: 2, share: 0.5 });
    expect(counted.falsePassesOfPasses).toMatchObject({ count: 1, of: 8, share: 0.125 });
  });

  test('without a block have no share of blocks', () => {
    const { falseBlocksOfBlocks } = verdicts(0, 0, 1, 9);

    expect(falseBlocksOfBlocks).toEqual({ count: 0, of: 0, share: null, interval: null });
  });
});

describe('costs', () => {
  test('are counted against the cheaper of always approving and always blocking', () => {
    const costs = costsOf(verdicts(1, 1, 1, 7), 5);

    expect(costs).toEqual({
      costRatio: 5,
      cost: 6,
      alwaysApprove: 10,
      alwaysBlock: 8,
      better: 'always-block',
      saved: 2,
      savedShare: 0.25,
    });
  });

  test('may be above those of doing nothing, and then what is saved is below zero', () => {
    const costs = costsOf(verdicts(0, 4, 1, 15), 2);

    expect(costs).toMatchObject({ cost: 6, alwaysApprove: 2, better: 'always-approve', saved: -4, savedShare: -2 });
  });

  test('are all saved by blocking exactly what fails', () => {
    const costs = costsOf(verdicts(3, 0, 0, 17), 10);

    expect(costs).toMatchObject({ cost: 0, alwaysApprove: 30, alwaysBlock: 17, saved: 17, savedShare: 1 });
  });

  test('of no failure at all leave no share to save', () => {
    const costs = costsOf(verdicts(0, 2, 0, 8), 10);

    expect(costs).toMatchObject({ cost: 2, alwaysApprove: 0, saved: -2, savedShare: null });
  });

  test.each([
    [1, 0.5],
    [4, 0.2],
    [9, 0.1],
  ])('at a ratio of %d are least when a chance above %d is held back', (ratio, threshold) => {
    expect(thresholdOf(ratio)).toBeCloseTo(threshold, 12);
  });
});

describe('skill', () => {
  test('is the share of the loss of the reference that is saved, with the interval of a ratio of paired means', () => {
    const losses = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const reference = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];

    const { skill, interval } = skillOf(losses, reference, 2);

    // ratio ½; residuals ½ and −½; sd² = .5 / 9; se = √.055556 / (√10 · .2) = .372678; times t of one degree, 12.7062.
    expect(skill).toEqual({ value: 0.5, reason: null });
    expect(interval![0]).toBeCloseTo(-4.235321, 5);
    expect(interval![1]).toBeCloseTo(5.235321, 5);
  });

  test('against a reference that is never wrong is nothing, with the reason', () => {
    const { skill, interval } = skillOf(times(10, 0.1), times(10, 0), 5);

    expect({ skill, interval }).toEqual({
      skill: { value: null, reason: 'the running base rate was never wrong' },
      interval: null,
    });
  });
});

describe('the interval of a skill', () => {
  test('is none with a single failure: its spread is not known', () => {
    const { skill, interval } = skillOf([0.5, ...times(9, 0)], [1, ...times(9, 0)], 1);

    expect({ value: skill.value, interval }).toEqual({ value: 0.5, interval: null });
  });

  test.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [1000, 1.9623],
  ])('uses the quantile for %d degrees of freedom', (degrees, quantile) => {
    expect(Math.abs(student95(degrees) / quantile - 1)).toBeLessThan(0.01);
  });

  // 400 histories of 100 releases, half with a chance of failure of 5 % and half of 15 %; the true skill is 1/36.
  test('holds the true skill in about 95 of 100 histories', () => {
    const chance = seededChance(20_260_301);
    let held = 0;
    for (let history = 0; history < 400; history += 1) {
      const releases = Array.from({ length: 100 }, () => {
        const probability = chance.uniform() < 0.5 ? 0.05 : 0.15;
        return { probability, failed: chance.uniform() < probability ? 1 : 0 };
      });
      const failures = releases.filter(({ failed }) => failed === 1).length;
      const losses = releases.map(({ probability, failed }) => (probability - failed) ** 2);
      const { interval } = skillOf(
        losses,
        releases.map(({ failed }) => (0.1 - failed) ** 2),
        failures,
      );
      if (interval !== null && interval[0] <= 1 / 36 && 1 / 36 <= interval[1]) held += 1;
    }

    expect(held / 400).toBeGreaterThan(0.9);
    expect(held / 400).toBeLessThan(0.99);
  });
});

describe('a figure', () => {
  test.each([null, NaN, Infinity])('of %s is none, with the reason', (value) => {
    expect(figure(value, 'because')).toEqual({ value: null, reason: 'because' });
  });

  test.each([
    [7, 0, 'not enough outcomes (n = 7, 0 failed)'],
    [9, 4, 'not enough outcomes (n = 9, 4 failed)'],
    [50, 0, 'not enough outcomes (n = 50, 0 failed)'],
    [50, 50, 'not enough outcomes (n = 50, 50 failed)'],
    [10, 1, null],
  ])('of %d outcomes with %d failures: %s', (n, failures, words) => {
    expect(tooFewWords({ n, failures })).toBe(words);
  });
});
