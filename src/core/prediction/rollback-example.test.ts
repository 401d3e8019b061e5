import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableAfter } from '../../../test/support/markdown.ts';
import { exampleModel, exampleRelease } from '../../../test/support/prediction-example.ts';
import { featureIds } from './features.ts';
import { mitigations } from './mitigations.ts';
import { rollbackLevels, rollbackPredictionOf } from './rollback-prediction-of.ts';
import { scoreRelease } from './score-release.ts';

const page = readFileSync(new URL('../../../docs/explain/rollback-prediction.md', import.meta.url), 'utf8');
const flowing = page.replace(/\s+/g, ' ');
const two = (percent: number): string => `${percent.toFixed(2)} %`;
const share = (value: number): string => value.toFixed(4);

describe('docs/explain/rollback-prediction.md', () => {
  test('shows the bounds of the levels', () => {
    const shown = tableAfter(page, 'Levels').map((row) => [row['Level'], row['Chance']]);

    const [critical, high, medium] = rollbackLevels.map(([level, from]) => [level, `from ${from} %`]);

    expect(shown).toEqual([['LOW', `below ${rollbackLevels[2][1]} %`], medium, high, critical]);
  });

  test('shows the advice for every feature', () => {
    const shown = tableAfter(page, 'Factors and what to do about them');

    expect(Object.fromEntries(shown.map((row) => [row['Feature'], row['Advice']]))).toEqual(mitigations);
    expect(shown).toHaveLength(featureIds.length);
  });

  test('ends in the chance, the interval and the factors that the code computes', () => {
    const { probability, interval, riskLevel, shareOfFailures, topRiskFactors } = rollbackPredictionOf(exampleModel, exampleRelease, []); // prettier-ignore
    const failure = scoreRelease(exampleModel, exampleRelease);
    const [low, high] = exampleModel.rolledBackShare.interval;

    for (const text of [
      `The chance of failure is ${two(100 * failure.probability)}.`,
      `Of the ${shareOfFailures.failures} failures ${shareOfFailures.rolledBack} were rolled back: the share is \`(2 + 1) ÷ (3 + 2) = ${shareOfFailures.percent} %\`, with the interval from ${two(100 * low)} to ${two(100 * high)}.`,
      `The chance of a rollback is \`${share(failure.probability)} × 0.6 = ${two(probability)}\`: ${riskLevel}.`,
      `The interval of the chance of failure is from ${two(100 * failure.interval[0])} to ${two(100 * failure.interval[1])}`,
      `from \`${share(failure.interval[0])} × ${share(low)} = ${two(interval[0])}\` to \`${share(failure.interval[1])} × ${share(high)} = ${two(interval[1])}\``,
    ])
      expect(flowing).toContain(text);
    expect(tableAfter(page, 'Worked example')).toEqual(
      topRiskFactors.map(({ feature, logOdds }) => ({ Factor: feature, 'Log-odds': String(Number(logOdds.toFixed(4))) })), // prettier-ignore
    );
  });
});
