import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { interacting, interactingRelease, modelOf } from '../../../test/support/release-histories.ts';
import { seededChance } from '../../../test/support/seeded-chance.ts';
import { treesLogOdds } from './boosted-trees.ts';
import { modelScore } from './score-release.ts';

const page = readFileSync('docs/explain/confidence.md', 'utf8');
const shown = ['Regression', 'Trees', 'Average', 'Share of failures'] as const;
type Shown = (typeof shown)[number];

interface Sums {
  loss: number;
  held: number;
  width: number;
}

/** Over three simulated histories of 2,000 releases, each asked about 1,000 releases of which the true chance is known. */
function measured() {
  const sums = Object.fromEntries(shown.map((each) => [each, { loss: 0, held: 0, width: 0 }])) as Record<Shown, Sums>;
  for (const seed of [1, 2, 3]) {
    const chance = seededChance(seed);
    const model = modelOf(interacting(chance, 2_000));
    for (let release = 0; release < 1_000; release += 1) {
      const { features, truth } = interactingRelease(chance);
      const add = (to: Shown, probability: number, [low, high]: readonly [number, number]) => {
        sums[to].loss -= (truth * Math.log(probability) + (1 - truth) * Math.log(1 - probability)) / 3_000;
        if (low <= truth && truth <= high) sums[to].held += 1 / 3_000;
        sums[to].width += (high - low) / 3_000;
      };
      const average = modelScore(model, features);
      const regression = modelScore({ ...model, trees: null }, features);
      const trees = 1 / (1 + Math.exp(-treesLogOdds(model.trees!, features).logit));
      const { failures, deployments } = model.learnedFrom;
      add('Regression', regression.probability, regression.interval);
      add('Trees', trees, [trees, trees]);
      add('Average', average.probability, average.interval);
      add('Share of failures', failures / deployments, [0, 0]);
    }
  }
  return sums;
}

test('the figures of the page about simulated releases are what is measured', { timeout: 60_000 }, () => {
  const sums = measured();

  for (const each of shown) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${each} `) && line.includes('0.'))!;
    const [loss, held, width] = row
      .split('|')
      .slice(2)
      .map((cell) => Number.parseFloat(cell));
    expect(sums[each].loss).toBeCloseTo(loss!, 3);
    if (each === 'Trees' || each === 'Share of failures') continue;
    expect(Math.abs(100 * sums[each].held - held!)).toBeLessThan(1);
    expect(Math.abs(100 * sums[each].width - width!)).toBeLessThan(0.3);
  }
  expect(sums.Average.loss).toBeLessThan(sums.Regression.loss);
  expect(sums.Average.held).toBeGreaterThan(sums.Regression.held);
});
