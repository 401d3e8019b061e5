import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableAfter } from '../../../test/support/markdown.ts';
import { exampleModel, exampleRelease } from '../../../test/support/prediction-example.ts';
import { predictionSettings } from '../../../test/support/release-histories.ts';
import { coefficientPriors, interceptSd, transferSd } from '../prediction/coefficient-prior.ts';
import { leastSpreadOf, unscaled, zOf } from '../prediction/feature-scale.ts';
import { expectedRate, recentOutcomes, recentSd } from '../prediction/fit-coefficients.ts';
import { featureIds, type FeatureId } from '../prediction/features.ts';
import { baseRateScore } from '../prediction/score-release.ts';
import { shippedPrior } from '../prediction/shipped-prior.ts';
import { certainties, confidenceLevels, confidenceOf } from './confidence-of.ts';

const page = readFileSync(new URL('../../../docs/explain/confidence.md', import.meta.url), 'utf8');
const flowing = page.replace(/\s+/g, ' ').replaceAll('−', '-');
const four = (value: number): string => String(Number(value.toFixed(4)) + 0);

describe('docs/explain/confidence.md', () => {
  test('shows what is expected of every coefficient', () => {
    const shown = tableAfter(page, 'What is expected before any outcome');

    const expected = featureIds.map((id) => {
      const { mean, sd, from, reference } = coefficientPriors[id];
      const unit = (value: number): string => four(unscaled(id, value));
      return {
        Feature: id,
        Mean: four(mean),
        'Standard deviation': four(sd),
        From: from,
        Middle: reference ? unit(reference.center) : 'own',
        Spread: reference ? four(reference.scale) : 'own',
        'Least spread': four(leastSpreadOf(id)),
      };
    });

    expect(shown).toEqual(expected);
  });

  test('shows how the shipped prior did on projects it had not seen', () => {
    const { commits, failures, heldOut } = shippedPrior;

    const shown = tableAfter(page, 'The projects behind it');

    expect(shown.map((row) => Object.values(row))).toEqual(
      heldOut.map((each) => [each.project, each.commits, each.failures, each.auc, each.logLoss, each.rateLogLoss].map(String)), // prettier-ignore
    );
    expect(flowing).toContain(`${commits.toLocaleString('en-US')} commits of six open-source projects with ${failures.toLocaleString('en-US')} failures`); // prettier-ignore
    expect(flowing).toContain(`√(sd² + ${transferSd}²)`);
  });

  test('shows the bounds of certainty and level, and the expected share', () => {
    const expected = expectedRate(predictionSettings, { failures: 0, successes: 0 });
    const [low, high] = baseRateScore(expected).interval.map((share) => `${Math.round(100 * share)} %`);

    expect(tableAfter(page, 'Certainty and level').slice(0, -1)).toEqual(
      certainties.map(({ certainty, widest, failures }) => ({
        Certainty: certainty,
        'Width, points': `at most ${widest}`,
        'Failures seen': `at least ${failures}`,
      })),
    );
    for (const [level, from] of confidenceLevels) expect(page).toMatch(new RegExp(`\\| ${level} +\\| from ${from} `));
    expect(flowing).toContain(`standard deviation ${interceptSd}.`);
    expect(flowing).toContain(`between about ${low} and ${high}`);
    expect(flowing).toContain(`the newest ${recentOutcomes} share an offset of the intercept with standard deviation ${recentSd}`); // prettier-ignore
  });

  test('gives each feature of the worked example what the code computes', () => {
    const { contributions } = confidenceOf(exampleModel, exampleRelease, []);

    const computed = contributions.map(({ feature, value, logOdds }) => ({
      Feature: feature,
      Value: value === null ? 'not known' : four(value),
      ...comparison(feature, value),
      'Log-odds': four(logOdds),
    }));

    expect(computed).toEqual(tableAfter(page, 'What each feature brings'));
  });

  test('ends in the score, the interval and the words that the code gives', () => {
    const { base, score, level, confidenceInterval, certainty, comparisonToBaseline, recommendation, contributions } = confidenceOf(exampleModel, exampleRelease, []); // prettier-ignore
    const sum = contributions.reduce((all, { logOdds }) => all + logOdds, 0);
    const two = (value: number): string => value.toFixed(2);

    for (const text of [
      `Base is ${base.toFixed(4)}. The sum is \`${base.toFixed(4)} + ${sum.toFixed(4)} = ${(base + sum).toFixed(4)}\``,
      `a chance of failure of \`1 ÷ (1 + e^${(-base - sum).toFixed(4)}) = ${two(100 - score)} %\``,
      `The score is ${two(score)}, level ${level}, with the interval from ${two(confidenceInterval[0])} to ${two(confidenceInterval[1])} and certainty ${certainty}`,
      `The average of the twelve is ${comparisonToBaseline!.averageSuccessRate}, so this release is ${two(-comparisonToBaseline!.percentageImprovement)} points below it`,
      `The recommendation is "${recommendation}"`,
    ])
      expect(flowing).toContain(text);
  });
});

function comparison(feature: FeatureId, value: number | null) {
  const reference = exampleModel.references[feature]!;
  return {
    Middle: four(unscaled(feature, reference.center)),
    Spread: four(reference.scale),
    z: value === null ? '0' : four(zOf(feature, reference, value)),
    Coefficient: four(exampleModel.mean[exampleModel.features.indexOf(feature) + 1]!),
  };
}
