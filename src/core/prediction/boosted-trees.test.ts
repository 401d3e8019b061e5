import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interacting, modelOf, simulated } from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { fewestForTrees, fitTrees, treesBounds, treesLogOdds } from './boosted-trees.ts';
import type { FeatureValues } from './features.ts';
import { modelScore, regressionProbability } from './score-release.ts';
import { trainingSet, type Trial } from './training-set.ts';

const history = interacting(seededChance(6), 1_500);
const trials = trialsOf(history);
const model = modelOf(history);

function trialsOf(deployments: typeof history): readonly Trial[] {
  return trainingSet(deployments, { window: null }, Infinity).trials;
}

function logitOf(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}

describe('trees are grown', () => {
  test('from a thousand outcomes on', () => {
    expect(fitTrees(trials.slice(0, fewestForTrees.outcomes - 1))).toBeNull();
    expect(fitTrees(trials.slice(0, fewestForTrees.outcomes))).not.toBeNull();
  });

  test('from a hundred failures on', () => {
    const failed = trials.filter((each) => each.failed === 1);
    const rest = trials.filter((each) => each.failed === 0);

    expect(fitTrees([...rest, ...failed.slice(0, 99)])).toBeNull();
    expect(fitTrees([...rest, ...failed.slice(0, 100)])).not.toBeNull();
  });

  test('over the features that five own releases have', () => {
    const described = (count: number) =>
      trials.map((each, index) => (index < count ? { ...each, features: { ...each.features, off_hours: 1 } } : each));

    expect(fitTrees(described(4))?.features).toEqual(['change_size', 'test_coverage', 'team_experience']);
    expect(fitTrees(described(5))?.features).toEqual(['change_size', 'test_coverage', 'team_experience', 'off_hours']);
    expect(fitTrees(trials.map((each) => ({ ...each, features: {} })))).toBeNull();
  });
});

test('more of what is riskier never lowers the log-odds of the trees, more of what is safer never raises them', () => {
  const trees = fitTrees(trials)!;
  const someValues = fc.record({
    change_size: fc.integer({ min: 0, max: 5_000 }),
    team_experience: fc.integer({ min: 0, max: 1_000 }),
    test_coverage: fc.double({ min: 0, max: 100, noNaN: true }),
  });
  fc.assert(
    fc.property(someValues, fc.integer({ min: 1, max: 3_000 }), (values, more) => {
      const at = (changes: FeatureValues) => treesLogOdds(trees, { ...values, ...changes }).logit;

      expect(at({ change_size: values.change_size + more })).toBeGreaterThanOrEqual(at({}));
      expect(at({ team_experience: values.team_experience + more })).toBeLessThanOrEqual(at({}));
    }),
    { numRuns: 300 },
  );
});

describe('where the average had the lower log-loss on the later releases', () => {
  test('it is shown, with the figures', () => {
    const { releases, logLoss, regressionLogLoss } = model.trees!.record;

    expect(logLoss).toBeLessThan(regressionLogLoss);
    expect(model.learnedFrom.because).toContain(
      `; averaged with boosted trees, which lowered the log-loss from ${regressionLogLoss.toFixed(4)} to ${logLoss.toFixed(4)} on ${releases} later releases`,
    );
  });

  test('the own record is that of the average', () => {
    expect(model.ownRecord).toMatchObject({
      releases: model.trees!.record.releases,
      logLoss: model.trees!.record.logLoss,
    });
  });

  test('what is shown lies in the middle of both, in log-odds', () => {
    for (const { features } of trials.slice(0, 50)) {
      const shown = logitOf(modelScore(model, features).probability);
      const both = [logitOf(regressionProbability(model, features)), treesLogOdds(model.trees!, features).logit];

      expect(shown).toBeCloseTo((both[0]! + both[1]!) / 2, 9);
    }
  });

  test('a contribution is half of the one and half of the other', () => {
    const { features } = trials.find((each) => each.features.test_coverage !== undefined)!;
    const alone = modelScore({ ...model, trees: null }, features).contributions;
    const { contributions: byTrees } = treesLogOdds(model.trees!, features);

    for (const { feature, logOdds } of modelScore(model, features).contributions) {
      const byRegression = alone.find((each) => each.feature === feature)!.logOdds;
      expect(logOdds).toBeCloseTo((byRegression + (byTrees[feature] ?? 0)) / 2, 12);
    }
  });

  test('with everything known the interval reaches as far around it as that of the regression', () => {
    const { features } = trials.find((each) => each.features.test_coverage !== undefined)!;
    const reach = ([low, high]: readonly [number, number]) => logitOf(high) - logitOf(low);

    expect(treesBounds(model.trees!, features)[0]).toBe(treesBounds(model.trees!, features)[1]);
    expect(reach(modelScore(model, features).interval)).toBeCloseTo(
      reach(modelScore({ ...model, trees: null }, features).interval),
      9,
    );
  });

  test('it survives being kept as JSON', () => {
    const kept = JSON.parse(JSON.stringify(model)) as typeof model;

    expect(JSON.stringify(kept)).toBe(JSON.stringify(model));
    for (const { features } of trials.slice(0, 50))
      expect(modelScore(kept, features)).toEqual(modelScore(model, features));
    expect(modelScore(kept, {})).toEqual(modelScore(model, {}));
  });
});

describe('the regression alone is shown', () => {
  test('where the average is not better', () => {
    const linear = modelOf(simulated(seededChance(2), 1_500, { intercept: -1.5, size: 1, spread: 0.3 }));

    expect(linear.trees).toBeNull();
    expect(linear.learnedFrom.because).not.toContain('trees');
    expect(linear.ownRecord?.releases).toBe(1_490);
  });

  test('before both were compared on 200 later releases', () => {
    const { trees, ownRecord } = modelOf(history.slice(0, 1_150));

    expect(trees).toBeNull();
    expect(ownRecord?.releases).toBe(1_140);
  });
});

test('the model of a long history stays below 100 kB', { timeout: 60_000 }, () => {
  const chance = seededChance(3);
  const wide = interacting(chance, 20_000).map((each) => ({
    ...each,
    facts: {
      features: {
        ...each.facts.features,
        files_changed: Math.round(chance.uniform() * 80),
        complexity: 10 * chance.uniform(),
        critical_bugs: chance.below(9),
        days_since_deployment: 30 * chance.uniform(),
        off_hours: chance.below(2),
        end_of_week: chance.below(2),
        change_spread: chance.uniform(),
        fix_share: chance.uniform(),
        vulnerabilities: chance.below(9),
        failed_tests: chance.below(9),
      },
    },
  }));

  const made = modelOf(wide);

  expect(made.trees?.features).toHaveLength(13);
  expect(JSON.stringify(made).length).toBeLessThan(100_000);
});

test('the order of a long history changes nothing', () => {
  expect(JSON.stringify(modelOf([...history].reverse()))).toBe(JSON.stringify(model));
});
